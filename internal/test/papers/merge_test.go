package papers

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
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

// However many papers are merged and however memory is freed meanwhile, each page is its own file's: what is told apart by an address
// must be held.
func TestManyMergedPapersKeepTheirPages(t *testing.T) {
	t.Parallel()
	needs(t, "pdftotext")
	r, err := documents.New("", "")
	if err != nil {
		t.Fatal(err)
	}
	kind := documents.Kinds()[0]
	var files [][]byte
	var want []string
	for i := range 60 {
		name := fmt.Sprintf("第%d份", 100+i)
		values := documents.Values{}
		for _, part := range petition.PartsOf(kind) {
			values[part.Key] = name
		}
		var b bytes.Buffer
		if err := r.Render(t.Context(), &b, "pdf", petition.Document{Kind: kind, Values: values}); err != nil {
			t.Fatal(err)
		}
		files, want = append(files, b.Bytes()), append(want, name)
	}
	merged := make(chan error, 1)
	var all bytes.Buffer
	go func() { merged <- documents.Merge(&all, files) }()
	for done := false; !done; runtime.GC() {
		select {
		case err := <-merged:
			if done = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
	}
	file := filepath.Join(t.TempDir(), "all.pdf")
	if err := os.WriteFile(file, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	pages := text(t, file)
	each := len(pages) / len(want)
	if len(pages) == 0 || len(pages) != each*len(want) {
		t.Fatalf("%d pages of %d papers alike", len(pages), len(want))
	}
	for i := range want {
		if first := words(pages[i*each]); !strings.Contains(first, want[i]) {
			t.Errorf("the first page of the %d. paper does not say %s: %q", i+1, want[i], first)
		}
	}
}
