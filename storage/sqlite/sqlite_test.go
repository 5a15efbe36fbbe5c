package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dengwen/bot/turn"
	"dengwen/internal/websession"
	"dengwen/storage/sqlite"
	"dengwen/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB) *sqlite.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "conversations.db"))
}

func openAt(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path)
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

func TestConversations(t *testing.T) {
	t.Parallel()
	storagetest.Conversations(t, func(t *testing.T) turn.Store { return open(t) })
}

func TestWalk(t *testing.T) {
	t.Parallel()
	storagetest.Walk(t, func(t *testing.T) turn.Store { return open(t) })
}

func TestWebSessions(t *testing.T) {
	storagetest.WebSessions(t, func(t *testing.T) websession.Store { return open(t) })
}

func TestMailbox(t *testing.T) {
	t.Parallel()
	storagetest.Mailbox(t, func(t *testing.T) (a, b turn.Mailbox) {
		path := filepath.Join(t.TempDir(), "conversations.db")
		return openAt(t, path), openAt(t, path)
	})
}

// BenchmarkTurns has citizens talk, each saying the next thing once answered; each
// turn is three writes, every one of them on the disk before it is answered.
func BenchmarkTurns(b *testing.B) {
	for _, people := range []int{1, 64, 1000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) { storagetest.Citizens(b, open(b), people) })
	}
}

// What was accepted is there when the file is opened again, and nobody else may
// read the file.
func TestReopen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "conversations.db")
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	l := turn.Lease{Owner: "w", For: time.Second, Now: now}
	if w, err := s.Accept(ctx, "a", "1", []byte("x"), l); err != nil || !w.Held {
		t.Fatalf("accept: %+v, %v", w, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accept(ctx, "a", "2", []byte("x"), l); !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("accept after closing: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v", info.Mode(), err)
	}
	again := openAt(t, path)
	l.Owner, l.Now = "v", now.Add(time.Minute)
	if w, err := again.Claim(ctx, "a", l); err != nil || len(w.Events) != 1 {
		t.Fatalf("claim: %+v, %v", w, err)
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := context.Background()
	now := time.Now()
	for _, conv := range []string{"idle", "busy"} {
		l := turn.Lease{Owner: conv, For: time.Second, Now: now}
		w, err := s.Accept(ctx, conv, "1", []byte("x"), l)
		if err != nil {
			t.Fatal(err)
		}
		if conv == "busy" {
			continue
		}
		c := turn.Change{Fence: w.Fence, Done: "1", Session: []byte("s"), Retention: time.Hour, Now: now}
		if err := s.Commit(ctx, conv, c); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Settle(ctx, conv, turn.Settlement{Fence: w.Fence, Lease: l}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Purge(ctx, now.Add(2*time.Hour)); err != nil || n != 0 {
		t.Errorf("purged %d while the ids of its events are remembered, %v", n, err)
	}
	if n, err := s.Purge(ctx, now.Add(60*time.Hour)); err != nil || n != 1 {
		t.Errorf("purged %d after 60 hours, want the idle one, %v", n, err)
	}
}

// A fault of one write is not the fault of those that went with it.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := context.Background()
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			conv := strconv.Itoa(i % 100)
			l := turn.Lease{Owner: strconv.Itoa(i), For: time.Minute, Now: time.Now()}
			if i%3 == 0 {
				if _, err := s.Settle(ctx, conv, turn.Settlement{Fence: 99, Lease: l}); !errors.Is(err, turn.ErrLost) {
					t.Errorf("settle without a lease: %v", err)
				}
				return
			}
			if w, err := s.Accept(ctx, conv, strconv.Itoa(i), []byte("x"), l); err != nil || !w.Fresh {
				t.Errorf("accept: %+v, %v", w, err)
			}
		})
	}
	all.Wait()
	if d, err := s.Depth(ctx, time.Now()); err != nil || d.Events != 200 {
		t.Errorf("depth %+v, %v", d, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(context.Background(), path); err == nil {
		_ = s.Close()
		t.Error("opened a file that is no database")
	}
	if _, err := sqlite.Open(context.Background(), filepath.Join(path, "x")); err == nil {
		t.Error("opened a file in a file")
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	storagetest.Bodies(t, func(t *testing.T) storagetest.Sealing { return open(t) })
}
