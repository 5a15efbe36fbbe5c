package storagetest

import (
	"errors"
	"testing"

	"dengwen/internal/login"

	"github.com/google/go-cmp/cmp"
)

// Logins is the suite of a store of logins.
func Logins(t *testing.T, s login.Store) {
	ctx := t.Context()
	if _, err := s.Login(ctx, "huang"); !errors.Is(err, login.ErrNone) {
		t.Errorf("an empty store has a login: %v", err)
	}
	put := func(l login.Login, want error) {
		t.Helper()
		if err := s.PutLogin(ctx, l); !errors.Is(err, want) {
			t.Errorf("put %+v: %v, want %v", l, err, want)
		}
	}
	first := login.Login{Person: "o-1", Name: "huang", Salt: []byte{1}, Hash: []byte{2, 255}, Secret: "S", Ready: true, LastStep: 7}
	put(first, nil)
	put(login.Login{Person: "o-2", Name: "huang"}, login.ErrTaken)
	put(login.Login{Person: "o-2", Name: "li"}, nil)
	got, err := s.Login(ctx, "huang")
	if first.Version = 1; err != nil || !cmp.Equal(got, first) {
		t.Errorf("%+v, %v", got, err)
	}
	put(login.Login{Person: "o-1", Name: "huang"}, login.ErrStale) // as if none were there
	got.Name, got.LastStep = "huangying", 8
	put(got, nil)
	put(got, login.ErrStale) // of the version before
	if _, err := s.Login(ctx, "huang"); !errors.Is(err, login.ErrNone) {
		t.Errorf("the old name is still somebody's: %v", err)
	}
	put(login.Login{Person: "o-3", Name: "huang"}, nil)
	if l, err := s.LoginOf(ctx, "o-1"); err != nil || l.Name != "huangying" || l.LastStep != 8 || l.Version != 2 {
		t.Errorf("%+v, %v", l, err)
	}
	for range 2 {
		if err := s.DropLogin(ctx, "o-1"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.LoginOf(ctx, "o-1"); !errors.Is(err, login.ErrNone) {
		t.Errorf("a login that was removed is there: %v", err)
	}
}
