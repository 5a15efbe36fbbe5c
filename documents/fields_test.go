package documents_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dengwen/documents"
)

// Every kind has its fields, and each says where it is asked or that it is practice.
func TestFieldsAreSaid(t *testing.T) {
	t.Parallel()
	fields, err := documents.Fields()
	if err != nil {
		t.Fatal(err)
	}
	kinds := slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(k string) bool { return strings.Contains(k, ".") })
	if !slices.Equal(kinds, documents.Kinds()) {
		t.Errorf("fields of %v, kinds %v", kinds, documents.Kinds())
	}
	for kind, all := range fields {
		for _, f := range all {
			if f.Name == "" || (f.Value == "") == (f.Says == "") || (f.Source == "") != f.Practice {
				t.Errorf("%s: %+v", kind, f)
			}
		}
	}
}

// An own wording that leaves out what a law asks for is named; one that leaves out a practice is not.
func TestWhatOwnTemplatesLose(t *testing.T) {
	t.Parallel()
	if lost, err := renderer(t, "").Lost(); err != nil || len(lost) > 0 {
		t.Errorf("the built-in templates lose %v (%v)", lost, err)
	}
	b, err := os.ReadFile("templates/zh-CN/opinion.txt")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.NewReplacer("向{{.review_body}}申请复查", "申请复查", "（来源：{{.source}}）", "").Replace(string(b))
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "opinion.txt"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	lost, err := renderer(t, folder).Lost()
	if err != nil || len(lost) != 1 || len(lost["opinion"]) != 1 || lost["opinion"][0].Value != "review_body" {
		t.Errorf("lost %v (%v)", lost, err)
	}
}
