package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dengwen/petition"
)

func (s *Store) Blank(ctx context.Context, number string, entries []petition.Entry) error {
	return s.write(ctx, "erase words of a case", func(ctx context.Context, tx Tx) error {
		w, err := find(ctx, tx, `number = $1`, number)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		var b batch
		if w.head == nil {
			if err := s.adopt(ctx, tx, &w, &b); err != nil {
				return err
			}
		}
		for _, e := range entries {
			r, err := s.sealEntry(w.ref, w.id, e)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE entries SET body = $3 WHERE ref = $1 AND seq = $2`, w.ref, e.Seq, r.body); err != nil {
				return fmt.Errorf("erase entry: %w", err)
			}
		}
		if err := s.relink(ctx, tx, &w, &b); err != nil {
			return err
		}
		if err := dropAccesses(ctx, tx, number); err != nil {
			return err
		}
		return s.writeBatch(ctx, tx, &b)
	})
}

// relink gives a case whose entries were written over another link of the same version.
func (s *Store) relink(ctx context.Context, tx Tx, w *row, b *batch) error {
	before := w.head
	plain, err := s.box.Open(w.body, w.place())
	if err != nil {
		return err
	}
	var class, category, place string
	if err := tx.QueryRowContext(ctx, `SELECT class, category, place FROM cases WHERE ref = $1`, w.ref).Scan(&class, &category, &place); err != nil {
		return err
	}
	entries, err := s.rehash(ctx, tx, *w)
	if err != nil {
		return err
	}
	w.tip = nil
	b.links = append(b.links, w.chain(class, category, place, s.contentHash(plain), entries))
	n, err := tx.all(ctx, []statement{{"link case", `UPDATE cases SET head = $1, tip = $2 WHERE ref = $3 AND head = $4`, []any{w.head, w.tip, w.ref, before}}})
	if err == nil && n[0] == 0 {
		err = changed()
	}
	if err == nil {
		_, err = tx.all(ctx, hashUpdates(w.ref, entries))
	}
	return err
}

// DropNotices finds the first one to keep by halving: positions are in the order of time.
func (s *Store) DropNotices(ctx context.Context, before time.Time) error {
	var low, high int64
	err := s.engine.reader().QueryRowContext(ctx, `SELECT COALESCE(MIN(pos), 1), COALESCE(MAX(pos), 0) + 1 FROM notices`).Scan(&low, &high)
	for err == nil && low < high {
		var n []sealedNotice
		middle := (low + high) / 2
		n, err = scan(ctx, s.engine.reader(), func(n *sealedNotice) []any { return []any{&n.pos, &n.body} },
			`SELECT pos, body FROM notices WHERE pos >= $1 ORDER BY pos LIMIT 1`, middle)
		if err != nil || len(n) == 0 {
			high = middle
			continue
		}
		var told petition.Notice
		if told, err = s.openNotice(n[0]); told.Entry.At.Before(before) {
			low = n[0].pos + 1
		} else {
			high = middle
		}
	}
	if err != nil {
		return s.trouble("find old notices", err)
	}
	return s.write(ctx, "drop old notices", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM notices WHERE pos < $1`, low)
		return err
	})
}
