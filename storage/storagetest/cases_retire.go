package storagetest

import (
	"fmt"
	"testing"
	"time"

	"dengwen/petition"
)

var retireChecks = map[string]func(*testing.T, petition.Store){
	"blank takes the words":     retireBlank,
	"old notices are dropped":   retireNotices,
	"nothing to drop":           retireNothing,
	"a case without its record": retireUnknown,
}

func retireBlank(t *testing.T, s petition.Store) {
	note(t, s, "a", "tg:1", day)
	r := save(t, s, grow(file(t, s, draft{owner: "tg:1", facts: "桥面塌了", files: []string{"a"}}), "还没修"))
	other := file(t, s, draft{owner: "tg:2", facts: "桥面塌了"})
	r.Case.Filing = petition.Filing{Class: petition.Claim}
	r.Files, r.Code, r.Keys = nil, nil, nil
	r = save(t, s, r)
	bare := make([]petition.Entry, len(r.Case.Timeline))
	for i, e := range r.Case.Timeline {
		bare[i] = petition.Entry{Seq: e.Seq, At: e.At, Move: e.Move, By: e.By}
	}
	noError(t, s.Blank(t.Context(), r.Case.Number, bare))
	want := r
	want.Case.Timeline = bare
	same(t, "blank", load(t, s, r.Case.Number), want)
	same(t, "another", load(t, s, other.Case.Number), other)
	wantListed(t, s, []petition.Record{r, other}, petition.Scope{Owner: "tg:1"}, petition.Query{Order: "new"})
	loose, err := s.LooseFiles(t.Context(), day.AddDate(1, 0, 0), 10)
	if err != nil || len(loose) != 1 || loose[0].ID != "a" {
		t.Errorf("its file is not left over: %v, %v", loose, err)
	}
	found, _, err := s.List(t.Context(), all, petition.Query{Words: "桥面", Order: "new", Limit: 10})
	if err != nil || len(found) != 1 || found[0].Case.Number != other.Case.Number {
		t.Errorf("found by its words still: %d, %v", len(found), err)
	}
}

func retireNotices(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	for i := range 21 {
		r = save(t, s, r, petition.Notice{To: "unit:town", Number: fmt.Sprint(i), Entry: petition.Entry{At: day.Add(time.Duration(i) * time.Hour)}})
	}
	for _, c := range []struct{ hours, left int }{{0, 21}, {1, 20}, {9, 12}, {9, 12}, {100, 0}, {100, 0}} {
		noError(t, s.DropNotices(t.Context(), day.Add(time.Duration(c.hours)*time.Hour)))
		got, err := s.Notices(t.Context(), "", 100)
		if err != nil || len(got) != c.left || c.left > 0 && got[0].Number != fmt.Sprint(21-c.left) {
			t.Errorf("after %d hours %d notices are left, want %d (%v)", c.hours, len(got), c.left, err)
		}
	}
	save(t, s, r, petition.Notice{To: "unit:town", Number: "new", Entry: petition.Entry{At: day.AddDate(1, 0, 0)}})
	if got, err := s.Notices(t.Context(), "", 100); err != nil || len(got) != 1 || got[0].Number != "new" {
		t.Errorf("the feed does not go on: %v, %v", got, err)
	}
}

func retireNothing(t *testing.T, s petition.Store) {
	noError(t, s.DropNotices(t.Context(), day))
	r := file(t, s, draft{})
	noError(t, s.Blank(t.Context(), r.Case.Number, nil))
	same(t, "untouched", load(t, s, r.Case.Number), r)
}

func retireUnknown(t *testing.T, s petition.Store) {
	wantError(t, s.Blank(t.Context(), "ZS26-9999-XX", nil), petition.NotFound, "case.not_found")
}
