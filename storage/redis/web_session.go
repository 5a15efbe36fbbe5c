package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"dengwen/internal/websession"
)

var _ websession.Store = (*Store)(nil) // what its methods promise is written there

// A browser's session is two keys: w:HASH, its owner and sealed body as a hash, and wo:OWNER,
// the set of the hashes of an owner. They may lie on two nodes of a cluster. The set is
// written first: what is in no set could not be ended with the others, and a member whose
// session is gone is passed over.

func (s *Store) webKey(hash string) string    { return s.of(hash).head + "w:" + hash }
func (s *Store) webOwner(owner string) string { return s.of(owner).head + "wo:" + owner }

// KEYS w · ARGV owner body until there
var putWebScript = newScript(`
if ARGV[4] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'o', ARGV[1], 'b', ARGV[2], 'u', ARGV[3])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
return 1
`)

func (s *Store) PutWebSession(ctx context.Context, r websession.Row) error {
	_, err := s.writeWebSession(ctx, r, false)
	return err
}

func (s *Store) UpdateWebSession(ctx context.Context, r websession.Row) (bool, error) {
	return s.writeWebSession(ctx, r, true)
}

func (s *Store) writeWebSession(ctx context.Context, r websession.Row, there bool) (bool, error) {
	pipe := s.client.Pipeline()
	owner := s.webOwner(r.Owner)
	pipe.SAdd(ctx, owner, r.Hash)
	lives := time.Until(r.Until) + time.Second // whole seconds are rounded down
	pipe.ExpireNX(ctx, owner, lives)
	pipe.ExpireGT(ctx, owner, lives)
	if _, err := pipe.Exec(ctx); err != nil {
		return false, fmt.Errorf("redis: list web session: %w", err)
	}
	v, err := s.calls.run(ctx, putWebScript, append(putWebScript.words(4, s.webKey(r.Hash)), r.Owner, r.Body, r.Until.UnixMilli(), there))
	if err != nil {
		return false, err
	}
	return v == int64(1), nil
}

func (s *Store) DropWebSession(ctx context.Context, hash string) (bool, error) {
	n, err := s.client.Del(ctx, s.webKey(hash)).Result()
	if err != nil {
		return false, fmt.Errorf("redis: end web session: %w", err)
	}
	return n > 0, nil
}

func (s *Store) WebSession(ctx context.Context, hash string) (websession.Row, bool, error) {
	var f struct {
		Owner string `redis:"o"`
		Body  []byte `redis:"b"`
		Until int64  `redis:"u"`
	}
	v := s.client.HGetAll(ctx, s.webKey(hash))
	if err := v.Scan(&f); err != nil && !errors.Is(err, redis.Nil) {
		return websession.Row{}, false, fmt.Errorf("redis: read web session: %w", err)
	}
	return websession.Row{Hash: hash, Owner: f.Owner, Body: f.Body, Until: time.UnixMilli(f.Until)}, len(v.Val()) > 0, nil
}

func (s *Store) WebSessions(ctx context.Context, owner string) ([]websession.Row, error) {
	hashes, err := s.client.SMembers(ctx, s.webOwner(owner)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: list web sessions: %w", err)
	}
	var out []websession.Row
	for _, h := range hashes {
		r, there, err := s.WebSession(ctx, h)
		if err != nil {
			return nil, err
		}
		if there && r.Owner == owner {
			out = append(out, r)
		}
	}
	return out, nil
}
