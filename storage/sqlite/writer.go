package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// job is one write on its way through the writer. do may run twice, when the
// transaction it was first part of fails for another's sake.
type job struct {
	do   func(*writer) error
	err  error
	done chan struct{}
}

// batch is how many jobs go into one transaction at most.
const batch = 256

// submit has the writer run do in a transaction and waits until it is on the disk.
// A caller that gives up meanwhile is not heard: the write is already on its way.
func (s *Store) submit(do func(*writer) error) error {
	j := &job{do: do, done: make(chan struct{})}
	select {
	case s.queue <- j:
	case <-s.ended:
		return ErrClosed
	}
	select {
	case <-j.done:
		return j.err
	case <-s.ended:
	}
	select { // the last batch may have held it
	case <-j.done:
		return j.err
	default:
		return ErrClosed
	}
}

// writing runs the jobs, as many at once as came in during the transaction before.
func (s *Store) writing(w *writer) {
	defer close(s.ended)
	defer w.close()
	jobs := make([]*job, 0, batch)
	for {
		select {
		case <-s.quit:
			return
		case j := <-s.queue:
			jobs = s.fillBatch(append(jobs[:0], j))
			w.runBatch(jobs)
		}
	}
}

func (s *Store) fillBatch(jobs []*job) []*job {
	for len(jobs) < batch {
		select {
		case j := <-s.queue:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// runBatch runs jobs in one transaction. If it fails, each gets one of its own, so
// that one job's fault is its own.
func (w *writer) runBatch(jobs []*job) {
	err := w.transaction(jobs)
	if err != nil && len(jobs) > 1 {
		for _, j := range jobs {
			w.runBatch([]*job{j})
		}
		return
	}
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

func (w *writer) transaction(jobs []*job) (err error) {
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
	load, save, aside       *sql.Stmt
	prune, mark, purge      *sql.Stmt
	box, boxUp, find, post  *sql.Stmt
	trim, purgeBox          *sql.Stmt
	purgePosts              *sql.Stmt
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
		{&w.aside, `INSERT INTO aside (conv, id, at, body) VALUES (?, ?, ?, ?)`},
		{&w.prune, `DELETE FROM aside WHERE n <= (SELECT MAX(n) FROM aside) - ?`},
		{&w.mark, `INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`},
		{&w.purge, `DELETE FROM conversation WHERE due IS NULL AND keep < ?`},
		{&w.box, `SELECT n FROM mailbox WHERE conv = ?`},
		{&w.boxUp, `INSERT INTO mailbox (conv, n, keep) VALUES (?, ?, ?) ON CONFLICT (conv) DO UPDATE SET n = excluded.n, keep = excluded.keep`},
		{&w.find, `SELECT COUNT(*) FROM post WHERE conv = ? AND key = ?`},
		{&w.post, `INSERT INTO post (conv, seq, key, body) VALUES (?, ?, ?, ?)`},
		{&w.trim, `DELETE FROM post WHERE conv = ? AND seq <= ?`},
		{&w.purgePosts, `DELETE FROM post WHERE conv IN (SELECT conv FROM mailbox WHERE keep < ?)`},
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
