package cases

import (
	"context"
	"time"
)

// Announce notes what a process says of itself, to be repeated while it lives.
func (s *Store) Announce(ctx context.Context, process, text string, now time.Time) error {
	return s.write(ctx, "announce", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO processes (name, at, says) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at, says = excluded.says`, process, now.UnixMilli(), text)
		return err
	})
}

// Leave takes back what a process said.
func (s *Store) Leave(ctx context.Context, process string) error {
	return s.write(ctx, "leave", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM processes WHERE name = $1`, process)
		return err
	})
}

// Announced is what processes said since a moment. What is older is dropped.
func (s *Store) Announced(ctx context.Context, since time.Time) (map[string]string, error) {
	said := map[string]string{}
	err := s.write(ctx, "read announcements", func(ctx context.Context, tx Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM processes WHERE at < $1`, since.UnixMilli()); err != nil {
			return err
		}
		type row struct{ name, says string }
		rows, err := scan(ctx, tx, func(r *row) []any { return []any{&r.name, &r.says} }, `SELECT name, says FROM processes`)
		for _, r := range rows {
			said[r.name] = r.says
		}
		return err
	})
	return said, err
}
