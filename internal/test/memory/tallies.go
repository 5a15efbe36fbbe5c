package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"dengwen/petition/outreach"
)

// Tallies keeps counts in memory. The zero Tallies is empty and ready.
type Tallies struct {
	mu  sync.Mutex
	all []outreach.Tally
}

var _ outreach.Store = (*Tallies)(nil)

// AddTally is outreach.Store.AddTally.
func (s *Tallies) AddTally(_ context.Context, t outreach.Tally) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.all {
		if o.Spot == t.Spot && o.Month == t.Month && o.What == t.What {
			s.all[i].N += t.N
			return nil
		}
	}
	s.all = append(s.all, t)
	return nil
}

// Tallies is outreach.Store.Tallies.
func (s *Tallies) Tallies(_ context.Context, from, to string) (found []outreach.Tally, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.all {
		if t.Month >= from && t.Month <= to {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b outreach.Tally) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Village, b.Village), cmp.Compare(a.What, b.What))
	})
	return found, nil
}
