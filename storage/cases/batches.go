package cases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dengwen/petition"
	batches "dengwen/petition/batch"
)

var _ batches.Store = (*Store)(nil)

func batchPlace(id string) string { return "batches:" + id }

func refusalPlace(id string, item int64) string { return fmt.Sprintf("refusals:%s:%d", id, item) }

type batchRow struct {
	id, state string
	body      []byte
}

func (r *batchRow) targets() []any { return []any{&r.id, &r.state, &r.body} }

func (s *Store) openBatch(r batchRow) (b batches.Batch, err error) {
	err = s.openJSON(r.body, batchPlace(r.id), &b)
	b.State = batches.State(r.state)
	return b, err
}

// PutBatch is batches.Store.PutBatch.
func (s *Store) PutBatch(ctx context.Context, b batches.Batch) error {
	body, err := s.sealJSON(b, batchPlace(b.ID))
	if err != nil {
		return s.trouble("write batch", err)
	}
	return s.write(ctx, "write batch", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO batches (id, state, at, owner, until, body) VALUES ($1, $2, $3, '', 0, $4)
			ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`, b.ID, string(b.State), b.At.UnixMilli(), body)
		return err
	})
}

// NewBatch writes a batch that nobody works on, unless there is one of its id already, whatever became of it; false then. Of several
// processes that ask at once one is told true.
func (s *Store) NewBatch(ctx context.Context, b batches.Batch) (fresh bool, err error) {
	body, err := s.sealJSON(b, batchPlace(b.ID))
	if err != nil {
		return false, s.trouble("write batch", err)
	}
	err = s.write(ctx, "write batch", func(ctx context.Context, tx Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO batches (id, state, at, owner, until, body) VALUES ($1, $2, $3, '', 0, $4) ON CONFLICT (id) DO NOTHING`, b.ID, string(b.State), b.At.UnixMilli(), body)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh, err
}

// Batch is batches.Store.Batch.
func (s *Store) Batch(ctx context.Context, id string) (b batches.Batch, err error) {
	found, err := scan(ctx, s.engine.reader(), (*batchRow).targets, `SELECT id, state, body FROM batches WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		return b, petition.Fail(petition.NotFound, "batch.none")
	}
	if err == nil {
		b, err = s.openBatch(found[0])
	}
	return b, s.trouble("read batch", err)
}

// Batches is batches.Store.Batches.
func (s *Store) Batches(ctx context.Context, since time.Time, limit int) (all []batches.Batch, err error) {
	found, err := scan(ctx, s.engine.reader(), (*batchRow).targets, `SELECT id, state, body FROM batches WHERE at >= $1 ORDER BY at DESC, id DESC LIMIT $2`, since.UnixMilli(), limit)
	for _, r := range found {
		b, err := s.openBatch(r)
		if err != nil {
			return nil, s.trouble("read batches", err)
		}
		all = append(all, b)
	}
	return all, s.trouble("read batches", err)
}

// ClaimBatch is batches.Store.ClaimBatch.
func (s *Store) ClaimBatch(ctx context.Context, id, owner string, now, until time.Time) (b batches.Batch, ok bool, err error) {
	err = s.write(ctx, "claim batch", func(ctx context.Context, tx Tx) error {
		found, err := scan(ctx, tx, (*batchRow).targets, `UPDATE batches SET owner = $1, until = $2 WHERE id = (
			SELECT id FROM batches WHERE state = 'waiting' AND until < $3 AND ($4 = '' OR id = $4) ORDER BY at, id LIMIT 1) AND state = 'waiting' AND until < $3
			RETURNING id, state, body`, owner, until.UnixMilli(), now.UnixMilli(), id)
		if ok = err == nil && len(found) > 0; ok {
			b, err = s.openBatch(found[0])
		}
		return err
	})
	return b, ok, err
}

// NoteBatch is batches.Store.NoteBatch.
func (s *Store) NoteBatch(ctx context.Context, owner string, b batches.Batch, refused []batches.Refusal, until time.Time) error {
	body, err := s.sealJSON(b, batchPlace(b.ID))
	if err != nil {
		return s.trouble("note batch", err)
	}
	var rows [][]any
	for _, r := range refused {
		sealed, err := s.sealJSON(r, refusalPlace(b.ID, int64(r.Item)))
		if err != nil {
			return s.trouble("note batch", err)
		}
		rows = append(rows, []any{b.ID, r.Item, sealed})
	}
	return s.write(ctx, "note batch", func(ctx context.Context, tx Tx) error {
		n, err := tx.all(ctx, []statement{{"note batch", `UPDATE batches SET body = $1, state = $2, until = $3 WHERE id = $4 AND owner = $5 AND state = 'waiting'`,
			[]any{body, string(b.State), until.UnixMilli(), b.ID, owner}}})
		if err == nil && n[0] == 0 {
			return petition.Fail(petition.Conflict, "batch.lost")
		}
		for _, row := range rows {
			if err == nil {
				_, err = tx.ExecContext(ctx, `INSERT INTO refusals (batch, item, body) VALUES ($1, $2, $3) ON CONFLICT (batch, item) DO NOTHING`, row...)
			}
		}
		return err
	})
}

// StopBatch is batches.Store.StopBatch.
func (s *Store) StopBatch(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "stop batch", func(ctx context.Context, tx Tx) error {
		found, err := scan(ctx, tx, (*batchRow).targets, `SELECT id, state, body FROM batches WHERE id = $1`, id)
		if err != nil || len(found) == 0 {
			return errors.Join(err, petition.Fail(petition.NotFound, "batch.none"))
		}
		b, err := s.openBatch(found[0])
		if err != nil || b.Over() {
			return err
		}
		b.State, b.Ended = batches.Stopped, at
		body, err := s.sealJSON(b, batchPlace(id))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE batches SET state = $1, body = $2 WHERE id = $3`, string(b.State), body, id)
		return err
	})
}

// Refusals is batches.Store.Refusals.
func (s *Store) Refusals(ctx context.Context, id string, after, limit int) (all []batches.Refusal, err error) {
	type row struct {
		item int64
		body []byte
	}
	found, err := scan(ctx, s.engine.reader(), func(r *row) []any { return []any{&r.item, &r.body} },
		`SELECT item, body FROM refusals WHERE batch = $1 AND item > $2 ORDER BY item LIMIT $3`, id, after, limit)
	for _, r := range found {
		var one batches.Refusal
		if err := s.openJSON(r.body, refusalPlace(id, r.item), &one); err != nil {
			return nil, s.trouble("read refusals", err)
		}
		all = append(all, one)
	}
	return all, s.trouble("read refusals", err)
}

// DropBatches is batches.Store.DropBatches.
func (s *Store) DropBatches(ctx context.Context, before time.Time) (blobs []string, err error) {
	found, err := scan(ctx, s.engine.reader(), (*batchRow).targets, `SELECT id, state, body FROM batches WHERE at < $1 AND state <> 'waiting' LIMIT 100`, before.UnixMilli())
	if err != nil || len(found) == 0 {
		return nil, s.trouble("read old batches", err)
	}
	err = s.write(ctx, "drop old batches", func(ctx context.Context, tx Tx) error {
		blobs = nil
		for _, r := range found {
			b, err := s.openBatch(r)
			if err != nil {
				return err
			}
			for _, id := range []string{b.File, b.Result} {
				if id != "" {
					blobs = append(blobs, id)
				}
			}
			for _, query := range []string{`DELETE FROM refusals WHERE batch = $1`, `DELETE FROM batches WHERE id = $1`} {
				if _, err := tx.ExecContext(ctx, query, r.id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return blobs, err
}

func listViewPlace(id string) string { return "list_views:" + id }

// PutListView writes a view.
func (s *Store) PutListView(ctx context.Context, v petition.ListView) error {
	body, err := s.sealJSON(v, listViewPlace(v.ID))
	if err != nil {
		return s.trouble("write view", err)
	}
	return s.write(ctx, "write view", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO list_views (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, v.ID, body)
		return err
	})
}

// ListViews reads every view, in the order they were made.
func (s *Store) ListViews(ctx context.Context) (all []petition.ListView, err error) {
	type row struct {
		id   string
		body []byte
	}
	found, err := scan(ctx, s.engine.reader(), func(r *row) []any { return []any{&r.id, &r.body} }, `SELECT id, body FROM list_views ORDER BY id LIMIT 1000`)
	for _, r := range found {
		var v petition.ListView
		if err := s.openJSON(r.body, listViewPlace(r.id), &v); err != nil {
			return nil, s.trouble("read views", err)
		}
		all = append(all, v)
	}
	return all, s.trouble("read views", err)
}

// DropListView forgets a view. One that is not there is no error.
func (s *Store) DropListView(ctx context.Context, id string) error {
	return s.write(ctx, "drop view", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM list_views WHERE id = $1`, id)
		return err
	})
}
