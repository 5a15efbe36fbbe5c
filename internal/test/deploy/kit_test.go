package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"dengwen/internal/config"
	"dengwen/internal/test/faults"
)

func TestMain(m *testing.M) { faults.Main(m) }

// text is a file of the project.
func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(faults.Root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// settings are the variables the program knows, NAME_FILE forms included.
func settings() map[string]bool {
	known := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?`) \\|").FindAllStringSubmatch(config.Table(func(string) string { return "" }), -1) {
		for _, name := range regexp.MustCompile("`([A-Z_0-9]+)`").FindAllStringSubmatch(row[1], -1) {
			known[name[1]] = true
		}
	}
	return known
}

// commands are the subcommands the program's own help lists, the two-word ones too.
func commands(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	cmd := exec.Command(faults.Binary(t), "--help")
	cmd.Env = append(os.Environ(), "LC_ALL=en_US.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dengwen --help: %v", err)
	}
	_, list, _ := strings.Cut(string(out), "\nCommands:\n")
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z][a-z-]*(?: [a-z][a-z-]*)*)`).FindAllStringSubmatch(list, -1) {
		first, _, _ := strings.Cut(m[1], " ")
		known[first], known[m[1]] = true, true
	}
	if len(known) < 10 {
		t.Fatalf("the help lists only %v", known)
	}
	return known
}

// helps answers the help of a command, which lists its flags. The answers are kept.
func helps(t *testing.T, asked *sync.Map, command string) string {
	t.Helper()
	if out, ok := asked.Load(command); ok {
		return out.(string)
	}
	out, err := exec.Command(faults.Binary(t), append(strings.Fields(command), "--help")...).Output()
	if err != nil {
		t.Fatalf("dengwen %s --help: %v", command, err)
	}
	asked.Store(command, string(out))
	return string(out)
}
