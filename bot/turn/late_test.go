package turn_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// A move made while the case service is down is kept and made once the service is back;
// the person is told both times.
func TestLateMove(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.cases.fail = func(call string, n int) error {
		if call == "do" && n <= 3 {
			return petition.Fail(petition.Unavailable, "api.down")
		}
		return nil
	}
	h.accept("tg:1", "e1", "do")
	h.until("told", func() bool { return len(h.sender.all()) == 1 })
	h.waitIdle()
	h.wantSent("e1/0: do unavailable pending=true", "done:e1/0: do ZS26-0001-1A")
	if len(h.cases.moves) != 1 {
		t.Errorf("moves made: %v", h.cases.moves)
	}
}

// An outcome that no step can take is a dead letter; its outbox row goes with it, so
// that it isn't asked for again and again.
func TestDeadLetterOfAnOutcomeTakesItsRow(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.cases.fail = func(call string, n int) error {
		if call == "file" && n <= 2 {
			return petition.Fail(petition.Unavailable, "api.down")
		}
		return nil
	}
	h.accept("tg:1", "e1", "breaking")
	h.waitIdle()
	d, err := h.store.Depth(context.Background(), time.Now().Add(time.Hour))
	if err != nil || d.Events != 0 || d.Rows != 0 || d.DeadLetters != 1 {
		t.Fatalf("left behind: %+v, %v", d, err)
	}
	before := h.cases.calls["file"]
	time.Sleep(10 * h.o.LastRetry)
	if n := h.cases.calls["file"]; n != before || n != 3 {
		t.Errorf("asked %d times, %d of them after the dead letter", n, n-before)
	}
}

// A petition that a fault of the case service's own kept from being filed is filed all the
// same: the person confirmed it. A look-up after such a fault is not asked again.
func TestFilingAfterAnInternalError(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.cases.fail = func(_ string, n int) error {
		if n <= 2 {
			return errors.New("a fault of ours")
		}
		return nil
	}
	h.accept("tg:1", "e1", "file look")
	h.waitIdle()
	h.wantSent("e1/0: file internal pending=true", "e1/1: look internal pending=false", "done:e1/0: ticket T1")
}

// A worker whose lease is gone stops at once: what it would send or ask, another does by now.
func TestLostLeaseStopsTheWorker(t *testing.T) {
	t.Parallel()
	stopped := make(chan struct{})
	h := newHarness(t, func(h *harness) {
		h.store, h.o.ReadFor, h.o.Lease = unrenewed{h.store}, time.Minute, 300*time.Millisecond
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			<-ctx.Done()
			close(stopped)
			return bot.Reading{}, ctx.Err()
		}
		h.o.Sweep = time.Minute // nobody claims it again
	})
	h.accept("tg:1", "e1", "read")
	select {
	case <-stopped:
	case <-time.After(20 * time.Second):
		t.Fatal("the worker goes on without its lease")
	}
	h.until("the loss is counted", func() bool { return h.r.Metrics().Lost.Load() == 1 })
}

// unrenewed is a store whose leases are lost at the first renewal.
type unrenewed struct{ turn.Store }

func (unrenewed) Renew(context.Context, string, int64, turn.Lease) error { return turn.ErrLost }
