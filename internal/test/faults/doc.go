// Package faults is what the tests of the whole program share: the program as a
// process that is started, killed and stopped, citizens who lodge petitions through
// the fake Bot API, and the record left behind, held against what they were told.
package faults

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dengwen/internal/test/servers"
)

// A test process compiles the program once, so this is the one shared value here.
var built binary

type binary struct {
	mu        sync.Mutex
	dir, path string
}

// Main runs the tests of a package, keeps what servers.Main keeps, and removes the
// compiled program after the last of them. Call it from TestMain.
func Main(m *testing.M) {
	code := servers.Run(m)
	_ = os.RemoveAll(built.dir)
	os.Exit(code)
}

// Binary is the program's path. It is compiled once per test process, unless
// DENGWEN_PROGRAM names one.
func Binary(tb testing.TB) string {
	tb.Helper()
	if path := os.Getenv("DENGWEN_PROGRAM"); path != "" {
		return path
	}
	built.mu.Lock()
	defer built.mu.Unlock()
	if built.path == "" {
		if err := built.make(Root(tb)); err != nil {
			tb.Fatal(err)
		}
	}
	return built.path
}

func (b *binary) make(root string) (err error) {
	if err := visit(root); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "dengwen-program-"); err != nil {
		return fmt.Errorf("make a folder for the program: %w", err)
	}
	path := filepath.Join(b.dir, "dengwen")
	if out, err := exec.Command("go", "build", "-o", path, "dengwen").CombinedOutput(); err != nil {
		return fmt.Errorf("build dengwen: %w\n%s", err, out)
	}
	b.path = path
	return nil
}

// visit lists every folder of source. go test remembers what a test listed, so a
// passed test runs again when any source has changed, not only what it imports.
func visit(root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && path != root && strings.HasPrefix(e.Name(), ".") {
			return filepath.SkipDir
		}
		return err
	})
}

// Root is the folder of the module.
func Root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}
