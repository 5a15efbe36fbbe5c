package papers

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/documents"
	"dengwen/petition"
)

// Papers of every kind, merged, are their pages in their order: what each says, and nothing else; what is no PDF is refused.
func TestMergedPapersSayWhatEachSays(t *testing.T) {
	t.Parallel()
	needs(t, "pdftotext")
	r, err := documents.New("", "")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files [][]byte
	var want []string
	for i, kind := range documents.Kinds() {
		values := documents.Values{}
		for _, part := range petition.PartsOf(kind) {
			values[part.Key] = strings.Repeat("这一份写的是"+part.Name+"。", 1+i*3)
		}
		var b bytes.Buffer
		if err := r.Render(t.Context(), &b, "pdf", petition.Document{Kind: kind, Values: values}); err != nil {
			t.Fatal(err)
		}
		files = append(files, b.Bytes())
		name := filepath.Join(dir, kind+".pdf")
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		want = append(want, text(t, name)...)
	}
	var all bytes.Buffer
	if err := documents.Merge(&all, files); err != nil {
		t.Fatal(err)
	}
	merged := filepath.Join(dir, "all.pdf")
	if err := os.WriteFile(merged, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got := text(t, merged)
	if len(got) != len(want) {
		t.Fatalf("%d pages, want %d", len(got), len(want))
	}
	for i := range want {
		if sorted(got[i]) != sorted(want[i]) {
			t.Errorf("page %d says %q, want %q", i+1, got[i], want[i])
		}
	}
	t.Logf("%d papers, %d pages, %d KB", len(files), len(got), all.Len()>>10)
	if err := documents.Merge(&all, [][]byte{[]byte("no PDF")}); err == nil {
		t.Error("what is no PDF is merged")
	}
	if err := documents.Merge(&all, [][]byte{[]byte("%PDF-1.7\nbroken")}); err == nil {
		t.Error("a broken PDF is merged")
	}
}
