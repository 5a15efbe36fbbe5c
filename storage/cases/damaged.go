package cases

import (
	"maps"
	"slices"
	"sync"
)

// damagedRows remembers the cases that lists and the index of words passed by because they do not
// open: one damaged row must not keep all the others from being listed, found and
// reminded of. Who asks for such a case by its number gets the error.
type damagedRows struct {
	mu      sync.Mutex
	numbers map[string]bool
}

func (s *damagedRows) note(number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers == nil {
		s.numbers = map[string]bool{}
	}
	s.numbers[number] = true
}

// Damaged are the numbers of the cases, and "notice" with its position in the feed, that
// could not be read since the store was opened, in order. They stand in lists nowhere; a
// backup has them whole.
func (s *Store) Damaged() []string {
	s.damaged.mu.Lock()
	defer s.damaged.mu.Unlock()
	return slices.Sorted(maps.Keys(s.damaged.numbers))
}
