package storagetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"dengwen/bot/turn"
)

func settling(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	k.commit("a", w, "1/0", "1/1", "1/2")
	update := []turn.Item{{Key: "1/2", Body: []byte("tried")}, {Key: "nobody", Body: []byte("x")}}
	w = k.settle("a", turn.Settlement{Fence: w.Fence, Done: []string{"1/1", "gone"}, Update: update})
	k.held(w, true)
	k.want("rows", w.Rows, "1/0 1/2")
	if string(w.Rows[0].Body) != "row 1/0" || string(w.Rows[1].Body) != "tried" {
		t.Fatalf("bodies %q %q", w.Rows[0].Body, w.Rows[1].Body)
	}
	k.accept("a", "2")
	w = k.settle("a", turn.Settlement{Fence: w.Fence, Done: []string{"1/0", "1/2"}})
	k.held(w, true)
	k.want("events", w.Events, "2")
	k.want("rows", w.Rows, "")
	k.commit("a", w, "2/0")
	k.held(k.settle("a", turn.Settlement{Fence: w.Fence, Done: []string{"2/0"}}), false)
	if due := k.due(); len(due) != 0 {
		t.Fatalf("due %v", due)
	}
}

func waiting(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	k.commit("a", w, "1/0")
	k.held(k.settle("a", turn.Settlement{Fence: w.Fence, Retry: k.now.Add(3 * time.Second)}), false)
	if due := k.due(); len(due) != 0 {
		t.Fatalf("due before its time: %v", due)
	}
	next := k.accept("a", "2") // a new event is stepped meanwhile
	k.held(next, true)
	k.want("rows", next.Rows, "1/0")
	k.commit("a", next, "2/0")
	k.held(k.settle("a", turn.Settlement{Fence: next.Fence, Retry: k.now.Add(3 * time.Second)}), false)
	k.now = k.now.Add(3 * time.Second)
	if due := k.due(); !slices.Equal(due, []string{"a"}) {
		t.Fatalf("due %v", due)
	}
	k.want("rows", k.claim("a").Rows, "1/0 2/0")
}

func dueWork(t *testing.T, k *kit) {
	k.accept("a", "1") // its holder dies
	k.accept("b", "1")
	if due := k.due(); len(due) != 0 {
		t.Fatalf("due while held: %v", due)
	}
	k.now = k.now.Add(10 * time.Second)
	if due := k.due(); !slices.Equal(due, []string{"a", "b"}) {
		t.Fatalf("due %v", due)
	}
	one, err := k.s.Due(context.Background(), k.now, 1)
	if err != nil || len(one) != 1 {
		t.Fatalf("due, at most one: %v, %v", one, err)
	}
	k.now = k.now.Add(time.Millisecond)
	k.held(k.claim("a"), true)
	if due := k.due(); !slices.Equal(due, []string{"b"}) {
		t.Fatalf("due %v", due)
	}
}

// A lease that a clock eight hours ahead took, or a pause it set, would last eight hours.
func clockSetBack(t *testing.T, k *kit) {
	right := k.now
	k.now = right.Add(8 * time.Hour)
	lost := k.accept("a", "1") // its holder dies
	w := k.accept("b", "1")
	k.commit("b", w, "1/0")
	k.held(k.settle("b", turn.Settlement{Fence: w.Fence, Retry: k.now.Add(time.Minute)}), false)
	k.now = right
	if due := k.due(); len(due) != 0 {
		t.Fatalf("due %v", due)
	}
	all, err := k.s.Waiting(context.Background())
	if slices.Sort(all); err != nil || !slices.Equal(all, []string{"a", "b"}) {
		t.Fatalf("waiting %v, %v", all, err)
	}
	a := k.claim("a")
	k.held(a, true)
	k.held(k.claim("b"), true)
	k.held(k.claim("b"), false) // a lease of the right clock holds
	if a.Fence <= lost.Fence {
		t.Fatalf("fence %d after %d", a.Fence, lost.Fence)
	}
}

func renewing(_ *testing.T, k *kit) {
	ctx := context.Background()
	w := k.accept("a", "1")
	k.now = k.now.Add(8 * time.Second)
	if err := k.s.Renew(ctx, "a", w.Fence, k.lease()); err != nil {
		k.Fatal(err)
	}
	k.now = k.now.Add(8 * time.Second)
	k.held(k.claim("a"), false)
	if due := k.due(); len(due) != 0 {
		k.Fatalf("due %v", due)
	}
	k.commit("a", w)
	k.settle("a", turn.Settlement{Fence: w.Fence})
	k.lost(k.s.Renew(ctx, "a", w.Fence, k.lease()))
}
