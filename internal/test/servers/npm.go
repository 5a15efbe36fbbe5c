package servers

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// NPM is a folder with scripts of the test's own folder and the packages that its package-lock.json names. Packages are
// installed by npm once for each version of the lock file, into cache, a folder that outlives the test.
func NPM(tb testing.TB, cache string, scripts ...string) string {
	tb.Helper()
	find(tb, "node", "nodejs")
	npm := find(tb, "npm", "npm")
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		tb.Fatal(err)
	}
	dir := filepath.Join(cache, fmt.Sprintf("npm-%x", sha256.Sum256(lock))[:16])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	for _, name := range append(scripts, "package.json", "package-lock.json") {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	cmd := exec.CommandContext(tb.Context(), npm, "ci", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("npm ci: %v\n%s", err, out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		tb.Fatal(err)
	}
	return dir
}
