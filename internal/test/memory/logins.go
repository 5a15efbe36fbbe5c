package memory

import (
	"context"
	"sync"

	"dengwen/internal/login"
)

// Logins keeps logins in memory. The zero Logins is empty and ready.
type Logins struct {
	mu  sync.Mutex
	all map[string]login.Login // by person
}

// Login is login.Store.Login.
func (s *Logins) Login(_ context.Context, name string) (login.Login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.all {
		if l.Name == name {
			return l, nil
		}
	}
	return login.Login{}, login.ErrNone
}

// LoginOf is login.Store.LoginOf.
func (s *Logins) LoginOf(_ context.Context, person string) (login.Login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.all[person]
	if !ok {
		return l, login.ErrNone
	}
	return l, nil
}

// PutLogin is login.Store.PutLogin.
func (s *Logins) PutLogin(_ context.Context, l login.Login) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.all {
		if other.Name == l.Name && other.Person != l.Person {
			return login.ErrTaken
		}
	}
	if s.all[l.Person].Version != l.Version {
		return login.ErrStale
	}
	if s.all == nil {
		s.all = map[string]login.Login{}
	}
	l.Version++
	s.all[l.Person] = l
	return nil
}

// DropLogin is login.Store.DropLogin.
func (s *Logins) DropLogin(_ context.Context, person string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, person)
	return nil
}
