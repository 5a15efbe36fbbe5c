package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/bot/turn"
)

// Conversations is the conformance suite of turn.Store. open makes an empty store
// that is closed with the test.
func Conversations(t *testing.T, open func(t *testing.T) turn.Store) {
	for name, test := range map[string]func(*testing.T, *kit){
		"an accepted event is claimed and seen once":      acceptOnce,
		"a held conversation is not claimed again":        heldOnce,
		"events stay in order":                            inOrder,
		"a commit is all or nothing and fenced":           commitFenced,
		"a repeated call changes nothing":                 repeated,
		"settling removes, updates and hands over":        settling,
		"rows wait for their time":                        waiting,
		"what nobody holds is due":                        dueWork,
		"a clock that was set back holds nobody off":      clockSetBack,
		"a renewed lease lasts":                           renewing,
		"a row may end with an event":                     rowEnds,
		"what cannot be understood becomes a dead letter": deadLetters,
		"a deleted conversation is gone":                  deleting,
		"a conversation takes a thousand events":          fullUp,
		"a session is forgotten after its time":           forgetting,
		"marks are kept":                                  marking,
		"depth counts what waits and how long":            counting,
		"bodies are bytes":                                anyBytes,
		"a session the caller has stays where it is":      seen,
		"an event stored without a lease is swept up":     storedOnly,
		"release lets go although more is there":          releasing,
		"conversations do not know of each other":         apart,
		"an id is remembered while others come and go":    remembering,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, &kit{T: t, s: open(t), now: time.Now().Truncate(time.Millisecond)})
		})
	}
}

// kit is a store with a clock and short words.
type kit struct {
	*testing.T
	s   turn.Store
	now time.Time
	n   int
}

func (k *kit) lease() turn.Lease {
	k.n++
	return turn.Lease{Owner: fmt.Sprintf("w/%d", k.n), For: 10 * time.Second, Now: k.now}
}

func (k *kit) accept(conv, id string) turn.Work {
	k.Helper()
	w, err := k.s.Accept(context.Background(), conv, id, []byte("event "+id), k.lease())
	if err != nil {
		k.Fatalf("accept %s: %v", id, err)
	}
	return w
}

func (k *kit) claim(conv string) turn.Work {
	k.Helper()
	w, err := k.s.Claim(context.Background(), conv, k.lease())
	if err != nil {
		k.Fatalf("claim: %v", err)
	}
	return w
}

func (k *kit) change(w turn.Work, rows ...string) turn.Change {
	c := turn.Change{
		Fence: w.Fence, Version: w.Version, Done: w.Events[0].Key,
		Session: []byte("after " + w.Events[0].Key), Retention: time.Hour, Now: k.now,
	}
	for _, r := range rows {
		c.Rows = append(c.Rows, turn.Item{Key: r, Body: []byte("row " + r)})
	}
	return c
}

func (k *kit) commit(conv string, w turn.Work, rows ...string) {
	k.Helper()
	if err := k.s.Commit(context.Background(), conv, k.change(w, rows...)); err != nil {
		k.Fatalf("commit: %v", err)
	}
}

func (k *kit) settle(conv string, s turn.Settlement) turn.Work {
	k.Helper()
	s.Lease.Now, s.Lease.For = k.now, 10*time.Second
	w, err := k.s.Settle(context.Background(), conv, s)
	if err != nil {
		k.Fatalf("settle: %v", err)
	}
	return w
}

func (k *kit) due() []string {
	k.Helper()
	due, err := k.s.Due(context.Background(), k.now, 100)
	if err != nil {
		k.Fatalf("due: %v", err)
	}
	slices.Sort(due)
	return due
}

// want compares the keys of items, joined by spaces.
func (k *kit) want(what string, items []turn.Item, keys string) {
	k.Helper()
	var have []string
	for _, it := range items {
		have = append(have, it.Key)
	}
	if got := strings.Join(have, " "); got != keys {
		k.Fatalf("%s: %q, want %q", what, got, keys)
	}
}

func (k *kit) held(w turn.Work, want bool) {
	k.Helper()
	if w.Held != want {
		k.Fatalf("held %v, want %v (%+v)", w.Held, want, w)
	}
}

func (k *kit) lost(err error) {
	k.Helper()
	if !errors.Is(err, turn.ErrLost) {
		k.Fatalf("error %v, want ErrLost", err)
	}
}

func acceptOnce(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	k.held(w, true)
	if !w.Fresh || w.Version != 0 || w.Session != nil {
		t.Fatalf("first event: %+v", w)
	}
	k.want("events", w.Events, "1")
	k.commit("a", w)
	k.held(k.settle("a", turn.Settlement{Fence: w.Fence}), false)
	again := k.accept("a", "1")
	if again.Fresh || again.Held {
		t.Fatalf("the same event again: %+v", again)
	}
	next := k.accept("a", "2")
	k.held(next, true)
	if next.Version != 1 || string(next.Session) != "after 1" || next.Fence <= w.Fence {
		t.Fatalf("second event: %+v", next)
	}
}

func heldOnce(t *testing.T, k *kit) {
	k.held(k.claim("a"), false)
	w := k.accept("a", "1")
	k.held(w, true)
	k.held(k.claim("a"), false)
	second := k.accept("a", "2")
	k.held(second, false)
	if !second.Fresh {
		t.Error("an event that waits for its holder is fresh all the same")
	}
	k.now = k.now.Add(11 * time.Second)
	other := k.claim("a")
	k.held(other, true)
	if other.Fence <= w.Fence {
		t.Fatalf("fence %d after %d", other.Fence, w.Fence)
	}
	k.want("events", other.Events, "1 2")
}

func inOrder(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	for i := 2; i <= turn.MaxEvents+3; i++ {
		k.accept("a", fmt.Sprint(i))
	}
	var seen []string
	for w.Held {
		for len(w.Events) > 0 {
			seen = append(seen, w.Events[0].Key)
			k.commit("a", w)
			w.Version, w.Events = w.Version+1, w.Events[1:]
		}
		w = k.settle("a", turn.Settlement{Fence: w.Fence})
		if len(w.Events) > turn.MaxEvents {
			t.Fatalf("%d events at once", len(w.Events))
		}
	}
	if got := strings.Join(seen, " "); got != "1 2 3 4 5 6 7 8 9 10 11" {
		t.Fatalf("order %s", got)
	}
}

func commitFenced(t *testing.T, k *kit) {
	ctx := context.Background()
	old := k.accept("a", "1")
	k.now = k.now.Add(11 * time.Second)
	w := k.claim("a")
	k.lost(k.s.Commit(ctx, "a", k.change(old, "old/0")))
	wrong := k.change(w)
	wrong.Version = 7
	k.lost(k.s.Commit(ctx, "a", wrong))
	k.commit("a", w, "1/0", "1/1")
	_, err := k.s.Settle(ctx, "a", turn.Settlement{Fence: old.Fence, Done: []string{"1/0"}, Lease: k.lease()})
	k.lost(err)
	k.lost(k.s.Renew(ctx, "a", old.Fence, k.lease()))
	w = k.settle("a", turn.Settlement{Fence: w.Fence})
	k.held(w, true)
	k.want("rows", w.Rows, "1/0 1/1")
	k.want("events", w.Events, "")
	if w.Version != 1 || string(w.Session) != "after 1" {
		t.Fatalf("session %d %q", w.Version, w.Session)
	}
}

func repeated(t *testing.T, k *kit) {
	ctx := context.Background()
	l := k.lease()
	first, err := k.s.Accept(ctx, "a", "1", []byte("x"), l)
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.s.Accept(ctx, "a", "1", []byte("x"), l)
	if err != nil || !again.Held || again.Fence != first.Fence {
		t.Fatalf("accept again: %+v, %v", again, err)
	}
	k.want("events", again.Events, "1")
	k.commit("a", first, "1/0")
	k.commit("a", first, "1/0")
	s := turn.Settlement{Fence: first.Fence, Retry: k.now.Add(time.Minute)}
	w := k.settle("a", s)
	k.held(w, false)
	k.held(k.settle("a", s), false)
	k.now = k.now.Add(2 * time.Minute)
	w = k.claim("a")
	k.want("rows", w.Rows, "1/0")
	if w.Version != 1 {
		t.Fatalf("version %d after one event", w.Version)
	}
}
