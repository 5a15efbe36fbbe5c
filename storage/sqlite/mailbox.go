package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dengwen/bot/turn"
)

// most is how many posts a mailbox keeps, the newest.
const most = 500

// Put keeps the 500 newest posts of a mailbox.
func (s *Store) Put(_ context.Context, conv, key string, body []byte, retention time.Duration) error {
	return s.put(conv, key, body, retention, false)
}

func (s *Store) Restart(_ context.Context, conv, key string, body []byte, retention time.Duration) error {
	return s.put(conv, key, body, retention, true)
}

func (s *Store) put(conv, key string, body []byte, retention time.Duration, restart bool) error {
	till := time.Now().Add(retention).UnixMilli()
	err := s.submit(func(w *writer) error { return w.deliver(conv, key, body, till, restart) })
	if err != nil {
		return fmt.Errorf("put into mailbox: %w", err)
	}
	s.notifier.Notify(conv)
	return nil
}

func (w *writer) deliver(conv, key string, body []byte, till int64, restart bool) error {
	var n int64
	var same int
	if err := w.box.QueryRow(conv).Scan(&n); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := w.find.QueryRow(conv, key).Scan(&same); err != nil {
		return err
	}
	if same == 0 {
		if restart {
			if _, err := w.trim.Exec(conv, n); err != nil {
				return err
			}
		}
		n++
		if _, err := w.post.Exec(conv, n, key, body); err != nil {
			return err
		}
	}
	if _, err := w.boxUp.Exec(conv, n, till); err != nil {
		return err
	}
	_, err := w.trim.Exec(conv, n-most)
	return err
}

func (s *Store) Since(ctx context.Context, conv string, after int64, limit int) ([]turn.MailboxItem, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT p.seq, p.key, p.body FROM post p JOIN mailbox m ON m.conv = p.conv
		WHERE p.conv = ? AND p.seq > ? AND m.keep >= ? ORDER BY p.seq LIMIT ?`, conv, after, time.Now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read mailbox: %w", err)
	}
	defer rows.Close()
	var posts []turn.MailboxItem
	for rows.Next() {
		var p turn.MailboxItem
		if err := rows.Scan(&p.Seq, &p.Key, &p.Body); err != nil {
			return nil, fmt.Errorf("read mailbox: %w", err)
		}
		posts = append(posts, p)
	}
	return posts, rows.Err()
}

// Wait sees posts of this process at once, those of others within a second.
func (s *Store) Wait(ctx context.Context, conv string, after int64) error {
	return s.notifier.Wait(ctx, conv, func() (bool, error) {
		var n int64
		err := s.read.QueryRowContext(ctx, `SELECT n FROM mailbox WHERE conv = ?`, conv).Scan(&n)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return false, fmt.Errorf("look into mailbox: %w", err)
		}
		return n > after, nil
	})
}
