package cases

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"dengwen/petition"
	"dengwen/petition/telling"
)

var (
	_ telling.Tasks        = (*Store)(nil)
	_ telling.CitizenStore = (*Store)(nil)
)

func untoldPlace(hash []byte) string { return "untold:" + hex.EncodeToString(hash) }

func (s *Store) untoldHash(number, to string) []byte { return s.box.Hash("untold", number+"\x00"+to) }

// The states of the table untold: partly, while somebody else may still get the notice.
const (
	partlyTold = "partly"
	openTask   = "open"
	endedTask  = "done"
)

type untoldRow struct {
	hash, body []byte
	state      string
	at         int64
}

func (r *untoldRow) targets() []any { return []any{&r.hash, &r.state, &r.at, &r.body} }

const untoldColumns = `hash, state, at, body`

func (s *Store) openUntold(r untoldRow) (u telling.Untold, err error) {
	err = s.openJSON(r.body, untoldPlace(r.hash), &u)
	u.ID, u.At = hex.EncodeToString(r.hash), time.UnixMilli(r.at).UTC()
	return u, err
}

func (s *Store) putUntold(ctx context.Context, tx Tx, r untoldRow, u telling.Untold) error {
	body, err := s.sealJSON(u, untoldPlace(r.hash))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO untold (`+untoldColumns+`) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO UPDATE SET state = excluded.state, at = excluded.at, body = excluded.body`, r.hash, r.state, r.at, body)
	return err
}

// changeUntold reads a row, has it changed and writes it, so that no other process does meanwhile.
// change is told whether there was one.
func (s *Store) changeUntold(ctx context.Context, op string, hash []byte, change func(r *untoldRow, u *telling.Untold, there bool) error) error {
	return s.write(ctx, op, func(ctx context.Context, tx Tx) error { return s.changeUntoldIn(ctx, tx, hash, change) })
}

func (s *Store) changeUntoldIn(ctx context.Context, tx Tx, hash []byte, change func(r *untoldRow, u *telling.Untold, there bool) error) error {
	if _, err := tx.ExecContext(ctx, `UPDATE feed SET last = last WHERE one = 1`); err != nil { // the lock of those who change one
		return fmt.Errorf("lock: %w", err)
	}
	r, u := untoldRow{hash: hash, state: partlyTold}, telling.Untold{}
	found, err := scan(ctx, tx, (*untoldRow).targets, `SELECT `+untoldColumns+` FROM untold WHERE hash = $1`, hash)
	if err == nil && len(found) > 0 {
		r = found[0]
		u, err = s.openUntold(r)
	}
	if err != nil {
		return err
	}
	if err := change(&r, &u, len(found) > 0); err != nil {
		return err
	}
	return s.putUntold(ctx, tx, r, u)
}

// NoteMisses is telling.Tasks.NoteMisses. Most are the first of their case and place, which takes one
// statement and no lock.
func (s *Store) NoteMisses(ctx context.Context, all []telling.Miss) error {
	if len(all) == 0 {
		return nil
	}
	return s.write(ctx, "note who was not told", func(ctx context.Context, tx Tx) error {
		for _, m := range all {
			if err := s.noteMiss(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) noteMiss(ctx context.Context, tx Tx, m telling.Miss) error {
	r, u := untoldRow{hash: s.untoldHash(m.Notice.Number, m.Notice.To), state: partlyTold}, telling.Untold{}
	r.note(&u, m)
	body, err := s.sealJSON(u, untoldPlace(r.hash))
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO untold (`+untoldColumns+`) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`, r.hash, r.state, r.at, body)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return s.changeUntoldIn(ctx, tx, r.hash, func(r *untoldRow, u *telling.Untold, _ bool) error {
		r.note(u, m)
		return nil
	})
}

func (r *untoldRow) note(u *telling.Untold, m telling.Miss) {
	u.Number, u.To, u.Sealed = m.Notice.Number, m.Notice.To, m.Notice.View.Class == petition.Report
	if u.Note(m) && r.state != openTask {
		r.state, r.at = openTask, m.At.UnixMilli()
	}
	if r.at == 0 {
		r.at = m.At.UnixMilli()
	}
}

// Untold is telling.Tasks.Untold.
func (s *Store) Untold(ctx context.Context, limit int) (all []telling.Untold, err error) {
	rows, err := scan(ctx, s.engine.reader(), (*untoldRow).targets, `SELECT `+untoldColumns+` FROM untold WHERE state = 'open' ORDER BY at, hash LIMIT $1`, limit)
	for _, r := range rows {
		u, err := s.openUntold(r)
		if err != nil {
			return nil, s.trouble("list who was not told", err)
		}
		all = append(all, u)
	}
	return all, s.trouble("list who was not told", err)
}

// CountUntold counts the tasks that are open.
func (s *Store) CountUntold(ctx context.Context) (n int, err error) {
	err = s.engine.reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM untold WHERE state = 'open'`).Scan(&n)
	return n, s.trouble("count who was not told", err)
}

// TakeUntold is telling.Tasks.TakeUntold.
func (s *Store) TakeUntold(ctx context.Context, id, staff string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return petition.Fail(petition.NotFound, "untold.none")
	}
	return s.changeUntold(ctx, "take a task", hash, func(r *untoldRow, u *telling.Untold, _ bool) error {
		if r.state != openTask {
			return petition.Fail(petition.NotFound, "untold.none")
		}
		u.Taken = staff
		return nil
	})
}

// EndUntold is telling.Tasks.EndUntold.
func (s *Store) EndUntold(ctx context.Context, id string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return petition.Fail(petition.NotFound, "untold.none")
	}
	err = s.changeUntold(ctx, "end a task", hash, func(r *untoldRow, u *telling.Untold, there bool) error {
		if !there {
			return petition.Fail(petition.NotFound, "untold.none")
		}
		u.End()
		r.state = endedTask
		return nil
	})
	return petition.IgnoreNotFound(err)
}

// DropUntold forgets what was told in the end, or ended, before a moment.
func (s *Store) DropUntold(ctx context.Context, before time.Time) (n int, err error) {
	err = s.write(ctx, "forget who was not told", func(ctx context.Context, tx Tx) error {
		done, err := tx.all(ctx, []statement{{"forget who was not told", `DELETE FROM untold WHERE state <> 'open' AND at < $1`, []any{before.UnixMilli()}}})
		if err == nil {
			n = int(done[0])
		}
		return err
	})
	return n, err
}

func wishesPlace(id string) string { return "wishes:" + id }

func (s *Store) wisher(owner string) []byte { return s.box.Hash("wishes", owner) }

// ChangeWishes is telling.CitizenStore.ChangeWishes.
func (s *Store) ChangeWishes(ctx context.Context, owner, id string, change func(c *telling.Citizen) error) (c telling.Citizen, err error) {
	err = s.write(ctx, "change wishes", func(ctx context.Context, tx Tx) error {
		// The row is there first: it is the lock of those who change it.
		if _, err := tx.ExecContext(ctx, `INSERT INTO wishes (id, owner, body) VALUES ($1, $2, $3) ON CONFLICT (owner) DO UPDATE SET body = wishes.body`, id, s.wisher(owner), []byte{}); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		found, err := scan(ctx, tx, (*sealedByID).targets, `SELECT id, body FROM wishes WHERE owner = $1`, s.wisher(owner))
		if err != nil {
			return err
		}
		r := found[0]
		c = telling.Citizen{ID: r.id, Owner: owner}
		if len(r.body) > 0 {
			err = s.openJSON(r.body, wishesPlace(r.id), &c)
		}
		if err == nil {
			err = change(&c)
		}
		if err != nil {
			return err
		}
		if c.Empty() {
			_, err = tx.ExecContext(ctx, `DELETE FROM wishes WHERE id = $1`, r.id)
			return err
		}
		body, err := s.sealJSON(c, wishesPlace(r.id))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE wishes SET body = $1 WHERE id = $2`, body, r.id)
		return err
	})
	return c, err
}

// WishesOf is telling.CitizenStore.WishesOf.
func (s *Store) WishesOf(ctx context.Context, owner string) (telling.Citizen, error) {
	return s.readWishes(ctx, `SELECT id, body FROM wishes WHERE owner = $1`, s.wisher(owner))
}

// WishesByID is telling.CitizenStore.WishesByID.
func (s *Store) WishesByID(ctx context.Context, id string) (telling.Citizen, error) {
	return s.readWishes(ctx, `SELECT id, body FROM wishes WHERE id = $1`, id)
}

func (s *Store) readWishes(ctx context.Context, query string, arg any) (c telling.Citizen, err error) {
	var r sealedByID
	err = s.engine.reader().QueryRowContext(ctx, query, arg).Scan(r.targets()...)
	if errors.Is(err, sql.ErrNoRows) {
		return c, petition.Fail(petition.NotFound, "wishes.none")
	}
	if err == nil {
		err = s.openJSON(r.body, wishesPlace(r.id), &c)
	}
	return c, s.trouble("read wishes", err)
}

// forgetTelling removes the wishes of a chat and what it could not be told of these cases.
func (s *Store) forgetTelling(ctx context.Context, tx Tx, owner string, rows []row) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM wishes WHERE owner = $1`, s.wisher(owner)); err != nil {
		return fmt.Errorf("forget wishes: %w", err)
	}
	for _, r := range rows {
		if _, err := tx.ExecContext(ctx, `DELETE FROM untold WHERE hash = $1`, s.untoldHash(r.number, owner)); err != nil {
			return fmt.Errorf("forget who was not told: %w", err)
		}
	}
	return nil
}
