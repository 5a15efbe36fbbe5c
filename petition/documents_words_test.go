package petition

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every phrase that documents say is there, and none stands there that no document says.
func TestDocumentWordsAreThose(t *testing.T) {
	t.Parallel()
	var source []byte
	for _, name := range []string{"documents_kinds.go", "documents_hard.go", "leader_week.go", "documents_numbers.go", "effects.go", "office.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, text...)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`(word|phrase)\((?:"([^"]+)"(, "|[,)])|key *\+ *"([^"]+)")`).FindAllStringSubmatch(string(source), -1) {
		key := m[2]
		switch {
		case m[4] != "":
			for _, of := range []string{"acceptance", "suggestion"} {
				used[of+m[4]] = true
			}
			continue
		case strings.HasSuffix(key, ".") || m[1] == "word":
			used[strings.TrimSuffix(key, ".")+"."] = true
			continue
		}
		used[key] = true
	}
	words := documentWords()
	for key := range used {
		if !strings.HasSuffix(key, ".") && words[key] == "" {
			t.Errorf("documents say %q, which is not there", key)
		}
	}
	for key := range words {
		kind, _, _ := strings.Cut(key, ".")
		if !used[key] && !used[kind+"."] && !strings.HasPrefix(key, "receipt.next.") {
			t.Errorf("nothing says %q", key)
		}
	}
	for kind := range documents {
		if DocumentTitle(kind) == "" {
			t.Errorf("%s has no title", kind)
		}
		for _, p := range PartsOf(kind) {
			if p.Name == "" {
				t.Errorf("%s of %s has no name", p.Key, kind)
			}
		}
	}
}
