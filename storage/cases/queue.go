package cases

import (
	"context"
	"fmt"
	"sync"
	"time"

	"dengwen/petition"
)

// request is a new case or a changed one on its way into the store.
type request struct {
	ctx  context.Context
	file *createRequest // one of the two
	save *revision
	err  error
	done chan struct{}
	lead chan struct{}
}

// queue holds the requests that wait. Numbers and positions of the feed are given one after
// the other and their rows are locked until the commit, so whoever comes while others
// are being written waits anyway: they are written together next, with one commit and
// few statements.
type queue struct {
	mu    sync.Mutex
	busy  bool
	queue []*request
}

// maxBatch is how many requests one transaction takes.
const maxBatch = 256

// submit waits until a request is written, or has failed.
func (s *Store) submit(p *request) error {
	p.done, p.lead = make(chan struct{}), make(chan struct{})
	if s.queue.join(p) {
		s.serve(p)
		return p.err
	}
	select {
	case <-p.done:
	case <-p.lead:
		s.serve(p)
	}
	return p.err
}

// join reports whether nobody else is at it.
func (w *queue) join(p *request) (first bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, p)
	first, w.busy = !w.busy, true
	return first
}

func (w *queue) take() []*request {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), maxBatch)
	all := w.queue[:n:n]
	w.queue = w.queue[n:]
	return all
}

// leave has the request that waits longest lead the next batch.
func (w *queue) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy = len(w.queue) > 0; w.busy {
		close(w.queue[0].lead)
	}
}

// serve writes what has queued up, first among them the caller's own.
func (s *Store) serve(own *request) {
	defer s.queue.leave()
	all := s.queue.take()
	defer func() {
		for _, p := range all {
			if p != own {
				close(p.done)
			}
		}
	}()
	var here []*request
	for _, p := range all {
		if p.err = p.ctx.Err(); p.err == nil {
			here = append(here, p)
		}
	}
	s.runBatch(here)
}

// batchTimeout bounds the transaction of a batch, which no single caller may cut off.
const batchTimeout = time.Minute

// runBatch writes requests in one transaction, and one by one when that fails because of
// one of them.
func (s *Store) runBatch(all []*request) {
	if len(all) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(all[0].ctx), batchTimeout)
	defer cancel()
	err := s.commit(ctx, all)
	if err == nil {
		return
	}
	if len(all) == 1 || petition.CodeOf(err) == petition.Unavailable {
		for _, p := range all {
			p.err = err
		}
		return
	}
	for i := range all {
		s.runBatch(all[i : i+1])
	}
}

// commit writes requests in one transaction. Whatever goes wrong is an error: those who
// wait must not take theirs for written.
func (s *Store) commit(ctx context.Context, all []*request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("writing cases panicked: %v", p)
		}
	}()
	return s.write(ctx, "write cases", func(ctx context.Context, tx Tx) error { return s.handle(ctx, tx, all) })
}

// handle writes requests. What fails for one alone is noted there.
func (s *Store) handle(ctx context.Context, tx Tx, all []*request) error {
	var b batch
	var saves, files []*request
	for _, p := range all {
		p.err = nil
		if p.save != nil {
			saves = append(saves, p)
		} else {
			files = append(files, p)
		}
	}
	if err := s.saveAll(ctx, tx, saves, &b); err != nil {
		return err
	}
	if err := s.fileAll(ctx, tx, files, &b); err != nil {
		return err
	}
	return s.writeBatch(ctx, tx, &b)
}

// batch gathers rows of several cases that are written together at the end.
type batch struct {
	cases, entries, oldListKeys, listKeys [][]any
	reworded                              []int64 // refs of cases whose words, or who may search for them, are new
	notices                               []petition.Notice
}

// writeBatch writes what was gathered. The feed comes last: its row is locked from then
// to the commit.
func (s *Store) writeBatch(ctx context.Context, tx Tx, b *batch) error {
	all := deleteListKeys(b.oldListKeys)
	for _, some := range []struct {
		table string
		rows  [][]any
	}{
		{`cases (` + rowColumns + `, filing, class, category, place)`, b.cases},
		{`entries (ref, seq, body)`, b.entries},
		{`shelves (shelf, due, number, received, ref)`, b.listKeys},
	} {
		all = append(all, tx.insertions(some.table, some.rows)...)
	}
	if _, err := tx.all(ctx, all); err != nil {
		return err
	}
	return s.writeNotices(ctx, tx, b.notices, b.reworded)
}
