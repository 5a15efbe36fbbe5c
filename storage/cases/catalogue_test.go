package cases_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/storage/cases"
)

// shadow is what the store holds, as a list to be searched one by one.
type shadow struct {
	r     *rand.Rand
	s     *cases.Store
	now   time.Time
	cases []petition.Record
}

// alphabet is small, so that pairs are common and words with the same pairs differ.
const alphabet = "路灯水电井盖山河村镇a1"

func (w *shadow) text(most int) string {
	letters := []rune(alphabet)
	var b strings.Builder
	for range 1 + w.r.IntN(most) {
		b.WriteRune(letters[min(w.r.IntN(len(letters)), w.r.IntN(len(letters)))])
	}
	return b.String()
}

func (w *shadow) file(t *testing.T) {
	t.Helper()
	n := len(w.cases)
	w.now = w.now.Add(time.Duration(w.r.IntN(3)) * time.Second) // some at the same moment
	at := w.now
	if w.r.IntN(10) == 0 { // a letter that came earlier
		at = at.Add(-time.Duration(w.r.IntN(400)) * time.Hour)
	}
	facts, unit := w.text(60), fmt.Sprint("u", w.r.IntN(3))
	r, _, err := w.s.Create(t.Context(), fmt.Sprint("key ", n), at.Year(), func(serial int) (petition.Record, []petition.Notice, error) {
		r := record(serial, facts)
		r.Case.ID, r.Case.Number = fmt.Sprint("id-", n), petition.FormatNumber("ZS", at.Year(), serial)
		r.Case.Received, r.Case.Timeline[0].At, r.Case.Unit, r.Units = at, at, unit, []string{unit}
		r.Case.Filing.Title, r.Case.Filing.Request, r.Case.Filing.Place.Text = w.text(6), "", w.text(3)
		r.Due, r.Files = fmt.Sprintf("2026-%02d-%02d", 1+w.r.IntN(12), 1+w.r.IntN(28)), nil
		r.Sealed = w.r.IntN(12) == 0
		return r, nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.cases = append(w.cases, r)
}

// change gives a case other words, or another unit.
func (w *shadow) change(t *testing.T) {
	t.Helper()
	i := w.r.IntN(len(w.cases))
	r := w.cases[i]
	if w.r.IntN(3) == 0 {
		r.Case.Unit = fmt.Sprint("u", w.r.IntN(3))
		r.Units = []string{r.Case.Unit}
	} else {
		r.Case.Filing.Facts = w.text(60)
	}
	v, err := w.s.Save(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Case.Version = v
	w.cases[i] = r
}

// want goes through the list one by one.
func (w *shadow) want(sc petition.Scope, q petition.Query) []string {
	var fit []petition.Record
	for _, r := range w.cases {
		f, sees := r.Case.Filing, (sc.All || slices.Contains(sc.Units, r.Units[0])) && !r.Sealed
		text := strings.ToLower(strings.Join([]string{r.Case.Number, f.Title, f.Facts, f.Request, f.Place.Text}, "\n"))
		says := !slices.ContainsFunc(strings.Fields(strings.ToLower(q.Words)), func(word string) bool { return !strings.Contains(text, word) })
		if sees && says {
			fit = append(fit, r)
		}
	}
	slices.SortFunc(fit, func(a, b petition.Record) int {
		if q.Order == "new" {
			if c := b.Case.Received.Compare(a.Case.Received); c != 0 {
				return c
			}
			return strings.Compare(b.Case.Number, a.Case.Number)
		}
		return strings.Compare(a.Due+a.Case.Number, b.Due+b.Case.Number)
	})
	out := []string{}
	for _, r := range fit {
		out = append(out, r.Case.Number)
	}
	return out
}

func (w *shadow) compare(t *testing.T) {
	t.Helper()
	for range 6 {
		words := w.text(3) + w.text(2)
		if w.r.IntN(2) == 0 {
			words += " " + w.text(2)
		}
		if w.r.IntN(8) == 0 {
			words = w.cases[w.r.IntN(len(w.cases))].Case.Number
		}
		sc := petition.Scope{All: true}
		if w.r.IntN(3) == 0 {
			sc = petition.Scope{Units: []string{fmt.Sprint("u", w.r.IntN(3))}}
		}
		q := petition.Query{Words: words, Order: []string{"new", "due"}[w.r.IntN(2)], Limit: 1 + w.r.IntN(30)}
		got, want := []string{}, w.want(sc, q)
		for range 1000 {
			rs, after, err := w.s.List(t.Context(), sc, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				got = append(got, r.Case.Number)
			}
			if q.After = after; after == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d cases, %q by %s in %+v, %d a page:\ngot  %v\nwant %v", len(w.cases), q.Words, q.Order, sc, q.Limit, got, want)
		}
	}
}

// What a search finds is what looking through all cases one by one finds, in the same
// order, while slips become drawers and drawers larger ones, words change and letters
// that came earlier are filed.
func TestSearchFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		w := &shadow{r: rand.New(rand.NewPCG(seed, 1)), s: open(t, url, dir, newBox(t)), now: time.Date(2026, 12, 31, 15, 40, 0, 0, time.UTC)}
		for i := range 1500 {
			w.file(t)
			if w.r.IntN(12) == 0 {
				w.change(t)
			}
			if i%25 == 0 {
				w.compare(t)
			}
		}
		if err := w.s.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			w.compare(t)
		}
		wantShape(t, w.s, len(w.cases))
	})
}

// wantShape looks at the catalogue itself: each case is in one place, few slips wait
// and drawers became larger ones.
func wantShape(t *testing.T, s *cases.Store, all int) {
	t.Helper()
	var slips, inDrawers, drawers int
	row := s.Writer().QueryRowContext(context.Background(), `SELECT (SELECT count(*) FROM slips), (SELECT coalesce(sum(cases), 0) FROM drawers WHERE whole), (SELECT count(*) FROM drawers)`)
	if err := row.Scan(&slips, &inDrawers, &drawers); err != nil {
		t.Fatal(err)
	}
	// Every 12th case was given other words and may be counted in two drawers.
	if slips >= 64 || slips+inDrawers < all || slips+inDrawers > all+all/6 || drawers > 12 {
		t.Errorf("%d slips, %d cases in %d drawers for %d cases", slips, inDrawers, drawers, all)
	}
}
