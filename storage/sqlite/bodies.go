package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dengwen/bot/turn"
)

// EachBody calls f once for every sealed body, and puts what f answers in its place; nil leaves
// it. A body that somebody changes meanwhile stays theirs. Nothing else of a conversation
// changes, nor who holds it.
func (s *Store) EachBody(ctx context.Context, f func(at turn.Sealed, body []byte) []byte) error {
	if err := s.eachConversation(ctx, f); err != nil {
		return fmt.Errorf("go through conversations: %w", err)
	}
	for _, t := range []struct {
		kind                     turn.Kind
		name, conv, key, primary string
	}{
		{turn.DeadLetterBody, "dead_letters", "conv", "id", "n"},
		{turn.PostBody, "post", "conv", "key", "rowid"},
		{turn.WebSessionBody, "web_session", "''", "hash", "rowid"},
	} {
		query := fmt.Sprintf(`SELECT %[1]s, %[2]s, %[3]s, body FROM %[4]s WHERE %[1]s > ? ORDER BY %[1]s LIMIT %[5]d`, t.primary, t.conv, t.key, t.name, bodiesAtOnce)
		update := fmt.Sprintf(`UPDATE %s SET body = ? WHERE %s = ? AND body = ?`, t.name, t.primary)
		if err := s.eachRow(ctx, t.kind, query, update, f); err != nil {
			return fmt.Errorf("go through %s: %w", t.name, err)
		}
	}
	return nil
}

// Compact writes the file anew: its free pages and its log hold old bodies no more. Others wait
// with their writes meanwhile.
func (s *Store) Compact(ctx context.Context) error {
	db, err := pool(s.path, "synchronous(FULL)", 1) // the connection that writes belongs to the batches
	if err != nil {
		return err
	}
	defer db.Close()
	for _, query := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			return fmt.Errorf("compact conversations: %w", err)
		}
	}
	return nil
}

// bodiesAtOnce is how many rows are read, and written in one transaction.
const bodiesAtOnce = 100

// replacement is a body and what comes in its place.
type replacement struct{ old, body []byte }

func (s *Store) eachRow(ctx context.Context, kind turn.Kind, query, update string, f func(turn.Sealed, []byte) []byte) error {
	type row struct {
		n    int64
		body []byte
		at   turn.Sealed
	}
	for last := int64(-1); ; {
		var all []row
		err := s.scanRows(ctx, query, []any{last}, func(scan func(...any) error) error {
			r := row{at: turn.Sealed{Kind: kind}}
			err := scan(&r.n, &r.at.Conv, &r.at.Key, &r.body)
			all = append(all, r)
			return err
		})
		if err != nil {
			return err
		}
		var changes [][]any
		for _, r := range all {
			last = r.n
			if body := f(r.at, r.body); body != nil {
				changes = append(changes, []any{body, r.n, r.body})
			}
		}
		if err := s.updateAll(ctx, update, changes); err != nil || len(all) < bodiesAtOnce {
			return err
		}
	}
}

func (s *Store) updateAll(ctx context.Context, update string, changes [][]any) error {
	if len(changes) == 0 {
		return ctx.Err()
	}
	return s.submit(func(w *writer) error {
		for _, args := range changes {
			if _, err := w.conn.ExecContext(ctx, update, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) eachConversation(ctx context.Context, f func(turn.Sealed, []byte) []byte) error {
	for last := ""; ; {
		all := map[string][]replacement{}
		n := 0
		err := s.scanRows(ctx, fmt.Sprintf(`SELECT conv, session, body FROM conversation WHERE conv > ? ORDER BY conv LIMIT %d`, bodiesAtOnce), []any{last},
			func(scan func(...any) error) error {
				var session, body []byte
				if err := scan(&last, &session, &body); err != nil {
					return err
				}
				n++
				b := conversation{session: session}
				if err := b.decode(body); err != nil {
					return err
				}
				for at, body := range b.bodies(last) {
					if again := f(at, *body); again != nil {
						all[last] = append(all[last], replacement{bytes.Clone(*body), again})
					}
				}
				return nil
			})
		if err == nil && len(all) > 0 {
			err = s.submit(func(w *writer) error {
				for conv, changes := range all {
					if err := w.replace(ctx, conv, changes); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err != nil || n < bodiesAtOnce {
			return errors.Join(err, ctx.Err())
		}
	}
}

// bodies are the sealed bodies of a conversation, and where each lies.
func (b *conversation) bodies(conv string) func(yield func(turn.Sealed, *[]byte) bool) {
	return func(yield func(turn.Sealed, *[]byte) bool) {
		if len(b.session) > 0 && !yield(turn.Sealed{Kind: turn.SessionBody, Conv: conv}, &b.session) {
			return
		}
		for _, l := range []struct {
			kind turn.Kind
			list []entry
		}{{turn.EventBody, b.events}, {turn.RowBody, b.rows}} {
			for i := range l.list {
				if !yield(turn.Sealed{Kind: l.kind, Conv: conv, Key: l.list[i].key}, &l.list[i].body) {
					return
				}
			}
		}
	}
}

func (w *writer) replace(ctx context.Context, conv string, changes []replacement) error {
	var session, body []byte
	err := w.conn.QueryRowContext(ctx, `SELECT session, body FROM conversation WHERE conv = ?`, conv).Scan(&session, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	b := conversation{session: session}
	if err == nil {
		err = b.decode(body)
	}
	if err != nil {
		return err
	}
	for _, at := range b.bodies(conv) {
		for _, c := range changes {
			if bytes.Equal(*at, c.old) {
				*at = c.body
			}
		}
	}
	_, err = w.conn.ExecContext(ctx, `UPDATE conversation SET session = ?, body = ? WHERE conv = ?`, b.session, encodeBody(&b), conv)
	return err
}

// scanRows calls each for every row of a query.
func (s *Store) scanRows(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
