// Package login is how officers sign in at the desk: with a passkey of their device, or with a name,
// a password and a code that changes every half minute. A password is kept as an argon2id hash; name, hash and secret are sealed by the
// store.
package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
)

// Login is how one officer signs in.
type Login struct {
	Person   string    `json:"person"` // id in the roster
	Name     string    `json:"name"`   // as it is compared, see Fold
	Salt     []byte    `json:"salt"`
	Hash     []byte    `json:"hash"`   // argon2id of the password
	Secret   string    `json:"secret"` // of the codes (RFC 6238), base32
	Ready    bool      `json:"ready"`  // a code was given once: it may be used
	LastStep int64     `json:"last"`   // of the code used last: none opens twice
	Passkeys []Passkey `json:"passkeys,omitempty"`
	Version  int64     `json:"-"` // given by the store, 0 = not stored yet
}

// Errors. ErrWrong stands for every reason alike: no such name, another password, another code.
var (
	ErrWrong = errors.New("name, password or code is wrong")
	ErrNone  = errors.New("nobody signs in so")
	ErrTaken = errors.New("the name is somebody else's")
	ErrStale = errors.New("it was changed meanwhile")
	ErrName  = errors.New("the name is too short or too long")
	ErrWeak  = errors.New("the password is too easy to guess")
)

// Store keeps logins. Two stores pass one suite: storage/cases and the one in memory.
type Store interface {
	// Login reads by the folded name. ErrNone when there is none.
	Login(ctx context.Context, name string) (Login, error)

	// LoginOf reads an officer's. ErrNone when they have none.
	LoginOf(ctx context.Context, person string) (Login, error)

	// PutLogin writes one in the place of the officer's own of that version, 0 for none.
	// ErrTaken when the name is another's, ErrStale when the version is another.
	PutLogin(ctx context.Context, l Login) error

	// DropLogin removes an officer's. None is no error.
	DropLogin(ctx context.Context, person string) error
}

// Service checks and changes logins. It is safe for concurrent use.
type Service struct {
	store  Store
	issuer string // what an app of codes calls the office
	now    func() time.Time
	hashes *semaphore.Weighted // how many passwords are hashed at once
}

// hashMemory is what hashing one password takes, in KiB; with hashPasses it is OWASP's first choice
// for argon2id (Password Storage Cheat Sheet).
const (
	hashMemory  = 19 << 10
	hashPasses  = 2
	hashesAtOne = 2
)

// New makes the service.
func New(s Store, issuer string, now func() time.Time) *Service {
	return &Service{store: s, issuer: issuer, now: now, hashes: semaphore.NewWeighted(hashesAtOne)}
}

// Fold is a name as it is compared: small letters, no blanks around it.
func Fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Lengths of names and passwords, in characters (OWASP ASVS 4.0, 2.1.1 and 2.1.2).
const (
	minName, maxName         = 2, 40
	minPassword, maxPassword = 12, 128
)

// common are parts of passwords that are tried first.
var common = []string{"password", "123456", "qwerty", "abc123", "111111", "888888", "666666", "admin", "dengwen", "xinfang", "woaini", "letmein", "iloveyou"}

func weak(name, password string) bool {
	n := utf8.RuneCountInString(password)
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	rest := Fold(password)
	for _, c := range append([]string{Fold(name)}, common...) {
		rest = strings.ReplaceAll(rest, c, "")
	}
	return n < minPassword || n > maxPassword || len(different) < 6 || utf8.RuneCountInString(rest) < minPassword/2
}

// Begin gives an officer a name and a password, in the place of what they had, and answers the
// address by which an app learns the codes (otpauth://) and the secret in it. Confirm makes it usable.
func (s *Service) Begin(ctx context.Context, person, name, password string) (address, secret string, err error) {
	name = Fold(name)
	switch n := utf8.RuneCountInString(name); {
	case n < minName || n > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return "", "", ErrName
	case weak(name, password):
		return "", "", ErrWeak
	}
	l := Login{Person: person, Name: name, Salt: random(16), Secret: base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(20))}
	if l.Hash, err = s.hash(ctx, password, l.Salt); err != nil {
		return "", "", err
	}
	was, err := s.store.LoginOf(ctx, person)
	if err != nil && !errors.Is(err, ErrNone) {
		return "", "", fmt.Errorf("look for a login: %w", err)
	}
	l.Version, l.Passkeys = was.Version, was.Passkeys
	if err := s.store.PutLogin(ctx, l); err != nil {
		return "", "", fmt.Errorf("keep login: %w", err)
	}
	return s.address(l), l.Secret, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// address is the URI that apps of codes read (Key URI Format of Google Authenticator).
func (s *Service) address(l Login) string {
	return "otpauth://totp/" + url.PathEscape(s.issuer+":"+l.Name) + "?secret=" + l.Secret + "&issuer=" + url.QueryEscape(s.issuer)
}

// Confirm makes a login usable: its officer has the app and reads the right code. ErrWrong otherwise.
func (s *Service) Confirm(ctx context.Context, person, code string) error {
	l, err := s.store.LoginOf(ctx, person)
	if err != nil {
		return fmt.Errorf("look for a login: %w", err)
	}
	if !l.named() {
		return ErrNone
	}
	return s.use(ctx, l, code)
}

// Pending is the address and the secret of a login that waits for Confirm. ErrNone when none does.
func (s *Service) Pending(ctx context.Context, person string) (address, secret string, err error) {
	l, err := s.store.LoginOf(ctx, person)
	if err == nil && (l.Ready || !l.named()) {
		err = ErrNone
	}
	if err != nil {
		return "", "", fmt.Errorf("look for a login: %w", err)
	}
	return s.address(l), l.Secret, nil
}

// use takes a code, which opens nothing a second time.
func (s *Service) use(ctx context.Context, l Login, code string) error {
	step, ok := s.step(l, code)
	if !ok {
		return ErrWrong
	}
	l.Ready, l.LastStep = true, step
	err := s.store.PutLogin(ctx, l)
	if errors.Is(err, ErrStale) { // the same code at the same time
		return ErrWrong
	}
	return err
}

// period is how long a code holds (RFC 6238); the one before and the one after hold too, for clocks
// that are wrong.
const period = 30 * time.Second

func (s *Service) step(l Login, code string) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, off := range []time.Duration{-period, 0, period} {
		at := s.now().Add(off)
		want, err := totp.GenerateCode(l.Secret, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && at.Unix()/int64(period/time.Second) > l.LastStep {
			step, ok = at.Unix()/int64(period/time.Second), true
		}
	}
	return step, ok
}

// Check answers whose name, password and code these are. ErrWrong for all others, in the same time.
func (s *Service) Check(ctx context.Context, name, password, code string) (person string, err error) {
	l, err := s.store.Login(ctx, Fold(name))
	if err != nil && !errors.Is(err, ErrNone) {
		return "", fmt.Errorf("look for a login: %w", err)
	}
	known := err == nil && l.Ready
	if !known {
		l = Login{Salt: make([]byte, 16), Hash: make([]byte, 32)}
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = ""
	}
	hash, err := s.hash(ctx, password, l.Salt)
	if err != nil {
		return "", err
	}
	if right := subtle.ConstantTimeCompare(hash, l.Hash) == 1; !right || !known {
		return "", ErrWrong
	}
	return l.Person, s.use(ctx, l, code)
}

// Prove checks the password of an officer who is in. ErrWrong for another, and for one who has none.
func (s *Service) Prove(ctx context.Context, person, password string) error {
	l, err := s.store.LoginOf(ctx, person)
	if errors.Is(err, ErrNone) || err == nil && !l.Ready || utf8.RuneCountInString(password) > maxPassword {
		return ErrWrong
	}
	if err != nil {
		return fmt.Errorf("look for a login: %w", err)
	}
	hash, err := s.hash(ctx, password, l.Salt)
	if err == nil && subtle.ConstantTimeCompare(hash, l.Hash) != 1 {
		err = ErrWrong
	}
	return err
}

// Of is the name an officer signs in by, and whether it may be used. ErrNone when they have none.
func (s *Service) Of(ctx context.Context, person string) (name string, ready bool, err error) {
	l, err := s.store.LoginOf(ctx, person)
	if err == nil && !l.named() {
		err = ErrNone
	}
	if err != nil {
		return "", false, err
	}
	return l.Name, l.Ready, nil
}

// Remove takes an officer's name and password away. Passkeys stay.
func (s *Service) Remove(ctx context.Context, person string) error {
	return s.change(ctx, person, func(l *Login) error {
		*l = Login{Person: person, Name: nameless(person), Passkeys: l.Passkeys, Version: l.Version}
		return nil
	})
}

func (s *Service) hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	if err := s.hashes.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait to hash a password: %w", err)
	}
	defer s.hashes.Release(1)
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, 32), nil
}

// Spell is a secret as people copy it: groups of four.
func Spell(secret string) string {
	var groups []string
	for i := 0; i < len(secret); i += 4 {
		groups = append(groups, secret[i:min(i+4, len(secret))])
	}
	return strings.Join(groups, " ")
}
