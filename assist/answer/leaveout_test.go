package answer

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/assist/linear"
	"dengwen/locales"
	"dengwen/petition"
)

// TestPhrasingsFindTheirEntryWhenLeftOut leaves a tenth of the phrasings out of the knowledge base
// at a time and asks them: what is then found rests on the other phrasings and the texts alone.
func TestPhrasingsFindTheirEntryWhenLeftOut(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	asked, first, articles, three := 0, 0, 0, 0
	for fold := 0; fold < 10; fold += 4 { // three of the ten; each fits a classifier of its own
		x := newIndex(b.words, without(b.every, fold), builtIn, modelWithout(t, b, fold))
		for e, m := range b.entries {
			for i, q := range m.phrasings(builtIn) {
				if (i+e)%10 != fold {
					continue
				}
				hits, _ := b.split(x.rank(x.vector(q)))
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
		}
	}
	share := func(n int) float64 { return float64(n) / float64(asked) }
	t.Logf("%d phrasings of %d entries: own entry first %.3f, its articles %.3f, among three %.3f",
		asked, len(b.entries), share(first), share(articles), share(three))
	if share(first) < 0.58 || share(three) < 0.78 {
		t.Errorf("retrieval fell below its floor")
	}
}

func modelWithout(t testing.TB, b *Book, fold int) *linear.Model {
	t.Helper()
	m, err := linear.Open(b.words.learn(without(b.every, fold)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// without copies the entries less every phrasing of one fold.
func without(entries []matter, fold int) []matter {
	out := slices.Clone(entries)
	for e := range out {
		said, i := map[string]wording{}, 0
		for _, tag := range builtIn {
			w, kept := out[e].said[tag], []string{}
			for _, q := range w.phrasings() {
				if (i+e)%10 != fold {
					kept = append(kept, q)
				}
				i++
			}
			w.Ask = strings.Join(kept, "\n")
			said[tag] = w
		}
		out[e].said = said
	}
	return out
}

// builtIn are the languages of the knowledge base, as the index takes them.
var builtIn = []string{"en", "zh-CN"}

// sharedBook spares the tests reading the knowledge base twenty times; a Book never changes.
var sharedBook = sync.OnceValues(func() (*Book, error) {
	words, err := locales.New()
	if err != nil {
		return nil, err
	}
	return New(&petition.Office{Name: "清水县信访局", Phone: "0900-1234567", Hours: "周一至周五 8:00–18:00", Address: "清水县人民路 1 号"}, words)
})

func openBook(t testing.TB) *Book {
	t.Helper()
	b, err := sharedBook()
	if err != nil {
		t.Fatalf("open the book: %v", err)
	}
	return b
}
