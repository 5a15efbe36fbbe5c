package login_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/login"
	"dengwen/internal/test/memory"
	"dengwen/storage/storagetest"

	"github.com/pquerna/otp/totp"
)

const password = "柞水的杏子五月熟了呀呀"

type kit struct {
	*login.Service
	now time.Time
}

func newKit() *kit {
	k := &kit{now: time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)}
	k.Service = login.New(new(memory.Logins), "柞水县信访局", func() time.Time { return k.now })
	return k
}

func (k *kit) code(t *testing.T, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, k.now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMemoryLogins(t *testing.T) { storagetest.Logins(t, new(memory.Logins)) }

func TestSigningIn(t *testing.T) {
	t.Parallel()
	k := newKit()
	address, secret, err := k.Begin(t.Context(), "o-1", " HuangYing ", password+"1")
	if err != nil || !strings.HasPrefix(address, "otpauth://totp/") || !strings.Contains(address, secret) {
		t.Fatalf("%s, %v", address, err)
	}
	check := func(name, pass, code string, want error) {
		t.Helper()
		who, err := k.Check(t.Context(), name, pass, code)
		if !errors.Is(err, want) || err == nil && who != "o-1" {
			t.Errorf("%s %s: %s, %v, want %v", name, code, who, err, want)
		}
	}
	check("huangying", password+"1", k.code(t, secret), login.ErrWrong) // no code was confirmed
	if err := k.Confirm(t.Context(), "o-1", "000000"); !errors.Is(err, login.ErrWrong) {
		t.Errorf("a wrong code confirms: %v", err)
	}
	if err := k.Confirm(t.Context(), "o-1", k.code(t, secret)); err != nil {
		t.Fatal(err)
	}
	check("huangying", password+"1", k.code(t, secret), login.ErrWrong) // used already
	k.now = k.now.Add(time.Minute)
	check("huangying", password, k.code(t, secret), login.ErrWrong)
	check("nobody", password+"1", k.code(t, secret), login.ErrWrong)
	check("huangying", password+"1", "123", login.ErrWrong)
	check("HUANGYING ", password+"1", k.code(t, secret), nil)
	check("huangying", password+"1", k.code(t, secret), login.ErrWrong)
	k.now = k.now.Add(5 * time.Minute)
	late := k.code(t, secret)
	k.now = k.now.Add(2 * time.Minute)
	check("huangying", password+"1", late, login.ErrWrong)
	if err := k.Remove(t.Context(), "o-1"); err != nil {
		t.Fatal(err)
	}
	check("huangying", password+"1", k.code(t, secret), login.ErrWrong)
}

// Of many who use one code at once one is let in.
func TestACodeOpensOnce(t *testing.T) {
	t.Parallel()
	k := newKit()
	_, secret, err := k.Begin(t.Context(), "o-1", "huang", password+"1")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Confirm(t.Context(), "o-1", k.code(t, secret)); err != nil {
		t.Fatal(err)
	}
	k.now = k.now.Add(time.Minute)
	code := k.code(t, secret)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := k.Check(t.Context(), "huang", password+"1", code); err == nil {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d were let in", in.Load())
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	k := newKit()
	for _, p := range []string{"", "short", "aaaaaaaaaaaaaaaa", "password1234", "huang123456huang", strings.Repeat("杏子五月熟了呀", 30)} {
		if _, _, err := k.Begin(t.Context(), "o-1", "huang", p); !errors.Is(err, login.ErrWeak) {
			t.Errorf("%q is taken: %v", p, err)
		}
	}
	for _, name := range []string{"", "x", strings.Repeat("y", 41), "a\nb"} {
		if _, _, err := k.Begin(t.Context(), "o-1", name, password+"1"); !errors.Is(err, login.ErrName) {
			t.Errorf("the name %q is taken: %v", name, err)
		}
	}
	if _, _, err := k.Begin(t.Context(), "o-1", "huang", password+"1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Begin(t.Context(), "o-2", "Huang", password+"1"); !errors.Is(err, login.ErrTaken) {
		t.Errorf("two have one name: %v", err)
	}
}
