package storagetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"dengwen/petition"
)

var saveChecks = map[string]func(*testing.T, petition.Store){
	"save and load agree":             saveLoad,
	"a stale save is refused":         saveStale,
	"one of many savers wins":         saveRace,
	"the timeline only grows":         saveTimeline,
	"saving an unknown is not found":  saveMissing,
	"a refused save tells nobody":     saveTellsNobody,
	"a reader sees one version whole": saveWhole,
	"documents are numbered":          saveNumbers,
	"numbers go on from paper":        saveNumbersFrom,
	"none is lost in a crowd":         saveNumbersCrowd,
}

// issue is a save with a document of an organ.
func issue(r petition.Record, organ string, year int) petition.Record {
	r = grow(r, "意见")
	last := &r.Case.Timeline[len(r.Case.Timeline)-1]
	last.Args = map[string]string{"document": "opinion"}
	r.Numbers = []petition.DocumentNumber{petition.NumberFor(last.Seq, organ, year)}
	return r
}

func numberOf(r petition.Record) string {
	return r.Case.Timeline[len(r.Case.Timeline)-1].Args["symbol"]
}

// saveNumbers: one register for an organ and a year; a save that is refused takes no number.
func saveNumbers(t *testing.T, s petition.Store) {
	a, b := file(t, s, draft{facts: "one"}), file(t, s, draft{facts: "two"})
	a = save(t, s, issue(a, "柞信", 2026))
	stale := b
	b = save(t, s, issue(b, "柞信", 2026))
	if _, err := s.Save(t.Context(), issue(stale, "柞信", 2026), nil); petition.CodeOf(err) != petition.Conflict {
		t.Errorf("a stale save: %v", err)
	}
	for _, want := range []struct {
		organ  string
		year   int
		number string
	}{{"柞信", 2026, "柞信〔2026〕3号"}, {"柞信", 2027, "柞信〔2027〕1号"}, {"柞交", 2026, "柞交〔2026〕1号"}} {
		if a = save(t, s, issue(a, want.organ, want.year)); numberOf(load(t, s, a.Case.Number)) != want.number {
			t.Errorf("%s %d: got %q, want %q", want.organ, want.year, numberOf(load(t, s, a.Case.Number)), want.number)
		}
	}
	if numberOf(load(t, s, b.Case.Number)) != "柞信〔2026〕2号" {
		t.Errorf("the second document is %q", numberOf(load(t, s, b.Case.Number)))
	}
}

// saveNumbersFrom: a register that was begun on paper goes on from there, whether it is said before
// the first number or after some; and never back.
func saveNumbersFrom(t *testing.T, s petition.Store) {
	r := file(t, s, draft{facts: "one"})
	for _, want := range []struct {
		organ string
		first int
		gives string
	}{
		{"柞财", 57, "柞财〔2026〕57号"}, {"柞财", 57, "柞财〔2026〕58号"}, {"柞财", 1, "柞财〔2026〕59号"}, {"柞财", 60, "柞财〔2026〕60号"},
		{"柞水利", 1, "柞水利〔2026〕1号"}, {"柞水利", 12, "柞水利〔2026〕12号"}, {"柞水利", 12, "柞水利〔2026〕13号"},
	} {
		next := issue(r, want.organ, 2026)
		next.Numbers[0].First = want.first
		if r = save(t, s, next); numberOf(load(t, s, r.Case.Number)) != want.gives {
			t.Errorf("%s from %d: got %q, want %q", want.organ, want.first, numberOf(load(t, s, r.Case.Number)), want.gives)
		}
	}
}

// saveNumbersCrowd: many at once on a few cases, of which most are refused.
func saveNumbersCrowd(t *testing.T, s petition.Store) {
	var cases []petition.Record
	for i := range 4 {
		cases = append(cases, file(t, s, draft{facts: fmt.Sprint(i)}))
	}
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			for range 5 {
				r := load(t, s, cases[i%4].Case.Number)
				_, _ = s.Save(t.Context(), issue(r, "柞信", 2026), nil) // conflicts are the point
			}
		})
	}
	wg.Wait()
	given := map[string]bool{}
	for _, c := range cases {
		for _, e := range load(t, s, c.Case.Number).Case.Timeline {
			if n := e.Args["symbol"]; n != "" {
				if given[n] {
					t.Errorf("%s was given twice", n)
				}
				given[n] = true
			}
		}
	}
	for i := range len(given) {
		if n := fmt.Sprintf("柞信〔2026〕%d号", i+1); !given[n] {
			t.Errorf("%d numbers were given, and %s was not", len(given), n)
		}
	}
	if len(given) < 4 {
		t.Errorf("only %d saves got through", len(given))
	}
}

func saveLoad(t *testing.T, s petition.Store) {
	r := file(t, s, draft{owner: "tg:1", facts: "one", due: "2026-03-17", files: []string{"a"}})
	r = grow(grow(r, "补充"), "更多")
	r.Case.Status, r.Case.Unit, r.Case.Officer, r.Case.Route = petition.Accepted, "bureau", "o-7", 6
	r.Case.Filing.Title, r.Case.Filing.Subject = "新标题", "water"
	r.Case.Clocks[0].State = "met"
	r.Case.Facts = map[string]string{"rating": "4"}
	r.Due, r.Open, r.Units, r.Files, r.Keys, r.Code = "2026-05-01", true, []string{"town", "bureau"}, []string{"b", "c"}, []string{"k1", "k2"}, []byte{9}
	r = save(t, s, r)
	if r.Case.Version != 2 {
		t.Errorf("version is %d, want 2", r.Case.Version)
	}
	same(t, "saved", load(t, s, r.Case.Number), r)
}

func saveStale(t *testing.T, s petition.Store) {
	r := file(t, s, draft{facts: "one"})
	newer := save(t, s, grow(r, "first"))
	_, err := s.Save(t.Context(), grow(r, "second"), nil)
	wantError(t, err, petition.Conflict, "case.changed")
	future := newer
	future.Case.Version = 17
	_, err = s.Save(t.Context(), future, nil)
	wantError(t, err, petition.Conflict, "case.changed")
	same(t, "after refused saves", load(t, s, r.Case.Number), newer)
}

func saveRace(t *testing.T, s petition.Store) {
	r := file(t, s, draft{facts: "one", due: "2026-03-17"})
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := grow(r, fmt.Sprint(i))
			mine.Due, mine.Units = fmt.Sprintf("2026-04-%02d", i+1), []string{fmt.Sprint("u", i)}
			_, err := s.Save(t.Context(), mine, []petition.Notice{{To: "tg:1", Number: r.Case.Number}})
			if err == nil {
				won.Add(1)
				return
			}
			wantError(t, err, petition.Conflict, "case.changed")
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d savers of one version won", won.Load())
	}
	got := load(t, s, r.Case.Number)
	if got.Case.Version != 2 || len(got.Case.Timeline) != 2 {
		t.Errorf("version %d with %d entries, want 2 with 2", got.Case.Version, len(got.Case.Timeline))
	}
	ns, err := s.Notices(t.Context(), "", 10)
	if err != nil || len(ns) != 1 {
		t.Errorf("%d notices (%v), want the winner's one", len(ns), err)
	}
	rs, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{})
	if err != nil || len(rs) != 1 {
		t.Errorf("listed %d times (%v), want once", len(rs), err)
	}
}

func saveTimeline(t *testing.T, s petition.Store) {
	r := save(t, s, grow(file(t, s, draft{}), "as it was"))
	forged := grow(r, "new")
	forged.Case.Timeline[1].Text = "rewritten"
	save(t, s, forged)
	got := load(t, s, r.Case.Number).Case.Timeline
	if len(got) != 3 || got[1].Text != "as it was" || got[2].Text != "new" {
		t.Errorf("timeline is %+v", got)
	}
}

func saveMissing(t *testing.T, s petition.Store) {
	_, err := s.Save(t.Context(), draft{}.record(7), nil)
	wantError(t, err, petition.NotFound, "case.not_found")
}

func saveTellsNobody(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	save(t, s, r)
	_, err := s.Save(t.Context(), r, []petition.Notice{{To: "tg:1"}})
	wantError(t, err, petition.Conflict, "case.changed")
	ns, err := s.Notices(t.Context(), "", 10)
	if err != nil || len(ns) != 0 {
		t.Errorf("notices of a refused save: %v, %v", ns, err)
	}
}

func saveWhole(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	number := r.Case.Number
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 20 {
			r = save(t, s, grow(r, "x"))
		}
	})
	for range 40 {
		got := load(t, s, number).Case
		if int(got.Version) != len(got.Timeline) {
			t.Errorf("version %d came with %d entries", got.Version, len(got.Timeline))
		}
	}
	wg.Wait()
}
