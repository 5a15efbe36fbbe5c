package turn_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/redis"
)

var errDown = errors.New("store is down")

// faultyStore injects faults: a call fails before it is made, or is made and its answer is
// lost. Once dead every call fails.
type faultyStore struct {
	turn.Store
	fails int // one call in so many; 0 = none
	dead  atomic.Bool
}

// call injects a fault into one call of fails.
func (s *faultyStore) call(f func() error) error {
	bad := s.fails > 0 && rand.IntN(s.fails) == 0
	if s.dead.Load() || bad && rand.IntN(2) == 0 {
		return errDown
	}
	err := f()
	if s.dead.Load() || bad {
		return errDown
	}
	return err
}

func (s *faultyStore) Accept(ctx context.Context, conv, id string, body []byte, l turn.Lease) (w turn.Work, err error) {
	return w, s.call(func() (e error) { w, e = s.Store.Accept(ctx, conv, id, body, l); return e })
}

func (s *faultyStore) Claim(ctx context.Context, conv string, l turn.Lease) (w turn.Work, err error) {
	return w, s.call(func() (e error) { w, e = s.Store.Claim(ctx, conv, l); return e })
}

func (s *faultyStore) Commit(ctx context.Context, conv string, c turn.Change) error {
	return s.call(func() error { return s.Store.Commit(ctx, conv, c) })
}

func (s *faultyStore) Settle(ctx context.Context, conv string, st turn.Settlement) (w turn.Work, err error) {
	return w, s.call(func() (e error) { w, e = s.Store.Settle(ctx, conv, st); return e })
}

func (s *faultyStore) Renew(ctx context.Context, conv string, fence int64, l turn.Lease) error {
	return s.call(func() error { return s.Store.Renew(ctx, conv, fence, l) })
}

// crashRun is many conversations with a process that is ended again and again.
type crashRun struct {
	*harness
	mu     sync.RWMutex // held for reading while the runner is used
	faulty *faultyStore
	under  turn.Store
	fails  int
}

// crash ends the process without a shutdown and starts it again.
func (w *crashRun) crash() {
	w.faulty.dead.Store(true)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop()
	w.faulty = &faultyStore{Store: w.under, fails: w.fails}
	w.store = w.faulty
	w.start()
}

// accept accepts an event until it succeeds, and sometimes once more.
func (w *crashRun) accept(conv, id, text string) {
	for again := rand.IntN(4) == 0; ; again = false {
		w.mu.RLock()
		err := w.r.Accept(context.Background(), conv, bot.Event{ID: id, At: time.Now(), Text: text})
		w.mu.RUnlock()
		if err == nil && !again {
			return
		}
	}
}

// Whatever crashes and whatever answers get lost: every event is stepped once and in
// order, every message goes out, in order, every petition is filed once.
func TestCrashes(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		crashes(t, nil)
	})
	t.Run("Redis", func(t *testing.T) {
		t.Parallel()
		s, err := redis.Open(context.Background(), servers.Redis(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		crashes(t, s)
	})
}

func crashes(t *testing.T, other turn.Store) {
	const people, events, deaths = 30, 6, 12
	h := newHarness(t, func(h *harness) {
		h.o.Lease, h.crashes = 150*time.Millisecond, true
		if other != nil {
			h.store = other
		}
	})
	w := &crashRun{harness: h, under: h.store, fails: 25, faulty: &faultyStore{Store: h.store}}
	h.cases.fail = func(call string, n int) error {
		if call == "file" && n%4 == 0 {
			return petition.Fail(petition.Unavailable, "api.down")
		}
		return nil
	}
	h.sender.fail = func(n int, _, _ string) error {
		if n%7 == 0 {
			return &turn.SendError{After: 3 * time.Millisecond, Err: errors.New("429")}
		}
		if n%11 == 0 {
			return errors.New("500")
		}
		return nil
	}
	w.crash()
	var all sync.WaitGroup
	for p := range people {
		all.Go(func() {
			conv := fmt.Sprintf("tg:%d", p)
			for e := range events {
				w.accept(conv, fmt.Sprintf("e%d", e), "first file second")
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			}
			w.accept(conv, "last", "seen")
		})
	}
	for range deaths {
		time.Sleep(time.Duration(20+rand.IntN(30)) * time.Millisecond)
		w.crash()
	}
	all.Wait()
	w.fails = 0
	w.crash()
	w.waitIdle()
	for p := range people {
		w.check(fmt.Sprintf("tg:%d", p), events)
	}
	if n := len(h.cases.filed); n != people {
		t.Errorf("%d petitions filed for %d people with one draft each", n, people)
	}
	t.Logf("%d deaths, %d sends for %d messages", deaths+2, len(h.sender.out), people*(3*events+1))
}

func (w *crashRun) check(conv string, events int) {
	var heard []string
	for i, to := range w.sender.to {
		if to == conv && !slices.Contains(heard, w.sender.out[i]) {
			heard = append(heard, w.sender.out[i])
		}
	}
	var plain []string // without the outcomes of late filings, which come when they can
	for _, text := range heard {
		if !strings.Contains(text, ": ") {
			plain = append(plain, text)
		}
	}
	var want []string
	for e := range events {
		want = append(want, fmt.Sprintf("e%d first", e), fmt.Sprintf("e%d second", e))
	}
	last := plain[len(plain)-1]
	if plain = plain[:len(plain)-1]; !slices.Equal(plain, want) {
		w.t.Errorf("%s heard %q, want %q", conv, plain, want)
	}
	w.checkSeen(conv, last, events)
}

// checkSeen looks at the ids a session saw: each once, those of the person in order.
func (w *crashRun) checkSeen(conv, last string, events int) {
	seen := strings.Fields(last)
	count := map[string]int{}
	var told []string
	for _, id := range seen {
		if count[id]++; count[id] > 1 {
			w.t.Errorf("%s stepped %s twice: %s", conv, id, last)
		}
		if !strings.Contains(id, "/") {
			told = append(told, id)
		}
	}
	if len(told) != events+1 || !slices.IsSorted(told) {
		w.t.Errorf("%s stepped %q", conv, last)
	}
}
