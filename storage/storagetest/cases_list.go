package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

var listChecks = map[string]func(*testing.T, petition.Store){
	"lists are complete records":         listWhole,
	"due order":                          listDue,
	"cases with drafts":                  listDrafts,
	"urgent ones first":                  listUrgent,
	"new order":                          listNew,
	"scope":                              listScope,
	"filters":                            listFilters,
	"an officer's own list":              listOfficer,
	"what cases are about":               listMatters,
	"lists follow changes":               listFollows,
	"pages":                              listPages,
	"a cursor outlives changes":          listCursor,
	"a foreign cursor is refused":        listForeignCursor,
	"the zero scope sees nothing":        listNothing,
	"two units of one case list it once": listOnce,
	"counts are those of the lists":      listCount,
}

var all = petition.Scope{All: true}

// listed asks for one page and answers which of rs it holds, by index.
func listed(t *testing.T, s petition.Store, rs []petition.Record, sc petition.Scope, q petition.Query) []int {
	t.Helper()
	got, _, err := s.List(t.Context(), sc, q)
	if err != nil {
		t.Fatalf("list %+v %+v: %v", sc, q, err)
	}
	out := []int{}
	for _, r := range got {
		out = append(out, slices.IndexFunc(rs, func(x petition.Record) bool { return x.Case.Number == r.Case.Number }))
	}
	return out
}

func wantListed(t *testing.T, s petition.Store, rs []petition.Record, sc petition.Scope, q petition.Query, want ...int) {
	t.Helper()
	if want == nil {
		want = []int{}
	}
	if d := cmp.Diff(want, listed(t, s, rs, sc, q)); d != "" {
		t.Errorf("list %+v %+v (-want +got):\n%s", sc, q, d)
	}
}

func listWhole(t *testing.T, s petition.Store) {
	r := save(t, s, grow(file(t, s, draft{owner: "tg:1", facts: "路", due: "2026-03-17"}), "更多"))
	got, after, err := s.List(t.Context(), all, petition.Query{Order: "due", Limit: 5, Whole: true})
	if err != nil || len(got) != 1 || after != "" {
		t.Fatalf("%d records, after %q, %v", len(got), after, err)
	}
	same(t, "listed", got[0], r)
	got, _, err = s.List(t.Context(), all, petition.Query{Order: "due", Limit: 5})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d records, %v", len(got), err)
	}
	r.Case.Timeline = nil
	same(t, "listed without timeline", got[0], r)
}

func listDue(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{due: "2026-04-01"}, draft{}, draft{due: "2026-03-05"}, draft{due: "2026-04-01"}, draft{})
	wantListed(t, s, rs, all, petition.Query{Order: "due"}, 2, 0, 3, 1, 4)
}

// Open urgent cases come before all others, in lists and in pages, by words too; one that is
// closed or no longer urgent stands where its date has it.
func listUrgent(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{due: "2026-04-01", facts: "滑坡"}, draft{due: "2026-05-01", urgent: true, facts: "滑坡"}, draft{urgent: true, facts: "滑坡"},
		draft{due: "2026-03-05", urgent: true, closed: true, facts: "滑坡"}, draft{due: "2026-04-15", urgent: true, facts: "滑坡"})
	byDue := petition.Query{Order: "due"}
	wantListed(t, s, rs, all, byDue, 4, 1, 2, 3, 0)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Words: "滑坡"}, 4, 1, 2, 3, 0)
	page, after, err := s.List(t.Context(), all, petition.Query{Order: "due", Limit: 2})
	if err != nil || len(page) != 2 || !page[0].Urgent {
		t.Fatalf("%+v, %v", page, err)
	}
	wantListed(t, s, rs, all, petition.Query{Order: "due", After: after}, 2, 3, 0)
	rs[4].Urgent, rs[0].Urgent = false, true
	rs[4], rs[0] = save(t, s, rs[4]), save(t, s, rs[0])
	wantListed(t, s, rs, all, byDue, 0, 1, 2, 3, 4)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Words: "滑坡"}, 0, 1, 2, 3, 4)
}

// Cases are found by the units that write or sign a draft of them, for as long as they do, by
// those who see them.
func listDrafts(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{unit: "a"}, draft{unit: "b"}, draft{unit: "a", closed: true}, draft{unit: "a"})
	of := func(u string) petition.Query { return petition.Query{Order: "due", DraftsOf: u} }
	wantListed(t, s, rs, all, of("a"))
	paper := petition.Draft{ID: 1, Version: 1, State: petition.DraftSubmitted, Unit: "b", AuthorUnit: "a", Author: "7", Paper: petition.Move{Name: petition.MoveReply, Text: "桥下月修好"}}
	for _, i := range []int{0, 2} {
		rs[i].Case.Drafts = []petition.Draft{paper}
		rs[i] = save(t, s, rs[i])
	}
	unitA, unitB := petition.Scope{Units: []string{"a"}}, petition.Scope{Units: []string{"b"}}
	wantListed(t, s, rs, all, of("a"), 0, 2)
	wantListed(t, s, rs, all, of("b"), 0, 2)
	wantListed(t, s, rs, unitA, of("b"), 0, 2)
	wantListed(t, s, rs, unitB, of("b"))
	wantListed(t, s, rs, all, petition.Query{Order: "due", DraftsOf: "a", Unit: "a", Open: true}, 0)
	page, after, err := s.List(t.Context(), all, petition.Query{Order: "due", DraftsOf: "a", Limit: 1})
	if err != nil || len(page) != 1 || !reflect.DeepEqual(page[0].Case.Drafts, rs[0].Case.Drafts) {
		t.Fatalf("%+v, %v", page, err)
	}
	wantListed(t, s, rs, all, petition.Query{Order: "due", DraftsOf: "a", After: after}, 2)
	rs[0].Case.Drafts = nil
	rs[0] = save(t, s, rs[0])
	wantListed(t, s, rs, all, of("a"), 2)
}

func listNew(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{after: 2 * time.Hour}, draft{after: time.Hour}, draft{after: 3 * time.Hour}, draft{after: time.Hour})
	wantListed(t, s, rs, all, petition.Query{Order: "new"}, 2, 0, 3, 1)
}

func listScope(t *testing.T, s petition.Store) {
	rs := fileAll(t, s,
		draft{owner: "tg:1", unit: "a"},
		draft{owner: "tg:2", unit: "b", units: []string{"a", "b"}},
		draft{owner: "tg:1", unit: "c", sealed: true},
		draft{unit: "d"})
	for _, c := range []struct {
		scope petition.Scope
		want  []int
	}{
		{petition.Scope{All: true}, []int{0, 1, 3}},
		{petition.Scope{All: true, SealedUnits: []string{"c"}}, []int{0, 1, 2, 3}},
		{petition.Scope{All: true, SealedUnits: []string{"a"}}, []int{0, 1, 3}},
		{petition.Scope{Units: []string{"a"}}, []int{0, 1}},
		{petition.Scope{Units: []string{"b"}}, []int{1}},
		{petition.Scope{Units: []string{"c"}}, []int{}},
		{petition.Scope{Units: []string{"a", "d"}}, []int{0, 1, 3}},
		{petition.Scope{SealedUnits: []string{"c"}}, []int{2}},
		{petition.Scope{Units: []string{"d"}, SealedUnits: []string{"c", "d"}}, []int{2, 3}},
		{petition.Scope{Owner: "tg:1"}, []int{0, 2}},
		{petition.Scope{Owner: "tg:1", All: true, Units: []string{"d"}}, []int{0, 2}},
		{petition.Scope{Owner: "tg:9", All: true}, []int{}},
	} {
		wantListed(t, s, rs, c.scope, petition.Query{Order: "due"}, c.want...)
	}
}

func listFilters(t *testing.T, s petition.Store) {
	rs := fileAll(t, s,
		draft{owner: "tg:1", unit: "a", status: petition.Registered},
		draft{owner: "tg:1", unit: "b", status: petition.Closed, closed: true, units: []string{"a", "b"}},
		draft{owner: "tg:2", unit: "b", status: petition.Accepted},
		draft{owner: "tg:2", unit: "a", status: petition.Replied},
		draft{owner: "tg:2", unit: "a", status: petition.Replied, closed: true})
	unitA, mine := petition.Scope{Units: []string{"a"}}, petition.Scope{Owner: "tg:1"}
	for _, c := range []struct {
		scope petition.Scope
		q     petition.Query
		want  []int
	}{
		{all, petition.Query{Open: true}, []int{0, 2, 3}},
		{all, petition.Query{Status: petition.Closed}, []int{1}},
		{all, petition.Query{Status: petition.Replied}, []int{3, 4}},
		{all, petition.Query{Status: petition.Replied, Open: true}, []int{3}},
		{all, petition.Query{Unit: "b"}, []int{1, 2}},
		{all, petition.Query{Unit: "b", Open: true}, []int{2}},
		{all, petition.Query{Unit: "b", Status: petition.Closed}, []int{1}},
		{all, petition.Query{Unit: "nobody"}, []int{}},
		{all, petition.Query{Status: petition.Withdrawn}, []int{}},
		{unitA, petition.Query{}, []int{0, 1, 3, 4}},
		{unitA, petition.Query{Unit: "a"}, []int{0, 3, 4}},
		{unitA, petition.Query{Unit: "b"}, []int{1}},
		{unitA, petition.Query{Open: true}, []int{0, 3}},
		{mine, petition.Query{Open: true}, []int{0}},
		{mine, petition.Query{Unit: "b"}, []int{1}},
		{mine, petition.Query{Status: petition.Registered}, []int{0}},
	} {
		c.q.Order = "due"
		wantListed(t, s, rs, c.scope, c.q, c.want...)
		c.q.Order = "new"
		slices.Reverse(c.want) // all were received at once: by number downwards
		wantListed(t, s, rs, c.scope, c.q, c.want...)
	}
}

// listCount holds counts against lists read to their end. Where a list key has just the cases
// of a list, they must be counted; elsewhere a store may say that it can't tell.
func listCount(t *testing.T, s petition.Store) {
	statuses := []petition.Status{petition.Registered, petition.Accepted, petition.Closed}
	for i := range 24 {
		unit := []string{"a", "b"}[i%2]
		units := []string{unit}
		if i%3 == 0 {
			units = []string{"a", "b"}
		}
		file(t, s, draft{owner: fmt.Sprint("tg:", i%2), unit: unit, units: units, status: statuses[i%3], closed: i%3 == 2, sealed: i%8 == 0, officer: []string{"", "o-1"}[i%2]})
	}
	for _, sc := range []petition.Scope{{}, {Owner: "tg:1"}, all, {All: true, SealedUnits: []string{"a"}}, {Units: []string{"a"}}, {Units: []string{"b"}, SealedUnits: []string{"b"}}, {Units: []string{"a", "b"}}} {
		for _, unit := range []string{"", "a", "b", "nobody"} {
			for _, status := range []petition.Status{"", petition.Accepted} {
				for _, open := range []bool{false, true} {
					for _, officer := range []string{"", "o-1"} {
						q := petition.Query{Order: "new", Unit: unit, Status: status, Open: open, Officer: officer, Limit: 100}
						wantCount(t, s, sc, q)
					}
				}
			}
		}
	}
}

func wantCount(t *testing.T, s petition.Store, sc petition.Scope, q petition.Query) {
	t.Helper()
	got, err := s.Count(t.Context(), sc, q)
	if err != nil {
		t.Fatal(err)
	}
	filters := 0
	for _, set := range []bool{q.Status != "" || q.Open, q.Status != "" && q.Open, q.Officer != ""} {
		if set {
			filters++
		}
	}
	must := filters == 0 && sc.Owner == "" && sc.SealedUnits == nil && (sc.All || len(sc.Units) == 1 && (q.Unit == "" || q.Unit == sc.Units[0]))
	if want := len(pages(t, s, sc, q)); got != want && (must || got != -1) {
		t.Errorf("count of %+v %+v: %d, want %d", sc, q, got, want)
	}
}

func listOfficer(t *testing.T, s petition.Store) {
	rs := fileAll(t, s,
		draft{unit: "a", officer: "o-1"},
		draft{unit: "a", officer: "o-2"},
		draft{unit: "a", officer: "o-1", closed: true, status: petition.Closed},
		draft{unit: "b", officer: "o-1"},
		draft{unit: "a"})
	unitA := petition.Scope{Units: []string{"a"}}
	wantListed(t, s, rs, unitA, petition.Query{Order: "due", Officer: "o-1"}, 0, 2)
	wantListed(t, s, rs, unitA, petition.Query{Order: "due", Officer: "o-1", Open: true}, 0)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Officer: "o-1", Status: petition.Closed}, 2)
	wantListed(t, s, rs, all, petition.Query{Order: "new", Officer: "o-1", Unit: "b"}, 3)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Officer: "o-9"})
	r := rs[0]
	r.Case.Officer = "o-2"
	save(t, s, r)
	wantListed(t, s, rs, unitA, petition.Query{Order: "due", Officer: "o-1"}, 2)
	wantListed(t, s, rs, unitA, petition.Query{Order: "due", Officer: "o-2"}, 0, 1)
}

// listMatters holds what cases are about, and when and how they came, against the rule itself, before
// and after some were classified anew.
func listMatters(t *testing.T, s petition.Store) {
	var rs []petition.Record
	for i := range 24 {
		r := file(t, s, draft{unit: "a", after: time.Duration(i) * 7 * time.Hour, facts: "路灯", sealed: i%6 == 5, status: []petition.Status{petition.Registered, petition.Accepted}[i%2]})
		rs = append(rs, r)
	}
	queries := []petition.Query{
		{Class: petition.Suggestion}, {Class: petition.Claim}, {Subject: "water"}, {Subject: "road", Place: "ying"}, {Place: "xing"}, {Channel: "letter"},
		{Channel: "telegram", Subject: "water"}, {From: "2026-03-04"}, {To: "2026-03-04"}, {From: "2026-03-03", To: "2026-03-05", Class: petition.Claim},
		{Subject: "water", Words: "路灯"}, {Subject: "road", Words: "井盖"}, {Subject: "water", Status: petition.Accepted, Open: true}, {Subject: "nobody"},
		{Person: "周大山"}, {Person: "13909140001", Words: "路灯", Unit: "a"}, {Public: true}, {Public: true, From: "2026-03-03", Subject: "water"},
	}
	hold := func() {
		t.Helper()
		for _, q := range queries {
			for _, q.Order = range []string{"due", "new"} {
				for _, sc := range []petition.Scope{all, {Units: []string{"a"}, SealedUnits: []string{"a"}}} {
					q.Limit = 5
					var want []string
					for _, r := range rs {
						fits := q.Fits(&r.Case) && (q.Status == "" || q.Status == r.Case.Status) && (q.Words == "" || strings.Contains(r.Case.Filing.Facts, q.Words))
						if fits && (!r.Sealed || sc.SealedUnits != nil) {
							want = append(want, r.Case.Number)
						}
					}
					got := pages(t, s, sc, q)
					slices.Sort(want)
					slices.Sort(got)
					if !slices.Equal(got, want) {
						t.Errorf("%+v %+v: %v, want %v", sc, q, got, want)
					}
					if n, err := s.Count(t.Context(), sc, q); err != nil || n != len(want) {
						t.Errorf("count of %+v %+v: %d, %v, want %d", sc, q, n, err, len(want))
					}
				}
			}
		}
	}
	hold()
	for i := range rs {
		if i%3 > 0 {
			continue
		}
		f := &rs[i].Case.Filing
		f.Subject, f.Place.Code, f.Public = "water", "xing", i%2 == 1
		if i%2 == 0 {
			f.Class, f.Channel = petition.Suggestion, "letter"
			f.Contact = petition.Contact{Name: "周大山", Phone: "+86 139 0914 0001"}
		}
		rs[i] = save(t, s, rs[i])
	}
	hold()
}

func listFollows(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{unit: "a", due: "2026-03-05"}, draft{unit: "a", due: "2026-03-10"})
	r := rs[0]
	r.Due, r.Case.Unit, r.Units = "2026-06-01", "b", []string{"a", "b"}
	r = save(t, s, r)
	wantListed(t, s, rs, all, petition.Query{Order: "due"}, 1, 0)
	wantListed(t, s, rs, petition.Scope{Units: []string{"b"}}, petition.Query{Order: "due"}, 0)
	wantListed(t, s, rs, petition.Scope{Units: []string{"a"}}, petition.Query{Unit: "a", Order: "due"}, 1)
	r.Due, r.Open, r.Case.Status, r.Units = "", false, petition.Closed, []string{"b"}
	r = save(t, s, r)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Open: true}, 1)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Status: petition.Registered}, 1)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Status: petition.Closed}, 0)
	wantListed(t, s, rs, petition.Scope{Units: []string{"a"}}, petition.Query{Order: "due"}, 1)
	r.Sealed = true
	save(t, s, r)
	wantListed(t, s, rs, all, petition.Query{Order: "due"}, 1)
	wantListed(t, s, rs, petition.Scope{SealedUnits: []string{"b"}}, petition.Query{Order: "new"}, 0)
}

func listPages(t *testing.T, s petition.Store) {
	var want []string
	for i := range 23 {
		d := draft{due: fmt.Sprintf("2026-04-%02d", 1+i%5), after: time.Duration(i%7) * time.Minute}
		want = append(want, file(t, s, d).Case.Number)
	}
	slices.Sort(want)
	for _, order := range []string{"due", "new"} {
		for _, limit := range []int{1, 7, 22, 23, 24} {
			got := pages(t, s, all, petition.Query{Order: order, Limit: limit})
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("pages of %d by %s (-want +got):\n%s", limit, order, d)
			}
		}
	}
}

// pages reads a list to its end and answers the numbers in order.
func pages(t *testing.T, s petition.Store, sc petition.Scope, q petition.Query) []string {
	t.Helper()
	got := []string{}
	for range 1000 {
		rs, after, err := s.List(t.Context(), sc, q)
		if err != nil {
			t.Fatalf("list %+v: %v", q, err)
		}
		if len(rs) > q.Limit {
			t.Errorf("page of %d, limit %d", len(rs), q.Limit)
		}
		got = append(got, numbers(rs)...)
		if after == "" {
			return got
		}
		q.After = after
	}
	t.Fatalf("list %+v has no end", q)
	return nil
}

func listCursor(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{due: "2026-04-01"}, draft{due: "2026-04-02"}, draft{due: "2026-04-03"}, draft{due: "2026-04-04"})
	q := petition.Query{Order: "due", Limit: 2}
	_, after, err := s.List(t.Context(), all, q)
	if err != nil || after == "" {
		t.Fatalf("first page: cursor %q, %v", after, err)
	}
	gone := rs[1] // the record the cursor stands on moves to the end
	gone.Due = "2026-05-01"
	save(t, s, gone)
	rs = append(rs, file(t, s, draft{due: "2026-03-01"}), file(t, s, draft{due: "2026-04-02"}))
	q.After, q.Limit = after, 10
	wantListed(t, s, rs, all, q, 5, 2, 3, 1)
}

func listForeignCursor(t *testing.T, s petition.Store) {
	fileAll(t, s, draft{}, draft{}, draft{})
	_, after, err := s.List(t.Context(), all, petition.Query{Order: "due", Limit: 1})
	if err != nil || after == "" {
		t.Fatalf("cursor %q, %v", after, err)
	}
	for order, cursor := range map[string]string{"new": after, "due": "%%%"} {
		_, _, err := s.List(t.Context(), all, petition.Query{Order: order, Limit: 1, After: cursor})
		if !errors.Is(err, &petition.Error{Code: petition.Invalid}) {
			t.Errorf("cursor %q in order %s: %v, want invalid", cursor, order, err)
		}
	}
}

func listNothing(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{}, draft{sealed: true})
	wantListed(t, s, rs, petition.Scope{}, petition.Query{Order: "due"})
	wantListed(t, s, rs, petition.Scope{}, petition.Query{Order: "new", Words: "路"})
}

func listOnce(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{units: []string{"a", "b", "a"}}, draft{units: []string{"b"}}, draft{units: []string{"a", "c"}})
	both := petition.Scope{Units: []string{"a", "b", "b"}}
	wantListed(t, s, rs, both, petition.Query{Order: "due"}, 0, 1, 2)
	got := pages(t, s, both, petition.Query{Order: "new", Limit: 1})
	if d := cmp.Diff([]string{rs[2].Case.Number, rs[1].Case.Number, rs[0].Case.Number}, got); d != "" {
		t.Errorf("pages of one (-want +got):\n%s", d)
	}
}
