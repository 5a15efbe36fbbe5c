package redis_test

import (
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/storage/storagetest"
)

// The address names a sentinel. When the master dies, its replica goes on with what was
// there.
func TestBehindSentinel(t *testing.T) {
	t.Parallel()
	k := servers.NewSentinel(t)
	open := opener(t, k.URL)
	t.Run("store", func(t *testing.T) {
		storagetest.Conversations(t, func(t *testing.T) turn.Store { return open(t) })
	})
	s, ctx := open(t), t.Context()
	if err := s.SetMark(ctx, "before", "1"); err != nil {
		t.Fatal(err)
	}
	o, err := goredis.ParseURL(k.Master.URL)
	if err != nil {
		t.Fatal(err)
	}
	master := goredis.NewClient(o)
	defer master.Close()
	if n, err := master.Wait(ctx, 1, 10*time.Second).Result(); n != 1 || err != nil {
		t.Fatalf("the replica has not what was written: %d, %v", n, err)
	}
	k.Master.Stop(syscall.SIGKILL)
	lease := turn.Lease{Owner: "a", Now: time.Now(), For: time.Minute}
	for end := time.Now().Add(30 * time.Second); ; {
		w, err := s.Accept(ctx, "conv", "id", []byte("body"), lease)
		if err == nil && w.Held {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nothing is accepted after the master's death: %+v, %v", w, err)
		}
	}
	if v, err := s.Mark(ctx, "before"); v != "1" || err != nil {
		t.Errorf("the mark is %q, %v", v, err)
	}
}
