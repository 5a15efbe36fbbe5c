package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/test/faults"
)

// clockVariable names the file with the seconds by which a program's clock is wrong.
const clockVariable = "CHAOS_CLOCK"

// wrongClock is what package time is given beside its own files: the wall clock is
// moved by what the file says, looked at every 20 ms. Timers go by the monotonic clock and
// are not moved, as when a machine's clock is set.
const wrongClock = `package time

import (
	"sync/atomic"
	"syscall"
)

var wrongBy atomic.Int64

func init() {
	path, _ := syscall.Getenv("` + clockVariable + `")
	if path == "" {
		return
	}
	lookAt(path)
	go func() {
		for {
			Sleep(20 * Millisecond)
			lookAt(path)
		}
	}()
}

func lookAt(path string) {
	fd, err := open(path)
	if err != nil {
		return
	}
	defer closefd(fd)
	var b [20]byte
	n, _ := read(fd, b[:])
	by, sign := int64(0), int64(1)
	for _, c := range b[:n] {
		if c == '-' {
			sign = -1
		} else if c >= '0' && c <= '9' {
			by = by*10 + int64(c-'0')
		}
	}
	wrongBy.Store(by * sign)
}
`

// buildClock builds the program with a standard library whose wall clock can be moved,
// in a long form; nothing of the program itself is changed. The first time that compiles
// the whole library, which a short form has no time for.
func (r *run) buildClock() {
	r.older = os.Getenv("DENGWEN_CHAOS_BEFORE")
	if !r.long || os.Getenv("DENGWEN_PROGRAM") != "" {
		r.now = faults.Binary(r.t)
		return
	}
	dir := filepath.Join(os.TempDir(), "dengwen-chaos") // the same every time: the compiler's cache goes by it
	r.must(os.MkdirAll(dir, 0o700))
	root, err := exec.Command("go", "env", "GOROOT").Output()
	r.must(err)
	std := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(std, "time.go"))
	r.must(err)
	const read = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	moved := strings.Replace(string(text), read, read+"\tsec += wrongBy.Load()\n", 1)
	if moved == string(text) {
		r.t.Logf("the clock is not moved: time.Now of this Go is another")
		r.now = faults.Binary(r.t)
		return
	}
	replace := map[string]string{filepath.Join(std, "time.go"): filepath.Join(dir, "time.go"), filepath.Join(std, "wrong.go"): filepath.Join(dir, "wrong.go")}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	r.must(err)
	r.must(os.WriteFile(filepath.Join(dir, "time.go"), []byte(moved), 0o600))
	r.must(os.WriteFile(filepath.Join(dir, "wrong.go"), []byte(wrongClock), 0o600))
	r.must(os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600))
	r.now = filepath.Join(r.t.TempDir(), "dengwen")
	out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", r.now, "dengwen").CombinedOutput()
	if err != nil {
		r.t.Fatalf("build with a clock that can be moved: %v\n%s", err, out)
	}
	r.clock = filepath.Join(r.t.TempDir(), "clock")
	r.moveClock(0)
}

// moveClock sets by how much the programs' clock is wrong.
func (r *run) moveClock(by time.Duration) {
	fresh := r.clock + ".new"
	r.must(os.WriteFile(fresh, []byte(strconv.Itoa(int(by/time.Second))), 0o600))
	if err := os.Rename(fresh, r.clock); err != nil {
		r.t.Fatal(fmt.Errorf("move the clock: %w", err))
	}
}
