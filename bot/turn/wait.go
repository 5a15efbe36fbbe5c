package turn

import (
	"context"
	"fmt"
	"time"
)

// serves reports whether this process has the door that a conversation's messages
// leave by. Other processes on the same store may have others: a terminal beside a
// server.
func (r *Runner) serves(conv string) bool {
	d := r.door(conv)
	return d.Send != nil && (d.Only == "" || d.Only == conv)
}

// otherProcessPause is how long a conversation of another process is not claimed again.
const otherProcessPause = 5 * time.Second

// ofOtherProcess reports whether the claimed conversation's door is another process's. Its
// address stands in the sealed event.
func (w *worker) ofOtherProcess() bool {
	if w.conv == "" && len(w.work.Events) > 0 {
		var a storedEvent
		if w.r.open(w.key, "event", w.work.Events[0].Body, &a) == nil {
			w.conv = a.Conv
		}
	}
	return w.conv != "" && !w.r.serves(w.conv)
}

// WaitAnswered waits until one conversation has answered all it was told: no event of it
// is undone, no message of it unsent, no worker of this process busy. A filing or a
// file that waits for another service does not hold it up.
func (r *Runner) WaitAnswered(ctx context.Context, conv string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if r.idleNow() {
			waits, err := r.unanswered(ctx, conv)
			if err == nil && !waits {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

func (r *Runner) idleNow() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy == 0
}

// unanswered reports whether a conversation has an undone event or an unsent message, and
// dispatches it if so: the sweep might not come by in time.
func (r *Runner) unanswered(ctx context.Context, conv string) (bool, error) {
	lease := Lease{Owner: r.claim(), For: r.o.Lease, Now: r.p.Now()}
	work, err := r.p.Store.Claim(ctx, r.key(conv), lease)
	if err != nil || !work.Held {
		return false, err
	}
	w := &worker{r: r, key: r.key(conv), conv: conv, work: work, lease: lease}
	w.loadOutbox()
	if len(work.Events) == 0 && !w.hasUnsent() {
		_, err := r.p.Store.Settle(ctx, w.key, Settlement{Fence: work.Fence, Release: true, Retry: w.nextAttempt(lease.Now), Lease: lease})
		return false, err
	}
	if !r.acquireSlot() {
		return true, nil
	}
	r.dispatch(w)
	return true, nil
}

// hasUnsent reports whether a message is unsent.
func (w *worker) hasUnsent() bool {
	for _, p := range w.rows {
		if !p.unreadable && p.Effect.Say != nil {
			return true
		}
	}
	return false
}

// WaitIdle waits until no event is undone, no row unperformed and no worker busy, for
// tests and for the end of a scripted conversation.
func (r *Runner) WaitIdle(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		d, err := r.p.Store.Depth(ctx, r.p.Now())
		if err == nil && d.Events == 0 && d.Rows == 0 && r.allIdle() {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until idle: %w (%d events, %d rows)", ctx.Err(), d.Events, d.Rows)
		case <-tick.C:
		}
	}
}

func (r *Runner) allIdle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy == 0 && len(r.activeTasks) == 0
}
