package cases

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// readPool is where cases are read: a few goroutines, as many as there are connections
// that read. A read needs a deep stack; a thousand conversations may wait for theirs
// at once, and would each have to grow one only to wait on it.
type readPool struct {
	requests chan *read
	quit     chan struct{}
	once     sync.Once
}

type read struct {
	do   func() error
	err  error
	done chan struct{}
}

func newReadPool(size int) *readPool {
	r := &readPool{requests: make(chan *read), quit: make(chan struct{})}
	for range size {
		go r.serve()
	}
	return r
}

func (r *readPool) serve() {
	for {
		select {
		case q := <-r.requests:
			q.run()
		case <-r.quit:
			return
		}
	}
}

// run never panics: the stack of what broke would end here. Its value may quote what a
// citizen wrote and is not told.
func (q *read) run() {
	defer close(q.done)
	defer func() {
		if p := recover(); p != nil {
			q.err = fmt.Errorf("read panicked with %T at\n%s", p, debug.Stack())
		}
	}()
	q.err = q.do()
}

// read has do done by the pool and waits for it. After close it is done by the caller:
// the store says then that it is closed.
func (r *readPool) read(do func() error) error {
	q := &read{do: do, done: make(chan struct{})}
	select {
	case r.requests <- q:
		<-q.done
	case <-r.quit:
		q.run()
	}
	return q.err
}

// close ends the goroutines, each when it is done with its read.
func (r *readPool) close() { r.once.Do(func() { close(r.quit) }) }
