package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
)

// KEYS hash · ARGV field old new …
var replaceFieldsScript = newScript(`
for i = 1, #ARGV, 3 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i+1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i+2]) end
end
return 1
`)

// KEYS list · ARGV old new …
var replaceElementsScript = newScript(`
local instead = {}
for i = 1, #ARGV, 2 do instead[ARGV[i]] = ARGV[i+1] end
for i, v in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if instead[v] then redis.call('LSET', KEYS[1], i - 1, instead[v]) end
end
return 1
`)

// EachBody calls f for every sealed body, seldom twice, and puts what f answers in its place; nil
// leaves it. A body that somebody changes meanwhile stays theirs. Nothing else of a conversation
// changes, nor who holds it, nor how long it is kept. Of a cluster it goes through each master.
func (s *Store) EachBody(ctx context.Context, f func(at turn.Sealed, body []byte) []byte) error {
	if err := s.eachKey(ctx, func(key string) error { return s.bodiesOf(ctx, key, f) }); err != nil {
		return fmt.Errorf("redis: go through what is sealed: %w", err)
	}
	return nil
}

// Compact does nothing: what is written over in memory is gone, and Redis rewrites its
// append-only file by itself.
func (s *Store) Compact(context.Context) error { return nil }

func (s *Store) eachKey(ctx context.Context, do func(key string) error) error {
	var mu sync.Mutex // masters are gone through at once
	scan := func(ctx context.Context, c redis.Cmdable) error {
		for cursor := uint64(0); ; {
			keys, next, err := c.Scan(ctx, cursor, s.prefix+":{*", 500).Result()
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range keys {
				if err == nil {
					err = do(k)
				}
			}
			mu.Unlock()
			if cursor = next; err != nil || cursor == 0 {
				return err
			}
		}
	}
	if c, ok := s.client.(*redis.ClusterClient); ok {
		return c.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return scan(ctx, c) })
	}
	return scan(ctx, s.client)
}

// bodiesOf goes through the bodies of one key; which lie where stands at the scripts.
func (s *Store) bodiesOf(ctx context.Context, key string, f func(turn.Sealed, []byte) []byte) error {
	_, name, _ := strings.Cut(key, "}:")
	kind, conv, _ := strings.Cut(name, ":")
	switch kind {
	case "c":
		return s.field(ctx, key, "s", turn.Sealed{Kind: turn.SessionBody, Conv: conv}, f)
	case "e":
		return s.elements(ctx, key, 3, func(e []string) (turn.Sealed, string) {
			return turn.Sealed{Kind: turn.EventBody, Conv: conv, Key: e[0]}, e[2]
		}, f)
	case "x":
		return s.elements(ctx, key, 3, func(e []string) (turn.Sealed, string) {
			return turn.Sealed{Kind: turn.RowBody, Conv: conv, Key: e[0]}, e[2]
		}, f)
	case "aside":
		return s.elements(ctx, key, 4, func(e []string) (turn.Sealed, string) {
			return turn.Sealed{Kind: turn.DeadLetterBody, Conv: e[0], Key: e[1]}, e[3]
		}, f)
	case "m":
		return s.posts(ctx, key, conv, f)
	case "w":
		return s.field(ctx, key, "b", turn.Sealed{Kind: turn.WebSessionBody, Key: conv}, f)
	default:
		return nil
	}
}

func (s *Store) field(ctx context.Context, key, name string, at turn.Sealed, f func(turn.Sealed, []byte) []byte) error {
	body, err := s.client.HGet(ctx, key, name).Bytes()
	if errors.Is(err, redis.Nil) || err == nil && len(body) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if again := f(at, body); again != nil {
		_, err = s.calls.run(ctx, replaceFieldsScript, append(replaceFieldsScript.words(3, key), name, body, again))
	}
	return err
}

func (s *Store) posts(ctx context.Context, key, conv string, f func(turn.Sealed, []byte) []byte) error {
	all, err := s.client.HGetAll(ctx, key).Result()
	if err != nil {
		return err
	}
	args := replaceFieldsScript.words(len(all), key)
	none := len(args)
	for name, body := range all {
		seq, ok := strings.CutPrefix(name, "b:")
		if !ok {
			continue
		}
		if again := f(turn.Sealed{Kind: turn.PostBody, Conv: conv, Key: all["q:"+seq]}, []byte(body)); again != nil {
			args = append(args, name, body, again)
		}
	}
	if len(args) == none {
		return nil
	}
	_, err = s.calls.run(ctx, replaceFieldsScript, args)
	return err
}

// elements goes through a list whose entries are so many elements each.
func (s *Store) elements(ctx context.Context, key string, each int, at func(entry []string) (turn.Sealed, string), f func(turn.Sealed, []byte) []byte) error {
	all, err := s.client.LRange(ctx, key, 0, -1).Result()
	if err != nil {
		return err
	}
	args := replaceElementsScript.words(2*len(all)/each, key)
	none := len(args)
	for ; len(all) >= each; all = all[each:] {
		where, body := at(all[:each])
		if again := f(where, []byte(body)); again != nil {
			args = append(args, body, again)
		}
	}
	if len(args) == none {
		return nil
	}
	_, err = s.calls.run(ctx, replaceElementsScript, args)
	return err
}
