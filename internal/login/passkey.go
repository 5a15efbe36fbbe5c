package login

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a key pair that a device of an officer holds and uses after it has recognised them
// (WebAuthn Level 3): only the public key is here.
type Passkey struct {
	Label      string              `json:"label"` // what the browser called itself
	Added      time.Time           `json:"added"`
	Used       time.Time           `json:"used,omitzero"`
	Credential webauthn.Credential `json:"credential"`
}

// MaxPasskeys is how many one officer may have.
const MaxPasskeys = 10

// ErrMany says that an officer has MaxPasskeys.
var ErrMany = errors.New("there are too many passkeys")

// nameless is the name of a login that has passkeys alone: nobody can type it.
func nameless(person string) string { return "\x00" + person }

func (l *Login) named() bool { return l.Name != nameless(l.Person) }

// Passkeys are an officer's, in the order they were added.
func (s *Service) Passkeys(ctx context.Context, person string) ([]Passkey, error) {
	l, err := s.store.LoginOf(ctx, person)
	if errors.Is(err, ErrNone) {
		return nil, nil
	}
	return l.Passkeys, err
}

// AddPasskey gives an officer another passkey.
func (s *Service) AddPasskey(ctx context.Context, person string, p Passkey) error {
	p.Added = s.now()
	return s.change(ctx, person, func(l *Login) error {
		if len(l.Passkeys) >= MaxPasskeys {
			return ErrMany
		}
		l.Passkeys = append(l.Passkeys, p)
		return nil
	})
}

// UsePasskey notes that a passkey has just been used, with what its device counted. ErrWrong when the
// officer has it no more, or the device counted backwards, as a copy of it does.
func (s *Service) UsePasskey(ctx context.Context, person string, c webauthn.Credential) error {
	return s.change(ctx, person, func(l *Login) error {
		i := slices.IndexFunc(l.Passkeys, func(p Passkey) bool { return bytes.Equal(p.Credential.ID, c.ID) })
		if i < 0 || c.Authenticator.CloneWarning {
			return ErrWrong
		}
		l.Passkeys[i].Credential, l.Passkeys[i].Used = c, s.now()
		return nil
	})
}

// DropPasskey takes an officer's passkey away. None is no error.
func (s *Service) DropPasskey(ctx context.Context, person string, id []byte) error {
	return s.change(ctx, person, func(l *Login) error {
		l.Passkeys = slices.DeleteFunc(l.Passkeys, func(p Passkey) bool { return bytes.Equal(p.Credential.ID, id) })
		return nil
	})
}

// changes is how often a change is tried again that another came before.
const changes = 3

// change writes an officer's login with what by does to it; a new one has no name.
func (s *Service) change(ctx context.Context, person string, by func(*Login) error) error {
	for try := 1; ; try++ {
		l, err := s.store.LoginOf(ctx, person)
		if errors.Is(err, ErrNone) {
			l, err = Login{Person: person, Name: nameless(person)}, nil
		}
		if err != nil {
			return fmt.Errorf("look for a login: %w", err)
		}
		if err := by(&l); err != nil {
			return err
		}
		if err := s.store.PutLogin(ctx, l); !errors.Is(err, ErrStale) || try == changes {
			return err
		}
	}
}
