package redis_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/storage/redis"
	"dengwen/storage/storagetest"
)

// What is sealed in a cluster is counted where nobody else writes.
func TestBodiesInCluster(t *testing.T) {
	t.Parallel()
	open := opener(t, servers.NewRedisCluster(t, 3, 0).URL)
	storagetest.Bodies(t, func(t *testing.T) storagetest.Sealing { return open(t) })
}

// Three masters: every call whose keys are not of one slot is refused, and so is every
// key of a script that was not named.
func TestInCluster(t *testing.T) {
	t.Parallel()
	c := servers.NewRedisCluster(t, 3, 0)
	open := opener(t, c.URL)
	t.Run("store", func(t *testing.T) {
		t.Parallel()
		storagetest.Conversations(t, func(t *testing.T) turn.Store { return open(t) })
	})
	t.Run("mailbox", func(t *testing.T) {
		t.Parallel()
		mailbox(t, c.URL)
	})
	t.Run("round trips", func(t *testing.T) {
		t.Parallel()
		twoRoundTrips(t, c.URL)
	})
	t.Run("fitness", func(t *testing.T) {
		t.Parallel()
		f, err := open(t).Fitness(t.Context())
		if err != nil || f.Lonely != 3 || f.Persistent || f.Version == "" {
			t.Errorf("fitness %+v, %v", f, err)
		}
	})
	t.Run("one address", func(t *testing.T) {
		t.Parallel()
		s := opener(t, c.Nodes[2].URL)(t)
		if err := s.SetMark(t.Context(), "a", "b"); err != nil { // of a slot of another node
			t.Error(err)
		}
	})
}

// A cluster is as fit as its weakest node.
func TestFitness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want redis.Fitness
	}{
		{nil, redis.Fitness{}},
		{[]string{"--save", "60 1"}, redis.Fitness{Persistent: true}},
		{[]string{"--appendonly", "yes"}, redis.Fitness{Persistent: true, Appends: true}},
		{[]string{"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "allkeys-lru"}, redis.Fitness{Persistent: true, Appends: true, Always: true}},
		{[]string{"--maxmemory-policy", "volatile-ttl", "--maxmemory", "1gb"}, redis.Fitness{Evicts: "volatile-ttl"}},
	} {
		got, err := opener(t, servers.Redis(t, c.args...))(t).Fitness(t.Context())
		c.want.Version = got.Version
		if err != nil || got != c.want || got.Version == "" {
			t.Errorf("%v: %+v, %v", c.args, got, err)
		}
	}
}

// slots records for each call which slots its keys are of.
type slots struct{ calls, mixed []string }

func (s *slots) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (s *slots) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		s.see(cmd)
		return next(ctx, cmd)
	}
}

func (s *slots) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		for _, c := range cmds {
			s.see(c)
		}
		return next(ctx, cmds)
	}
}

func (s *slots) see(cmd goredis.Cmder) {
	args := cmd.Args()
	if name := cmd.Name(); name != "evalsha" && name != "eval" {
		return
	}
	s.calls = append(s.calls, cmd.Name())
	tags := map[string]bool{}
	n := 0
	if _, err := fmt.Sscan(fmt.Sprint(args[2]), &n); err != nil {
		s.mixed = append(s.mixed, "no number of keys")
	}
	for _, key := range args[3 : 3+n] {
		k := fmt.Sprint(key)
		from, to := strings.Index(k, "{"), strings.Index(k, "}")
		if from < 0 || to < from+2 {
			s.mixed = append(s.mixed, "no hash tag in "+k)
			continue
		}
		tags[k[from+1:to]] = true
	}
	if len(tags) != 1 {
		s.mixed = append(s.mixed, fmt.Sprint(args[3:3+n]))
	}
}
