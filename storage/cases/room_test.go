package cases

import (
	"sync"
	"sync/atomic"
	"testing"
)

// However many come at once, no more read than there are seats, and all are served.
func TestRoomSeatsAFew(t *testing.T) {
	t.Parallel()
	r := openRoom(2)
	defer r.close()
	var inside, most, served atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			r.read(func() {
				for n := inside.Add(1); n > most.Load(); {
					most.Store(n)
				}
				served.Add(1)
				inside.Add(-1)
			})
		})
	}
	all.Wait()
	if most.Load() > 2 || served.Load() != 50 {
		t.Errorf("%d at once, %d served", most.Load(), served.Load())
	}
}

// What breaks one read is that caller's; the seat stays.
func TestRoomHandsAPanicBack(t *testing.T) {
	t.Parallel()
	r := openRoom(1)
	defer r.close()
	func() {
		defer func() {
			if got := recover(); got != "torn page" {
				t.Errorf("the caller was told %v", got)
			}
		}()
		r.read(func() { panic("torn page") })
	}()
	done := false
	if r.read(func() { done = true }); !done {
		t.Error("the seat is gone")
	}
}

func TestClosedRoomLeavesTheReadToItsCaller(t *testing.T) {
	t.Parallel()
	r := openRoom(1)
	r.close()
	r.close()
	done := false
	if r.read(func() { done = true }); !done {
		t.Error("not read")
	}
}
