package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dengwen/petition"
)

var _ petition.KeptStore = (*Store)(nil)

func keptPlace(hash []byte) string { return "kept:" + string(hash) }

func (s *Store) keptHash(person, key string) []byte { return s.box.Hash("kept", person+"\x00"+key) }

// Keep is petition.KeptStore.Keep.
func (s *Store) Keep(ctx context.Context, k petition.Kept) error {
	if err := k.Check(); err != nil {
		return err
	}
	hash := s.keptHash(k.Person, k.Key)
	body, err := s.sealJSON(k, keptPlace(hash))
	if err != nil {
		return s.trouble("keep", err)
	}
	until := int64(0)
	if !k.Until.IsZero() {
		until = k.Until.UnixMilli()
	}
	return s.write(ctx, "keep", func(ctx context.Context, tx Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM kept WHERE until > 0 AND until < $1`, k.At.UnixMilli()); err != nil {
			return fmt.Errorf("drop what was kept long enough: %w", err)
		}
		others := 0
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM kept WHERE person = $1 AND hash <> $2`, k.Person, hash).Scan(&others); err != nil {
			return fmt.Errorf("count what somebody keeps: %w", err)
		}
		if others >= petition.MaxKept {
			return petition.Fail(petition.Limited, "kept.many")
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO kept (hash, person, at, until, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (hash) DO UPDATE SET at = excluded.at, until = excluded.until, body = excluded.body`, hash, k.Person, k.At.UnixMilli(), until, body)
		return err
	})
}

// Kept is petition.KeptStore.Kept.
func (s *Store) Kept(ctx context.Context, person, key string) (k petition.Kept, err error) {
	hash := s.keptHash(person, key)
	var body []byte
	err = s.engine.reader().QueryRowContext(ctx, `SELECT body FROM kept WHERE hash = $1`, hash).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return k, petition.Fail(petition.NotFound, "kept.none")
	}
	if err == nil {
		err = s.openJSON(body, keptPlace(hash), &k)
	}
	return k, s.trouble("read what is kept", err)
}

// KeptBy is petition.KeptStore.KeptBy.
func (s *Store) KeptBy(ctx context.Context, person string) ([]petition.Kept, error) {
	type row struct{ hash, body []byte }
	rows, err := scan(ctx, s.engine.reader(), func(r *row) []any { return []any{&r.hash, &r.body} },
		`SELECT hash, body FROM kept WHERE person = $1 ORDER BY at DESC, hash`, person)
	all := make([]petition.Kept, len(rows))
	for i, r := range rows {
		if err == nil {
			err = s.openJSON(r.body, keptPlace(r.hash), &all[i])
		}
	}
	return all, s.trouble("list what is kept", err)
}

// DropKept is petition.KeptStore.DropKept.
func (s *Store) DropKept(ctx context.Context, person, key string) error {
	return s.write(ctx, "drop what is kept", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM kept WHERE hash = $1`, s.keptHash(person, key))
		return err
	})
}
