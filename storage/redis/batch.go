package redis

import (
	"context"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

// flights is how many writes may be under way at once. While they are, further calls
// wait and then leave together: alone, a call leaves at once; under load, one write
// and one read of the network serve many. (go-redis's own AutoPipeline holds a call
// back for others that might come: 1.4 ms a turn with one citizen, against 0.2.)
const (
	flights = 2
	aboard  = 128 // calls in one write at most
)

// batcher sends Lua calls of concurrent callers together.
type batcher struct {
	client redis.UniversalClient
	mu     sync.Mutex
	queue  []*call
	flying int
}

// script is Lua text and the name Redis knows it by once it has seen it.
type script struct{ text, sha string }

func newScript(text string) *script { return &script{text, redis.NewScript(text).Hash()} }

// call is one Lua call. Its caller waits on turn: it gets calls to send, its own
// first, or none when its answer is there.
type call struct {
	cmd  *redis.Cmd
	turn chan []*call
}

// words puts a call together: what follows is filled in by the caller.
func (s *script) words(arguments int, keys ...string) []any {
	w := make([]any, 0, 3+len(keys)+arguments)
	w = append(w, "evalsha", s.sha, len(keys))
	return appendNames(w, keys)
}

func command(ctx context.Context, words []any) *redis.Cmd {
	c := redis.NewCmd(ctx, words...)
	c.SetFirstKeyPos(3) // decides which node of a cluster it goes to
	return c
}

// run makes one Lua call. A server that does not know the script yet is sent it,
// which is the only case of a second round trip. A caller that gives up meanwhile is
// not heard; the client's own time limits hold.
func (g *batcher) run(ctx context.Context, s *script, words []any) (any, error) {
	ctx = context.WithoutCancel(ctx)
	c := &call{cmd: command(ctx, words), turn: make(chan []*call, 1)}
	g.add(c)
	if batch := <-c.turn; batch != nil {
		g.send(ctx, batch)
		g.runBatch(batch)
	}
	err := c.cmd.Err()
	if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
		words[0], words[1] = "eval", s.text
		c.cmd = command(ctx, words)
		err = g.client.Process(ctx, c.cmd)
	}
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return c.cmd.Val(), nil
}

// add sends a call off at once, or has it wait for the next write to land.
func (g *batcher) add(c *call) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.flying == flights {
		g.queue = append(g.queue, c)
		return
	}
	g.flying++
	c.turn <- []*call{c}
}

// runBatch answers those who flew along and sends off those who wait.
func (g *batcher) runBatch(batch []*call) {
	for _, c := range batch[1:] {
		c.turn <- nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.flying--
		return
	}
	n := min(len(g.queue), aboard)
	next := g.queue[:n:n]
	g.queue = g.queue[n:]
	if len(g.queue) == 0 {
		g.queue = nil
	}
	next[0].turn <- next
}

func (g *batcher) send(ctx context.Context, batch []*call) {
	if len(batch) == 1 {
		_ = g.client.Process(ctx, batch[0].cmd)
		return
	}
	pipe := g.client.Pipeline()
	for _, c := range batch {
		_ = pipe.Process(ctx, c.cmd)
	}
	_, _ = pipe.Exec(ctx) // each call has its own answer or error
}
