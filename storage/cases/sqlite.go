package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers bounds how many reads of the file go on at once.
const readers = 4

// embedded is SQLite in a file: one connection writes, a few read. Changes that
// arrive together share one transaction and so one sync to the disk; each is undone
// alone when it fails.
type embedded struct {
	rw, ro *sql.DB
	lock   string // address of an empty database that serves as a lock between processes
	queue  chan *change
	mu     sync.RWMutex // guards closed against a send on the closed queue
	closed bool
	done   chan struct{}
}

type change struct {
	ctx  context.Context
	do   func(ctx context.Context, tx Tx) error
	err  error
	done chan struct{}
}

// batch bounds how many changes one transaction takes, and so how long the first
// waits for the last.
const batch = 64

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
	_ = f.Close()
	e := &embedded{lock: "file:" + (&url.URL{Path: filepath.Join(dir, "cases.lock")}).EscapedPath(), queue: make(chan *change, batch), done: make(chan struct{})}
	common := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if e.rw, err = sql.Open("sqlite", common+"&_txlock=immediate"); err != nil {
		return nil, fmt.Errorf("open case store: %w", err)
	}
	if e.ro, err = sql.Open("sqlite", common+"&_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(fmt.Errorf("open case store: %w", err), e.rw.Close())
	}
	e.rw.SetMaxOpenConns(1)
	e.ro.SetMaxOpenConns(readers)
	e.ro.SetMaxIdleConns(readers)
	go e.work()
	return e, nil
}

func (e *embedded) reader() *sql.DB        { return e.ro }
func (e *embedded) writer() *sql.DB        { return e.rw }
func (e *embedded) dialect() goose.Dialect { return goose.DialectSQLite3 }
func (e *embedded) each() string           { return "json_each($1)" }
func (e *embedded) retry(error) bool       { return false } // one writer: nothing collides

func (e *embedded) away(err error) bool {
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

// alone holds an exclusive transaction on another file: the migrations read their
// version before they begin to write, so two processes could both begin.
func (e *embedded) alone(ctx context.Context, f func() error) error {
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

// write queues a change and waits until it is on the disk. Once begun a change is
// not cut off with ctx: SQLite would undo the whole transaction and with it the
// changes of others.
func (e *embedded) write(ctx context.Context, f func(context.Context, Tx) error) error {
	c := &change{ctx: ctx, do: f, done: make(chan struct{})}
	if err := e.send(c); err != nil {
		return err
	}
	<-c.done
	return c.err
}

func (e *embedded) send(c *change) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return sql.ErrConnDone
	}
	select {
	case e.queue <- c:
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

func (e *embedded) work() {
	defer close(e.done)
	for c := range e.queue {
		e.together(c)
	}
}

// together runs first and whatever has queued meanwhile in one transaction.
func (e *embedded) together(first *change) {
	all := []*change{first}
	tx, err := e.rw.BeginTx(context.Background(), nil)
	if err == nil {
		for i := 0; i < len(all); i++ {
			all[i].err = apart(tx, all[i])
			if len(all) < batch {
				all = e.more(all)
			}
		}
		err = tx.Commit()
	}
	for _, c := range all {
		if c.err == nil {
			c.err = err
		}
		close(c.done)
	}
}

func (e *embedded) more(all []*change) []*change {
	select {
	case c, ok := <-e.queue:
		if ok {
			return append(all, c)
		}
	default:
	}
	return all
}

// apart runs one change so that it can be undone without the others.
func apart(tx *sql.Tx, c *change) (err error) {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	ctx := context.WithoutCancel(c.ctx)
	if _, err := tx.ExecContext(ctx, `SAVEPOINT one`); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("change panicked: %v", p)
		}
		if err != nil {
			_, undo := tx.ExecContext(ctx, `ROLLBACK TO one`)
			err = errors.Join(err, undo)
		}
		_, release := tx.ExecContext(ctx, `RELEASE one`)
		err = errors.Join(err, release)
	}()
	return c.do(ctx, Tx{Tx: tx})
}

func (e *embedded) close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	close(e.queue)
	e.mu.Unlock()
	<-e.done
	return errors.Join(e.ro.Close(), e.rw.Close())
}
