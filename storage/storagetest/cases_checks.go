package storagetest

import (
	"slices"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

var checkChecks = map[string]func(*testing.T, petition.Store){
	"checks come by kind, rules and time": checksDue,
	"checks follow changes":               checksFollow,
	"checks change without a version":     checksPut,
	"pages of checks":                     checksPages,
	"a clock set back is noticed":         checksSetBack,
}

// at is a moment some hours after the first.
func at(hours int) time.Time { return day.Truncate(time.Hour).Add(time.Duration(hours) * time.Hour) }

// checked files a record that is to be looked at.
func checked(t *testing.T, s petition.Store, checks ...petition.Check) petition.Record {
	t.Helper()
	return file(t, s, draft{checks: checks})
}

func wantChecks(t *testing.T, s petition.Store, q petition.CheckQuery, want ...petition.Record) {
	t.Helper()
	q.Limit = 50
	got, after, err := s.Checks(t.Context(), q)
	if err != nil || after != "" {
		t.Fatalf("%+v: cursor %q, %v", q, after, err)
	}
	if d := cmp.Diff(numbers(want), numbers(got)); d != "" {
		t.Errorf("%+v (-want +got):\n%s", q, d)
	}
}

func checksDue(t *testing.T, s petition.Store) {
	late := checked(t, s, petition.Check{Kind: "a", Rules: "r1", At: at(3)})
	both := checked(t, s, petition.Check{Kind: "a", Rules: "r1", At: at(1)}, petition.Check{Kind: "b", Rules: "r1", At: at(2)})
	lower := checked(t, s, petition.Check{Kind: "a", Rules: "r0", At: at(9)})
	higher := checked(t, s, petition.Check{Kind: "a", Rules: "r2", At: at(1)})
	checked(t, s)
	same(t, "with two checks", load(t, s, both.Case.Number), both)
	wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "r1", Until: at(0)})
	wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "r1", Until: at(1)}, both)
	wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "r1", Until: at(3)}, both, late)
	wantChecks(t, s, petition.CheckQuery{Kind: "b", Rules: "r1", Until: at(3)}, both)
	wantChecks(t, s, petition.CheckQuery{Kind: "c", Rules: "r1", Until: at(3), Stale: true})
	wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "r1", Until: at(1), Stale: true}, lower, higher)
	wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "r9", Until: at(0), Stale: true}, lower, both, late, higher)
}

func checksFollow(t *testing.T, s petition.Store) {
	r := checked(t, s, petition.Check{Kind: "a", Rules: "r", At: at(1)})
	q := petition.CheckQuery{Kind: "a", Rules: "r", Until: at(5)}
	r.Checks = []petition.Check{{Kind: "a", Rules: "r", At: at(6)}}
	r = save(t, s, r)
	wantChecks(t, s, q)
	q.Until = at(6)
	wantChecks(t, s, q, r)
	got, _, err := s.Checks(t.Context(), petition.CheckQuery{Kind: "a", Rules: "r", Until: at(6), Limit: 1})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d records, %v", len(got), err)
	}
	same(t, "looked at", got[0], r)
	r.Checks = nil
	save(t, s, r)
	wantChecks(t, s, q)
}

func checksPut(t *testing.T, s petition.Store) {
	q := petition.CheckQuery{Kind: "a", Rules: "new", Until: at(9)}
	var rs []petition.Record
	for range 3 {
		rs = append(rs, checked(t, s, petition.Check{Kind: "a", Rules: "old", At: at(1)}))
	}
	changed := slices.Clone(rs)
	for i := range changed {
		changed[i].Checks = []petition.Check{{Kind: "a", Rules: "new", At: at(9 - i)}}
		changed[i].Case.Filing.Title = "not kept"
	}
	save(t, s, rs[1]) // meanwhile
	for range 2 {     // the second time there is nothing to do
		if err := s.PutChecks(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		wantChecks(t, s, q, rs[2], rs[0])
		wantChecks(t, s, petition.CheckQuery{Kind: "a", Rules: "new", Until: at(9), Stale: true}, rs[1])
	}
	kept := rs[0]
	kept.Checks = changed[0].Checks
	same(t, "with a new check", load(t, s, kept.Case.Number), kept)
	kept.Checks = nil // whoever read it before can save it
	save(t, s, kept)
	wantChecks(t, s, q, rs[2])
	if err := s.PutChecks(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func checksPages(t *testing.T, s petition.Store) {
	for i := range 7 {
		checked(t, s, petition.Check{Kind: "a", Rules: []string{"r0", "r1", "r2"}[i%3], At: at(i / 3)})
	}
	for stale, want := range map[bool]int{false: 2, true: 5} {
		for _, limit := range []int{1, 2, 5, 6} {
			q, seen := petition.CheckQuery{Kind: "a", Rules: "r1", Until: at(9), Stale: stale, Limit: limit}, map[string]bool{}
			for range 9 {
				page, after, err := s.Checks(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					if seen[r.Case.Number] {
						t.Errorf("stale %v, by %d: %s came twice", stale, limit, r.Case.Number)
					}
					seen[r.Case.Number] = true
				}
				if q.After = after; after == "" {
					break
				}
			}
			if len(seen) != want || q.After != "" {
				t.Errorf("stale %v, by %d: %d records, want %d; cursor %q", stale, limit, len(seen), want, q.After)
			}
		}
	}
}

func checksSetBack(t *testing.T, s petition.Store) {
	for i, c := range []struct {
		at   time.Time
		want int
	}{{at(10), 0}, {at(12), 0}, {at(12).Add(-59 * time.Minute), 0}, {at(10), 1}, {at(10), 1}, {at(9), 1}, {at(30), 1}, {at(2), 2}} {
		if n, err := s.SetBack(t.Context(), c.at); n != c.want || err != nil {
			t.Errorf("sweep %d: set back %d times, %v; want %d", i, n, err, c.want)
		}
	}
}
