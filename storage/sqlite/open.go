// Package sqlite keeps conversations, mailboxes and browsers' sessions in one file in the data folder,
// through SQLite without cgo. One goroutine writes; what comes in while it waits for
// the disk goes into the next transaction together.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"dengwen/bot/turn"
	"dengwen/internal/groupcommit"
	"dengwen/internal/websession"
)

// What the methods promise is written at these interfaces.
var (
	_ turn.Store   = (*Store)(nil)
	_ turn.Mailbox = (*Store)(nil)
)

// Store is a turn.Store and a turn.Mailbox. It is safe for concurrent use; several
// processes may use the file, but they slow each other down.
type Store struct {
	path     string
	write    *sql.DB // one connection
	read     *sql.DB
	writer   *writer // belongs to the batch that runs
	queue    *groupcommit.Queue[*job]
	notifier turn.Notifier

	purged atomic.Int64 // when, ms
}

var (
	_ turn.Store   = (*Store)(nil)
	_ turn.Mailbox = (*Store)(nil)

	_ websession.Store = (*Store)(nil)
)

// ErrClosed says that the Store was closed.
var ErrClosed = errors.New("conversation store is closed")

// A conversation is one row: what it was doing is in the columns, what waits (body)
// and which events were seen (seen) in the encodings of codec.go. due is when to look
// at it, ms, NULL when nothing waits and nobody holds it.
const schema = `
CREATE TABLE IF NOT EXISTS conversation (
	conv    TEXT PRIMARY KEY,
	fence   INTEGER NOT NULL,
	owner   TEXT    NOT NULL,
	till    INTEGER NOT NULL,
	version INTEGER NOT NULL,
	done    TEXT    NOT NULL,
	keep    INTEGER NOT NULL,
	due     INTEGER,
	events  INTEGER NOT NULL,
	rows    INTEGER NOT NULL,
	oldest  INTEGER NOT NULL,
	session BLOB,
	body    BLOB    NOT NULL,
	seen    BLOB    NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_due ON conversation (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS dead_letters (
	n    INTEGER PRIMARY KEY AUTOINCREMENT,
	conv TEXT    NOT NULL,
	id   TEXT    NOT NULL,
	at   INTEGER NOT NULL,
	body BLOB    NOT NULL
);
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mailbox (
	conv TEXT PRIMARY KEY,
	n    INTEGER NOT NULL,
	keep INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS post (
	conv TEXT    NOT NULL,
	seq  INTEGER NOT NULL,
	key  TEXT    NOT NULL,
	body BLOB    NOT NULL,
	PRIMARY KEY (conv, seq)
);
CREATE TABLE IF NOT EXISTS web_session (
	hash  TEXT PRIMARY KEY,
	owner TEXT    NOT NULL,
	until INTEGER NOT NULL,
	body  BLOB    NOT NULL
);
CREATE INDEX IF NOT EXISTS web_session_owner ON web_session (owner);
CREATE UNIQUE INDEX IF NOT EXISTS post_key ON post (conv, key);
`

// Open opens the file, or makes it readable by its owner only. A commit is on the
// disk before it is answered (synchronous FULL). Close the Store after use.
func Open(ctx context.Context, path string) (*Store, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open conversations: %w", err)
	}
	_ = f.Close()
	s := &Store{path: path}
	if s.write, err = pool(path, "synchronous(FULL)", 1); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.write); err != nil {
		_ = s.write.Close()
		return nil, fmt.Errorf("prepare conversations in %s: %w", path, err)
	}
	if s.read, err = pool(path, "query_only(1)", 4); err != nil {
		_ = s.write.Close()
		return nil, err
	}
	w, err := newWriter(ctx, s.write)
	if err != nil {
		_ = s.read.Close()
		_ = s.write.Close()
		return nil, err
	}
	s.queue, s.writer = groupcommit.New(1, maxBatch, w.runBatch), w
	return s, nil
}

// migrate brings the tables up to date: files of older versions have dead letters under
// another name.
func migrate(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	var old int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'aside'`).Scan(&old); err != nil {
		return err
	}
	if old > 0 {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE aside RENAME TO dead_letters`); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	return tx.Commit()
}

func pool(path, pragma string, most int) (*sql.DB, error) {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "wal_autocheckpoint(2000)", pragma}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+path+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open conversations in %s: %w", path, err)
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// Close finishes what is being written and closes the file.
func (s *Store) Close() error {
	s.queue.Close()
	s.writer.close()
	return errors.Join(s.read.Close(), s.write.Close())
}

// Ping reports whether the file can be read.
func (s *Store) Ping(ctx context.Context) error { return s.read.PingContext(ctx) }
