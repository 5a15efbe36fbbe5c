package storagetest

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dengwen/petition"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var accessChecks = map[string]func(*testing.T, petition.Store){
	"access log in order":         accessOrder,
	"access log with a change":    accessOfChange,
	"access log counts viewers":   accessViewers,
	"access log written at once":  accessTogether,
	"access log of an erased one": accessErased,
}

func accesses(t *testing.T, s petition.Store, q petition.AccessQuery) []petition.Access {
	t.Helper()
	q.Limit = cmp.Or(q.Limit, 100)
	lines, after, err := s.Accesses(t.Context(), q)
	if err != nil || after != "" {
		t.Fatalf("access log: cursor %q, %v", after, err)
	}
	for i, x := range lines {
		if i > 0 && x.ID >= lines[i-1].ID {
			t.Errorf("line %q stands behind %q", x.ID, lines[i-1].ID)
		}
	}
	for i := range lines {
		lines[i].ID = ""
	}
	return lines
}

func access(act petition.Act, staff, unit string, hours int, numbers ...string) petition.Access {
	return petition.Access{At: day.Add(time.Duration(hours) * time.Hour).UTC(), Act: act, Staff: staff, Unit: unit, Door: "tg", Numbers: numbers, Reason: "核实"}
}

func wantAccesses(t *testing.T, what string, got []petition.Access, want ...petition.Access) {
	t.Helper()
	if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func accessOrder(t *testing.T, s petition.Store) {
	var all []petition.Access
	for i := range 7 {
		x := access(petition.ActRead, fmt.Sprint("s-", i%2), "town", i, "ZS26-0001-AA")
		if i == 6 {
			x = access(petition.ActList, "s-0", "town", i, "ZS26-0001-AA", "ZS26-0002-BB")
		}
		noError(t, s.NoteAccess(t.Context(), x))
		all = append(all, x)
	}
	slices.Reverse(all)
	wantAccesses(t, "all", accesses(t, s, petition.AccessQuery{}), all...)
	wantAccesses(t, "one case", accesses(t, s, petition.AccessQuery{Number: "ZS26-0002-BB"}), all[0])
	wantAccesses(t, "one officer", accesses(t, s, petition.AccessQuery{Staff: "s-1"}), all[1], all[3], all[5])
	wantAccesses(t, "both", accesses(t, s, petition.AccessQuery{Staff: "s-0", Number: "ZS26-0001-AA"}), all[0], all[2], all[4], all[6])
	var paged []petition.Access
	q := petition.AccessQuery{Limit: 3}
	for pages := 0; pages == 0 || q.After != ""; pages++ {
		lines, after, err := s.Accesses(t.Context(), q)
		if err != nil || len(lines) > 3 || pages > 3 {
			t.Fatalf("page %d: %d lines, %v", pages, len(lines), err)
		}
		paged, q.After = append(paged, lines...), after
	}
	for i := range paged {
		paged[i].ID = ""
	}
	wantAccesses(t, "page by page", paged, all...)
	_, _, err := s.Accesses(t.Context(), petition.AccessQuery{After: "x", Limit: 1})
	wantError(t, err, petition.Invalid, "list.cursor")
}

func accessOfChange(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	x := access(petition.ActChange, "s-1", "town", 1, r.Case.Number)
	r.Access = &x
	r = save(t, s, r)
	stale := r
	stale.Case.Version--
	_, err := s.Save(t.Context(), stale, nil)
	wantError(t, err, petition.Conflict, "case.changed")
	wantAccesses(t, "with the change, and not with the one that failed", accesses(t, s, petition.AccessQuery{}), x)
	made, _, err := s.Create(t.Context(), "k", 2026, func(serial int) (petition.Record, []petition.Notice, error) {
		d := draft{}.record(serial)
		y := access(petition.ActChange, "s-2", "town", 2, d.Case.Number)
		d.Access = &y
		return d, nil, nil
	})
	noError(t, err)
	if made.Access != nil || load(t, s, made.Case.Number).Access != nil {
		t.Error("the store answers a line of the access log with the record")
	}
	if got := accesses(t, s, petition.AccessQuery{Number: made.Case.Number}); len(got) != 1 || got[0].Staff != "s-2" {
		t.Errorf("with the filing: %v", got)
	}
}

func accessViewers(t *testing.T, s petition.Store) {
	for _, x := range []petition.Access{
		access(petition.ActRead, "s-1", "town", 0, "A"), access(petition.ActRead, "s-1", "town", 50, "A"),
		access(petition.ActList, "s-2", "town", 24, "B", "A"), access(petition.ActRead, "s-3", "office", 48, "A"),
		access(petition.ActRead, "s-4", "office", 48, "B"), access(petition.ActRead, "", "", 48, "A"),
	} {
		noError(t, s.NoteAccess(t.Context(), x))
	}
	bare := access(petition.ActRead, "", "office", 72, "A") // a key that names no officer
	bare.Key = "printer"
	noError(t, s.NoteAccess(t.Context(), bare))
	got, err := s.Viewers(t.Context(), "A")
	noError(t, err)
	slices.SortFunc(got, func(a, b petition.Viewers) int { return cmp.Compare(a.Unit, b.Unit) })
	want := []petition.Viewers{
		{Unit: "office", Officers: 2, First: "2026-03-04", Last: "2026-03-05"},
		{Unit: "town", Officers: 2, First: "2026-03-02", Last: "2026-03-04"},
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("viewers (-want +got):\n%s", d)
	}
	if none, err := s.Viewers(t.Context(), "C"); err != nil || len(none) > 0 {
		t.Errorf("viewers of a case nobody saw: %v, %v", none, err)
	}
}

func accessTogether(t *testing.T, s petition.Store) {
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if err := s.NoteAccess(t.Context(), access(petition.ActRead, fmt.Sprint("s-", i), "town", 0, "A")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(accesses(t, s, petition.AccessQuery{})); n != 40 {
		t.Errorf("%d lines of 40", n)
	}
}

func accessErased(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	both := access(petition.ActList, "s-1", "town", 2, r.Case.Number, "B")
	noError(t, s.NoteAccess(t.Context(), access(petition.ActRead, "s-1", "town", 1, r.Case.Number)))
	noError(t, s.NoteAccess(t.Context(), both))
	noError(t, s.Blank(t.Context(), r.Case.Number, nil))
	if got := accesses(t, s, petition.AccessQuery{Number: r.Case.Number}); len(got) > 0 {
		t.Errorf("lines about the erased case: %v", got)
	}
	if seen, err := s.Viewers(t.Context(), "B"); err != nil || len(seen) != 1 || seen[0].Officers != 1 {
		t.Errorf("who has seen another: %v, %v", seen, err)
	}
}
