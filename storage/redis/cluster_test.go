package redis_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/testkit"
	"dengwen/storage/storagetest"
)

// cluster starts a server in cluster mode that owns all slots: it refuses every
// call whose keys are not of one slot, and every key of a script that was not named.
func cluster(t *testing.T) string {
	t.Helper()
	at := testkit.Redis(t, "--cluster-enabled", "yes")
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(&goredis.Options{Addr: u.Host})
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := c.ClusterAddSlotsRange(ctx, 0, 16383).Err(); err != nil {
		t.Fatalf("give the server all slots: %v", err)
	}
	for {
		info, err := c.ClusterInfo(ctx).Result()
		if strings.Contains(info, "cluster_state:ok") {
			return at
		}
		if ctx.Err() != nil {
			t.Fatalf("the cluster did not come up: %v %s", err, info)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestConversationsInCluster(t *testing.T) {
	t.Parallel()
	open := opener(t, cluster(t))
	storagetest.Conversations(t, func(t *testing.T) turn.Store { return open(t) })
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
