package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// change is one write on its way to the file. do may run twice, when a change it
// shared a transaction with failed half-way.
type change struct {
	ctx  context.Context
	do   func(ctx context.Context, tx Tx) error
	err  error
	done chan struct{}
}

// maxChanges bounds how many changes one transaction takes, and so how long the first
// waits for the last.
const maxChanges = 64

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
		e.runBatch(c)
	}
}

// errHalfDone says that a change failed after it had written.
var errHalfDone = errors.New("a change failed half-way")

// runBatch runs first and whatever has queued meanwhile in one transaction, so in
// one sync to the disk. When one of them fails half-way all run again, each behind a
// savepoint to be undone alone; savepoints copy every page and are not for every day.
func (e *embedded) runBatch(first *change) {
	e.prepared.catchUp(e.rw)
	all, err := e.transact([]*change{first}, once)
	if errors.Is(err, errHalfDone) {
		all, err = e.transact(all, apart)
	}
	for _, c := range all {
		if c.err == nil {
			c.err = err
		}
		close(c.done)
	}
}

func (e *embedded) transact(all []*change, run func(*change, Tx) error) ([]*change, error) {
	tx, err := e.rw.BeginTx(context.Background(), nil)
	if err != nil {
		return all, err
	}
	for i := 0; i < len(all); i++ {
		if err := run(all[i], Tx{Tx: tx, prepared: e.prepared}); err != nil {
			return all, errors.Join(err, tx.Rollback())
		}
		if len(all) < maxChanges {
			all = e.more(all)
		}
	}
	return all, tx.Commit()
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

// once runs a change as part of the transaction.
func once(c *change, tx Tx) error {
	tx.wrote = new(bool)
	if c.err = c.try(tx); c.err != nil && *tx.wrote {
		return errHalfDone
	}
	return nil
}

// apart runs a change so that it can be undone without the others.
func apart(c *change, tx Tx) error {
	ctx := context.Background()
	if _, err := tx.Tx.ExecContext(ctx, `SAVEPOINT one`); err != nil {
		return err
	}
	if c.err = c.try(tx); c.err != nil {
		if _, err := tx.Tx.ExecContext(ctx, `ROLLBACK TO one`); err != nil {
			return err
		}
	}
	_, err := tx.Tx.ExecContext(ctx, `RELEASE one`)
	return err
}

func (c *change) try(tx Tx) (err error) {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("change panicked: %v", p)
		}
	}()
	return c.do(context.WithoutCancel(c.ctx), tx)
}

// statements keeps compiled the statements of the one connection that writes; it
// belongs to the goroutine that does. A statement seen for the first time inside a
// transaction is compiled after it.
type statements struct {
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

const maxStatements = 256

func newStatements() *statements {
	return &statements{ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

func (s *statements) get(query string) *sql.Stmt {
	stmt := s.ready[query]
	if stmt == nil && len(s.ready)+len(s.wanted) < maxStatements {
		s.wanted[query] = true
	}
	return stmt
}

func (s *statements) catchUp(db *sql.DB) {
	for query := range s.wanted {
		if stmt, err := db.Prepare(query); err == nil { // a faulty one fails where it is used
			s.ready[query] = stmt
		}
	}
	clear(s.wanted)
}
