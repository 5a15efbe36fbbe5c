package days

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/servers"
	"dengwen/petition"
)

// window is how somebody looks at the desk.
type window struct {
	Width  int  `json:"width"`
	Height int  `json:"height"`
	Script bool `json:"script"`
}

// windows are an old office computer and a phone, with JavaScript and without.
var windows = []window{{1366, 768, true}, {390, 844, false}, {1366, 768, false}, {390, 844, true}}

var roles = []string{"intake", "officer", "head", "supervisor", "leader", "rights"}

// outcome is what days.mjs prints.
type outcome struct {
	Pages, Moves, Largest, Requests, Lives int
	Wrong                                  []string
}

// One life in which each role has another window; with DENGWEN_DAYS=all (make days) four lives, in which each role
// has each. DENGWEN_DAYS_PICTURES is a folder for pictures of every page.
func TestDaysAtTheDesk(t *testing.T) {
	chromium := servers.Chromium(t)
	d := startDemo(t)
	count := 1
	if os.Getenv("DENGWEN_DAYS") == "all" {
		count = len(windows)
	}
	lives := make([]map[string]window, count)
	for n := range lives {
		lives[n] = map[string]window{}
		for i, r := range roles {
			lives[n][r] = windows[(n+i)%len(windows)]
		}
	}
	set, err := json.Marshal(map[string]any{
		"base": d.base, "browser": chromium, "links": d.links, "unit": d.unit, "unitName": d.unitName, "leader": d.leader,
		"today": petition.Day(time.Now()), "pictures": os.Getenv("DENGWEN_DAYS_PICTURES"), "lives": lives,
	})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	cmd := exec.CommandContext(t.Context(), "node", "days.mjs", string(set))
	cmd.Dir = installed(t)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("days.mjs: %v\n%s%s", err, out.String(), said.String())
	}
	var got outcome
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("days.mjs printed %q: %v", out.String(), err)
	}
	for _, w := range got.Wrong {
		t.Error(w)
	}
	// 10 moves and 60 pages are what a life has at least.
	if got.Lives != count || got.Moves < 10*count || got.Pages < 60*count {
		t.Errorf("%d lives, %d moves, %d pages; %d lives were to be played", got.Lives, got.Moves, got.Pages, count)
	}
	t.Logf("%d lives, %d moves, %d pages, the largest %d bytes, %d requests at a first visit; %s",
		got.Lives, got.Moves, got.Pages, got.Largest, got.Requests, time.Since(began).Round(time.Second))
}

// demo is a demonstration that runs, with a way in for each role.
type demo struct {
	base, unit, unitName, leader string
	links                        map[string]string
}

var linkLine = regexp.MustCompile(`^  (\S+) \S+  (http://\S+/desk/enter/\S+)$`)

// startDemo runs the demonstration as its user would, and takes two more people on beside it.
func startDemo(t *testing.T) demo {
	t.Helper()
	program, folder := built(t), t.TempDir()
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(servers.FreePort(t)))
	d := demo{base: "http://" + addr, links: map[string]string{}}
	cmd := exec.Command(program, "demo", "--addr", addr, "--data-dir", folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the demonstration said:\n%s", said.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasSuffix(lines.Text(), d.base) {
		if m := linkLine.FindStringSubmatch(lines.Text()); m != nil {
			d.links[[]string{"intake", "officer", "head", "supervisor"}[len(d.links)]] = m[2]
			if len(d.links) == 2 {
				d.unitName = m[1]
			}
		}
	}
	if len(d.links) != 4 {
		t.Fatalf("%d ways to the desk are printed", len(d.links))
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	for _, u := range office.Example().Units {
		if u.Name == d.unitName {
			d.unit = u.Code
		}
	}
	for _, role := range []string{"leader", "rights"} {
		add := exec.CommandContext(t.Context(), program, "staff", "add", "--name", role, "--unit", "petition", "--role", role)
		add.Env = append(os.Environ(), "DENGWEN_DATA_DIR="+folder, "DENGWEN_ADDR="+addr, "DENGWEN_OFFICE="+filepath.Join(folder, "office.yaml"))
		text, err := add.Output()
		if err != nil {
			t.Fatalf("take a %s on: %v", role, err)
		}
		d.links[role] = regexp.MustCompile(`http://\S+`).FindString(string(text))
		if role == "leader" {
			d.leader = regexp.MustCompile(`[0-9a-f-]{36}`).FindString(string(text))
		}
	}
	return d
}

// installed is a folder with the scripts and what they need, under .cache, once for each version of the lock file.
func installed(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("this test needs %s: install the packages nodejs and npm (apt-get install nodejs npm), or run scripts/test-servers.sh", tool)
		}
	}
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "..", ".cache", fmt.Sprintf("days-%x", sha256.Sum256(lock))[:17])
	for _, name := range []string{"package.json", "package-lock.json", "days.mjs", "look.mjs"} {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.MkdirAll(dir, 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// built is the program under test: DENGWEN_PROGRAM, or compiled here.
func built(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("DENGWEN_PROGRAM"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "dengwen")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "dengwen").CombinedOutput(); err != nil {
		t.Fatalf("build dengwen: %v\n%s", err, out)
	}
	return path
}
