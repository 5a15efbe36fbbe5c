package redis

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
)

// most is how many posts a mailbox keeps, the newest.
const most = 500

// A mailbox is one hash, m:CONV: n the last Seq, k:KEY the Seq of a key, and for each
// Seq i the fields q:i (key) and b:i (body).
//
// KEYS m · ARGV key body keep most restart
var putScript = newScript(`
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if redis.call('HEXISTS', KEYS[1], 'k:' .. ARGV[1]) == 1 then return 0 end
local n = redis.call('HINCRBY', KEYS[1], 'n', 1)
if ARGV[5] == '1' then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'n', n)
end
redis.call('HSET', KEYS[1], 'k:' .. ARGV[1], n, 'q:' .. n, ARGV[1], 'b:' .. n, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local old = n - ARGV[4]
if old > 0 then
  local key = redis.call('HGET', KEYS[1], 'q:' .. old)
  if key then redis.call('HDEL', KEYS[1], 'k:' .. key, 'q:' .. old, 'b:' .. old) end
end
return n
`)

// KEYS m · ARGV after limit most
var sinceScript = newScript(`
local n = tonumber(redis.call('HGET', KEYS[1], 'n') or '0')
local first = math.max(tonumber(ARGV[1]) + 1, n - ARGV[3] + 1, 1)
local last = math.min(n, first + ARGV[2] - 1)
local out = {}
for i = first, last do
  local m = redis.call('HMGET', KEYS[1], 'q:' .. i, 'b:' .. i)
  if m[1] then out[#out+1] = i; out[#out+1] = m[1]; out[#out+1] = m[2] end
end
return out
`)

func (s *Store) mail(conv string) string { return s.of(conv).head + "m:" + conv }

// Put keeps the 500 newest posts of a mailbox.
func (s *Store) Put(ctx context.Context, conv, key string, body []byte, retention time.Duration) error {
	return s.put(ctx, conv, key, body, retention, false)
}

func (s *Store) Restart(ctx context.Context, conv, key string, body []byte, retention time.Duration) error {
	return s.put(ctx, conv, key, body, retention, true)
}

func (s *Store) put(ctx context.Context, conv, key string, body []byte, retention time.Duration, restart bool) error {
	_, err := s.calls.run(ctx, putScript, append(putScript.words(5, s.mail(conv)), key, body, retention.Milliseconds(), most, restart))
	if err == nil {
		s.notifier.Notify(conv)
	}
	return err
}

func (s *Store) Since(ctx context.Context, conv string, after int64, limit int) ([]turn.MailboxItem, error) {
	v, err := s.calls.run(ctx, sinceScript, append(sinceScript.words(3, s.mail(conv)), after, limit, most))
	if err != nil {
		return nil, err
	}
	a, ok := v.([]any)
	if !ok {
		return nil, odd(v)
	}
	posts := make([]turn.MailboxItem, 0, len(a)/3)
	for ; len(a) >= 3; a = a[3:] {
		seq, _ := a[0].(int64)
		key, _ := a[1].(string)
		body, _ := a[2].(string)
		posts = append(posts, turn.MailboxItem{Seq: seq, Key: key, Body: []byte(body)})
	}
	return posts, nil
}

// Wait sees posts of this process at once, those of others within a second.
func (s *Store) Wait(ctx context.Context, conv string, after int64) error {
	return s.notifier.Wait(ctx, conv, func() (bool, error) {
		n, err := s.client.HGet(ctx, s.mail(conv), "n").Int64()
		if err != nil && err != redis.Nil {
			return false, fmt.Errorf("redis: look into mailbox: %w", err)
		}
		return n > after, nil
	})
}
