package cases

import (
	"context"
	"database/sql"
	"io/fs"
	"testing"

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

// Holding counts the pairs of a text that anything in the catalogue has.
func (s *Store) Holding(t *testing.T, text string) (n int) {
	t.Helper()
	f, err := scan(t.Context(), s.engine.reader(), func(b *[]byte) []any { return []any{b} }, `SELECT body FROM cards`)
	if err != nil {
		t.Fatal(err)
	}
	slips, err := scan(t.Context(), s.engine.reader(), func(b *[]byte) []any { return []any{b} }, `SELECT pairs FROM slips`)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range s.words.ofQuery([]string{text}) {
		found := false
		for _, body := range f {
			c, err := readCard(body)
			if err != nil {
				t.Fatal(err)
			}
			refs, err := c.find(pair)
			found = found || err == nil && len(refs) > 0
		}
		for _, slip := range slips {
			found = found || onSlip(slip, []int64{pair})
		}
		if found {
			n++
		}
	}
	return n
}
