package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// Disputes is what a store of disputes promises. The store is empty.
func Disputes(t *testing.T, s mediation.Store) {
	ctx, now := t.Context(), time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)
	one := mediation.Dispute{
		Number: "TJ-00000001", Version: 1, Unit: "xialiang", Words: "地界争了三年", Owner: "tg:1", Received: now, Status: mediation.Found, Kind: "land",
		Parties: map[string]string{"a": "张家", "b": ""}, Done: map[string]mediation.StepDone{}, Log: []mediation.Entry{{At: now, Move: mediation.MoveReport}},
	}
	put := func(key string, d mediation.Dispute) mediation.Dispute {
		t.Helper()
		got, err := s.CreateDispute(ctx, key, d)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := put("k1", one); !reflect.DeepEqual(got, one) {
		t.Errorf("wrote %+v", got)
	}
	again := one
	again.Number, again.Words = "TJ-00000002", "别的"
	if got := put("k1", again); got.Number != one.Number || got.Words != one.Words {
		t.Errorf("the same key again made %s", got.Number)
	}
	if _, err := s.CreateDispute(ctx, "k2", one); !errors.Is(err, petition.Fail(petition.Conflict, "dispute.number")) {
		t.Errorf("a number that is taken: %v", err)
	}
	if _, err := s.Dispute(ctx, "TJ-99999999"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("one that is not there: %v", err)
	}
	two := again
	two.Unit, two.Owner, two.Staff, two.Round, two.Received, two.Told = "yingpan", "", "g1", "r1", now.Add(time.Hour), 1
	put("k2", two)

	next := one
	next.Version, next.Status, next.Told = 2, mediation.Agreed, 1
	if err := s.SaveDispute(ctx, next, "2026-12-05"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDispute(ctx, next, ""); !errors.Is(err, petition.Fail(petition.Conflict, "dispute.changed")) {
		t.Errorf("who comes second writes: %v", err)
	}
	for q, want := range map[*mediation.Query]string{
		{}: "2 1", {Limit: 1}: "2", {Unit: "xialiang"}: "1", {Owner: "tg:1"}: "1", {Staff: "g1"}: "2", {Round: "r1"}: "2", {Open: true}: "2 1",
		{Status: mediation.Agreed}: "1", {From: now.Add(time.Minute)}: "2", {To: now.Add(time.Minute)}: "1", {Owner: "g1"}: "", {Unit: "yingpan", Owner: "tg:1"}: "",
	} {
		all, err := s.Disputes(ctx, *q)
		got := ""
		for _, d := range all {
			got += " " + d.Number[len(d.Number)-1:]
		}
		if err != nil || got != "" && got[1:] != want || got == "" && want != "" {
			t.Errorf("%+v: got%s, want %s (%v)", *q, got, want, err)
		}
	}
	for day, want := range map[string]int{"2026-12-04": 0, "2026-12-05": 1, "2026-12-31": 1} {
		if all, err := s.DueDisputes(ctx, day, 10); err != nil || len(all) != want {
			t.Errorf("due on %s: %d, want %d (%v)", day, len(all), want, err)
		}
	}
	next.Version, next.Log = 3, append(next.Log, mediation.Entry{At: now, Move: mediation.MoveKeep})
	if err := s.SaveDispute(ctx, next, ""); err != nil {
		t.Fatal(err)
	}
	if all, err := s.DueDisputes(ctx, "2026-01-01", 10); err != nil || len(all) != 1 || all[0].Number != one.Number {
		t.Errorf("to be told of: %d (%v)", len(all), err)
	}
	if n, err := s.ForgetReporter(ctx, "tg:1"); err != nil || n != 1 {
		t.Errorf("forgot %d (%v)", n, err)
	}
	if d, err := s.Dispute(ctx, one.Number); err != nil || d.Owner != "" || d.Words != one.Words || d.Version != 4 {
		t.Errorf("after that it is %+v (%v)", d, err)
	}
	rounds(t, s)
}

func rounds(t *testing.T, s mediation.Store) {
	for i, unit := range []string{"xialiang", "xialiang", "yingpan"} {
		r := mediation.Round{ID: fmt.Sprint("r", i), Unit: unit, Name: "冬季", From: "2026-12-01", To: "2026-12-10", Villages: []string{"石瓮"}}
		for range 2 {
			if err := s.PutRound(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			r.Visited = []string{"石瓮"}
		}
	}
	all, err := s.Rounds(t.Context(), "xialiang")
	if err != nil || len(all) != 2 || all[0].ID != "r1" || len(all[0].Visited) != 1 {
		t.Errorf("rounds %+v (%v)", all, err)
	}
}
