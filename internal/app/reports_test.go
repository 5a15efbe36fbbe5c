package app

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/storage/cases"
)

// By a clock from September into January, a quarter of an hour at a time, two replicas at once, one of them started anew every day: each report is begun
// once, on the first working day after its time and not before the office opens. What is begun already is not begun again
// when it is done.
func TestReportsAreBegunOnceOnTheFirstWorkingDay(t *testing.T) {
	t.Parallel()
	box := must(seal.Open(must(seal.NewKey())))
	st := must(cases.Open(t.Context(), "", t.TempDir(), box))
	t.Cleanup(func() { _ = st.Close() })
	o, words := office.Example(), must(locales.New())
	replica := func() *App {
		return &App{Office: o, Locales: words, Store: st, law: petition.NewLaw(o, petition.DefaultCalendar())}
	}
	zone := time.FixedZone("CST", 8*3600)
	begun := map[string]string{}
	first, second := replica(), replica()
	for now := time.Date(2026, 9, 27, 0, 0, 0, 0, zone); now.Before(time.Date(2027, 1, 9, 0, 0, 0, 0, zone)); now = now.Add(15 * time.Minute) {
		if hour := now.Hour(); hour > 8 && hour != 17 || hour < 7 {
			continue // nothing is new then
		}
		if now.Hour() == 7 && now.Minute() == 0 {
			second = replica()
		}
		var n [2]int
		var errs [2]error
		var both sync.WaitGroup
		for i, a := range []*App{first, second} {
			both.Go(func() { n[i], errs[i] = a.beginReports(t.Context(), now) })
		}
		both.Wait()
		if errs[0] != nil || errs[1] != nil {
			t.Fatal(errs)
		}
		if n[0]+n[1] == 0 {
			continue
		}
		new := 0
		for _, b := range must(st.Batches(t.Context(), time.Time{}, 100)) {
			if begun[b.ID] == "" {
				begun[b.ID] = now.Format("2006-01-02 15:04")
				new++
				b.State = batch.Done
				if err := st.PutBatch(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
		}
		if new != n[0]+n[1] {
			t.Fatalf("%v: %d are new, they say %v", now, new, n)
		}
	}
	for id, want := range map[string]string{
		"report-month-2026-09-01": "2026-10-08 08:00", // the first to the seventh are days off
		"report-month-2026-10-01": "2026-11-02 08:00", // the first is a Sunday
		"report-month-2026-11-01": "2026-12-01 08:00",
		"report-month-2026-12-01": "2027-01-04 08:00", // no notice for the year yet: the first is a holiday by law, then comes a weekend
		"report-half-2026-07-01":  "2027-01-04 08:00",
		"report-year-2026-01-01":  "2027-01-04 08:00",
		"report-week-2026-09-21":  "2026-09-28 08:00",
		"report-week-2026-09-28":  "2026-10-08 08:00",
		"report-week-2026-10-05":  "2026-10-12 08:00",
	} {
		if begun[id] != want {
			t.Errorf("%s is begun on %q, want %s", id, begun[id], want)
		}
	}
	weeks := 0
	for id := range begun {
		if strings.HasPrefix(id, "report-week-") {
			weeks++
		}
	}
	if weeks != 15 || len(begun) != 15+4+2 {
		t.Errorf("%d weeks, in all %v", weeks, slices.Sorted(maps.Keys(begun)))
	}
	for _, b := range must(st.Batches(t.Context(), time.Time{}, 100)) {
		if b.State != batch.Done {
			t.Errorf("%s is begun again", b.ID)
		}
	}
}
