package redis

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"dengwen/bot/turn"
	"dengwen/internal/backup"
	"dengwen/internal/websession"
)

// scanned is how many keys a step of going through all of them looks at.
const scanned = 200

// Export hands over all that is kept, each conversation as it is at one moment, while others go
// on. Marks come first: how far the feed was read is older than every conversation, so
// a notice is accepted once more after a restore and never passed over. Officers' web sessions,
// which are short and may have been ended since, are left out.
func (s *Store) Export(ctx context.Context, each func(backup.Record) error) error {
	for _, part := range []func(context.Context, func(backup.Record) error) error{s.exportMarks, s.exportDeadLetters, s.exportKeys} {
		if err := part(ctx, each); err != nil {
			return fmt.Errorf("redis: export conversations: %w", err)
		}
	}
	return nil
}

// Empty reports whether nothing is kept yet; that a program looked in is nothing.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	found := false
	err := s.scan(ctx, "*", func(_ context.Context, keys []string) error {
		found = found || slices.ContainsFunc(keys, func(k string) bool { return k != s.prefix+":ping" && k != s.announcements() })
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("redis: look for conversations: %w", err)
	}
	return !found, nil
}

// scan goes through all keys of ours that match, of a cluster on every master. A key may come
// twice.
func (s *Store) scan(ctx context.Context, match string, each func(ctx context.Context, keys []string) error) error {
	var mu sync.Mutex // masters are gone through at once
	node := func(ctx context.Context, c redis.Cmdable) error {
		for cursor := uint64(0); ; {
			keys, next, err := c.Scan(ctx, cursor, s.prefix+":"+match, scanned).Result()
			if err != nil {
				return err
			}
			mu.Lock()
			err = each(ctx, keys)
			mu.Unlock()
			if err != nil || next == 0 {
				return err
			}
			cursor = next
		}
	}
	if c, ok := s.client.(*redis.ClusterClient); ok {
		return c.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return node(ctx, c) })
	}
	return node(ctx, s.client)
}

func (s *Store) exportMarks(ctx context.Context, each func(backup.Record) error) error {
	head := s.prefix + ":mark:"
	marks := map[string]string{}
	err := s.scan(ctx, "mark:*", func(ctx context.Context, keys []string) error {
		for _, k := range keys {
			name := strings.TrimPrefix(k, head)
			v, err := s.Mark(ctx, name)
			if err != nil {
				return err
			}
			marks[name] = v
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, m := range sortedMarks(marks) {
		if err := each(backup.Record{Mark: &m}); err != nil {
			return err
		}
	}
	return nil
}

func sortedMarks(marks map[string]string) (all []backup.Mark) {
	for name, v := range marks {
		all = append(all, backup.Mark{Name: name, Value: v})
	}
	slices.SortFunc(all, func(a, b backup.Mark) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func (s *Store) exportDeadLetters(ctx context.Context, each func(backup.Record) error) error {
	all, err := s.DeadLetters(ctx, turn.MaxDeadLetters*shards)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(all) {
		d.At = d.At.UTC()
		if err := each(backup.Record{DeadLetter: &d}); err != nil {
			return err
		}
	}
	return nil
}

// exportKeys finds conversations by any of their keys: one has events before it has a hash. Which
// were handed over is remembered by a hash of the name, a few bytes each.
func (s *Store) exportKeys(ctx context.Context, each func(backup.Record) error) error {
	seed, done := maphash.MakeSeed(), map[uint64]bool{}
	return s.scan(ctx, "{*", func(ctx context.Context, keys []string) error {
		for _, key := range keys {
			kind, name := s.split(key)
			if kind == "" {
				continue
			}
			id := maphash.String(seed, kind+name)
			if done[id] {
				continue
			}
			done[id] = true
			r, err := s.export(ctx, kind, name)
			if err != nil {
				return err
			}
			if r == nil {
				continue
			}
			if err := each(*r); err != nil {
				return err
			}
		}
		return nil
	})
}

// split is "c" and the conversation for every key of one, "w" and the hash for a web session, "" for
// others.
func (s *Store) split(key string) (kind, name string) {
	_, rest, _ := strings.Cut(strings.TrimPrefix(key, s.prefix+":"), "}:")
	kind, name, _ = strings.Cut(rest, ":")
	switch kind {
	case "c", "e", "x", "i", "m":
		return "c", name
	case "w":
		return "w", name
	}
	return "", ""
}

// export is nil for what has ended meanwhile and for an officer's web session.
func (s *Store) export(ctx context.Context, kind, name string) (*backup.Record, error) {
	if kind == "c" {
		c, err := s.exportConversation(ctx, name)
		if c == nil || err != nil {
			return nil, err
		}
		return &backup.Record{Conversation: c}, nil
	}
	row, there, err := s.WebSession(ctx, name)
	if err != nil || !there || strings.HasPrefix(row.Owner, websession.OwnerOfStaff("")) {
		return nil, err
	}
	row.Until = row.Until.UTC()
	return &backup.Record{WebSession: &row}, nil
}

// exportConversation reads the keys of a conversation at one moment: they share a hash tag.
func (s *Store) exportConversation(ctx context.Context, conv string) (*backup.Conversation, error) {
	k := s.keys(conv)
	pipe := s.client.TxPipeline()
	c, e, x := pipe.HGetAll(ctx, k.c), pipe.LRange(ctx, k.e, 0, -1), pipe.LRange(ctx, k.x, 0, -1)
	i, m, ttl := pipe.ZRangeWithScores(ctx, k.i, 0, -1), pipe.HGetAll(ctx, s.mail(conv)), pipe.PTTL(ctx, s.mail(conv))
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	if len(c.Val())+len(e.Val())+len(x.Val())+len(i.Val())+len(m.Val()) == 0 {
		return nil, nil
	}
	h := c.Val()
	out := &backup.Conversation{Conv: conv, Fence: number(h["f"]), Version: number(h["v"]), Done: h["d"], Expires: number(h["k"]),
		Events: triples(e.Val()), Rows: triples(x.Val()), Mailbox: mailboxOf(m.Val(), ttl.Val())}
	if v := h["s"]; v != "" {
		out.Session = []byte(v)
	}
	for _, z := range i.Val() {
		id, _ := z.Member.(string)
		out.Seen = append(out.Seen, backup.SeenID{ID: id, At: int64(z.Score)})
		out.Expires = max(out.Expires, int64(z.Score))
	}
	return out, nil
}

// number is 0 for what is not there.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func triples(list []string) (all []backup.Item) {
	for ; len(list) >= 3; list = list[3:] {
		all = append(all, backup.Item{Key: list[0], At: number(list[1]), Body: []byte(list[2])})
	}
	return all
}

func mailboxOf(m map[string]string, lives time.Duration) *backup.Mailbox {
	if len(m) == 0 {
		return nil
	}
	box := &backup.Mailbox{Last: number(m["n"]), Expires: time.Now().Add(lives).UnixMilli()}
	for field, key := range m {
		if seq, ok := strings.CutPrefix(field, "q:"); ok {
			box.Posts = append(box.Posts, turn.MailboxItem{Seq: number(seq), Key: key, Body: []byte(m["b:"+seq])})
		}
	}
	slices.SortFunc(box.Posts, func(a, b turn.MailboxItem) int { return cmp.Compare(a.Seq, b.Seq) })
	return box
}

// Import adds records to a store that was empty. Nobody holds their conversations, and what waits
// in them is due at once.
func (s *Store) Import(ctx context.Context, records []backup.Record) error {
	pipe := s.client.Pipeline()
	now := time.Now()
	for _, r := range records {
		switch {
		case r.Mark != nil:
			pipe.Set(ctx, s.prefix+":mark:"+r.Mark.Name, r.Mark.Value, 0)
		case r.DeadLetter != nil:
			d := r.DeadLetter
			pipe.LPush(ctx, s.of(d.Conv).dead, d.Body, d.At.UnixMilli(), d.ID, d.Conv)
		case r.WebSession != nil:
			if err := s.PutWebSession(ctx, *r.WebSession); err != nil {
				return err
			}
		case r.Conversation != nil:
			s.importConversation(ctx, pipe, r.Conversation, now)
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("redis: import conversations: %w", err)
	}
	return nil
}

func (s *Store) importConversation(ctx context.Context, pipe redis.Pipeliner, c *backup.Conversation, now time.Time) {
	k := s.keys(c.Conv)
	fields := []any{"f", c.Fence, "u", 0, "i", now.UnixMilli()}
	if c.Version > 0 {
		fields = append(fields, "v", c.Version, "d", c.Done, "k", c.Expires)
	}
	if c.Session != nil {
		fields = append(fields, "s", c.Session)
	}
	if c.Fence > 0 && (c.Version == 0 || c.Expires > now.UnixMilli()) {
		pipe.HSet(ctx, k.c, fields...)
		pipe.PExpireAt(ctx, k.c, time.UnixMilli(max(c.Expires, now.Add(turn.SeenFor).UnixMilli())))
	}
	pushAll(ctx, pipe, k.e, c.Events)
	pushAll(ctx, pipe, k.x, c.Rows)
	if len(c.Events)+len(c.Rows) > 0 {
		pipe.ZAdd(ctx, k.due, redis.Z{Score: float64(now.UnixMilli()), Member: c.Conv})
	}
	if len(c.Seen) > 0 {
		for _, id := range c.Seen {
			pipe.ZAdd(ctx, k.i, redis.Z{Score: float64(id.At), Member: id.ID})
		}
		pipe.PExpire(ctx, k.i, turn.SeenFor*3/2)
	}
	if b := c.Mailbox; b != nil && b.Expires > now.UnixMilli() {
		fields := []any{"n", b.Last}
		for _, p := range b.Posts {
			seq := strconv.FormatInt(p.Seq, 10)
			fields = append(fields, "k:"+p.Key, p.Seq, "q:"+seq, p.Key, "b:"+seq, p.Body)
		}
		pipe.HSet(ctx, s.mail(c.Conv), fields...)
		pipe.PExpireAt(ctx, s.mail(c.Conv), time.UnixMilli(b.Expires))
	}
}

func pushAll(ctx context.Context, pipe redis.Pipeliner, list string, all []backup.Item) {
	for _, i := range all {
		pipe.RPush(ctx, list, i.Key, i.At, i.Body)
	}
}
