package storagetest

import (
	"context"
	"testing"

	"dengwen/bot/turn"
)

func (k *kit) acceptSeen(id string, seen turn.Seen) turn.Work {
	k.Helper()
	l := k.lease()
	l.Seen = seen
	w, err := k.s.Accept(context.Background(), "a", id, []byte(id), l)
	if err != nil || !w.Held {
		k.Fatalf("accept %s: %+v, %v", id, w, err)
	}
	return w
}

// step commits the event in hand, lets go and answers what is seen then.
func (k *kit) step(w turn.Work) turn.Seen {
	k.Helper()
	k.commit("a", w)
	k.held(k.settle("a", turn.Settlement{Fence: w.Fence}), false)
	return turn.Seen{Fence: w.Fence, Version: w.Version + 1}
}

func seen(t *testing.T, k *kit) {
	first := k.step(k.accept("a", "1"))
	w := k.acceptSeen("2", first)
	if !w.Same || w.Session != nil || w.Version != 1 {
		t.Fatalf("nobody held it since: %+v", w)
	}
	k.step(w)
	w = k.acceptSeen("3", first)
	if w.Same || string(w.Session) != "after 2" {
		t.Fatalf("somebody held it since: %+v", w)
	}
	last := k.step(w)
	last.Version++
	w = k.acceptSeen("4", last)
	if w.Same || string(w.Session) != "after 3" {
		t.Fatalf("another version: %+v", w)
	}
	last = k.step(w)
	if err := k.s.Delete(context.Background(), "a"); err != nil {
		t.Fatal(err)
	}
	if w = k.acceptSeen("5", last); w.Same || w.Version != 0 {
		t.Fatalf("deleted since: %+v", w)
	}
	again := k.step(w)
	if w = k.acceptSeen("6", first); again.Version != first.Version || w.Same || string(w.Session) != "after 5" {
		t.Fatalf("another session has come to the same version since it was deleted: %+v", w)
	}
}
