package sqlite_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"dengwen/bot/turn"
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
