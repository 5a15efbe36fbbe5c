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
