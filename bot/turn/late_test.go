package turn_test

import (
	"context"
	"testing"
	"time"

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
