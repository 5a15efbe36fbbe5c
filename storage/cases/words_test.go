package cases_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// shadow is what the store holds, as a list to be searched one by one.
type shadow struct {
	r     *rand.Rand
	s     *cases.Store
	box   *seal.Box
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
	switch w.r.IntN(4) {
	case 0:
		r.Case.Unit = fmt.Sprint("u", w.r.IntN(3))
		r.Units = []string{r.Case.Unit}
	case 1:
		r.Due, r.Open = fmt.Sprintf("2026-%02d-%02d", 1+w.r.IntN(12), 1+w.r.IntN(28)), w.r.IntN(3) > 0
	case 2:
		r.Case.Status, r.Case.Officer = statuses[w.r.IntN(len(statuses))], fmt.Sprint("o-", w.r.IntN(3))
	default:
		r.Case.Filing.Facts = w.text(60)
	}
	v, err := w.s.Save(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Case.Version = v
	w.cases[i] = r
}

var statuses = []petition.Status{petition.Registered, petition.Accepted, petition.Replied}

// want goes through the list one by one.
func (w *shadow) want(sc petition.Scope, q petition.Query) []string {
	var fit []petition.Record
	for _, r := range w.cases {
		f, sees := r.Case.Filing, (sc.All || slices.Contains(sc.Units, r.Units[0])) && !r.Sealed
		text := strings.ToLower(strings.Join([]string{r.Case.Number, f.Title, f.Facts, f.Request, f.Place.Text}, "\n"))
		says := !slices.ContainsFunc(strings.Fields(strings.ToLower(q.Words)), func(word string) bool { return !strings.Contains(text, word) })
		fits := (q.Unit == "" || q.Unit == r.Case.Unit) && (q.Status == "" || q.Status == r.Case.Status) &&
			(q.Officer == "" || q.Officer == r.Case.Officer) && (!q.Open || r.Open)
		if sees && says && fits {
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
		switch w.r.IntN(6) {
		case 0:
			q.Unit = fmt.Sprint("u", w.r.IntN(3))
		case 1:
			q.Status, q.Open = statuses[w.r.IntN(len(statuses))], true
		case 2:
			q.Officer = fmt.Sprint("o-", w.r.IntN(3))
		}
		got, want := []string{}, w.want(sc, q)
		if n, err := w.s.Count(t.Context(), sc, q); err != nil || n != len(want) && n != -1 {
			t.Fatalf("%d counted (%v), want %d: %+v", n, err, len(want), q)
		}
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
			t.Fatalf("%d cases, %q by %s in %+v %+v, %d a page:\ngot  %v\nwant %v", len(w.cases), q.Words, q.Order, sc, q, q.Limit, got, want)
		}
	}
}

// What a search finds is what looking through all cases one by one finds, in the same
// order, while words change and letters that came earlier are filed, and after the index
// was made anew.
func TestSearchFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		box := newBox(t)
		w := &shadow{r: rand.New(rand.NewPCG(seed, 1)), s: open(t, url, dir, box), box: box, now: time.Date(2026, 12, 31, 15, 40, 0, 0, time.UTC)}
		for i := range 1000 {
			w.file(t)
			if w.r.IntN(12) == 0 {
				w.change(t)
			}
			if i%25 == 0 {
				w.compare(t)
			}
		}
		w.s = open(t, url, dir, w.box) // reads all of them anew
		for range 10 {
			w.compare(t)
		}
	})
}

// Several processes file and search; no case is lost between them, and each is found by
// all at once.
func TestReplicasFindEachOthersCases(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		stores := []*cases.Store{open(t, url, dir, box), open(t, url, dir, box), open(t, url, dir, box)}
		var wg sync.WaitGroup
		for n, s := range stores {
			wg.Go(func() {
				for i := range 100 {
					r := create(t, s, fmt.Sprintf("第%d户的水渠断了", 1000*n+i))
					other := stores[(n+1+i%2)%3]
					if found := finds(t, other, fmt.Sprintf("第%d户", 1000*n+i), 1); found != 1 {
						t.Errorf("another process finds %d cases of household %d", found, 1000*n+i)
					}
					r.Case.Filing.Facts = fmt.Sprintf("第%d家的井盖丢了", 1000*n+i)
					if _, err := s.Save(t.Context(), r, nil); err != nil {
						t.Errorf("save: %v", err)
					}
					if found := finds(t, other, fmt.Sprintf("第%d家", 1000*n+i), 1); found != 1 {
						t.Errorf("another process finds %d cases with the new words of %d", found, 1000*n+i)
					}
				}
			})
		}
		wg.Wait()
		for n, s := range stores {
			if found := finds(t, s, "井盖 丢了", 100); found != 300 {
				t.Errorf("store %d finds %d of 300", n, found)
			}
			if found := finds(t, s, "水渠", 100); found != 0 {
				t.Errorf("store %d finds %d by words that were changed", n, found)
			}
		}
	})
}

// finds counts the cases with some words. Others may be filed meanwhile, so it does not
// look at their order.
func finds(t *testing.T, s *cases.Store, words string, limit int) (n int) {
	t.Helper()
	q := petition.Query{Order: "new", Words: words, Limit: limit}
	for range 100 {
		page, after, err := s.List(t.Context(), petition.Scope{All: true}, q)
		if err != nil {
			t.Errorf("list: %v", err)
			return 0
		}
		if n += len(page); after == "" {
			break
		}
		q.After = after
	}
	return n
}

// While the index is filled, and no longer, a search says that it may lack something; it
// finds the newest cases first, and what is filed meanwhile.
func TestSearchWhileTheIndexIsFilled(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		for i := range 450 {
			create(t, s, fmt.Sprintf("第%d户的水渠断了", i))
		}
		again := open(t, url, dir, box)
		if err := again.FillSome(t.Context()); err != nil { // one batch of three
			t.Fatal(err)
		}
		if !again.Indexing(t.Context()) {
			t.Error("an index that is being filled does not say so")
		}
		if n := finds(t, again, "水渠 断了", 100); n != cases.FillBatch {
			t.Errorf("%d found, want the %d read", n, cases.FillBatch)
		}
		if n := finds(t, again, "第449户", 5); n != 1 {
			t.Error("the newest case is not found first")
		}
		create(t, s, "第500户的水渠断了")
		if n := finds(t, again, "第500户", 5); n != 1 {
			t.Error("a case filed meanwhile is not found")
		}
		again.GoOn()
		if err := again.WaitIndexed(t.Context()); err != nil || again.Indexing(t.Context()) {
			t.Errorf("filled, and yet filling: %v", err)
		}
		if n := finds(t, again, "水渠 断了", 100); n != 451 {
			t.Errorf("%d of 451 found", n)
		}
	})
}

// A process that missed more changes than are kept, or whose database was set back,
// reads everything anew.
func TestMissedChangesAreReadAnew(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]string{"dropped": `DELETE FROM word_changes`, "set back": `UPDATE feed SET words = 1`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engines(t, func(t *testing.T, url, dir string) {
				box := newBox(t)
				s, other := open(t, url, dir, box), open(t, url, dir, box)
				create(t, s, "第1户的水渠断了")
				create(t, s, "第2户的水渠断了")
				if n := finds(t, other, "水渠 断了", 5); n != 2 {
					t.Fatalf("%d of 2 found", n)
				}
				create(t, s, "第3户的水渠断了")
				if _, err := s.Writer().Exec(spoil); err != nil {
					t.Fatal(err)
				}
				_ = finds(t, other, "水渠 断了", 5) // finds out
				if err := other.WaitIndexed(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := finds(t, other, "水渠 断了", 5); n != 3 {
					t.Errorf("%d of 3 found", n)
				}
			})
		})
	}
}

// A report on misconduct is in the index of its officers alone, from when it is one.
func TestReportsHaveAnIndexOfTheirOwn(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		r := create(t, s, "某某收了钱")
		for _, s := range []*cases.Store{s, open(t, url, dir, box)} {
			if open, sealed := s.IndexSizes(t); open != 1 || sealed != 0 {
				t.Errorf("%d and %d cases are in the two indexes", open, sealed)
			}
		}
		r.Sealed = true
		if _, err := s.Save(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*cases.Store{s, open(t, url, dir, box)} {
			if open, sealed := s.IndexSizes(t); open != 0 || sealed != 1 {
				t.Errorf("sealed: %d and %d cases are in the two indexes", open, sealed)
			}
		}
	})
}
