package cases

import (
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// However many come at once, no more read than the pool is large, and all are served.
func TestRoomSeatsAFew(t *testing.T) {
	t.Parallel()
	r := newReadPool(2)
	defer r.close()
	var inside, most, served atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_ = r.read(func() error {
				for n := inside.Add(1); n > most.Load(); {
					most.Store(n)
				}
				served.Add(1)
				inside.Add(-1)
				return nil
			})
		})
	}
	all.Wait()
	if most.Load() > 2 || served.Load() != 50 {
		t.Errorf("%d at once, %d served", most.Load(), served.Load())
	}
}

// What breaks one read is told to its caller, without its words; the pool stays as large.
func TestReadPoolTellsWhatBroke(t *testing.T) {
	t.Parallel()
	r := newReadPool(1)
	defer r.close()
	err := r.read(func() error { panic("the road is out") })
	if err == nil || strings.Contains(err.Error(), "road") || !strings.Contains(err.Error(), "read_pool_test.go") {
		t.Errorf("the caller was told %v", err)
	}
	if err := r.read(func() error { return io.EOF }); err != io.EOF {
		t.Errorf("the next read: %v", err)
	}
}

func TestClosedReadPoolLeavesTheReadToItsCaller(t *testing.T) {
	t.Parallel()
	r := newReadPool(1)
	r.close()
	r.close()
	if err := r.read(func() error { return io.EOF }); err != io.EOF {
		t.Errorf("not read: %v", err)
	}
}
