package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"dengwen/bot/turn"
)

func rowEnds(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	k.commit("a", w, "1/0", "1/1", "1/2")
	k.accept("a", "done:1/1")
	w = k.settle("a", turn.Settlement{Fence: w.Fence})
	c := k.change(w, "x/0")
	c.Gone, c.Session = []string{"1/1"}, nil
	if err := k.s.Commit(context.Background(), "a", c); err != nil {
		t.Fatal(err)
	}
	w = k.settle("a", turn.Settlement{Fence: w.Fence})
	k.want("rows", w.Rows, "1/0 1/2 x/0")
	k.want("events", w.Events, "")
	if w.Version != 2 || string(w.Session) != "after 1" {
		t.Fatalf("session %d %q: a change without one leaves it", w.Version, w.Session)
	}
}

func deadLetters(t *testing.T, k *kit) {
	ctx := context.Background()
	w := k.accept("a", "1")
	c := k.change(w, "1/sorry")
	c.DeadLetter, c.Session = true, nil
	for range 2 { // said twice, kept once
		if err := k.s.Commit(ctx, "a", c); err != nil {
			t.Fatal(err)
		}
	}
	raw := turn.DeadLetter{Conv: "b", ID: "tg:9", At: k.now.Add(time.Second), Body: []byte("{?")}
	for range 2 {
		if err := k.s.PutDeadLetter(ctx, raw); err != nil {
			t.Fatal(err)
		}
	}
	all, err := k.s.DeadLetters(ctx, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("dead letters: %v, %v", all, err)
	}
	if a := all[0]; a.Conv != "b" || a.ID != "tg:9" || !a.At.Equal(raw.At) || string(a.Body) != "{?" {
		t.Errorf("newest %+v", a)
	}
	if a := all[1]; a.Conv != "a" || a.ID != "1" || string(a.Body) != "event 1" {
		t.Errorf("oldest %+v", a)
	}
	if d, err := k.s.Depth(ctx, k.now); err != nil || d.DeadLetters != 2 || d.Events != 0 || d.Rows != 1 {
		t.Errorf("depth %+v, %v", d, err)
	}
	if one, err := k.s.DeadLetters(ctx, 1); err != nil || len(one) != 1 || one[0].ID != "tg:9" {
		t.Errorf("the newest alone: %v, %v", one, err)
	}
}

func deleting(t *testing.T, k *kit) {
	ctx := context.Background()
	w := k.accept("a", "1")
	k.commit("a", w, "1/0")
	k.accept("a", "2")
	if err := k.s.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	_, err := k.s.Settle(ctx, "a", turn.Settlement{Fence: w.Fence, Lease: k.lease()})
	k.lost(err)
	k.held(k.claim("a"), false)
	if again := k.accept("a", "1"); again.Fresh || again.Held {
		t.Fatalf("an old event came back: %+v", again)
	}
	next := k.accept("a", "3")
	k.held(next, true)
	k.want("events", next.Events, "3")
	k.want("rows", next.Rows, "")
	if next.Version != 0 || next.Session != nil || next.Fence <= w.Fence {
		t.Fatalf("after deletion: %+v", next)
	}
	k.lost(k.s.Commit(ctx, "a", turn.Change{Fence: w.Fence, Version: 0, Done: "3", Now: k.now, Retention: time.Hour}))
}

func fullUp(t *testing.T, k *kit) {
	ctx := context.Background()
	for i := range turn.MaxWaiting {
		k.accept("a", fmt.Sprint(i))
	}
	_, err := k.s.Accept(ctx, "a", "more", []byte("x"), k.lease())
	if !errors.Is(err, turn.ErrFull) {
		t.Fatalf("error %v, want ErrFull", err)
	}
	k.now = k.now.Add(11 * time.Second)
	w := k.claim("a")
	k.commit("a", w)
	k.settle("a", turn.Settlement{Fence: w.Fence, Release: true})
	if w := k.accept("a", "more"); !w.Fresh {
		t.Error("a refused event is not taken when there is room again")
	}
}

func forgetting(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	c := k.change(w)
	c.Retention = time.Millisecond
	if err := k.s.Commit(context.Background(), "a", c); err != nil {
		t.Fatal(err)
	}
	_, err := k.s.Settle(context.Background(), "a", turn.Settlement{Fence: w.Fence, Lease: turn.Lease{Now: k.now}})
	if err != nil && !errors.Is(err, turn.ErrLost) { // on a slow machine the lease went with the session
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // looking earlier would keep it
	k.now = time.Now()
	next := k.accept("a", "2")
	k.held(next, true)
	if next.Version != 0 || next.Session != nil {
		t.Fatalf("the session is still there: %+v", next)
	}
	k.commit("a", next)
	k.held(k.settle("a", turn.Settlement{Fence: next.Fence}), false)
	if again := k.accept("a", "1"); again.Fresh {
		t.Error("an event is remembered longer than the session")
	}
}

func marking(t *testing.T, k *kit) {
	ctx := context.Background()
	if v, err := k.s.Mark(ctx, "notices"); err != nil || v != "" {
		t.Fatalf("no mark: %q, %v", v, err)
	}
	for _, v := range []string{"17", "18"} {
		if err := k.s.SetMark(ctx, "notices", v); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.s.SetMark(ctx, "other", "x"); err != nil {
		t.Fatal(err)
	}
	if v, err := k.s.Mark(ctx, "notices"); err != nil || v != "18" {
		t.Fatalf("mark: %q, %v", v, err)
	}
}

func counting(t *testing.T, k *kit) {
	ctx := context.Background()
	if d, err := k.s.Depth(ctx, k.now); err != nil || d != (turn.Depth{}) {
		t.Fatalf("empty: %+v, %v", d, err)
	}
	w := k.accept("a", "1")
	k.now = k.now.Add(2 * time.Second)
	first := k.accept("b", "1")
	k.accept("b", "2")
	if d, err := k.s.Depth(ctx, k.now); err != nil || d != (turn.Depth{Events: 3, Oldest: 2 * time.Second}) {
		t.Fatalf("three events: %+v, %v", d, err)
	}
	k.commit("a", w, "1/0", "1/1")
	k.now = k.now.Add(time.Second)
	if d, err := k.s.Depth(ctx, k.now); err != nil || d != (turn.Depth{Events: 2, Rows: 2, Oldest: time.Second}) {
		t.Fatalf("two of each: %+v, %v", d, err)
	}
	k.commit("b", first, "b/0")
	second := k.settle("b", turn.Settlement{Fence: first.Fence})
	k.commit("b", second)
	k.settle("b", turn.Settlement{Fence: second.Fence, Retry: k.now.Add(time.Second)})
	k.settle("a", turn.Settlement{Fence: w.Fence, Retry: k.now.Add(time.Hour)})
	k.now = k.now.Add(10 * time.Second)
	if d, err := k.s.Depth(ctx, k.now); err != nil || d != (turn.Depth{Rows: 3, Oldest: 10 * time.Second}) {
		t.Fatalf("what is put off for an hour counts as late: %+v, %v", d, err)
	}
}

func anyBytes(t *testing.T, k *kit) {
	ctx := context.Background()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	if _, err := k.s.Accept(ctx, "a", "1", every, turn.Lease{Now: k.now}); err != nil {
		t.Fatal(err)
	}
	w := k.claim("a")
	if len(w.Events) != 1 || !bytes.Equal(w.Events[0].Body, every) {
		t.Fatalf("event: %v", w.Events)
	}
	c := k.change(w)
	c.Session, c.Rows = every, []turn.Item{{Key: "r", Body: every}}
	if err := k.s.Commit(ctx, "a", c); err != nil {
		t.Fatal(err)
	}
	w = k.settle("a", turn.Settlement{Fence: w.Fence})
	if !bytes.Equal(w.Session, every) || !bytes.Equal(w.Rows[0].Body, every) {
		t.Fatalf("session %x, row %x", w.Session, w.Rows[0].Body)
	}
}

func storedOnly(t *testing.T, k *kit) {
	ctx := context.Background()
	w, err := k.s.Accept(ctx, "a", "1", []byte("x"), turn.Lease{Now: k.now})
	if err != nil || !w.Fresh || w.Held {
		t.Fatalf("stored only: %+v, %v", w, err)
	}
	if due := k.due(); len(due) != 1 {
		t.Fatalf("due %v", due)
	}
	w = k.claim("a")
	k.want("events", w.Events, "1")
	if w, err = k.s.Accept(ctx, "a", "2", []byte("x"), turn.Lease{Now: k.now}); err != nil || w.Held {
		t.Fatalf("stored while held: %+v, %v", w, err)
	}
	if due := k.due(); len(due) != 0 {
		t.Fatalf("due while held: %v", due)
	}
}

func releasing(t *testing.T, k *kit) {
	w := k.accept("a", "1")
	k.accept("a", "2")
	k.commit("a", w, "1/0")
	k.held(k.settle("a", turn.Settlement{Fence: w.Fence, Release: true}), false)
	if due := k.due(); len(due) != 1 {
		t.Fatalf("due %v", due)
	}
	w = k.claim("a")
	k.want("events", w.Events, "2")
	k.want("rows", w.Rows, "1/0")
}

func apart(t *testing.T, k *kit) {
	for i := range 50 {
		conv := fmt.Sprintf("conv-%d", i)
		w := k.accept(conv, "1")
		k.held(w, true)
		k.commit(conv, w, conv)
	}
	k.now = k.now.Add(11 * time.Second)
	for i := range 50 {
		conv := fmt.Sprintf("conv-%d", i)
		w := k.claim(conv)
		k.want("rows", w.Rows, conv)
		if w.Version != 1 {
			t.Fatalf("%s: version %d", conv, w.Version)
		}
	}
}

func remembering(t *testing.T, k *kit) {
	for i := range 100 {
		k.now = k.now.Add(time.Minute)
		w := k.accept("a", fmt.Sprint(i))
		if !w.Fresh || !w.Held {
			t.Fatalf("event %d: %+v", i, w)
		}
		k.commit("a", w)
		k.settle("a", turn.Settlement{Fence: w.Fence})
	}
	for i := range 100 {
		if w := k.accept("a", fmt.Sprint(i)); w.Fresh {
			t.Fatalf("event %d came back", i)
		}
	}
}
