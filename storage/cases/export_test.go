package cases

import (
	"context"
	"database/sql"
	"io/fs"
	"math"
	"testing"

	"dengwen/petition"

	"github.com/pressly/goose/v3"
)

// Writer lets tests spoil what is stored.
func (s *Store) Writer() *sql.DB { return s.engine.writer() }

// Down takes the tables back to an older version.
func (s *Store) Down(ctx context.Context, version int64) error {
	dir := map[goose.Dialect]string{goose.DialectPostgres: "migrations/postgres", goose.DialectSQLite3: "migrations/sqlite"}[s.engine.dialect()]
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(s.engine.dialect(), s.engine.writer(), files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, version)
	return err
}

// FillBatch is how many cases one batch of the index has.
const FillBatch = fillBatch

// FillSome reads one batch into the index and lets nobody go on until GoOn; searches wait
// for it no longer.
func (s *Store) FillSome(ctx context.Context) error {
	s.words.once.Do(func() {}) // not begun by searches
	st := s.words.state.Load()
	st.once.Do(func() { close(st.late) })
	_, err := s.words.fillSome(ctx, st, math.MaxInt64)
	return err
}

// GoOn fills the rest.
func (s *Store) GoOn() { close(s.words.begin) }

// IndexSizes counts the cases in the index of all and in that of reports.
func (s *Store) IndexSizes(t *testing.T) (open, sealed int) {
	t.Helper()
	if err := s.WaitIndexed(t.Context()); err != nil {
		t.Fatal(err)
	}
	st := s.words.state.Load()
	return st.open.Len(), st.sealed.Len()
}

// Unlink makes all cases what they were before there was a chain.
func (s *Store) Unlink(ctx context.Context) error {
	rows, err := scan(ctx, s.engine.reader(), func(w *row) []any { return w.targets() }, `SELECT `+rowColumns+` FROM cases`)
	if err != nil {
		return err
	}
	for _, w := range rows {
		plain, err := s.box.Open(w.body, w.place())
		if err != nil {
			return err
		}
		if w.body, err = s.box.Seal(plain, casePlaceBefore(w.id)); err != nil {
			return err
		}
		if _, err := s.Writer().ExecContext(ctx, `UPDATE cases SET body = $1, head = NULL, tip = NULL WHERE ref = $2`, w.body, w.ref); err != nil {
			return err
		}
	}
	for _, query := range []string{`DELETE FROM chain`, `UPDATE feed SET chain = 0`, `UPDATE entries SET version = 0, hash = NULL`} {
		if _, err := s.Writer().ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// NumberOf is the number of the count-th case of a year.
func NumberOf(t *testing.T, s *Store, year, count int) string {
	t.Helper()
	serial, err := s.serialOf(year, count)
	if err != nil {
		t.Fatal(err)
	}
	return petition.FormatNumber("ZS", year, serial)
}

// Embedded reports whether the database is SQLite.
func (s *Store) Embedded() bool { return s.engine.dialect() == goose.DialectSQLite3 }

// SealedColumns are the columns that Reseal knows.
func SealedColumns() (all []string) {
	for _, t := range sealedTables {
		all = append(all, t.name+".body")
	}
	return all
}

// Tables are the names of all tables, and Exported of those a backup holds or leaves out by intent.
func (s *Store) Tables(ctx context.Context) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if s.engine.dialect() == goose.DialectPostgres {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename COLLATE "C"`
	}
	return scan(ctx, s.engine.reader(), func(n *string) []any { return []any{n} }, query)
}

// Exported are the tables that a backup holds.
func Exported() []string { return exported }
