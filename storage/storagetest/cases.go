package storagetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
)

// Cases checks what petition.Store promises. open answers an empty store.
func Cases(t *testing.T, open func(t *testing.T) petition.Store) {
	for _, name := range slices.Sorted(maps.Keys(createChecks)) {
		t.Run(name, func(t *testing.T) { t.Parallel(); createChecks[name](t, open(t)) })
	}
	groups := []map[string]func(*testing.T, petition.Store){saveChecks, checkChecks, listChecks, wordChecks, feedChecks, tryChecks, fileChecks, forgetChecks, retireChecks, accessChecks}
	for _, group := range groups {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) { t.Parallel(); group[name](t, &countingUp{Store: open(t)}) })
		}
	}
}

// countingUp counts serials up, as a store need not: what lists order by number then stands in the
// order of filing.
type countingUp struct {
	petition.Store
	last atomic.Int64
}

func (s *countingUp) Create(ctx context.Context, key string, year int, build func(int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	return s.Store.Create(ctx, key, year, func(int) (petition.Record, []petition.Notice, error) { return build(int(s.last.Add(1))) })
}

// day is a fixed moment; every record of the suite was received some time after it.
var day = time.Date(2026, 3, 2, 9, 30, 0, 123456789, time.UTC)

// draft is what a test says of a record; the rest is filled in.
type draft struct {
	owner, unit, due, facts, title, place, officer string
	status                                         petition.Status
	after                                          time.Duration // received this long after day
	closed, sealed, urgent                         bool
	units, files                                   []string
	checks                                         []petition.Check
}

func (d draft) record(serial int) petition.Record {
	unit := d.unit
	if unit == "" {
		unit = "town"
	}
	status := d.status
	if status == "" {
		status = petition.Registered
	}
	units := d.units
	if units == nil {
		units = []string{unit}
	}
	received := day.Add(d.after)
	number := petition.FormatNumber("ZS", 2026, serial)
	return petition.Record{
		Case: petition.Case{
			ID: uuid.NewString(), Number: number, Version: 1, Status: status, Unit: unit, Officer: d.officer,
			Since: received, Received: received,
			Filing: petition.Filing{
				Owner: d.owner, Channel: "telegram", Lang: "zh-CN", Class: petition.Claim, Subject: "road",
				Place: petition.Place{Code: "ying", Text: d.place}, Title: d.title, Facts: d.facts,
				Contact: petition.Contact{Name: "王小明", Phone: "13900000000"},
			},
			Clocks:   []petition.Clock{{Rule: "forward", Article: "22", Party: "office", From: "2026-03-02", Due: d.due, State: "running"}},
			Timeline: []petition.Entry{{Seq: 1, At: received, Move: petition.MoveFile, Public: true, By: "citizen", To: status}},
			Facts:    map[string]string{"settled": "partly"},
		},
		Code: []byte{1, 2, 3, 250}, Due: d.due, Open: !d.closed, Sealed: d.sealed, Urgent: d.urgent,
		Units: units, Files: d.files, Keys: []string{"k1"}, Checks: d.checks,
	}
}

// file creates a record and fails the test when that does not work.
func file(t *testing.T, s petition.Store, d draft) petition.Record {
	t.Helper()
	r, fresh, err := s.Create(t.Context(), uuid.NewString(), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
		return d.record(serial), nil, nil
	})
	if err != nil || !fresh {
		t.Fatalf("create: fresh %v, %v", fresh, err)
	}
	return r
}

func fileAll(t *testing.T, s petition.Store, ds ...draft) []petition.Record {
	t.Helper()
	var all []petition.Record
	for _, d := range ds {
		all = append(all, file(t, s, d))
	}
	return all
}

func load(t *testing.T, s petition.Store, number string) petition.Record {
	t.Helper()
	r, err := s.Load(t.Context(), number)
	if err != nil {
		t.Fatalf("load %s: %v", number, err)
	}
	return r
}

// save writes r and answers it with its new version.
func save(t *testing.T, s petition.Store, r petition.Record, notices ...petition.Notice) petition.Record {
	t.Helper()
	v, err := s.Save(t.Context(), r, notices)
	if err != nil {
		t.Fatalf("save %s: %v", r.Case.Number, err)
	}
	r.Case.Version = v
	return r
}

// grow adds an entry to the timeline.
func grow(r petition.Record, text string) petition.Record {
	seq := len(r.Case.Timeline) + 1
	e := petition.Entry{Seq: seq, At: day.Add(time.Duration(seq) * time.Hour), Move: petition.MoveSupplement, By: "citizen", Text: text, Args: map[string]string{"n": fmt.Sprint(seq)}}
	r.Case.Timeline = append(slices.Clone(r.Case.Timeline), e)
	return r
}

// same compares records but for their marks, which Create alone answers; times may come back in
// another zone.
func same(t *testing.T, what string, got, want petition.Record) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(petition.Record{}, "Mark")); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func numbers(rs []petition.Record) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.Case.Number)
	}
	return out
}
