package storagetest

import (
	"reflect"
	"sync"
	"testing"

	"dengwen/petition/outreach"
)

// Tallies is what a store of counts promises. The store is empty.
func Tallies(t *testing.T, s outreach.Store) {
	ctx, at := t.Context(), outreach.Spot{Place: "611026102", Village: "石瓮"}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := s.AddTally(ctx, outreach.Tally{Spot: at, Month: "2026-11", What: "begun:web", N: 1}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, other := range []outreach.Tally{{at, "2026-12", "begun:web", 3}, {outreach.Spot{}, "2026-11", "quiz.asked", 5}, {at, "2027-01", "begun:web", 1}} {
		if err := s.AddTally(ctx, other); err != nil {
			t.Fatal(err)
		}
	}
	want := []outreach.Tally{{outreach.Spot{}, "2026-11", "quiz.asked", 5}, {at, "2026-11", "begun:web", 20}, {at, "2026-12", "begun:web", 3}}
	got, err := s.Tallies(ctx, "2026-11", "2026-12")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}
