package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dengwen/bot/turn"
)

func (s *Store) PutDeadLetter(_ context.Context, a turn.DeadLetter) error {
	return s.change(a.Conv, a.At, func(w *writer, b *conversation) error {
		if !b.note("aside:"+a.ID, a.At.UnixMilli()) {
			return nil
		}
		return w.putDeadLetter(a)
	})
}

func (w *writer) putDeadLetter(a turn.DeadLetter) error {
	if _, err := w.deadLetter.Exec(a.Conv, a.ID, a.At.UnixMilli(), a.Body); err != nil {
		return fmt.Errorf("put dead letter: %w", err)
	}
	if _, err := w.prune.Exec(turn.MaxDeadLetters); err != nil {
		return fmt.Errorf("put dead letter: %w", err)
	}
	return nil
}

func (s *Store) DeadLetters(ctx context.Context, limit int) ([]turn.DeadLetter, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT conv, id, at, body FROM dead_letters ORDER BY n DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	defer rows.Close()
	var all []turn.DeadLetter
	for rows.Next() {
		var a turn.DeadLetter
		var at int64
		if err := rows.Scan(&a.Conv, &a.ID, &at, &a.Body); err != nil {
			return nil, fmt.Errorf("list dead letters: %w", err)
		}
		a.At = time.UnixMilli(at)
		all = append(all, a)
	}
	return all, rows.Err()
}

func (s *Store) Mark(ctx context.Context, name string) (string, error) {
	var v string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM mark WHERE name = ?`, name).Scan(&v)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read mark %s: %w", name, err)
	}
	return v, nil
}

func (s *Store) SetMark(_ context.Context, name, value string) error {
	err := s.submit(func(w *writer) error {
		_, err := w.mark.Exec(name, value)
		return err
	})
	if err != nil {
		return fmt.Errorf("set mark %s: %w", name, err)
	}
	return nil
}
