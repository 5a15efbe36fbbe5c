package redis

import (
	"context"
	"fmt"

	"dengwen/internal/groupcommit"

	"github.com/redis/go-redis/v9"
)

// maxBatches is how many writes may be under way at once. While they are, further calls
// wait and then leave together: alone, a call leaves at once; under load, one write
// and one read of the network serve many. (go-redis's own AutoPipeline holds a call
// back for others that might come: 1.4 ms a turn with one citizen, against 0.2.)
const (
	maxBatches = 2
	maxBatch   = 128 // calls in one write
)

// batcher sends Lua calls of concurrent callers together.
type batcher struct {
	client redis.UniversalClient
	queue  *groupcommit.Queue[*call]
}

func newBatcher(c redis.UniversalClient) *batcher {
	return &batcher{client: c, queue: groupcommit.New(maxBatches, maxBatch, func(all []*call) { send(c, all) })}
}

// call is one Lua call. Its context does not end with the caller's, whose batch others
// share; the client's own time limits hold.
type call struct {
	ctx context.Context
	cmd *redis.Cmd
}

// script is Lua text and the name Redis knows it by once it has seen it.
type script struct{ text, sha string }

func newScript(text string) *script { return &script{text, redis.NewScript(text).Hash()} }

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
// which is the only case of a second round trip. The end of the caller's context does not
// stop a call under way; the client's own time limits do.
func (g *batcher) run(ctx context.Context, s *script, words []any) (any, error) {
	ctx = context.WithoutCancel(ctx)
	c := &call{ctx: ctx, cmd: command(ctx, words)}
	if err := g.queue.Submit(c); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
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

// send makes the calls of a batch; each has its own answer or error.
func send(client redis.UniversalClient, all []*call) {
	if len(all) == 1 {
		_ = client.Process(all[0].ctx, all[0].cmd)
		return
	}
	pipe := client.Pipeline()
	for _, c := range all {
		_ = pipe.Process(c.ctx, c.cmd)
	}
	_, _ = pipe.Exec(all[0].ctx)
}
