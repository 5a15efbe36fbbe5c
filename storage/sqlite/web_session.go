package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dengwen/internal/websession"
)

var _ websession.Store = (*Store)(nil) // what its methods promise is written there

func (s *Store) PutWebSession(_ context.Context, r websession.Row) error {
	_, err := s.webSession(func(w *writer) (sql.Result, error) {
		return w.web.Exec(r.Owner, r.Until.UnixMilli(), r.Body, r.Hash)
	})
	return err
}

func (s *Store) UpdateWebSession(_ context.Context, r websession.Row) (bool, error) {
	return s.webSession(func(w *writer) (sql.Result, error) {
		return w.webUp.Exec(r.Owner, r.Until.UnixMilli(), r.Body, r.Hash)
	})
}

func (s *Store) DropWebSession(_ context.Context, hash string) (bool, error) {
	return s.webSession(func(w *writer) (sql.Result, error) { return w.webDrop.Exec(hash) })
}

// webSession writes and reports whether a row was written.
func (s *Store) webSession(do func(w *writer) (sql.Result, error)) (bool, error) {
	var n int64
	err := s.submit(func(w *writer) error {
		r, err := do(w)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("write web session: %w", err)
	}
	return n > 0, nil
}

func (s *Store) WebSession(ctx context.Context, hash string) (websession.Row, bool, error) {
	r := websession.Row{Hash: hash}
	var until int64
	err := s.read.QueryRowContext(ctx, `SELECT owner, until, body FROM web_session WHERE hash = ? AND until > ?`,
		hash, time.Now().UnixMilli()).Scan(&r.Owner, &until, &r.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("read web session: %w", err)
	}
	r.Until = time.UnixMilli(until)
	return r, true, nil
}

func (s *Store) WebSessions(ctx context.Context, owner string) ([]websession.Row, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT hash, until, body FROM web_session WHERE owner = ? AND until > ?`,
		owner, time.Now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list web sessions: %w", err)
	}
	defer rows.Close()
	var out []websession.Row
	for rows.Next() {
		r := websession.Row{Owner: owner}
		var until int64
		if err := rows.Scan(&r.Hash, &until, &r.Body); err != nil {
			return nil, fmt.Errorf("list web sessions: %w", err)
		}
		r.Until = time.UnixMilli(until)
		out = append(out, r)
	}
	return out, rows.Err()
}
