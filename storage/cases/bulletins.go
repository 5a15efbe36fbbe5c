package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// outcomesFor is how long it is remembered which chats a service notice reached: long
// after anything of it can still be under way.
const outcomesFor = 30 * 24 * time.Hour

func bulletinPlace(id string) string { return "bulletins:" + id }

func (s *Store) PutBulletin(ctx context.Context, b bulletin.Bulletin) (bulletin.Bulletin, error) {
	b.Reach = bulletin.Reach{} // counted, not told
	body, err := s.sealJSON(b, bulletinPlace(b.ID))
	if err != nil {
		return b, s.trouble("write service notice", err)
	}
	at := b.At.UnixMilli()
	err = s.write(ctx, "write service notice", func(ctx context.Context, tx Tx) error {
		var known, running int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN id = $1 THEN 1 ELSE 0 END), 0) FROM bulletins WHERE id = $1 OR state = 'running'`, b.ID).Scan(&running, &known)
		if err != nil || known > 0 {
			return err
		}
		if running > 0 {
			return petition.Fail(petition.Conflict, "broadcast.running")
		}
		if err := s.dropOutcomes(ctx, tx, b.At); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO bulletins (id, state, at, upto, total, body)
			SELECT $1, $2, CAST($3 AS BIGINT), $4, COUNT(*), $5 FROM consents WHERE at <= $3 ON CONFLICT DO NOTHING`, b.ID, bulletin.Running, at, []byte{}, body)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 { // another process was first
			return errors.Join(petition.Fail(petition.Conflict, "broadcast.running"), err)
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	return s.Bulletin(ctx, b.ID)
}

func (s *Store) dropOutcomes(ctx context.Context, tx Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM bulletin_chats WHERE id IN (SELECT id FROM bulletins WHERE at < $1)`, now.Add(-outcomesFor).UnixMilli())
	return err
}

// bulletinRow is a bulletin's row with how many still wait.
type bulletinRow struct {
	id, state                                                  string
	ended                                                      int64
	total, handed, gone, sent, failed, quit, withheld, waiting int
	body                                                       []byte
}

func (r *bulletinRow) targets() []any {
	return []any{&r.id, &r.state, &r.ended, &r.total, &r.handed, &r.gone, &r.sent, &r.failed, &r.quit, &r.withheld, &r.waiting, &r.body}
}

const bulletinColumns = `SELECT id, state, ended, total, handed, gone, sent, failed, quit, withheld,
	CASE WHEN state = 'running' THEN (SELECT COUNT(*) FROM consents c WHERE c.chat > b.upto AND c.at <= b.at) ELSE 0 END, body FROM bulletins b`

func (s *Store) Bulletin(ctx context.Context, id string) (bulletin.Bulletin, error) {
	all, err := s.bulletins(ctx, s.engine.reader(), `WHERE $1 = '' OR id = $1 ORDER BY at DESC, id DESC LIMIT 1`, id)
	if err != nil {
		return bulletin.Bulletin{}, s.trouble("read service notice", err)
	}
	if len(all) == 0 {
		return bulletin.Bulletin{}, petition.Fail(petition.NotFound, "broadcast.none")
	}
	return all[0], nil
}

func (s *Store) BulletinsSince(ctx context.Context, t time.Time) ([]bulletin.Bulletin, error) {
	all, err := s.bulletins(ctx, s.engine.reader(), `WHERE at >= $1 ORDER BY at DESC, id DESC LIMIT 100`, t.UnixMilli())
	return all, s.trouble("read service notices", err)
}

func (s *Store) bulletins(ctx context.Context, q querier, where string, args ...any) ([]bulletin.Bulletin, error) {
	rows, err := scan(ctx, q, func(r *bulletinRow) []any { return r.targets() }, bulletinColumns+" "+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]bulletin.Bulletin, len(rows))
	for i, r := range rows {
		if err := s.openJSON(r.body, bulletinPlace(r.id), &out[i]); err != nil {
			return nil, err
		}
		out[i].State, out[i].Reach = r.state, r.reach()
		if r.ended > 0 {
			out[i].Ended = time.UnixMilli(r.ended)
		}
	}
	return out, nil
}

// reach puts the counters together. Who took their consent back before their turn is
// in no list any more and stands in what is missing.
func (r *bulletinRow) reach() bulletin.Reach {
	gone, waiting := r.gone, r.waiting
	if r.state == bulletin.Running {
		gone = max(0, r.total-r.handed-waiting)
	}
	out := bulletin.Reach{
		Total: r.total, Sent: r.sent, Failed: r.failed, Left: gone + r.quit, Waiting: waiting,
		OnWay: max(0, r.handed-r.sent-r.failed-r.quit-r.withheld), Withheld: r.withheld,
	}
	if r.state != bulletin.Running {
		out.Withheld += max(0, r.total-r.handed-gone)
	}
	return out
}

func (s *Store) EndBulletin(ctx context.Context, id, state, by string, at time.Time) (b bulletin.Bulletin, err error) {
	err = s.write(ctx, "end service notice", func(ctx context.Context, tx Tx) error {
		all, err := s.bulletins(ctx, tx, `WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return petition.Fail(petition.NotFound, "broadcast.none")
		}
		if b = all[0]; b.State != bulletin.Running {
			return nil
		}
		kept := b
		kept.State, kept.EndedBy, kept.Reach = bulletin.Running, by, bulletin.Reach{}
		body, err := s.sealJSON(kept, bulletinPlace(id))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE bulletins SET gone = CASE WHEN total - handed > CAST($5 AS BIGINT) THEN total - handed - CAST($5 AS BIGINT) ELSE 0 END,
			state = $2, ended = $3, body = $4 WHERE id = $1 AND state = 'running'`, id, state, at.UnixMilli(), body, b.Waiting)
		return err
	})
	if err != nil {
		return b, err
	}
	return s.Bulletin(ctx, id)
}

func (s *Store) Lead(ctx context.Context, id, owner string, now time.Time, lasts time.Duration) (mine bool, err error) {
	err = s.write(ctx, "lead service notice", func(ctx context.Context, tx Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE bulletins SET owner = $2, until = $3 WHERE id = $1 AND state = 'running' AND (owner = $2 OR until < $4)`,
			id, owner, now.Add(lasts).UnixMilli(), now.UnixMilli())
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		mine = n > 0
		return err
	})
	return mine, err
}

func (s *Store) Handed(ctx context.Context, id, owner, chat string, n int) error {
	return s.write(ctx, "note how far a service notice got", func(ctx context.Context, tx Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE bulletins SET upto = $3, handed = handed + $4 WHERE id = $1 AND owner = $2`, id, owner, s.readerOf(chat), n)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(petition.Fail(petition.Conflict, "broadcast.lost"), err)
		}
		return nil
	})
}

func (s *Store) Outcome(ctx context.Context, id, chat string) (string, error) {
	var outcome string
	err := s.engine.reader().QueryRowContext(ctx, `SELECT outcome FROM bulletin_chats WHERE id = $1 AND chat = $2`, id, s.readerOf(chat)).Scan(&outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return outcome, s.trouble("read what became of a service notice", err)
}

// counted names the column that counts an outcome.
var counted = map[string]string{
	bulletin.Sent: "sent", bulletin.Failed: "failed", bulletin.Left: "quit", bulletin.Withheld: "withheld",
}

func (s *Store) NoteOutcome(ctx context.Context, id, chat, outcome string) error {
	column := counted[outcome]
	if column == "" {
		return petition.Fail(petition.Invalid, "broadcast.outcome")
	}
	return s.write(ctx, "note what became of a service notice", func(ctx context.Context, tx Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO bulletin_chats (id, chat, outcome) VALUES ($1, $2, $3) ON CONFLICT (id, chat) DO NOTHING`, id, s.readerOf(chat), outcome)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`UPDATE bulletins SET %[1]s = %[1]s + 1 WHERE id = $1`, column), id)
		return err
	})
}
