package deploy

import (
	"regexp"
	"strings"
	"testing"
)

// docs/dependencies.md says of each module go.mod requires directly what it is for, and of no other.
func TestEachDependencyIsExplained(t *testing.T) {
	t.Parallel()
	required := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(text(t, "go.mod"), -1)
	page := text(t, "docs/dependencies.md")
	if len(required) < 20 {
		t.Fatalf("only %d direct dependencies were found", len(required))
	}
	direct := map[string]bool{}
	for _, m := range required {
		direct[m[1]] = true
		if !strings.Contains(page, m[1]+" ") {
			t.Errorf("docs/dependencies.md does not say what %s is for", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \|`).FindAllStringSubmatch(page, -1) {
		if !direct[m[1]] {
			t.Errorf("docs/dependencies.md names %s, which go.mod does not require", m[1])
		}
	}
}
