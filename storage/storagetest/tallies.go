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
	for _, other := range []outreach.Tally{{Spot: at, Month: "2026-12", What: "begun:web", N: 3}, {Spot: outreach.Spot{}, Month: "2026-11", What: "quiz.asked", N: 5}, {Spot: at, Month: "2027-01", What: "begun:web", N: 1}} {
		if err := s.AddTally(ctx, other); err != nil {
			t.Fatal(err)
		}
	}
	want := []outreach.Tally{{Spot: outreach.Spot{}, Month: "2026-11", What: "quiz.asked", N: 5}, {Spot: at, Month: "2026-11", What: "begun:web", N: 20}, {Spot: at, Month: "2026-12", What: "begun:web", N: 3}}
	got, err := s.Tallies(ctx, "2026-11", "2026-12")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}
