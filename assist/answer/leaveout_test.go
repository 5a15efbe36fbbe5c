package answer

import (
	"os"
	"slices"
	"testing"
)

// TestEveryPhrasingFindsItsEntryWhenLeftOut leaves each phrasing of the knowledge base out in turn
// and asks it: what is then found rests on the other phrasings alone.
func TestEveryPhrasingFindsItsEntryWhenLeftOut(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	doc, asked, first, articles, three := 0, 0, 0, 0, 0
	for e, m := range b.entries {
		for _, q := range m.phrasings() {
			hits := b.index.rank(b.index.vector(q), doc, func(int) bool { return true })
			doc++
			asked++
			switch {
			case hits[0].entry == e:
				first++
			case os.Getenv("SHOW") != "":
				t.Logf("%s: %s -> %s", m.ID, q, b.entries[hits[0].entry].ID)
			}
			if containsAll(b.entries[hits[0].entry].Articles, m.Articles) {
				articles++
			}
			if slices.ContainsFunc(hits[:min(3, len(hits))], func(h hit) bool { return h.entry == e }) {
				three++
			}
		}
		doc += 2 // the titles stand after the phrasings
	}
	share := func(n int) float64 { return float64(n) / float64(asked) }
	t.Logf("%d phrasings of %d entries: own entry first %.3f, its articles %.3f, among three %.3f",
		asked, len(b.entries), share(first), share(articles), share(three))
	if share(first) < 0.60 || share(three) < 0.80 {
		t.Errorf("retrieval fell below its floor")
	}
}

func containsAll(have, want []int) bool {
	return !slices.ContainsFunc(want, func(n int) bool { return !slices.Contains(have, n) })
}

func openBook(t testing.TB) *Book {
	t.Helper()
	b, err := New(Office{
		Name: "清水县信访局", Phone: "0900-1234567", Hours: "周一至周五 8:00–18:00",
		Address: "清水县人民路 1 号", Post: "700000", Web: "xf.example.cn",
	})
	if err != nil {
		t.Fatalf("open the book: %v", err)
	}
	return b
}
