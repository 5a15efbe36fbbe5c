package memory

import (
	"context"
	"slices"
	"sync"

	"dengwen/petition"
)

// Kept keeps what officers keep for themselves in memory. The zero Kept is empty and ready.
type Kept struct {
	mu  sync.Mutex
	all []petition.Kept
}

func (s *Kept) drop(person, key string) {
	s.all = slices.DeleteFunc(s.all, func(k petition.Kept) bool { return k.Person == person && k.Key == key })
}

// Keep is petition.KeptStore.Keep.
func (s *Kept) Keep(ctx context.Context, k petition.Kept) error {
	if err := k.Check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(o petition.Kept) bool { return !o.Until.IsZero() && o.Until.Before(k.At) })
	was := slices.Clone(s.all)
	s.drop(k.Person, k.Key)
	others := 0
	for _, o := range s.all {
		if o.Person == k.Person {
			others++
		}
	}
	if others >= petition.MaxKept {
		s.all = was
		return petition.Fail(petition.Limited, "kept.many")
	}
	s.all = append(s.all, k)
	return nil
}

// Kept is petition.KeptStore.Kept.
func (s *Kept) Kept(_ context.Context, person, key string) (petition.Kept, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.all {
		if k.Person == person && k.Key == key {
			return k, nil
		}
	}
	return petition.Kept{}, petition.Fail(petition.NotFound, "kept.none")
}

// KeptBy is petition.KeptStore.KeptBy.
func (s *Kept) KeptBy(_ context.Context, person string) (all []petition.Kept, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.all {
		if k.Person == person {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b petition.Kept) int { return b.At.Compare(a.At) })
	return all, nil
}

// DropKept is petition.KeptStore.DropKept.
func (s *Kept) DropKept(_ context.Context, person, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(person, key)
	return nil
}
