package websession_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/internal/websession"
)

type kit struct {
	*websession.Manager
	store *memory.WebSessions
	now   time.Time
}

func newKit(t *testing.T) *kit {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{now: time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)}
	clock := func() time.Time { return k.now }
	k.store = memory.NewWebSessions(clock)
	k.Manager = websession.New(k.store, box, clock, websession.Periods())
	return k
}

func (k *kit) begin(t *testing.T, s websession.Session) (string, websession.Session) {
	t.Helper()
	token, s, err := k.Start(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return token, s
}

func (k *kit) holds(t *testing.T, token string, want bool) {
	t.Helper()
	if _, err := k.Find(t.Context(), token); want && err != nil || !want && !errors.Is(err, websession.ErrNone) {
		t.Errorf("the token opens: %v, want %v", err, want)
	}
}

func TestStoreHoldsNoTokenAndNoDevice(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	token, s := k.begin(t, websession.Session{Kind: websession.Citizen, Conv: "web:1", Device: "Firefox on a blue phone"})
	rows, err := k.store.WebSessions(t.Context(), s.Owner())
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	if all := rows[0].Hash + rows[0].Owner + string(rows[0].Body); strings.Contains(all, token) || strings.Contains(all, "blue phone") {
		t.Errorf("the row gives away: %q", all)
	}
	k.holds(t, token, true)
	k.holds(t, rows[0].Hash, false)
	k.holds(t, "", false)
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for kind, p := range websession.Periods() {
		k := newKit(t)
		token, s := k.begin(t, websession.Session{Kind: kind, Conv: "web:1"})
		k.now = k.now.Add(p.Idle - time.Second)
		k.holds(t, token, true)
		if err := k.Use(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if p.Life == 0 || p.Life > p.Idle { // use keeps it alive
			k.now = k.now.Add(p.Idle - time.Second)
			k.holds(t, token, true)
		}
		k.now = k.now.Add(2 * time.Second)
		k.holds(t, token, false)
		if err := k.Use(t.Context(), s); !errors.Is(err, websession.ErrNone) {
			t.Errorf("%s: an ended session is used: %v", kind, err)
		}
	}
}

// Of many requests that renew one session one gets the token, and the old one is dead.
func TestRenewedOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	old, s := k.begin(t, websession.Session{Kind: websession.Citizen, Conv: "web:1"})
	var wg sync.WaitGroup
	tokens := make([]string, 8)
	for i := range tokens {
		wg.Go(func() { tokens[i], _, _ = k.Renew(t.Context(), s) })
	}
	wg.Wait()
	n := 0
	for _, token := range tokens {
		if token != "" {
			n++
			k.holds(t, token, true)
		}
	}
	if n != 1 {
		t.Errorf("%d tokens", n)
	}
	k.holds(t, old, false)
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	officer := websession.Session{Kind: websession.Officer, Staff: "7", Device: "desk"}
	first, s := k.begin(t, officer)
	second, _ := k.begin(t, officer)
	other, _ := k.begin(t, websession.Session{Kind: websession.Officer, Staff: "8"})
	own, err := k.List(t.Context(), s.Owner())
	if err != nil || len(own) != 2 || own[0].Device != "desk" || own[0].Began.IsZero() {
		t.Fatalf("own sessions: %+v, %v", own, err)
	}
	if err := k.End(t.Context(), own[0]); err != nil { // one from the list
		t.Fatal(err)
	}
	if n, err := k.EndAll(t.Context(), websession.OwnerOfStaff("7")); n != 1 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	k.holds(t, first, false)
	k.holds(t, second, false)
	k.holds(t, other, true)
}

// The token of the session that takes another's place ends that one when it is first used, and not before.
func TestSucceeded(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	old, s := k.begin(t, websession.Session{Kind: websession.Visitor, Conv: "web:1"})
	s.Kind = websession.Citizen
	token, _, err := k.Succeed(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	k.holds(t, old, true)
	for range 2 {
		k.holds(t, token, true)
		k.holds(t, old, false)
	}
	if all, err := k.List(t.Context(), "web:1"); err != nil || len(all) != 1 || all[0].Before != "" {
		t.Errorf("%+v, %v", all, err)
	}
}
