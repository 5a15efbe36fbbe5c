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

// passFor is how long a conversation of another process is left alone.
const passFor = 5 * time.Second

// otherProcess reports whether the conversation in hand is another process's. Its address
// stands in what waits.
func (t *worker) otherProcess() bool {
	if t.conv == "" && len(t.work.Events) > 0 {
		var a storedEvent
		if t.r.open(t.key, "event", t.work.Events[0].Body, &a) == nil {
			t.conv = a.Conv
		}
	}
	return t.conv != "" && !t.r.serves(t.conv)
}

// WaitAnswered waits until one conversation has answered all it was told: no event of it
// is undone, no message of it unsent, no worker of this process busy. A filing or a
// file that waits for another service does not hold it up.
func (r *Runner) WaitAnswered(ctx context.Context, conv string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if r.idleNow() {
			waits, err := r.waits(ctx, conv)
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

// waits looks what a conversation has left, and has it worked where there is more
// than errands.
func (r *Runner) waits(ctx context.Context, conv string) (bool, error) {
	lease := Lease{Owner: r.claim(), For: r.o.Lease, Now: r.p.Now()}
	w, err := r.p.Store.Claim(ctx, r.key(conv), lease)
	if err != nil || !w.Held {
		return false, err
	}
	t := &worker{r: r, key: r.key(conv), conv: conv, work: w, lease: lease}
	t.load()
	if len(w.Events) == 0 && !t.speaks() {
		_, err := r.p.Store.Settle(ctx, t.key, Settlement{Fence: w.Fence, Release: true, Retry: t.next(lease.Now), Lease: lease})
		return false, err
	}
	if !r.enter() {
		return true, nil
	}
	r.dispatch(t)
	return true, nil
}

// speaks reports whether a message is unsent.
func (t *worker) speaks() bool {
	for _, p := range t.rows {
		if !p.bad && p.Effect.Say != nil {
			return true
		}
	}
	return false
}
