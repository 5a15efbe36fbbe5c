package deploy

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testLike = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	fileLike = regexp.MustCompile("`([\\w.-]+(?:/[\\w.-]+)*\\.(?:go|md|mod|sum)|Dockerfile|Makefile|\\.ci/run)`")
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// What docs/asvs.md names as tried by exists, and what holds names something.
func TestWhatIsSaidToHoldWasTried(t *testing.T) {
	t.Parallel()
	const root = "../../.."
	tests := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"docs/asvs.md", "docs/security.md"} {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for line := range strings.Lines(string(text)) {
			names := testLike.FindAllStringSubmatch(line, -1)
			for _, m := range names {
				if !tests[m[1]] {
					t.Errorf("%s: there is no test %s", page, m[1])
				}
			}
			for _, m := range fileLike.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join(root, m[1])); err != nil && strings.Contains(m[1], "/") {
					t.Errorf("%s: %v", page, err)
				}
			}
			if strings.Contains(line, "| holds |") {
				rows++
				if !strings.Contains(line, "`") && !strings.Contains(line, "RFC") && !strings.Contains(line, "lost code") {
					t.Errorf("%s says what holds and not by what: %s", page, line)
				}
			}
		}
		if page == "docs/asvs.md" && rows < 50 {
			t.Errorf("%d rows hold: is that all of the page?", rows)
		}
	}
}
