package cases

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"
)

// copiesFor is how long a network's own copy of a file is remembered.
const copiesFor = 400 * 24 * time.Hour

func copyPlace(hash []byte) string { return "copies:" + hex.EncodeToString(hash) }

// Copy is what a network calls its own copy of a file, "" when none is noted.
func (s *Store) Copy(ctx context.Context, name string) (string, error) {
	hash := s.box.Hash("copy", name)
	var body []byte
	err := s.engine.reader().QueryRowContext(ctx, `SELECT body FROM copies WHERE name = $1`, hash).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", s.trouble("read where a copy is", err)
	}
	plain, err := s.box.Open(body, copyPlace(hash))
	return string(plain), s.trouble("read where a copy is", err)
}

// PutCopy notes it, in the place of what was noted before.
func (s *Store) PutCopy(ctx context.Context, name, id string, at time.Time) error {
	hash := s.box.Hash("copy", name)
	body, err := s.box.Seal([]byte(id), copyPlace(hash))
	if err != nil {
		return s.trouble("note a copy", err)
	}
	return s.write(ctx, "note a copy", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO copies (name, at, body) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body`, hash, at.UnixMilli(), body)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM copies WHERE at < $1`, at.Add(-copiesFor).UnixMilli())
		return err
	})
}
