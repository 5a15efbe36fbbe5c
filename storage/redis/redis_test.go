package redis_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/internal/websession"
	"dengwen/storage/redis"
	"dengwen/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opener makes empty stores on one server: each has its own prefix.
func opener(t testing.TB, url string) func(testing.TB, ...redis.Option) *redis.Store {
	var n atomic.Int64
	return func(t testing.TB, more ...redis.Option) *redis.Store {
		t.Helper()
		options := append([]redis.Option{redis.Prefix(fmt.Sprintf("t%d", n.Add(1)))}, more...)
		s, err := redis.Open(context.Background(), url, options...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		return s
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	open := opener(t, servers.Redis(t))
	storagetest.Conversations(t, func(t *testing.T) turn.Store { return open(t) })
}

func TestWalk(t *testing.T) {
	t.Parallel()
	open := opener(t, servers.Redis(t))
	storagetest.Walk(t, func(t *testing.T) turn.Store { return open(t) })
}

func TestWebSessions(t *testing.T) {
	open := opener(t, servers.Redis(t))
	storagetest.WebSessions(t, func(t *testing.T) websession.Store { return open(t) })
}

func TestMailbox(t *testing.T) {
	t.Parallel()
	mailbox(t, servers.Redis(t))
}

func mailbox(t *testing.T, url string) {
	var n atomic.Int64
	storagetest.Mailbox(t, func(t *testing.T) (a, b turn.Mailbox) {
		same := redis.Prefix(fmt.Sprintf("mail%d", n.Add(1)))
		open := opener(t, url)
		return open(t, same), open(t, same)
	})
}

// Each method is one call, and its keys are of one hash tag.
func TestOneCallOneSlot(t *testing.T) {
	t.Parallel()
	seen := &slots{}
	s := opener(t, servers.Redis(t))(t, redis.Hook(seen))
	ctx := context.Background()
	now := time.Now()
	l := turn.Lease{Owner: "w", For: time.Minute, Now: now}
	var w turn.Work
	var err error
	for _, call := range []func() error{
		func() error { w, err = s.Accept(ctx, "a", "1", []byte("x"), l); return err },
		func() error { return s.Renew(ctx, "a", w.Fence, l) },
		func() error {
			return s.Commit(ctx, "a", turn.Change{Fence: w.Fence, Done: "1", Rows: []turn.Item{{Key: "r"}}, Retention: time.Hour, Now: now})
		},
		func() error {
			_, err := s.Settle(ctx, "a", turn.Settlement{Fence: w.Fence, Release: true, Lease: l})
			return err
		},
		func() error { _, err := s.Claim(ctx, "a", l); return err },
		func() error { return s.PutDeadLetter(ctx, turn.DeadLetter{Conv: "a", ID: "1", At: now}) },
		func() error { return s.Delete(ctx, "a") },
		func() error { return s.Put(ctx, "a", "k", nil, time.Hour) },
		func() error { _, err := s.Since(ctx, "a", 0, 1); return err },
	} {
		if err := call(); err != nil { // the first time the script is unknown
			t.Fatal(err)
		}
		seen.calls = nil
		if err := call(); err != nil && err != turn.ErrLost {
			t.Fatal(err)
		}
		if len(seen.calls) != 1 {
			t.Errorf("calls %v, want one", seen.calls)
		}
	}
	if len(seen.mixed) > 0 {
		t.Errorf("keys of several hash tags: %v", seen.mixed)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	open := opener(t, servers.Redis(t))
	storagetest.Bodies(t, func(t *testing.T) storagetest.Sealing { return open(t) })
}
