//go:build measure

package assist

import (
	"hash/fnv"
	"os"
	"strings"
	"testing"

	"dengwen/assist/answer"
	"dengwen/assist/classify"
	"dengwen/internal/office"
	"dengwen/locales"
)

// Of messages that the model has not seen, told without a title and with all subjects of
// the office to choose from: how many subjects go on the card unasked, and how many of
// them are right. LABELLED names a file as dengwen train takes it.
func TestSubjectTakenUnasked(t *testing.T) {
	file := os.Getenv("LABELLED")
	if file == "" {
		t.Fatal("LABELLED names no labelled messages")
	}
	o, _, err := office.Load("")
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	book, err := answer.New(o, words)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(o, book)
	if err != nil {
		t.Fatal(err)
	}
	learn, held := halves(t, file)
	if r.model, _, err = classify.Train(learn, classify.Options{}); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, c := range o.Categories {
		names[c.Code] = c.Name
	}
	unasked, right, among := 0, 0, 0
	for _, e := range held {
		g, likely := r.subject(e.Text)
		first := func(code string) string { f, _, _ := strings.Cut(code, "."); return names[f] }
		if g.Conf >= sure {
			if unasked++; first(g.Value) == e.Category {
				right++
			}
			continue
		}
		for _, code := range likely {
			if first(code) == e.Category {
				among++
				break
			}
		}
	}
	precision := float64(right) / float64(unasked)
	t.Logf("%d held out: unasked %.3f, of these right %.3f; of the others among the two offered %.3f",
		len(held), float64(unasked)/float64(len(held)), precision, float64(among)/float64(len(held)-unasked))
	if precision < 0.965 {
		t.Errorf("precision %.3f, want 0.97", precision)
	}
}

// halves keeps a fifth of the groups out, by a hash of their name.
func halves(t *testing.T, file string) (learn, held []classify.Example) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := classify.ReadExamples(f, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		h := fnv.New32a()
		h.Write([]byte(e.Group))
		if h.Sum32()%5 == 0 {
			held = append(held, e)
		} else {
			learn = append(learn, e)
		}
	}
	return learn, held
}
