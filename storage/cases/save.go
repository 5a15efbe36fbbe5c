package cases

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"dengwen/petition"
)

// Save promises what petition.Store says.
func (s *Store) Save(ctx context.Context, r petition.Record, notices []petition.Notice) (int64, error) {
	err := s.write(ctx, "save case", func(ctx context.Context, tx Tx) error {
		old, err := find(ctx, tx, `number = $1`, r.Case.Number)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		if old.version != r.Case.Version {
			return changed()
		}
		if err := s.replace(ctx, tx, old, r); err != nil {
			return err
		}
		return s.tell(ctx, tx, notices)
	})
	if err != nil {
		return 0, err
	}
	return r.Case.Version + 1, nil
}

// replace writes r over old as the next version.
func (s *Store) replace(ctx context.Context, tx Tx, old row, r petition.Record) error {
	r.Case.Version = old.version + 1
	w, err := s.rowOf(r)
	if err != nil {
		return err
	}
	w.ref, w.entries = old.ref, max(w.entries, old.entries)
	if err := s.update(ctx, tx, w, r.Case.Filing); err != nil {
		return err
	}
	if err := s.addEntries(ctx, tx, w.ref, r.Case, old.entries); err != nil {
		return err
	}
	if err := s.reshelve(ctx, tx, old, w); err != nil {
		return err
	}
	if err := s.renameFiles(ctx, tx, old, w, r.Files); err != nil {
		return err
	}
	return s.reword(ctx, tx, old, w)
}

// update is Conflict when another process was first: on PostgreSQL it may have
// committed since old was read.
func (s *Store) update(ctx context.Context, tx Tx, w row, f petition.Filing) error {
	done, err := tx.ExecContext(ctx, `UPDATE cases SET owner = $1, version = $2, status = $3, unit = $4, units = $5, due = $6,
		open = $7, sealed = $8, entries = $9, files = $10, words = $11, body = $12, class = $13, category = $14, place = $15, officer = $16
		WHERE ref = $17 AND version = $18`,
		w.owner, w.version, w.status, w.unit, w.units, w.due, w.open, w.sealed, w.entries, w.files, w.words, w.body,
		string(f.Class), f.Subject, f.Place.Code, w.officer, w.ref, w.version-1)
	if err != nil {
		return fmt.Errorf("update case: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(changed(), err)
	}
	return nil
}

// reword has the words indexed anew when they are others now.
func (s *Store) reword(ctx context.Context, tx Tx, old, w row) error {
	if bytes.Equal(old.words, w.words) {
		return nil
	}
	if err := markUnread(ctx, tx, w.ref); err != nil {
		return err
	}
	before, err := s.open(old, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM grams WHERE ref = $2 AND gram IN (SELECT CAST(value AS BIGINT) FROM `+s.engine.each()+`)`,
		list(s.words.grams(texts(before.Case))), w.ref)
	if err != nil {
		return fmt.Errorf("forget old words: %w", err)
	}
	return nil
}

// Forget promises what petition.Store says.
func (s *Store) Forget(ctx context.Context, owner string, erase func(*petition.Record)) (int, error) {
	var count int
	hash := s.owner(owner)
	if hash == nil {
		return 0, nil
	}
	err := s.write(ctx, "forget owner", func(ctx context.Context, tx Tx) error {
		rows, err := s.ownRows(ctx, tx, hash)
		if err != nil {
			return err
		}
		for _, old := range rows {
			if err := s.eraseOne(ctx, tx, old, erase); err != nil {
				return err
			}
		}
		count = len(rows)
		if _, err := tx.ExecContext(ctx, `DELETE FROM notices WHERE addressee = $1`, s.addressee(owner)); err != nil {
			return fmt.Errorf("remove notices: %w", err)
		}
		if err := s.disagree(ctx, tx, owner); err != nil {
			return fmt.Errorf("take consent back: %w", err)
		}
		return s.disownFiles(ctx, tx, hash)
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

// ownRows reads in order of ref, so that two of these never lock crosswise.
func (s *Store) ownRows(ctx context.Context, tx Tx, owner []byte) ([]row, error) {
	refs, err := scan(ctx, tx, func(n *int64) []any { return []any{n} }, `SELECT ref FROM shelves WHERE shelf = $1`, ownShelf(owner))
	if err != nil {
		return nil, fmt.Errorf("find cases of owner: %w", err)
	}
	rows, err := s.rows(ctx, tx, refs)
	slices.SortFunc(rows, func(a, b row) int { return int(a.ref - b.ref) })
	return rows, err
}

func (s *Store) eraseOne(ctx context.Context, tx Tx, old row, erase func(*petition.Record)) error {
	all, err := s.records(ctx, tx, []row{old})
	if err != nil {
		return err
	}
	r := all[0]
	erase(&r)
	r.Case.Filing.Owner = ""
	return s.replace(ctx, tx, old, r)
}
