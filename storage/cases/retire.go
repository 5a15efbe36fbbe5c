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
		var ref int64
		var id string
		err := tx.QueryRowContext(ctx, `SELECT ref, id FROM cases WHERE number = $1`, number).Scan(&ref, &id)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			sealed, err := s.sealJSON(e, entryPlace(id, int64(e.Seq)))
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE entries SET body = $3 WHERE ref = $1 AND seq = $2`, ref, e.Seq, sealed); err != nil {
				return fmt.Errorf("erase entry: %w", err)
			}
		}
		return dropAccesses(ctx, tx, number)
	})
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
