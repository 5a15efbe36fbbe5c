package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dengwen/petition"
)

// Create promises what petition.Store says.
func (s *Store) Create(ctx context.Context, key string, year int, build func(serial int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	var record petition.Record
	var fresh bool
	filing := s.box.Hash("filing", key)
	err := s.write(ctx, "file case", func(ctx context.Context, tx Tx) error {
		known, err := s.one(ctx, tx, `filing = $1`, filing)
		if err == nil {
			record, fresh = known, false
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		record, err = s.file(ctx, tx, filing, year, build)
		fresh = err == nil
		return err
	})
	if err != nil {
		return petition.Record{}, false, err
	}
	return record, fresh, nil
}

// serialsPerYear is room for the eight digits a number may have.
const serialsPerYear = 1e8

func (s *Store) file(ctx context.Context, tx Tx, filing []byte, year int, build func(int) (petition.Record, []petition.Notice, error)) (petition.Record, error) {
	var serial int
	err := tx.QueryRowContext(ctx, `INSERT INTO serials (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = serials.last + 1 RETURNING last`, year).Scan(&serial)
	if err != nil {
		return petition.Record{}, fmt.Errorf("take serial: %w", err)
	}
	r, notices, err := build(serial)
	if err != nil {
		return petition.Record{}, err
	}
	w, err := s.rowOf(r)
	if err != nil {
		return petition.Record{}, err
	}
	w.ref = int64(year)*serialsPerYear + int64(serial)
	if err := s.insert(ctx, tx, filing, w, r); err != nil {
		return petition.Record{}, err
	}
	return r, s.tell(ctx, tx, notices)
}

func (s *Store) insert(ctx context.Context, tx Tx, filing []byte, w row, r petition.Record) error {
	f := r.Case.Filing
	_, err := tx.ExecContext(ctx, `INSERT INTO cases (`+rowColumns+`, filing, class, category, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		w.ref, w.id, w.number, w.owner, w.version, w.status, w.unit, w.officer, w.units, w.due, w.open, w.sealed, w.received,
		w.entries, w.files, w.words, w.body, filing, string(f.Class), f.Subject, f.Place.Code)
	if err != nil {
		return fmt.Errorf("insert case: %w", err)
	}
	if err := s.addEntries(ctx, tx, w.ref, r.Case, 0); err != nil {
		return err
	}
	if err := s.shelve(ctx, tx, w, shelvesOf(w)); err != nil {
		return err
	}
	if err := s.nameFiles(ctx, tx, w.ref, r.Files); err != nil {
		return err
	}
	return markUnread(ctx, tx, w.ref)
}

// Load promises what petition.Store says.
func (s *Store) Load(ctx context.Context, number string) (petition.Record, error) {
	r, err := s.one(ctx, s.engine.reader(), `number = $1`, number)
	if errors.Is(err, sql.ErrNoRows) {
		return petition.Record{}, notFound()
	}
	if err != nil {
		return petition.Record{}, s.trouble("load case", err)
	}
	return r, nil
}

// one reads the record that where finds, sql.ErrNoRows when there is none.
func (s *Store) one(ctx context.Context, q querier, where string, arg any) (petition.Record, error) {
	w, err := find(ctx, q, where, arg)
	if err != nil {
		return petition.Record{}, err
	}
	all, err := s.records(ctx, q, []row{w})
	if err != nil {
		return petition.Record{}, err
	}
	return all[0], nil
}

func find(ctx context.Context, q querier, where string, arg any) (w row, err error) {
	err = q.QueryRowContext(ctx, `SELECT `+rowColumns+` FROM cases WHERE `+where, arg).Scan(w.targets()...)
	return w, err
}
