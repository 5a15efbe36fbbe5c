// Package redis keeps conversations, mailboxes and browsers' sessions in Redis 7, a single server, a cluster
// or one that sentinels watch. Every method of the conversation store is one Lua call on keys of one
// hash tag.
package redis

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/websession"
)

// shards is the number of hash tags that conversations are spread over: enough for
// a cluster of many nodes, few enough to look through all of them twice a second.
// Changing it loses sight of what is stored.
const shards = 64

// What the methods promise is written at these interfaces.
var (
	_ turn.Store   = (*Store)(nil)
	_ turn.Mailbox = (*Store)(nil)
)

// Store is a turn.Store and a turn.Mailbox. It is safe for concurrent use.
type Store struct {
	client   redis.UniversalClient
	calls    *batcher
	prefix   string
	tags     [shards]hashTag
	notifier turn.Notifier
}

var (
	_ turn.Store   = (*Store)(nil)
	_ turn.Mailbox = (*Store)(nil)

	_ websession.Store = (*Store)(nil)
)

// hashTag holds the keys that belong to a shard.
type hashTag struct {
	head string // "dengwen:{07}:"
	due  string // sorted set: conversations with work, by when to look at them, ms
	dead string // list: conv, id, ms, body …, newest first
}

// Option changes how a Store is opened.
type Option func(*settings)

type settings struct {
	prefix string
	hooks  []redis.Hook
}

// Prefix sets what all keys begin with ("dengwen").
func Prefix(p string) Option { return func(s *settings) { s.prefix = p } }

// Hook adds a go-redis hook: it sees every command on its way out.
func Hook(h redis.Hook) Option { return func(s *settings) { s.hooks = append(s.hooks, h) } }

// Log takes the lines that the client library writes by itself, which would stand raw
// between those of the log. The library has one logger for all: the first one given stays.
func Log(to *slog.Logger) Option {
	return func(*settings) { once.Do(func() { redis.SetLogger(lines{to}) }) }
}

var once sync.Once // of what the library keeps

// lines are the client library's own. What they tell of fails in a call too, and is told
// there.
type lines struct{ to *slog.Logger }

func (l lines) Printf(ctx context.Context, format string, args ...any) {
	l.to.DebugContext(ctx, "redis client", "says", fmt.Sprintf(format, args...))
}

// Open connects to redis://[user:password@]host:port/db (or rediss://). A server
// that is part of a cluster is used as the cluster; further nodes to start from are
// named as ?addr=host:port&addr=… and needed only when the first is down. With
// ?master_name=… they are sentinels, which know who the master of that name is; the
// password of the servers is then &password=…. Close the Store after use.
func Open(ctx context.Context, at string, options ...Option) (*Store, error) {
	s := settings{prefix: "dengwen"}
	for _, o := range options {
		o(&s)
	}
	base, err := connect(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, h := range s.hooks {
		base.AddHook(h)
	}
	st := &Store{client: base, calls: newBatcher(base), prefix: s.prefix}
	for i := range st.tags {
		head := fmt.Sprintf("%s:{%02x}:", s.prefix, i)
		st.tags[i] = hashTag{head: head, due: head + "due", dead: head + "aside"}
	}
	return st, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.client.Close() }

// Ping reports whether Redis, of a cluster each master, answers and takes what is
// written: one that is full or has no replica it was told to wait for still answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping Redis: %w", err)
	}
	if err := s.client.Set(ctx, s.prefix+":ping", "1", time.Hour).Err(); err != nil {
		return fmt.Errorf("write to Redis: %w", err)
	}
	return nil
}

// of finds the shard of a conversation (FNV-1a).
func (s *Store) of(conv string) *hashTag {
	h := uint32(2166136261)
	for i := range len(conv) {
		h = (h ^ uint32(conv[i])) * 16777619
	}
	return &s.tags[h%shards]
}
