package upgrade_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// entry is one Redis key as a line of redis.jsonl. Names and values are bytes, base64
// in JSON. TTL is what was left of it in milliseconds, 0 = it lives for ever.
type entry struct {
	Key    string   `json:"key"`
	Type   string   `json:"type"` // hash, string, list, zset, set
	TTL    int64    `json:"ttl,omitempty"`
	Values [][]byte `json:"values"` // hash: field, value …; zset: member, score …; list and set: elements; string: one
}

// loadRedis puts a dump into an empty Redis.
func loadRedis(t *testing.T, url, path string) {
	t.Helper()
	o, err := redis.ParseURL(url)
	check(t, err)
	c := redis.NewClient(o)
	defer c.Close()
	f, err := os.Open(path)
	check(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	check(t, err)
	in := json.NewDecoder(bufio.NewReader(z))
	for {
		var e entry
		err := in.Decode(&e)
		if err == io.EOF {
			return
		}
		check(t, err)
		check(t, e.put(t.Context(), c))
	}
}

func (e entry) put(ctx context.Context, c *redis.Client) error {
	name, ok := map[string]string{"hash": "HSET", "string": "SET", "list": "RPUSH", "zset": "ZADD", "set": "SADD"}[e.Type]
	if !ok {
		return fmt.Errorf("key %s has the unknown type %s", e.Key, e.Type)
	}
	args := []any{name, e.Key}
	for i, v := range e.Values {
		if e.Type == "zset" {
			if i%2 == 0 {
				args = append(args, e.Values[i+1], v)
			}
			continue
		}
		args = append(args, v)
	}
	if err := c.Do(ctx, args...).Err(); err != nil {
		return fmt.Errorf("put %s: %w", e.Key, err)
	}
	if e.TTL > 0 {
		return c.PExpire(ctx, e.Key, time.Duration(e.TTL)*time.Millisecond).Err()
	}
	return nil
}
