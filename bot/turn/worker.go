package turn

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"dengwen/bot"
)

// worker is one worker on one conversation, from the claim to the settling.
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

	hint    string // id of the event this process has just taken in,
	known   storedEvent
	stored  storedSession // the session of work.Same
	session bot.Session
	version int64 // of session; -1 = not opened yet
	rows    []*pending
	done    []string // keys of rows performed and not yet settled
	pass    bool     // another process's: let go of it
}

// pending is one outbox row in hand.
type pending struct {
	Item
	outboxRow
	bad   bool // does not open: left alone, looked at again after LastRetry
	dirty bool // row differs from Body
}

// run works the conversation until nothing is left to do now.
func (t *worker) run() {
	t.begin()
	defer t.end()
	for t.work.Held {
		err := t.round()
		if err == nil {
			err = t.settle()
		}
		if err != nil {
			t.lose(err)
			return
		}
	}
}

func (t *worker) begin() {
	t.ctx, t.cancel = context.WithCancelCause(t.r.ctx)
	t.fence.Store(t.work.Fence)
	t.last, t.version = t.lease.Now, -1
	t.r.mu.Lock()
	t.r.active[t] = struct{}{}
	t.r.mu.Unlock()
}

func (t *worker) end() {
	t.cancel(nil)
	t.r.mu.Lock()
	delete(t.r.active, t)
	t.r.mu.Unlock()
	t.r.leave(true)
}

// lose leaves the conversation to whoever claims it next: nothing that was not
// recorded has happened.
func (t *worker) lose(err error) {
	if errors.Is(err, ErrLost) || errors.Is(context.Cause(t.ctx), ErrLost) {
		t.r.m.Lost.Add(1)
		t.log().Info("lease lost, somebody else has the conversation")
		return
	}
	t.r.m.Abandoned.Add(1)
	t.log().Warn("turn left to the next claim", "err", err)
}

// log names the conversation by a keyed hash and never says what is in it.
func (t *worker) log() *slog.Logger { return t.r.p.Log.With("conv", short(t.key)) }

func short(key string) string { return key[:min(8, len(key))] }

// round steps each event in hand and performs the outbox after each.
func (t *worker) round() error {
	t.load()
	if t.otherProcess() {
		t.pass = true
		return nil
	}
	if len(t.work.Events) == 0 {
		return t.perform()
	}
	for _, item := range t.work.Events {
		if err := t.handle(item); err != nil {
			return err
		}
		if err := t.perform(); err != nil {
			return err
		}
	}
	return nil
}

// load decodes the outbox. Rows in hand from the round before are the same.
func (t *worker) load() {
	have := map[string]*pending{}
	for _, p := range t.rows {
		have[p.Key] = p
	}
	t.rows = t.rows[:0]
	for _, item := range t.work.Rows {
		p := have[item.Key]
		if p == nil {
			p = t.decode(item)
		}
		t.rows = append(t.rows, p)
	}
}

func (t *worker) decode(item Item) *pending {
	p := &pending{Item: item}
	if err := t.r.open(t.key, "row", item.Body, &p.outboxRow); err != nil {
		p.bad = true
		t.log().Error("outbox row does not open", "row", item.Key, "err", err)
		return p
	}
	if t.conv == "" {
		t.conv = p.Conv
	}
	return p
}

// settle records what was performed and takes over what came in meanwhile.
func (t *worker) settle() error {
	now := t.r.p.Now()
	s := Settlement{Fence: t.work.Fence, Done: t.done, Release: t.r.halting(), Lease: t.lease}
	s.Lease.Now = now
	for _, p := range t.rows {
		if !p.dirty {
			continue
		}
		body, err := t.r.seal(t.key, "row", p.outboxRow)
		if err != nil {
			return err
		}
		p.dirty, p.Body = false, body
		s.Update = append(s.Update, p.Item)
	}
	s.Retry = t.next(now)
	if t.pass {
		s.Release, s.Retry = true, now.Add(passFor)
	}
	w, err := t.store(func() (Work, error) { return t.r.p.Store.Settle(t.ctx, t.key, s) })
	if err != nil {
		return err
	}
	t.done = t.done[:0]
	if t.work = w; !w.Held && len(t.rows) > 0 {
		t.r.later(t.key, s.Retry.Sub(now))
	}
	return nil
}

// store calls the store again when the answer got lost: each call has the answer of
// its first time, and a message that was sent should be recorded as sent.
func (t *worker) store(call func() (Work, error)) (Work, error) {
	pause := 50 * time.Millisecond
	for try := 0; ; try++ {
		w, err := call()
		if err == nil || errors.Is(err, ErrLost) || try == 4 || t.ctx.Err() != nil {
			return w, err
		}
		wait(t.ctx, pause)
		pause *= 2
	}
}

// next is the time at which a row that is left may be tried.
func (t *worker) next(now time.Time) time.Time {
	var at int64
	said := false
	for _, p := range t.rows {
		after := p.After
		switch {
		case p.bad:
			after = now.Add(t.r.o.LastRetry).UnixMilli()
		case p.Effect.Say != nil && said:
			continue // waits for the message before it
		case p.Effect.Say != nil:
			said = true
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

func (r *Runner) halting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// wait sleeps and reports whether ctx is still on.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
