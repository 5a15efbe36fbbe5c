package receipt

import (
	"hash/maphash"
	"sync"
)

// mostKept bounds the memory of a shelf; a band is about 2 KB. A day's receipts of an
// office need some dozens; when it is full it starts over.
const mostKept = 256

// shelf keeps what was made of words, by name. Its users keep what is made again: most
// sentences are, and a citizen's own words do not stay. It is safe for concurrent use.
type shelf[V any] struct {
	mu   sync.Mutex
	seed maphash.Seed
	seen map[uint64]bool // hashes of names
	kept map[string]V
}

func newShelf[V any]() *shelf[V] { return &shelf[V]{seed: maphash.MakeSeed()} }

func (s *shelf[V]) find(name []byte) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.kept[string(name)]
	return v, ok
}

// again reports whether it was asked for this name before.
func (s *shelf[V]) again(name []byte) bool {
	h := maphash.Bytes(s.seed, name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[h] {
		return true
	}
	if len(s.seen) >= 16*mostKept || s.seen == nil {
		s.seen = map[uint64]bool{}
	}
	s.seen[h] = true
	return false
}

func (s *shelf[V]) keep(name []byte, v V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= mostKept || s.kept == nil {
		s.kept = map[string]V{}
	}
	s.kept[string(name)] = v
}
