package turn_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot/turn"
)

// A 429 is waited for exactly and lets nothing behind it pass, while events go on
// being stepped.
func TestToldToWait(t *testing.T) {
	t.Parallel()
	const pause = 300 * time.Millisecond
	h := newHarness(t)
	h.sender.fail = func(n int, _, _ string) error {
		if n == 1 {
			return &turn.SendError{After: pause, Err: errors.New("429")}
		}
		return nil
	}
	h.accept("tg:1", "e1", "one")
	h.until("told to wait", func() bool { return h.r.Metrics().Limited.Load() == 1 })
	h.accept("tg:1", "e2", "two look")
	h.until("the second is stepped meanwhile", func() bool { return h.r.Metrics().Turns.Load() == 2 })
	if n := h.cases.count("look"); n != 1 || len(h.sender.all()) != 0 {
		t.Fatalf("looked up %d times, sent %v", n, h.sender.all())
	}
	h.waitIdle()
	h.wantSent("e1 one", "e2 two", "e2/1: look ZS26-0001-1A")
	at := h.sender.tries()
	if d := at[1].Sub(at[0]); d < pause || d > pause+500*time.Millisecond {
		t.Errorf("tried again after %v, told %v", d, pause)
	}
	if log := h.log.String(); !strings.Contains(log, "tries=0") || strings.Contains(log, "tries=1") {
		t.Errorf("being told to wait is no failed attempt, log:\n%s", log)
	}
}

// Failures that may pass are tried again, ever more slowly, in order, and no message
// is dropped.
func TestFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.sender.fail = func(n int, _, _ string) error {
		if n%3 != 0 {
			return errors.New("500")
		}
		return nil
	}
	h.accept("tg:1", "e1", "a b c d")
	h.accept("tg:1", "e2", "e f")
	h.waitIdle()
	h.wantSent("e1 a", "e1 b", "e1 c", "e1 d", "e2 e", "e2 f")
	for key, n := range h.sender.keys {
		if n != 1 {
			t.Errorf("%s delivered %d times", key, n)
		}
	}
	if m := h.r.Metrics(); m.Retries.Load() != 12 || m.Dropped.Load() != 0 {
		t.Errorf("%d retries, %d dropped", m.Retries.Load(), m.Dropped.Load())
	}
}

func TestGoneAndRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.sender.fail = func(_ int, conv, text string) error {
		switch {
		case conv == "tg:blocked":
			return &turn.SendError{Gone: true, Err: errors.New("403")}
		case strings.HasSuffix(text, "malformed"):
			return &turn.SendError{Drop: true, Err: errors.New("400")}
		case strings.HasSuffix(text, "panics"):
			panic("door")
		}
		return nil
	}
	h.accept("tg:blocked", "e1", "a b")
	h.accept("tg:1", "e1", "malformed panics fine")
	h.waitIdle()
	h.wantSent("e1 fine")
	if m := h.r.Metrics(); m.Gone.Load() != 1 || m.Dropped.Load() != 2 {
		t.Errorf("gone %d, dropped %d", m.Gone.Load(), m.Dropped.Load())
	}
}

// A receipt that meets a closed chat is kept: it comes before the next answer there, or by itself when
// the chat was closed for a moment. It holds up nothing meanwhile.
func TestReceiptMeetsAClosedChat(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		var later, closed atomic.Int64
		h := newHarness(t, func(h *harness) {
			h.now = func() time.Time { return time.Now().Round(0).Add(time.Duration(later.Load())) }
		})
		closed.Store(1)
		h.sender.fail = func(int, string, string) error {
			if closed.Load() > 0 {
				return &turn.SendError{Gone: true, Err: errors.New("400 chat not found")}
			}
			return nil
		}
		h.accept("tg:1", "e1", "receipt a")
		h.until("it met the closed chat", func() bool { return h.r.Metrics().Gone.Load() == 1 })
		h.accept("tg:1", "e2", "b") // what is asked while it is closed is lost, but for the receipt
		h.until("and again", func() bool { return h.r.Metrics().Gone.Load() == 2 })
		closed.Store(0)
		if asked {
			h.accept("tg:1", "e3", "c")
			h.waitIdle()
			h.wantSent("e1 receipt", "e3 c")
			continue
		}
		time.Sleep(50 * time.Millisecond)
		h.wantSent()
		later.Store(int64(20 * time.Minute))
		h.waitIdle()
		h.wantSent("e1 receipt")
	}
}

// A receipt that waits for its chat to open and then meets a network that is away has the pauses of
// every other message: it is not tried in a circle because another waits behind it.
func TestReceiptKeptWhileTheNetworkIsAway(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) { h.o.FirstRetry, h.o.LastRetry = 20*time.Millisecond, 100*time.Millisecond })
	var now atomic.Pointer[turn.SendError]
	now.Store(&turn.SendError{Gone: true, Err: errors.New("403")})
	h.sender.fail = func(int, string, string) error {
		if err := now.Load(); err != nil {
			return err
		}
		return nil
	}
	h.accept("tg:1", "e1", "receipt")
	h.until("it met the closed chat", func() bool { return h.r.Metrics().Gone.Load() == 1 })
	now.Store(&turn.SendError{Err: errors.New("401")})
	h.accept("tg:1", "e2", "b")
	time.Sleep(500 * time.Millisecond)
	if n := h.r.Metrics().Retries.Load(); n < 2 || n > 40 { // two messages, each a try in 50 to 100 ms
		t.Errorf("%d tries in half a second", n)
	}
	now.Store(nil)
	h.waitIdle()
	h.wantSent("e1 receipt", "e2 b")
}

// A message that the network fails on for ever, while it takes those of others, is given up: those
// behind it go. While the network fails on all, nothing is.
func TestOneMessageFailsForEver(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) { h.o.LastRetry = 10 * time.Millisecond })
	var away atomic.Bool
	away.Store(true)
	h.sender.fail = func(_ int, _, text string) error {
		if away.Load() || strings.HasSuffix(text, "poison") {
			return errors.New("500")
		}
		return nil
	}
	h.accept("tg:1", "e1", "poison fine")
	h.until("tried often", func() bool { return h.r.Metrics().Retries.Load() > 80 })
	if n := h.r.Metrics().Dropped.Load(); n != 0 {
		t.Fatalf("%d dropped while the network was away", n)
	}
	away.Store(false)
	for i := 0; h.r.Metrics().Dropped.Load() == 0 && i < 500; i++ {
		h.accept("tg:2", fmt.Sprint("o", i), "x")
		time.Sleep(10 * time.Millisecond)
	}
	h.waitIdle()
	if !slices.Contains(h.sender.all(), "e1 fine") || h.r.Metrics().Dropped.Load() != 1 {
		t.Errorf("dropped %d, sent %v", h.r.Metrics().Dropped.Load(), h.sender.all())
	}
}

func TestMovedChat(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.sender.fail = func(_ int, conv, _ string) error {
		if conv == "tg:-1" {
			return &turn.SendError{MovedTo: "tg:-1001", Err: errors.New("400")}
		}
		return nil
	}
	h.accept("tg:-1", "e1", "a b")
	h.waitIdle()
	h.wantSent("e1 a", "e1 b")
	for _, to := range h.sender.to {
		if to != "tg:-1001" {
			t.Errorf("sent to %s", to)
		}
	}
	if n := h.r.Metrics().Moved.Load(); n != 1 {
		t.Errorf("moved %d times", n)
	}
}

// What waits by a clock that is then set back goes on at once, in the process that saw the
// clock go and in one started after it: nobody waits eight hours because a machine began
// with the wrong zone.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	for _, restarted := range []bool{false, true} {
		var ahead atomic.Int64
		ahead.Store(int64(8 * time.Hour))
		h := newHarness(t, func(h *harness) {
			h.now = func() time.Time { return time.Now().Round(0).Add(time.Duration(ahead.Load())) }
			h.o.FirstRetry, h.o.LastRetry = time.Hour, time.Hour
		})
		h.sender.fail = func(n int, _, _ string) error {
			if n == 1 {
				return errors.New("502")
			}
			return nil
		}
		h.accept("tg:1", "e1", "a")
		h.until("it is postponed", func() bool { return h.r.Metrics().Retries.Load() > 0 })
		if restarted {
			h.stop()
		}
		ahead.Store(0)
		if restarted {
			h.start()
		}
		h.waitIdle()
		h.wantSent("e1 a")
	}
}

// A wait whose clock is set back begins anew: it is neither over at once, which would call
// somebody silent who has just spoken, nor as long as the clock was wrong.
func TestWaitOverAClockSetBack(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	ahead.Store(int64(8 * time.Hour))
	h := newHarness(t, func(h *harness) {
		h.now = func() time.Time { return time.Now().Round(0).Add(time.Duration(ahead.Load())) }
	})
	h.accept("tg:1", "e1", "a minute")
	h.until("it is answered", func() bool { return len(h.sender.all()) == 1 })
	ahead.Store(0)
	time.Sleep(20 * h.o.Sweep)
	h.wantSent("e1 a")
	h.until("the minute is over", func() bool {
		ahead.Add(int64(61 * time.Second))
		return len(h.sender.all()) == 2
	})
}

// Two chats that move to each other must not send for ever.
func TestMovedInACircle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.sender.fail = func(n int, conv, _ string) error {
		if n > 50 {
			return nil
		}
		to := map[string]string{"tg:a": "tg:b", "tg:b": "tg:a"}[conv]
		return &turn.SendError{MovedTo: to, Err: errors.New("400")}
	}
	h.accept("tg:a", "e1", "a")
	h.until("it is postponed", func() bool { return h.r.Metrics().Retries.Load() > 0 })
	if n := len(h.sender.tries()); n > 10 {
		t.Errorf("%d tries without a pause", n)
	}
	h.waitIdle()
	h.wantSent("e1 a")
}

// A conversation of another door waits for the process that has it.
func TestNoDoor(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.accept("web:1", "e1", "a")
	h.accept("tg:1", "e2", "b")
	h.until("ours is answered", func() bool { return len(h.sender.tries()) > 0 })
	h.wantSent("e2 b")
	d, err := h.store.Depth(t.Context(), time.Now())
	if err != nil || d.Events+d.Rows == 0 {
		t.Errorf("what waits for another door: %+v, %v", d, err)
	}
}
