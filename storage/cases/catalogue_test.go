package cases_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
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
		for i := range 1000 {
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
		wantFew(t, w.s, len(w.cases))
	})
}

// catalogue is what the tables of the catalogue hold.
type catalogue struct{ slips, inDrawers, drawers, cards, loose int }

func readCatalogue(t *testing.T, s *cases.Store) (c catalogue) {
	t.Helper()
	err := s.Writer().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM slips), (SELECT coalesce(sum(cases), 0) FROM drawers WHERE whole),
		(SELECT count(*) FROM drawers), (SELECT count(*) FROM cards), (SELECT count(*) FROM cards WHERE drawer NOT IN (SELECT id FROM drawers))`).Scan(
		&c.slips, &c.inDrawers, &c.drawers, &c.cards, &c.loose)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantFew looks whether slips became drawers and drawers larger ones. A case whose
// words were changed may be counted in two drawers.
func wantFew(t *testing.T, s *cases.Store, all int) {
	t.Helper()
	c := readCatalogue(t, s)
	if c.slips >= 64 || c.slips+c.inDrawers < all || c.slips+c.inDrawers > all+all/6 || c.drawers > 12 || c.loose > 0 {
		t.Errorf("%+v for %d cases", c, all)
	}
}

// wantWhole wants every case on one slip or in one drawer, once work has ended.
func wantWhole(t *testing.T, s *cases.Store, all int) {
	t.Helper()
	if err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := readCatalogue(t, s); c.slips+c.inDrawers != all || c.slips >= 64 || c.loose > 0 || c.drawers > 12 {
		t.Errorf("%+v for %d cases", c, all)
	}
}

// Several processes file and work on one catalogue; no case is lost between them.
func TestReplicasShareTheCatalogue(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		stores := []*cases.Store{open(t, url, dir, box), open(t, url, dir, box), open(t, url, dir, box)}
		var wg sync.WaitGroup
		for n, s := range stores {
			wg.Go(func() {
				for i := range 250 {
					create(t, s, fmt.Sprintf("第%d户的水渠断了", 1000*n+i))
					if i%50 == 49 {
						if err := s.Index(t.Context()); err != nil {
							t.Errorf("index: %v", err)
						}
					}
				}
			})
		}
		wg.Wait()
		wantWhole(t, stores[1], 750)
		for n, s := range stores {
			if found := walkPages(t, s, petition.Query{Order: "new", Words: "水渠 断了", Limit: 100}); len(found) != 750 {
				t.Errorf("store %d finds %d of 750", n, len(found))
			}
			if found := walkPages(t, s, petition.Query{Order: "due", Words: fmt.Sprintf("第%d户", 1000*n+249), Limit: 100}); len(found) != 1 {
				t.Errorf("store %d finds %d cases of one household", n, len(found))
			}
		}
	})
}

// A store that an older program left is read through by itself; a search that comes
// before waits for it.
func TestOldStoreGetsACatalogue(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		for i := range 700 {
			create(t, s, fmt.Sprintf("第%d户的水渠断了", i))
		}
		if err := s.Down(t.Context(), 4); err != nil {
			t.Fatal(err)
		}
		again := open(t, url, dir, box)
		if unread, _, err := again.Unindexed(t.Context()); err != nil || unread > 700 {
			t.Errorf("%d unread: %v", unread, err)
		}
		if found := walkPages(t, again, petition.Query{Order: "new", Words: "水渠 断了", Limit: 100}); len(found) != 700 {
			t.Errorf("%d of 700 found", len(found))
		}
		if found := walkPages(t, again, petition.Query{Order: "due", Words: "第613户", Limit: 5}); len(found) != 1 {
			t.Errorf("%d cases of one household", len(found))
		}
		if unread, unsorted, err := again.Unindexed(t.Context()); err != nil || unread > 0 || unsorted > 700 {
			t.Errorf("%d unread and %d unsorted once a search was answered: %v", unread, unsorted, err)
		}
		wantWhole(t, again, 700)
	})
}

// Words that were changed leave nothing behind, in no drawer and on no slip.
func TestChangedWordsLeaveNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		marked := create(t, s, "鼢鼱鼲鼫")
		before := readCatalogue(t, s)
		for i := range 300 {
			create(t, s, fmt.Sprintf("第%d户的水渠断了", i))
		}
		if err := s.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c := readCatalogue(t, s); before.slips != 1 || c.inDrawers == 0 { // the oldest go first
			t.Fatalf("%+v, then %+v: the case is in no drawer yet", before, c)
		}
		if n := s.Holding(t, "鼢鼱鼲鼫"); n != 3 {
			t.Fatalf("%d pairs of the first words are in the catalogue, want 3", n)
		}
		marked.Case.Filing.Facts = "别的事"
		if _, err := s.Save(t.Context(), marked, nil); err != nil {
			t.Fatal(err)
		}
		if n := s.Holding(t, "鼢鼱鼲鼫"); n != 0 {
			t.Errorf("%d pairs of words that were changed are still in the catalogue", n)
		}
		if found := walkPages(t, s, petition.Query{Order: "new", Words: "别的事", Limit: 5}); len(found) != 1 {
			t.Errorf("%d cases with the new words", len(found))
		}
	})
}
