package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers bounds how many reads of the file go on at once: each connection takes about
// a megabyte, and more than there are processors help nobody.
func readers() int { return min(4, max(2, runtime.GOMAXPROCS(0))) }

// embedded is SQLite in a file: one connection writes, a few read.
type embedded struct {
	rw       *sql.DB
	ro       *reads
	lock     string // address of an empty database that serves as a lock between processes
	prepared *statements
}

func openSQLite(dir string) (engine, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	path := filepath.Join(dir, "cases.db")
	// SQLite would make a file everybody may read.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open case store: %w", err)
	}
	size := int64(0)
	if at, err := f.Stat(); err == nil {
		size = at.Size()
	}
	_ = f.Close()
	lock := filepath.Join(dir, "cases.lock")
	if f, err := os.OpenFile(lock, os.O_CREATE|os.O_RDWR, 0o600); err == nil { // likewise; opening it for a migration tells what else is wrong
		_ = f.Close()
	}
	e := &embedded{lock: "file:" + (&url.URL{Path: lock}).EscapedPath(), prepared: newStatements()}
	common := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(4000)"
	if e.rw, err = sql.Open("sqlite", common+"&_txlock=immediate"+cache(size, 1_000, 64_000)); err != nil {
		return nil, fmt.Errorf("open case store: %w", err)
	}
	ro, err := sql.Open("sqlite", common+"&_pragma=query_only(1)"+cache(size/4, 250, 32_000))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open case store: %w", err), e.rw.Close())
	}
	e.ro = &reads{DB: ro, ready: map[string]*sql.Stmt{}}
	e.rw.SetMaxOpenConns(1)
	e.ro.SetMaxOpenConns(readers())
	e.ro.SetMaxIdleConns(readers())
	return e, nil
}

// cache is the setting for a connection's cache: a 64th of the size, within bounds in kB. There are several
// readers, and what one of them lacks the system has in its own cache: each gets a quarter of the writer's.
// The upper levels of every index of a million cases fit into the larger bounds; a store
// that begins takes little memory, in truth twice what the setting says.
func cache(size, least, most int64) string {
	return fmt.Sprintf("&_pragma=cache_size(-%d)", min(max(size>>16, least), most))
}

func (e *embedded) reader() querier { return e.ro }
func (e *embedded) oneWriter() bool { return true }
func (e *embedded) readers() int    { return readers() }
func (e *embedded) writer() *sql.DB { return e.rw }
func (e *embedded) snapshot(ctx context.Context) (*sql.Tx, error) {
	return e.ro.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
}

func (e *embedded) dialect() goose.Dialect { return goose.DialectSQLite3 }
func (e *embedded) each() string           { return "json_each($1)" }

func (e *embedded) columns(ctx context.Context, q querier, table string) ([]column, error) {
	return scan(ctx, q, (*column).targets, `SELECT name, type = 'TEXT', type = 'BOOLEAN', pk FROM pragma_table_info($1) ORDER BY name`, table)
}

func (e *embedded) among(column string) string {
	return column + ` IN (SELECT CAST(value AS BIGINT) FROM json_each($1))`
}

func (e *embedded) ping(ctx context.Context) error { return e.ro.PingContext(ctx) }

func (e *embedded) unavailable(err error) bool {
	var f *sqlite.Error
	if !errors.As(err, &f) {
		return false
	}
	switch f.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}

// exclusively holds an exclusive transaction on another file: the migrations read their
// version before they begin to write, so two processes could both begin.
func (e *embedded) exclusively(ctx context.Context, f func() error) error {
	db, err := sql.Open("sqlite", e.lock+"?_pragma=busy_timeout(60000)&_txlock=exclusive")
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("wait for migrations elsewhere: %w", err)
	}
	return errors.Join(f(), tx.Rollback())
}

// write must not run twice at once. A change that has begun is not cut off with ctx:
// listening for that takes goroutines of every statement.
func (e *embedded) write(ctx context.Context, f func(context.Context, Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	e.prepared.catchUp(e.rw)
	tx, err := e.rw.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(ctx, Tx{Tx: tx, prepared: e.prepared}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (e *embedded) close() error { return errors.Join(e.ro.Close(), e.rw.Close()) }
