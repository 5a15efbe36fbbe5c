package storagetest

import (
	"encoding/json"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/issuing"
)

// ReportPapers is what a store of reports on their way out promises. The store is empty.
func ReportPapers(t *testing.T, s issuing.Store) {
	ctx, at := t.Context(), time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	if _, err := s.ReportPaper(ctx, "none"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("a paper that is not there: %v", err)
	}
	one := issuing.Paper{ID: "month-2026-11-01-inner", Version: 1, State: petition.DraftSubmitted, Title: "月报", Content: json.RawMessage(`{"a":1}`), Author: "clerk",
		Log: []issuing.Step{{At: at, Staff: "clerk", Name: petition.MoveSubmit}}}
	two := one
	two.ID = "week-2026-11-23-inner"
	for _, p := range []issuing.Paper{two, one} {
		if err := s.PutReportPaper(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutReportPaper(ctx, one); petition.CodeOf(err) != petition.Conflict {
		t.Errorf("a second one of version 1: %v", err)
	}
	signed := one
	signed.Version, signed.State, signed.Signer, signed.Signed = 2, issuing.Issued, "chief", at.Add(time.Hour)
	var all sync.WaitGroup
	var wrote atomic.Int32
	for range 8 {
		all.Go(func() {
			switch err := s.PutReportPaper(ctx, signed); {
			case err == nil:
				wrote.Add(1)
			case petition.CodeOf(err) != petition.Conflict:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wrote.Load() != 1 {
		t.Errorf("version 2 was written %d times", wrote.Load())
	}
	if got, err := s.ReportPaper(ctx, one.ID); err != nil || !reflect.DeepEqual(got, signed) {
		t.Errorf("%+v, %v; want %+v", got, err, signed)
	}
	for state, want := range map[petition.DraftState][]issuing.Paper{petition.DraftSubmitted: {two}, issuing.Issued: {signed}, petition.DraftSentBack: nil} {
		if got, err := s.ReportPapers(ctx, []petition.DraftState{state, petition.DraftWithdrawn}); err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", state, got, err)
		}
	}
}
