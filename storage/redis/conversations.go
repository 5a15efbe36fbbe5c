package redis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"dengwen/bot/turn"
)

const lastEvent = turn.MaxEvents*3 - 1 // index of the last list element handed over

// keys of one conversation.
type keys struct {
	*hashTag
	conv, c, e, x, i string
}

func (s *Store) keys(conv string) keys {
	t := s.of(conv)
	return keys{hashTag: t, conv: conv, c: t.head + "c:" + conv, e: t.head + "e:" + conv, x: t.head + "x:" + conv, i: t.head + "i:" + conv}
}

func (s *Store) Accept(ctx context.Context, conv, id string, body []byte, l turn.Lease) (turn.Work, error) {
	k := s.keys(conv)
	v, err := s.calls.run(ctx, acceptScript, append(acceptScript.words(11, k.c, k.e, k.x, k.i, k.due),
		conv, l.Now.UnixMilli(), l.Owner, l.For.Milliseconds(), lastEvent,
		id, body, turn.SeenMost, turn.MaxWaiting, l.Seen.Fence, l.Seen.Version))
	if err != nil {
		return turn.Work{}, err
	}
	return claimed(v)
}

func (s *Store) Claim(ctx context.Context, conv string, l turn.Lease) (turn.Work, error) {
	k := s.keys(conv)
	v, err := s.calls.run(ctx, claimScript, append(claimScript.words(5, k.c, k.e, k.x, k.due),
		conv, l.Now.UnixMilli(), l.Owner, l.For.Milliseconds(), lastEvent))
	if err != nil {
		return turn.Work{}, err
	}
	return claimed(v)
}

func (s *Store) Renew(ctx context.Context, conv string, fence int64, l turn.Lease) error {
	k := s.keys(conv)
	v, err := s.calls.run(ctx, renewScript, append(renewScript.words(4, k.c, k.due),
		conv, fence, l.Now.Add(l.For).UnixMilli(), (l.For+time.Minute).Milliseconds()))
	return held(v, err)
}

func (s *Store) Commit(ctx context.Context, conv string, c turn.Change) error {
	k := s.keys(conv)
	args := commitScript.words(10+len(c.Gone)+2*len(c.Rows), k.c, k.e, k.x, k.dead)
	args = append(args, conv, c.Now.UnixMilli(), c.Fence, c.Version, c.Session, c.Done,
		c.DeadLetter, turn.MaxDeadLetters, c.Retention.Milliseconds(), len(c.Gone))
	args = appendNames(args, c.Gone)
	args = appendItems(args, c.Rows)
	v, err := s.calls.run(ctx, commitScript, args)
	return held(v, err)
}

func (s *Store) Settle(ctx context.Context, conv string, st turn.Settlement) (turn.Work, error) {
	k := s.keys(conv)
	retry := int64(0)
	if !st.Retry.IsZero() {
		retry = st.Retry.UnixMilli()
	}
	args := settleScript.words(8+len(st.Done)+2*len(st.Update), k.c, k.e, k.x, k.due)
	args = append(args, conv, st.Lease.Now.UnixMilli(), st.Fence, st.Release, retry,
		st.Lease.For.Milliseconds(), lastEvent, len(st.Done))
	args = appendNames(args, st.Done)
	args = appendItems(args, st.Update)
	v, err := s.calls.run(ctx, settleScript, args)
	if err != nil {
		return turn.Work{}, err
	}
	return settled(v, st.Fence)
}

// Due begins at a random shard, so that a flood in one does not hide the others.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	due, err := s.waiting(ctx, strconv.FormatInt(now.UnixMilli(), 10), int64(max(1, limit/8)))
	return due[:min(len(due), limit)], err
}

// Waiting is turn.Store's.
func (s *Store) Waiting(ctx context.Context) ([]string, error) { return s.waiting(ctx, "+inf", -1) }

// waiting lists conversations of every shard, each of at most so many whose time is at most to.
func (s *Store) waiting(ctx context.Context, to string, each int64) (due []string, err error) {
	pipe := s.client.Pipeline()
	first := rand.IntN(shards)
	found := make([]*redis.StringSliceCmd, shards)
	for i := range found {
		t := s.tags[(first+i)%shards]
		found[i] = pipe.ZRangeByScore(ctx, t.due, &redis.ZRangeBy{Min: "-inf", Max: to, Count: each})
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("redis: look for due work: %w", err)
	}
	for _, f := range found {
		due = append(due, f.Val()...)
	}
	return due, nil
}

func (s *Store) Depth(ctx context.Context, now time.Time) (turn.Depth, error) {
	var found [shards][]int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range s.tags {
		g.Go(func() error {
			t := &s.tags[i]
			v, err := s.calls.run(ctx, depthScript, append(depthScript.words(2, t.due, t.dead), t.head, now.Add(turn.PutOff).UnixMilli()))
			if err == nil {
				found[i], err = numbers(v, 4)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return turn.Depth{}, err
	}
	return sum(found[:], now), nil
}

// sum adds up events, rows, the oldest and the dead letters of all shards.
func sum(found [][]int64, now time.Time) turn.Depth {
	var d turn.Depth
	oldest := int64(0)
	for _, n := range found {
		d.Events, d.Rows, d.DeadLetters = d.Events+int(n[0]), d.Rows+int(n[1]), d.DeadLetters+int(n[3])
		if n[2] > 0 && (oldest == 0 || n[2] < oldest) {
			oldest = n[2]
		}
	}
	if oldest > 0 {
		d.Oldest = now.Sub(time.UnixMilli(oldest))
	}
	return d
}

func (s *Store) PutDeadLetter(ctx context.Context, a turn.DeadLetter) error {
	k := s.keys(a.Conv)
	_, err := s.calls.run(ctx, deadLetterScript, append(deadLetterScript.words(6, k.i, k.dead),
		a.Conv, a.At.UnixMilli(), a.ID, a.Body, (turn.SeenFor*3/2).Milliseconds(), turn.MaxDeadLetters))
	return err
}

func (s *Store) DeadLetters(ctx context.Context, limit int) ([]turn.DeadLetter, error) {
	var all []turn.DeadLetter
	for i := range s.tags {
		l, err := s.client.LRange(ctx, s.tags[i].dead, 0, int64(limit)*4-1).Result()
		if err != nil {
			return nil, fmt.Errorf("redis: list dead letters: %w", err)
		}
		for ; len(l) >= 4; l = l[4:] {
			ms, err := strconv.ParseInt(l[2], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("redis: list dead letters: %w", err)
			}
			all = append(all, turn.DeadLetter{Conv: l[0], ID: l[1], At: time.UnixMilli(ms), Body: []byte(l[3])})
		}
	}
	slices.SortStableFunc(all, func(a, b turn.DeadLetter) int { return b.At.Compare(a.At) })
	return all[:min(len(all), limit)], nil
}

func (s *Store) Mark(ctx context.Context, name string) (string, error) {
	v, err := s.client.Get(ctx, s.prefix+":mark:"+name).Result()
	if err != nil && err != redis.Nil {
		return "", fmt.Errorf("redis: read mark %s: %w", name, err)
	}
	return v, nil
}

func (s *Store) SetMark(ctx context.Context, name, value string) error {
	if err := s.client.Set(ctx, s.prefix+":mark:"+name, value, 0).Err(); err != nil {
		return fmt.Errorf("redis: set mark %s: %w", name, err)
	}
	return nil
}

func (s *Store) Delete(ctx context.Context, conv string) error {
	k := s.keys(conv)
	_, err := s.calls.run(ctx, deleteScript, append(deleteScript.words(1, k.c, k.e, k.x, k.due), conv))
	return err
}
