package groupcommit_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"dengwen/internal/groupcommit"
)

type request struct {
	id  int
	err error
}

// Every request runs once; what comes while a batch runs goes together in the next, in
// order of arrival and never more than allowed.
func TestRequestsThatWaitGoTogether(t *testing.T) {
	t.Parallel()
	first, hold := make(chan struct{}), make(chan struct{})
	var batches [][]int
	q := groupcommit.New(1, 3, func(all []*request) {
		var ids []int
		for _, r := range all {
			ids = append(ids, r.id)
			if r.id == 3 {
				r.err = errors.New("refused")
			}
		}
		batches = append(batches, ids)
		if len(batches) == 1 {
			close(first)
			<-hold
		}
	})
	var wg sync.WaitGroup
	requests := make([]*request, 6)
	submit := func(i int, begun chan<- struct{}) {
		defer wg.Done()
		close(begun)
		if err := q.Submit(requests[i]); err != nil {
			t.Error(err)
		}
	}
	for i := range requests {
		requests[i] = &request{id: i}
		wg.Add(1)
		begun := make(chan struct{})
		go submit(i, begun)
		<-begun
		if i == 0 {
			<-first
		}
	}
	for q.Waiting() < 5 {
	}
	close(hold)
	wg.Wait()
	total := 0
	for _, b := range batches {
		total += len(b)
		if len(b) > 3 {
			t.Errorf("a batch of %d", len(b))
		}
	}
	if total != 6 || len(batches) != 3 || len(batches[1]) != 3 {
		t.Errorf("batches %v", batches)
	}
	for _, r := range requests {
		if (r.err != nil) != (r.id == 3) {
			t.Errorf("request %d: %v", r.id, r.err)
		}
	}
}

// Under load no more batches run at once than allowed, and none is lost.
func TestBatchesAtOnce(t *testing.T) {
	t.Parallel()
	var now, most, done atomic.Int64
	q := groupcommit.New(2, 8, func(all []*request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		done.Add(int64(len(all)))
		now.Add(-1)
	})
	var wg sync.WaitGroup
	for range 64 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 100 {
				if err := q.Submit(&request{}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	q.Close()
	if done.Load() != 6400 || most.Load() > 2 {
		t.Errorf("%d run, %d batches at once", done.Load(), most.Load())
	}
	if err := q.Submit(&request{}); !errors.Is(err, groupcommit.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// Close waits for what was taken.
func TestCloseWaits(t *testing.T) {
	t.Parallel()
	begun, hold := make(chan struct{}), make(chan struct{})
	var ran atomic.Int64
	q := groupcommit.New(1, 8, func(all []*request) {
		if ran.Add(int64(len(all))) == 1 {
			close(begun)
			<-hold
		}
	})
	var wg sync.WaitGroup
	submit := func() {
		defer wg.Done()
		if err := q.Submit(&request{}); err != nil {
			t.Error(err)
		}
	}
	wg.Add(2)
	go submit()
	<-begun
	go submit()
	for q.Waiting() < 1 {
	}
	closed := make(chan struct{})
	go func() { q.Close(); close(closed) }()
	select {
	case <-closed:
		t.Fatal("closed while a batch ran")
	default:
	}
	close(hold)
	<-closed
	wg.Wait()
	if ran.Load() != 2 {
		t.Errorf("%d requests ran, want 2", ran.Load())
	}
}
