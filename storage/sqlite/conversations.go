package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"dengwen/bot/turn"
)

// lawful errors are answers, not faults of the database.
func lawful(err error) bool { return errors.Is(err, turn.ErrLost) || errors.Is(err, turn.ErrFull) }

// change loads a conversation, has do change it and writes it back, unless do
// answers with an error.
func (s *Store) change(conv string, now time.Time, do func(*writer, *conversation) error) error {
	ms := now.UnixMilli()
	err := s.submit(func(w *writer) error {
		b, err := w.open(conv, ms)
		if err != nil {
			return err
		}
		if err := do(w, b); err != nil {
			return err
		}
		return w.put(conv, b, ms)
	})
	if err != nil && !lawful(err) {
		return fmt.Errorf("conversations: %w", err)
	}
	return err
}

func (w *writer) open(conv string, now int64) (*conversation, error) {
	b := &conversation{}
	var body []byte
	err := w.load.QueryRow(conv).Scan(&b.fence, &b.owner, &b.till, &b.version, &b.done, &b.expires, &b.session, &body, &b.seen)
	if errors.Is(err, sql.ErrNoRows) {
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if err := b.decode(body); err != nil {
		return nil, err
	}
	b.expire(now)
	return b, nil
}

func (w *writer) put(conv string, b *conversation, now int64) error {
	_, err := w.save.Exec(conv, b.fence, b.owner, b.till, b.version, b.done, b.expires, b.due(now),
		len(b.events), len(b.rows), b.oldest(), b.session, encodeBody(b), seenOf(b))
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// seenOf is never NULL.
func seenOf(b *conversation) []byte {
	if b.seen == nil {
		return []byte{}
	}
	return b.seen
}

func (s *Store) Accept(_ context.Context, conv, id string, body []byte, l turn.Lease) (w turn.Work, err error) {
	err = s.change(conv, l.Now, func(_ *writer, b *conversation) (e error) {
		w, e = b.accept(id, body, l)
		return e
	})
	return w, err
}

func (s *Store) Claim(_ context.Context, conv string, l turn.Lease) (w turn.Work, err error) {
	err = s.change(conv, l.Now, func(_ *writer, b *conversation) error {
		w = b.claim(l)
		return nil
	})
	return w, err
}

func (s *Store) Renew(_ context.Context, conv string, fence int64, l turn.Lease) error {
	return s.change(conv, l.Now, func(_ *writer, b *conversation) error { return b.renew(fence, l) })
}

func (s *Store) Commit(_ context.Context, conv string, c turn.Change) error {
	return s.change(conv, c.Now, func(w *writer, b *conversation) error {
		body, err := b.commit(c)
		if err != nil || body == nil {
			return err
		}
		return w.putDeadLetter(turn.DeadLetter{Conv: conv, ID: c.Done, At: c.Now, Body: body})
	})
}

func (s *Store) Settle(_ context.Context, conv string, st turn.Settlement) (w turn.Work, err error) {
	err = s.change(conv, st.Lease.Now, func(_ *writer, b *conversation) (e error) {
		w, e = b.settle(st)
		return e
	})
	return w, err
}

func (s *Store) Delete(_ context.Context, conv string) error {
	return s.change(conv, time.Time{}, func(_ *writer, b *conversation) error {
		b.clear()
		return nil
	})
}

func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	if err := s.cleanup(ctx, now); err != nil {
		return nil, err
	}
	return s.waiting(ctx, now.UnixMilli(), limit)
}

// Waiting is turn.Store's.
func (s *Store) Waiting(ctx context.Context) ([]string, error) {
	return s.waiting(ctx, math.MaxInt64, math.MaxInt64)
}

func (s *Store) waiting(ctx context.Context, until int64, limit int) ([]string, error) {
	rows, err := s.read.QueryContext(ctx,
		`SELECT conv FROM conversation WHERE due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?`, until, limit)
	if err != nil {
		return nil, fmt.Errorf("look for due work: %w", err)
	}
	defer rows.Close()
	var due []string
	for rows.Next() {
		var conv string
		if err := rows.Scan(&conv); err != nil {
			return nil, fmt.Errorf("look for due work: %w", err)
		}
		due = append(due, conv)
	}
	return due, rows.Err()
}

func (s *Store) Depth(ctx context.Context, now time.Time) (turn.Depth, error) {
	var d turn.Depth
	var oldest int64
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(SUM(events), 0), COALESCE(SUM(rows), 0),
		COALESCE(MIN(CASE WHEN oldest > 0 AND due <= ? THEN oldest END), 0), (SELECT COUNT(*) FROM dead_letters)
		FROM conversation WHERE due IS NOT NULL`, now.Add(turn.PutOff).UnixMilli()).Scan(&d.Events, &d.Rows, &oldest, &d.DeadLetters)
	if err != nil {
		return d, fmt.Errorf("count what waits: %w", err)
	}
	if oldest > 0 {
		d.Oldest = now.Sub(time.UnixMilli(oldest))
	}
	return d, nil
}

// Purge removes conversations, mailboxes and sessions that were kept long enough; it answers
// how many conversations. Due calls it once an hour.
func (s *Store) Purge(_ context.Context, now time.Time) (int, error) {
	n := int64(0)
	err := s.submit(func(w *writer) error {
		r, err := w.purge.Exec(now.Add(-turn.SeenFor).UnixMilli())
		if err != nil {
			return err
		}
		if n, err = r.RowsAffected(); err != nil {
			return err
		}
		if _, err := w.purgePosts.Exec(now.UnixMilli()); err != nil {
			return err
		}
		if _, err := w.purgeWeb.Exec(now.UnixMilli()); err != nil {
			return err
		}
		_, err = w.purgeBox.Exec(now.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("purge conversations: %w", err)
	}
	return int(n), nil
}

// cleanup purges if that was not done for an hour.
func (s *Store) cleanup(ctx context.Context, now time.Time) error {
	last := s.purged.Load()
	if now.UnixMilli()-last < time.Hour.Milliseconds() || !s.purged.CompareAndSwap(last, now.UnixMilli()) {
		return nil
	}
	_, err := s.Purge(ctx, now)
	return err
}
