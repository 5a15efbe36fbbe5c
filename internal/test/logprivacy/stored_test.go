package logprivacy

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
)

// files answers every byte of every file below a folder.
func files(t *testing.T, folder string) (all []byte) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(append(all, b...), '\n')
		return err
	})
	if err != nil {
		t.Fatalf("read %s: %v", folder, err)
	}
	return all
}

// tables answers every value of every row of a PostgreSQL database.
func tables(t *testing.T, address string) (all []byte, rows int) {
	t.Helper()
	ctx := t.Context()
	db, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	found, err := db.Query(ctx, `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		r, err := db.Query(ctx, `SELECT * FROM `+name, pgx.QueryResultFormats{pgx.BinaryFormatCode})
		if err != nil {
			t.Fatalf("read table %s: %v", name, err)
		}
		for r.Next() {
			rows++
			for _, value := range r.RawValues() {
				all = append(append(all, value...), '\n')
			}
		}
		if err := r.Err(); err != nil {
			t.Fatalf("read table %s: %v", name, err)
		}
	}
	return all, rows
}
