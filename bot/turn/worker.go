package turn

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"dengwen/bot"
)

// worker holds the lease of one conversation, from the claim until it is settled.
type worker struct {
	r      *Runner
	key    string // the store's name of the conversation
	conv   string // its address, "" until a record told it
	work   Work
	lease  Lease
	ctx    context.Context
	cancel context.CancelCauseFunc
	fence  atomic.Int64 // for the heartbeat
	last   time.Time    // when the lease was taken or renewed; the heartbeat's own

	acceptedID string        // id of the event this process has just accepted:
	accepted   storedEvent   // it need not be decrypted again
	stored     storedSession // the session of work.Same
	session    bot.Session
	version    int64 // of session; -1 = not opened yet
	rows       []*outboxEntry
	done       []string // keys of rows performed and not yet settled
	otherOwner bool     // its door is another process's: release the lease
}

// outboxEntry is an outbox row of the claimed work, decoded.
type outboxEntry struct {
	Item
	outboxRow
	unreadable bool // does not open: skipped, tried again after LastRetry
	dirty      bool // outboxRow differs from Body
}

// run processes and settles until nothing is due.
func (w *worker) run() {
	w.start()
	defer w.finish()
	for w.work.Held {
		err := w.processWork()
		if err == nil {
			err = w.settle()
		}
		if err != nil {
			w.abandon(err)
			return
		}
	}
}

func (w *worker) start() {
	w.ctx, w.cancel = context.WithCancelCause(w.r.ctx)
	w.fence.Store(w.work.Fence)
	w.last, w.version = w.lease.Now, -1
	w.r.mu.Lock()
	w.r.active[w] = struct{}{}
	w.r.mu.Unlock()
}

func (w *worker) finish() {
	w.cancel(nil)
	w.r.mu.Lock()
	delete(w.r.active, w)
	w.r.mu.Unlock()
	w.r.releaseSlot(true)
}

// abandon leaves the rest to the next claim: what was not committed is run again.
func (w *worker) abandon(err error) {
	if errors.Is(err, ErrLost) || errors.Is(context.Cause(w.ctx), ErrLost) {
		w.r.m.Lost.Add(1)
		w.log().Info("lease lost, somebody else has the conversation")
		return
	}
	w.r.m.Abandoned.Add(1)
	w.log().Warn("turn left to the next claim", "err", err)
}

// log names the conversation by a keyed hash and never says what is in it.
func (w *worker) log() *slog.Logger { return w.r.p.Log.With("conv", short(w.key)) }

func short(key string) string { return key[:min(8, len(key))] }

// processWork steps each event and sends the outbox after each, so that an answer does not
// wait for the events behind it.
func (w *worker) processWork() error {
	w.loadOutbox()
	if w.ofOtherProcess() {
		w.otherOwner = true
		return nil
	}
	if len(w.work.Events) == 0 {
		return w.flushOutbox()
	}
	for _, item := range w.work.Events {
		if err := w.handle(item); err != nil {
			return err
		}
		if err := w.flushOutbox(); err != nil {
			return err
		}
	}
	return nil
}

// loadOutbox decodes the outbox. Entries of the work before are reused with their attempts.
func (w *worker) loadOutbox() {
	have := map[string]*outboxEntry{}
	for _, p := range w.rows {
		have[p.Key] = p
	}
	w.rows = w.rows[:0]
	for _, item := range w.work.Rows {
		p := have[item.Key]
		if p == nil {
			p = w.decodeRow(item)
		}
		w.rows = append(w.rows, p)
	}
}

func (w *worker) decodeRow(item Item) *outboxEntry {
	p := &outboxEntry{Item: item}
	if err := w.r.open(w.key, "row", item.Body, &p.outboxRow); err != nil {
		p.unreadable = true
		w.log().Error("outbox row does not open", "row", item.Key, "err", err)
		return p
	}
	if w.conv == "" {
		w.conv = p.Conv
	}
	return p
}

// settle records what was performed and takes the work that came in meanwhile.
func (w *worker) settle() error {
	now := w.r.p.Now()
	s := Settlement{Fence: w.work.Fence, Done: w.done, Release: w.r.isStopping(), Lease: w.lease}
	s.Lease.Now = now
	for _, p := range w.rows {
		if !p.dirty {
			continue
		}
		body, err := w.r.seal(w.key, "row", p.outboxRow)
		if err != nil {
			return err
		}
		p.dirty, p.Body = false, body
		s.Update = append(s.Update, p.Item)
	}
	s.Retry = w.nextAttempt(now)
	if w.otherOwner {
		s.Release, s.Retry = true, now.Add(otherProcessPause)
	}
	work, err := w.callStore(func() (Work, error) { return w.r.p.Store.Settle(w.ctx, w.key, s) })
	if err != nil {
		return err
	}
	w.done = w.done[:0]
	if w.work = work; !work.Held && len(w.rows) > 0 {
		w.r.scheduleClaim(w.key, s.Retry.Sub(now))
	}
	return nil
}

// callStore retries a call of the store: repeated calls are answered like the first, and a
// message that was sent should be recorded as sent before the lease runs out.
func (w *worker) callStore(call func() (Work, error)) (Work, error) {
	pause := 50 * time.Millisecond
	for try := 0; ; try++ {
		work, err := call()
		if err == nil || errors.Is(err, ErrLost) || try == 4 || w.ctx.Err() != nil {
			return work, err
		}
		sleep(w.ctx, pause)
		pause *= 2
	}
}

// nextAttempt is the earliest time at which a row that is left may be tried, zero when none is.
func (w *worker) nextAttempt(now time.Time) time.Time {
	var at int64
	message := false
	for _, p := range w.rows {
		after := p.dueAt(now.UnixMilli())
		switch {
		case p.unreadable:
			after = now.Add(w.r.o.LastRetry).UnixMilli()
		case p.parked():
		case p.Effect.Say != nil && message:
			continue // waits for the message before it
		case p.Effect.Say != nil:
			message = true
		}
		if at == 0 || after < at {
			at = max(after, 1)
		}
	}
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at)
}

func (r *Runner) isStopping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// sleep waits for d and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
