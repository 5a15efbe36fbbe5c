package cases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dengwen/internal/seal"
)

var (
	// ErrNotEmpty says that a store that is to be restored holds something already.
	ErrNotEmpty = errors.New("there are cases, people or files in it already")

	// ErrNewer says that a backup was written by a later version of this program.
	ErrNewer = errors.New("the backup was made by a newer version of the program")
)

// Import fills an empty store from a backup. Close it after use.
type Import struct {
	s       *Store
	schema  int64
	table   string
	columns string
	rows    [][]any
}

// BeginImport connects as Open does and brings the tables to the version of the backup. ErrNotEmpty,
// ErrNewer.
func BeginImport(ctx context.Context, url, dataDir string, box *seal.Box, schema int64) (*Import, error) {
	e, err := connect(ctx, url, dataDir)
	if err != nil {
		return nil, err
	}
	s := newStore(e, box)
	i := &Import{s: s, schema: schema}
	if err := i.prepare(ctx); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

// prepare looks whether the tables are empty in their newest form, which is what a program that ran
// or was checked here left behind.
func (i *Import) prepare(ctx context.Context) error {
	if err := i.s.Migrate(ctx); err != nil {
		return err
	}
	if err := i.s.CheckEmpty(ctx); err != nil {
		return err
	}
	p, err := i.s.provider()
	if err != nil {
		return err
	}
	newest, err := p.GetDBVersion(ctx)
	switch {
	case err != nil:
		return i.s.trouble("prepare restore", err)
	case newest < i.schema:
		return ErrNewer
	case newest == i.schema:
		return nil
	}
	return i.s.trouble("prepare restore", i.s.engine.exclusively(ctx, func() error {
		_, err := p.DownTo(ctx, i.schema)
		return err
	}))
}

// CheckEmpty is ErrNotEmpty when anything was ever written to the store.
func (s *Store) CheckEmpty(ctx context.Context) error {
	for _, table := range exported {
		if slices.Contains(counters, table) {
			continue
		}
		var some bool
		if err := s.engine.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+table+`)`).Scan(&some); err != nil {
			return s.trouble("look whether the store is empty", err)
		}
		if some {
			return ErrNotEmpty
		}
	}
	return nil
}

// Rows writes all rows that feed hands over, as Export.Each did, in one transaction: after an error
// nothing is there. Afterwards the store is "restoring" until Restored.
func (i *Import) Rows(ctx context.Context, feed func(row func(table string, line []byte) error) error) error {
	began := false
	err := i.s.engine.write(ctx, func(ctx context.Context, tx Tx) error {
		if began {
			return errors.New("the database wants the transaction again, and the backup was read already")
		}
		began = true
		for _, table := range counters {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		if err := feed(func(table string, line []byte) error { return i.row(ctx, tx, table, line) }); err != nil {
			return err
		}
		if err := i.flush(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE instance SET state = $1 WHERE one = 1`, restoring)
		return err
	})
	if err != nil {
		return i.s.trouble("restore cases", err)
	}
	return i.s.Migrate(ctx)
}

func (i *Import) row(ctx context.Context, tx Tx, table string, line []byte) error {
	if table != i.table {
		if err := i.flush(ctx, tx); err != nil {
			return err
		}
		return i.begin(table, line)
	}
	values, err := decodeRow(line)
	if err != nil {
		return err
	}
	if len(values) != strings.Count(i.columns, ",")+1 {
		return errRow
	}
	i.rows = append(i.rows, values)
	if len(i.rows) < maxBatch {
		return nil
	}
	return i.flush(ctx, tx)
}

// begin takes names of columns into a statement, so they must be names.
func (i *Import) begin(table string, line []byte) error {
	var names []string
	if err := json.Unmarshal(line, &names); err != nil || len(names) == 0 {
		return errRow
	}
	for _, name := range append(names, table) {
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" || name == "" {
			return errRow
		}
	}
	i.table, i.columns = table, strings.Join(names, ", ")
	return nil
}

func (i *Import) flush(ctx context.Context, tx Tx) error {
	if len(i.rows) == 0 {
		return nil
	}
	_, err := tx.all(ctx, tx.insertions(i.table+` (`+i.columns+`)`, i.rows))
	i.rows = i.rows[:0]
	if err != nil {
		return fmt.Errorf("fill %s: %w", i.table, err)
	}
	return nil
}

// Close closes all connections.
func (i *Import) Close() error { return i.s.Close() }
