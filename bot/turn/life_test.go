package turn_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// What a process leaves unsent the next one sends.
func TestRestartWithRowsLeft(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.sender.fail = func(int, string, string) error { return errors.New("network is down") }
	h.accept("tg:1", "e1", "a b")
	h.until("tried", func() bool { return h.r.Metrics().Retries.Load() > 0 })
	h.stop()
	h.sender.fail = func(int, string, string) error { return nil }
	h.start()
	h.waitIdle()
	h.wantSent("e1 a", "e1 b")
}

// What is waited for comes once, and not before its time, though the process is another one
// by then: an answer that can be taken back for a while lies on it.
func TestWaitOverARestart(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	h := newHarness(t, func(h *harness) { h.now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) } })
	h.accept("tg:1", "e1", "a wait")
	h.until("answered", func() bool { return len(h.sender.all()) == 1 })
	h.stop()
	h.start()
	h.accept("tg:1", "e2", "b")
	h.until("answered", func() bool { return len(h.sender.all()) == 2 })
	h.wantSent("e1 a", "e2 b")
	late.Store(int64(2 * time.Second))
	h.until("waited", func() bool { return len(h.sender.all()) == 3 })
	h.waitIdle()
	h.wantSent("e1 a", "e2 b", "done:e1/1: wait 0")
}

// A stopped runner still takes events in, for the next one.
func TestAcceptAfterStop(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.stop()
	h.accept("tg:1", "e1", "a")
	h.wantSent()
	h.start()
	h.waitIdle()
	h.wantSent("e1 a")
}

// Stop waits for the turn in hand, and says when it did not get to its end.
func TestStopFinishesTheTurn(t *testing.T) {
	t.Parallel()
	begun, free := make(chan struct{}), make(chan struct{})
	h := newHarness(t)
	h.sender.fail = func(int, string, string) error {
		close(begun)
		<-free
		return nil
	}
	h.accept("tg:1", "e1", "a")
	<-begun
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- h.r.Stop(ctx) }()
	select {
	case err := <-stopped:
		t.Fatalf("stopped in the middle of a turn: %v", err)
	case <-time.After(30 * time.Millisecond):
	}
	close(free)
	if err := <-stopped; err != nil {
		t.Fatalf("stop: %v", err)
	}
	h.wantSent("e1 a")
	if d, err := h.store.Depth(ctx, time.Now()); err != nil || d.Events+d.Rows != 0 {
		t.Errorf("left: %+v, %v", d, err)
	}
}

func TestStopGivesUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) {
		h.o.ReadFor = time.Minute
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			<-ctx.Done()
			return bot.Reading{}, ctx.Err()
		}
	})
	h.accept("tg:1", "e1", "read")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := h.r.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("stop: %v", err)
	}
	h.stop()
	h.read = atOnce
	h.start()
	h.waitIdle()
	h.wantSent("e1/0: read story") // not "unavailable": the turn was run again
}

// A turn that takes longer than its lease keeps it.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) { h.o.Lease = 2 * time.Second })
	var times atomic.Int64
	h.sender.fail = func(int, string, string) error {
		times.Add(1)
		time.Sleep(5 * time.Second) // a slow network, more than two leases long, which a busy machine keeps up with
		return nil
	}
	h.accept("tg:1", "e1", "a")
	h.waitIdle()
	if n := times.Load(); n != 1 {
		t.Errorf("sent %d times", n)
	}
	if n := h.r.Metrics().Lost.Load(); n != 0 {
		t.Errorf("lease lost %d times", n)
	}
}

// A conversation that was deleted under a worker's feet is left alone.
func TestForgotten(t *testing.T) {
	t.Parallel()
	begun, free := make(chan struct{}), make(chan struct{})
	h := newHarness(t)
	h.sender.fail = func(int, string, string) error {
		close(begun)
		<-free
		return nil
	}
	h.accept("tg:1", "e1", "a")
	<-begun
	if err := h.r.Forget(context.Background(), "tg:1"); err != nil {
		t.Fatal(err)
	}
	close(free)
	h.until("it is noticed", func() bool { return h.r.Metrics().Lost.Load() == 1 })
	h.sender.fail = func(int, string, string) error { return nil }
	h.accept("tg:1", "e2", "seen")
	h.waitIdle()
	h.wantSent("e1 a", "e2")
}

func TestFollow(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for i, to := range []string{"tg:1", "unit:water", "tg:2", "nonsense", "tg:1"} {
		id := fmt.Sprintf("%03d", i)
		h.cases.feed = append(h.cases.feed, petition.Notice{ID: id, To: to, Number: "N" + id})
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	for range 2 { // two processes follow
		go func() { done <- h.r.Follow(ctx) }()
	}
	h.until("three notices", func() bool { return len(h.sender.all()) == 3 })
	began := time.Now()
	h.cases.mu.Lock()
	h.cases.feed = append(h.cases.feed, petition.Notice{ID: "900", To: "tg:3", Number: "N900"})
	h.cases.mu.Unlock()
	h.r.Wake()
	h.until("the fourth", func() bool { return len(h.sender.all()) == 4 })
	if d := time.Since(began); d > 700*time.Millisecond {
		t.Errorf("a woken follower took %v", d)
	}
	cancel()
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("follow: %v", err)
		}
	}
	h.waitIdle()
	if got := h.sender.all(); len(got) != 4 || got[3] != "notice N900" {
		t.Errorf("sent %v", got)
	}
}

// With no room in this process events are stored, and worked when there is.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) { h.o.Most = 2 })
	h.sender.fail = func(int, string, string) error { time.Sleep(2 * time.Millisecond); return nil }
	for i := range 30 {
		h.accept(fmt.Sprintf("tg:%d", i), "e1", "a")
	}
	h.waitIdle()
	if n := len(h.sender.all()); n != 30 {
		t.Fatalf("%d answers", n)
	}
}

func TestNewWantsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := turn.New(turn.Parts{}, turn.Options{}); err == nil {
		t.Fatal("a runner without parts")
	}
}

func TestMetricsAreShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	reg := prometheus.NewRegistry()
	if err := h.r.Metrics().Register(reg); err != nil {
		t.Fatal(err)
	}
	h.accept("tg:1", "e1", "a b")
	h.waitIdle()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "dengwen_turn_sends_total" {
			if v := f.GetMetric()[0].GetCounter().GetValue(); v != 2 {
				t.Errorf("sends %v", v)
			}
			return
		}
	}
	t.Errorf("no dengwen_turn_sends_total among %d metrics", len(families))
}
