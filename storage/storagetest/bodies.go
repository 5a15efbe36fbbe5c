package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/websession"
)

// Sealing is what holds sealed bodies of conversations, logs and browsers' sessions.
type Sealing interface {
	turn.Store
	turn.Mailbox
	websession.Store
	EachBody(ctx context.Context, f func(at turn.Sealed, body []byte) []byte) error
}

// Bodies is the conformance suite of EachBody: every body is shown with where it lies, what is
// answered comes in its place, and nothing else changes.
func Bodies(t *testing.T, open func(t *testing.T) Sealing) {
	t.Run("all, and nothing else", func(t *testing.T) { bodiesAll(t, open(t)) })
	t.Run("changed meanwhile", func(t *testing.T) { bodiesChanged(t, open(t)) })
}

var bodiesAt = time.UnixMilli(1_772_000_000_000)

func bodiesLease(owner string) turn.Lease {
	return turn.Lease{Owner: owner, For: time.Minute, Now: time.Now()}
}

// furnish puts a body of each kind in, 120 conversations of them, and answers what stands where.
func furnish(t *testing.T, s Sealing) map[turn.Sealed]string {
	t.Helper()
	ctx := t.Context()
	want := map[turn.Sealed]string{}
	put := func(at turn.Sealed) []byte {
		want[at] = fmt.Sprintf("old %s %s %s", at.Kind, at.Conv, at.Key)
		return []byte(want[at])
	}
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for n := range 120 {
		conv := fmt.Sprintf("c%03d", n)
		w, err := s.Accept(ctx, conv, "first", []byte("stepped"), bodiesLease(conv))
		must(err)
		_, err = s.Accept(ctx, conv, "second", put(turn.Sealed{Kind: turn.EventBody, Conv: conv, Key: "second"}), turn.Lease{Now: time.Now()})
		must(err)
		must(s.Commit(ctx, conv, turn.Change{
			Fence: w.Fence, Session: put(turn.Sealed{Kind: turn.SessionBody, Conv: conv}), Done: "first", Retention: time.Hour, Now: time.Now(),
			Rows: []turn.Item{{Key: "r1", Body: put(turn.Sealed{Kind: turn.RowBody, Conv: conv, Key: "r1"})}, {Key: "r2", Body: put(turn.Sealed{Kind: turn.RowBody, Conv: conv, Key: "r2"})}},
		}))
		for _, key := range []string{"a", "b"} {
			must(s.Put(ctx, conv, key, put(turn.Sealed{Kind: turn.PostBody, Conv: conv, Key: key}), time.Hour))
		}
		must(s.PutWebSession(ctx, websession.Row{Hash: "h" + conv, Owner: conv, Until: time.Now().Add(time.Hour), Body: put(turn.Sealed{Kind: turn.WebSessionBody, Key: "h" + conv})}))
		must(s.PutDeadLetter(ctx, turn.DeadLetter{Conv: conv, ID: "d", At: bodiesAt, Body: put(turn.Sealed{Kind: turn.DeadLetterBody, Conv: conv, Key: "d"})}))
	}
	return want
}

func bodiesOf(t *testing.T, s Sealing, f func(at turn.Sealed, body []byte) []byte) map[turn.Sealed]string {
	t.Helper()
	got := map[turn.Sealed]string{}
	err := s.EachBody(t.Context(), func(at turn.Sealed, body []byte) []byte {
		got[at] = string(body)
		return f(at, body)
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func leave(turn.Sealed, []byte) []byte { return nil }

func bodiesAll(t *testing.T, s Sealing) {
	want := furnish(t, s)
	if got := bodiesOf(t, s, leave); !maps.Equal(got, want) {
		t.Fatalf("%d bodies, want %d", len(got), len(want))
	}
	before, err := s.Depth(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	bodiesOf(t, s, func(_ turn.Sealed, body []byte) []byte { return bytes.Replace(body, []byte("old"), []byte("new"), 1) })
	for at, body := range want {
		want[at] = "new" + body[3:]
	}
	if got := bodiesOf(t, s, leave); !maps.Equal(got, want) {
		t.Fatal("not every body is what came in its place")
	}
	if now, err := s.Depth(t.Context(), time.Now()); err != nil || now.Events != before.Events || now.Rows != before.Rows || now.DeadLetters != before.DeadLetters {
		t.Errorf("what waits changed: %+v, %+v, %v", before, now, err)
	}
	const conv = "c007" // still held by who claimed it, at its version
	if w, err := s.Claim(t.Context(), conv, bodiesLease("another")); err != nil || w.Held {
		t.Errorf("the lease is gone: %+v, %v", w, err)
	}
	w, err := s.Claim(t.Context(), conv, bodiesLease(conv))
	if err != nil || !w.Held || w.Version != 1 || string(w.Session) != want[turn.Sealed{Kind: turn.SessionBody, Conv: conv}] || len(w.Events) != 1 || len(w.Rows) != 2 || w.Rows[1].Key != "r2" {
		t.Errorf("the work in hand: %+v, %v", w, err)
	}
	if posts, err := s.Since(t.Context(), conv, 0, 10); err != nil || len(posts) != 2 || posts[0].Key != "a" || string(posts[0].Body[:3]) != "new" {
		t.Errorf("the log: %+v, %v", posts, err)
	}
	if row, ok, err := s.WebSession(t.Context(), "h"+conv); err != nil || !ok || row.Owner != conv {
		t.Errorf("the browser's session: %+v, %v", row, err)
	}
}

// bodiesChanged changes a body of each kind after it was read and before it is written back.
func bodiesChanged(t *testing.T, s Sealing) {
	furnish(t, s)
	ctx, conv := t.Context(), "c007"
	var fault error
	seen := map[turn.Sealed]string{}
	bodiesOf(t, s, func(at turn.Sealed, body []byte) []byte {
		switch {
		case at == turn.Sealed{Kind: turn.RowBody, Conv: conv, Key: "r1"}:
			w, err := s.Claim(ctx, conv, bodiesLease(conv))
			_, settled := s.Settle(ctx, conv, turn.Settlement{Fence: w.Fence, Done: []string{"r2"}, Update: []turn.Item{{Key: "r1", Body: []byte("theirs")}}, Release: true, Lease: bodiesLease(conv)})
			fault = errors.Join(fault, err, settled)
		case at == turn.Sealed{Kind: turn.WebSessionBody, Key: "h" + conv}:
			_, err := s.UpdateWebSession(ctx, websession.Row{Hash: "h" + conv, Owner: conv, Until: time.Now().Add(time.Hour), Body: []byte("theirs")})
			fault = errors.Join(fault, err)
		case at == turn.Sealed{Kind: turn.PostBody, Conv: conv, Key: "a"}:
			fault = errors.Join(fault, s.Restart(ctx, conv, "c", []byte("theirs"), time.Hour))
		}
		return append([]byte("new "), body...)
	})
	for at, body := range bodiesOf(t, s, leave) {
		seen[at] = body
	}
	if fault != nil {
		t.Fatal(fault)
	}
	for _, at := range []turn.Sealed{{Kind: turn.RowBody, Conv: conv, Key: "r1"}, {Kind: turn.WebSessionBody, Key: "h" + conv}, {Kind: turn.PostBody, Conv: conv, Key: "c"}} {
		if seen[at] != "theirs" && seen[at] != "new theirs" {
			t.Errorf("%+v is %q", at, seen[at])
		}
	}
	for _, at := range []turn.Sealed{{Kind: turn.RowBody, Conv: conv, Key: "r2"}, {Kind: turn.PostBody, Conv: conv, Key: "a"}} {
		if body, ok := seen[at]; ok {
			t.Errorf("%+v is back: %q", at, body)
		}
	}
}
