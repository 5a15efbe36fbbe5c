package answer

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// asked is one line of testdata/questions.jsonl: what the answer must say, and from which articles.
type asked struct {
	ID       string     `json:"id"`
	Q        string     `json:"q"`
	Articles []int      `json:"articles"`
	Must     []string   `json:"must"`
	AnyOf    [][]string `json:"any_of"`
	MustNot  []string   `json:"must_not"`
	Kind     string     `json:"kind"`
}

func readLines(t testing.TB, name string) []asked {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatalf("open the question set: %v", err)
	}
	defer f.Close()
	var out []asked
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var a asked
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatalf("%s line %d: %v", name, len(out)+1, err)
		}
		out = append(out, a)
	}
	return out
}
