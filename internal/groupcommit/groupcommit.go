// Package groupcommit puts writes that come at the same time into one batch, so that one
// commit (or one network write) serves them all. What a batch does is the caller's.
package groupcommit

import (
	"errors"
	"sync"
)

// ErrClosed says that a queue takes no more requests.
var ErrClosed = errors.New("queue is closed")

// Queue gathers requests into batches. A request that finds fewer than the allowed number
// of batches running starts one at once and alone: nobody waits for others that may come.
// Those that arrive meanwhile wait and go together in the next, in order of arrival. A
// batch runs on the goroutine of the caller whose request is first in it.
type Queue[R any] struct {
	run     func([]R)
	batches int // running at most at once
	most    int // requests in a batch

	mu      sync.Mutex
	waiting []*waiter[R]
	running int
	closed  bool
	idle    *sync.Cond
}

// waiter is one request waiting. Its caller gets a batch to run, its own request first,
// or none when another caller has run it.
type waiter[R any] struct {
	request R
	lead    chan []*waiter[R]
}

// New makes a queue whose batches hold at most most requests and of which at most batches
// run at once. run does a batch; it must note in each request what became of it, and must
// not panic.
func New[R any](batches, most int, run func([]R)) *Queue[R] {
	q := &Queue[R]{run: run, batches: batches, most: most}
	q.idle = sync.NewCond(&q.mu)
	return q
}

// Submit returns when the batch that holds the request has run. ErrClosed after Close;
// the request was not run then.
func (q *Queue[R]) Submit(request R) error {
	w := &waiter[R]{request: request, lead: make(chan []*waiter[R], 1)}
	if err := q.join(w); err != nil {
		return err
	}
	if batch := <-w.lead; batch != nil {
		q.runBatch(batch)
	}
	return nil
}

func (q *Queue[R]) join(w *waiter[R]) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case q.running == q.batches:
		q.waiting = append(q.waiting, w)
	default:
		q.running++
		w.lead <- []*waiter[R]{w}
	}
	return nil
}

func (q *Queue[R]) runBatch(batch []*waiter[R]) {
	requests := make([]R, len(batch))
	for i, w := range batch {
		requests[i] = w.request
	}
	q.run(requests)
	q.next()
	for _, w := range batch[1:] {
		w.lead <- nil
	}
}

// next starts the next batch on the goroutine of whoever waits longest.
func (q *Queue[R]) next() {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), q.most)
	if n == 0 {
		q.running--
		q.idle.Broadcast()
		return
	}
	batch := q.waiting[:n:n]
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil // lets go of the requests of a burst
	}
	batch[0].lead <- batch
}

// Close refuses further requests and returns when those that were taken have run.
func (q *Queue[R]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for q.running > 0 {
		q.idle.Wait()
	}
}
