package turn

import (
	"context"
	"errors"
	"time"
)

// Run claims work that no process holds and renews the leases of long turns, until ctx ends
// or Stop is called; then it lets the turns under way finish, for at most one Lease. Call it
// once.
func (r *Runner) Run(ctx context.Context) error {
	heartbeatDone := make(chan struct{})
	go func() {
		defer close(heartbeatDone)
		r.heartbeat()
	}()
	r.sweepLoop(ctx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.o.Lease)
	defer cancel()
	err := r.Stop(end)
	<-heartbeatDone
	return err
}

func (r *Runner) sweepLoop(ctx context.Context) {
	tick := time.NewTicker(r.o.Sweep)
	defer tick.Stop()
	failures := failureLog{what: "look for abandoned work"}
	s := sweeper{r: r, everything: true}
	for {
		if err := s.sweep(ctx); ctx.Err() == nil {
			failures.note(r.p.Log, err)
		}
		r.sessions.expire(r.p.Now())
		select {
		case <-ctx.Done():
			return
		case <-r.runCtx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweeper looks for work that nobody holds. Leases and pauses are kept as times: where the
// clock was set back, what was put off before would wait until the clock is there again. So
// once at the start and whenever the clock goes back, everything that waits is looked at,
// however far ahead its time is; what was rightly put off is put off again.
type sweeper struct {
	r          *Runner
	last       time.Time
	everything bool     // is to be looked at
	left       []string // of everything, not looked at yet
}

// sweep claims conversations that are due, until the slots are used up.
func (s *sweeper) sweep(ctx context.Context) error {
	now := s.r.p.Now().Round(0) // the clock's time, not the monotonic
	s.everything = s.everything || now.Before(s.last)
	s.last = now
	if s.everything {
		all, err := s.r.p.Store.Waiting(ctx)
		if err != nil {
			return err
		}
		s.everything, s.left = false, all
	}
	for len(s.left) > 0 && s.r.claimAndWork(s.left[0]) {
		s.left = s.left[1:]
	}
	due, err := s.r.p.Store.Due(ctx, now, 256)
	if err != nil {
		return err
	}
	for _, key := range due {
		if !s.r.claimAndWork(key) {
			return nil
		}
	}
	return nil
}

// claimAndWork claims one conversation and dispatches it; false when no slot is free.
func (r *Runner) claimAndWork(key string) bool {
	if !r.acquireSlot() {
		return false
	}
	lease := Lease{Owner: r.claim(), For: r.o.Lease, Now: r.p.Now()}
	work, err := r.p.Store.Claim(r.ctx, key, lease)
	if err != nil || !work.Held {
		if err != nil {
			r.p.Log.Warn("claim", "conv", short(key), "err", err)
		}
		r.releaseSlot(true)
		return true
	}
	w := &worker{r: r, key: key, work: work, lease: lease}
	r.dispatch(w)
	return true
}

// scheduleClaim claims a conversation when a row's pause is over. If the process dies
// first, the sweep of another finds it.
func (r *Runner) scheduleClaim(key string, pause time.Duration) {
	time.AfterFunc(max(pause, 0), func() { r.claimAndWork(key) })
}

// heartbeat renews the leases of turns that take long.
func (r *Runner) heartbeat() {
	every := r.o.Lease / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-tick.C:
			r.renew(r.p.Now(), every)
		}
	}
}

func (r *Runner) renew(now time.Time, every time.Duration) {
	var due []*worker
	r.mu.Lock()
	for w := range r.active {
		if now.Sub(w.last) >= every/2 {
			w.last = now
			due = append(due, w)
		}
	}
	r.mu.Unlock()
	for _, w := range due {
		err := r.p.Store.Renew(r.ctx, w.key, w.fence.Load(), Lease{For: r.o.Lease, Now: now})
		if errors.Is(err, ErrLost) {
			w.cancel(ErrLost)
		}
	}
}
