package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/storage/redis"
)

// Calls of many goroutines share writes; each gets its own answer.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := opener(t, servers.Redis(t))(t)
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			conv := fmt.Sprint("c", i)
			lease := turn.Lease{Owner: conv, For: time.Minute, Now: time.Now()}
			if w, err := s.Accept(context.Background(), conv, "1", []byte(conv), lease); err != nil || !w.Held {
				t.Errorf("%s: %+v, %v", conv, w, err)
			}
			// The holder asking again is given what it holds.
			w, err := s.Claim(context.Background(), conv, lease)
			if err != nil || len(w.Events) != 1 || string(w.Events[0].Body) != conv {
				t.Errorf("%s: %+v, %v", conv, w, err)
			}
		})
	}
	all.Wait()
	if d, err := s.Depth(context.Background(), time.Now()); err != nil || d.Events != 400 {
		t.Errorf("depth %+v, %v", d, err)
	}
}

// client talks to the server beside the store.
func client(t *testing.T, url string) *goredis.Client {
	t.Helper()
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// A server that forgot the scripts is sent them again.
func TestScriptsForgotten(t *testing.T) {
	t.Parallel()
	at := servers.Redis(t)
	s := opener(t, at)(t)
	c := client(t, at)
	ctx := context.Background()
	for i := range 3 {
		if err := c.ScriptFlush(ctx).Err(); err != nil {
			t.Fatal(err)
		}
		w, err := s.Accept(ctx, "a", fmt.Sprint(i), []byte("x"), turn.Lease{Owner: "w", For: time.Minute, Now: time.Now()})
		if err != nil || !w.Fresh || len(w.Events) != i+1 {
			t.Fatalf("accept %d: %+v, %v", i, w, err)
		}
	}
}

// A server that is killed and comes back still has what was accepted.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	server := servers.NewRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	s := opener(t, server.URL)(t)
	ctx := context.Background()
	l := turn.Lease{Owner: "w", For: time.Second, Now: time.Now()}
	w, err := s.Accept(ctx, "a", "1", []byte("x"), l)
	if err != nil || !w.Held {
		t.Fatalf("accept: %+v, %v", w, err)
	}
	server.Restart(t, syscall.SIGKILL)
	err = s.Commit(ctx, "a", turn.Change{Fence: w.Fence, Done: "1", Session: []byte("s"), Retention: time.Hour, Now: time.Now(),
		Rows: []turn.Item{{Key: "1/0", Body: []byte("row")}}})
	if err != nil {
		t.Fatalf("commit after the server came back: %v", err)
	}
	server.Restart(t, syscall.SIGKILL)
	w, err = s.Settle(ctx, "a", turn.Settlement{Fence: w.Fence, Lease: l})
	if err != nil || len(w.Rows) != 1 || w.Version != 1 || len(w.Events) != 0 {
		t.Fatalf("settle: %+v, %v", w, err)
	}
}

// A server that is full takes nothing, says so, and goes on where there is room again.
func TestServerFull(t *testing.T) {
	t.Parallel()
	at := servers.Redis(t)
	s := opener(t, at)(t)
	c := client(t, at)
	room := func(bytes string) {
		if err := c.ConfigSet(t.Context(), "maxmemory", bytes).Err(); err != nil {
			t.Fatal(err)
		}
	}
	accept := func(id string) error {
		_, err := s.Accept(t.Context(), "a", id, []byte("x"), turn.Lease{Owner: "w", For: time.Minute, Now: time.Now()})
		return err
	}
	room("1")
	if s.Ping(t.Context()) == nil || accept("1") == nil {
		t.Error("a full server took something")
	}
	room("0")
	if err := errors.Join(s.Ping(t.Context()), accept("1")); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	at := fmt.Sprintf("redis://user:geheim@127.0.0.1:%d/0", servers.FreePort(t))
	_, err := redis.Open(context.Background(), at)
	if err == nil {
		t.Fatal("opened a server that is not there")
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("the error says the password: %v", err)
	}
	if _, err := redis.Open(context.Background(), "http://geheim@x"); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a URL that is none: %v", err)
	}
}
