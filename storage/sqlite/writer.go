package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
)

// job is one write of a batch. do may run twice: when the batch's transaction fails, each
// job gets one of its own.
type job struct {
	do  func(*writer) error
	err error
}

// maxBatch is how many jobs go into one transaction at most.
const maxBatch = 256

// submit has the writer run do in a transaction and waits until it is on the disk.
// The end of the caller's context does not stop it: the write may be done already.
func (s *Store) submit(do func(*writer) error) error {
	j := &job{do: do}
	if err := s.queue.Submit(j); err != nil {
		return ErrClosed
	}
	return j.err
}

// runBatch runs jobs in one transaction. If it fails, each gets one of its own, so
// that one job's fault is its own.
func (w *writer) runBatch(jobs []*job) {
	err := w.transaction(jobs)
	if err == nil {
		return
	}
	if len(jobs) == 1 {
		jobs[0].err = err
		return
	}
	for i := range jobs {
		w.runBatch(jobs[i : i+1])
	}
}

func (w *writer) transaction(jobs []*job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			_, _ = w.rollback.Exec()
			err = fmt.Errorf("write panicked with %T at\n%s", p, debug.Stack())
		}
	}()
	if _, err := w.begin.Exec(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, j := range jobs {
		if j.err = j.do(w); j.err != nil && !lawful(j.err) {
			_, _ = w.rollback.Exec()
			return j.err
		}
	}
	if _, err := w.commit.Exec(); err != nil {
		_, _ = w.rollback.Exec()
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// writer holds the one connection that writes and its statements.
type writer struct {
	conn                    *sql.Conn
	begin, commit, rollback *sql.Stmt
	load, save, deadLetter  *sql.Stmt
	prune, mark, purge      *sql.Stmt
	box, boxUp, find, post  *sql.Stmt
	trim, purgeBox          *sql.Stmt
	purgePosts, purgeWeb    *sql.Stmt
	web, webUp, webDrop     *sql.Stmt
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open conversations for writing: %w", err)
	}
	w := &writer{conn: conn}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&w.begin, `BEGIN IMMEDIATE`}, {&w.commit, `COMMIT`}, {&w.rollback, `ROLLBACK`},
		{&w.load, `SELECT fence, owner, till, version, done, keep, session, body, seen FROM conversation WHERE conv = ?`},
		{&w.save, `INSERT OR REPLACE INTO conversation (conv, fence, owner, till, version, done, keep, due, events, rows, oldest, session, body, seen)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&w.deadLetter, `INSERT INTO dead_letters (conv, id, at, body) VALUES (?, ?, ?, ?)`},
		{&w.prune, `DELETE FROM dead_letters WHERE n <= (SELECT MAX(n) FROM dead_letters) - ?`},
		{&w.mark, `INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`},
		{&w.purge, `DELETE FROM conversation WHERE due IS NULL AND keep < ?`},
		{&w.box, `SELECT n FROM mailbox WHERE conv = ?`},
		{&w.boxUp, `INSERT INTO mailbox (conv, n, keep) VALUES (?, ?, ?) ON CONFLICT (conv) DO UPDATE SET n = excluded.n, keep = excluded.keep`},
		{&w.find, `SELECT COUNT(*) FROM post WHERE conv = ? AND key = ?`},
		{&w.post, `INSERT INTO post (conv, seq, key, body) VALUES (?, ?, ?, ?)`},
		{&w.trim, `DELETE FROM post WHERE conv = ? AND seq <= ?`},
		{&w.purgePosts, `DELETE FROM post WHERE conv IN (SELECT conv FROM mailbox WHERE keep < ?)`},
		{&w.web, `INSERT INTO web_session (owner, until, body, hash) VALUES (?, ?, ?, ?)`},
		{&w.webUp, `UPDATE web_session SET owner = ?, until = ?, body = ? WHERE hash = ?`},
		{&w.webDrop, `DELETE FROM web_session WHERE hash = ?`},
		{&w.purgeWeb, `DELETE FROM web_session WHERE until < ?`},
		{&w.purgeBox, `DELETE FROM mailbox WHERE keep < ?`},
	} {
		if *s.to, err = conn.PrepareContext(ctx, s.text); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("prepare %q: %w", s.text, err)
		}
	}
	return w, nil
}

// close gives the connection back; its statements close with it.
func (w *writer) close() { _ = w.conn.Close() }
