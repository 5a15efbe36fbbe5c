package turn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"dengwen/bot"
)

// flushOutbox sends the messages of the outbox in order, until one has to wait, and
// begins the errands whose time has come.
func (w *worker) flushOutbox() error {
	now := millis(w.r.p.Now())
	lane := open
	left := w.rows[:0]
	for _, p := range w.rows {
		if !p.unreadable && p.Effect.Say != nil {
			if lane == open {
				lane = w.deliver(p, now)
			}
			if lane != held {
				w.done = append(w.done, p.Key)
				continue
			}
		} else if !p.unreadable && p.After <= now {
			p.After, p.dirty = now+w.r.timeoutOf(p.Effect).Milliseconds(), true
			w.startTask(p)
		}
		left = append(left, p)
	}
	clear(w.rows[len(left):])
	w.rows = left
	return w.ctx.Err()
}

// sendState is how it stands with the messages of a conversation.
type sendState int

const (
	open   sendState = iota // the next one may go
	held                    // one has to wait, and all behind it
	closed                  // the person has closed the conversation: what is in hand is dropped
)

// deliver sends one message.
func (w *worker) deliver(p *outboxEntry, now int64) sendState {
	if p.After > now {
		return held
	}
	err := w.send(p)
	var s *SendError
	if errors.As(err, &s) && s.MovedTo != "" && s.MovedTo != p.Conv {
		w.move(s.MovedTo)
		err = w.send(p)
	}
	if err == nil {
		w.r.m.Sends.Add(1)
		return open
	}
	if !errors.As(err, &s) {
		s = &SendError{Err: err}
	}
	switch {
	case s.Gone:
		// The next event's messages are tried again: people come back.
		w.r.m.Gone.Add(1)
		w.log().Info("conversation is closed by the person", "row", p.Key)
		w.r.unreachable(w.ctx, p)
		return closed
	case s.Drop:
		w.r.m.Dropped.Add(1)
		w.log().Error("message refused for good", "row", p.Key, "err", err)
		return open
	}
	w.postpone(p, s)
	return held
}

// send calls the door. A panic in it counts as a refusal: the same message would
// panic again and hold up all that follow.
func (w *worker) send(p *outboxEntry) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &SendError{Drop: true, Err: fmt.Errorf("panicked with %T at\n%s", v, debug.Stack())}
		}
	}()
	door := w.r.door(p.Conv)
	if door.Send == nil {
		return errors.New("no door for this address")
	}
	ctx, cancel := context.WithTimeout(w.ctx, w.r.o.SendFor)
	defer cancel()
	if p.Effect.Say.Bulletin != "" {
		return w.r.sendBulletin(ctx, p, func() error { return w.r.deliverTo(ctx, door, p) })
	}
	return w.r.deliverTo(ctx, door, p)
}

// move sends what is left to the chat's new address. The session stays where it is:
// the next message to the old address learns of the new one again.
func (w *worker) move(to string) {
	w.r.m.Moved.Add(1)
	w.log().Info("conversation has a new address")
	w.r.rebind(w.ctx, w.conv, to)
	for _, p := range w.rows {
		if p.Effect.Say != nil {
			p.Conv, p.dirty = to, true
		}
	}
}

// postpone sets when a failed message is tried again. Being told to wait is no
// failure and does not lengthen the pause.
func (w *worker) postpone(p *outboxEntry, s *SendError) {
	if w.ctx.Err() != nil {
		return
	}
	w.r.m.Retries.Add(1)
	pause := s.After
	if pause > 0 {
		w.r.m.Limited.Add(1)
	} else {
		pause = w.r.backoff(p.Tries)
		p.Tries++
	}
	// Rounded up: a row must not be tried before the pause is over.
	p.After, p.dirty = w.r.p.Now().Add(pause+time.Millisecond-1).UnixMilli(), true
	w.log().Warn("delivery postponed", "row", p.Key, "tries", p.Tries, "pause", pause, "err", s.Err)
}

// backoff is the pause after a number of failures: doubling from FirstRetry to
// LastRetry, half of it at random so that a thousand do not come back at once.
func (r *Runner) backoff(tries int) time.Duration {
	d := r.o.LastRetry
	if tries < 20 {
		d = min(d, r.o.FirstRetry<<tries)
	}
	return d/2 + rand.N(d/2+1)
}

// startTask begins an effect beside the conversation, unless this process is already
// at it. Its outcome comes back as an event.
func (w *worker) startTask(p *outboxEntry) {
	r := w.r
	name := w.key + "/" + p.Key
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping || r.activeTasks[name] {
		return
	}
	r.activeTasks[name] = true
	r.tasks.Add(1)
	q := question{row: p.Key, from: p.From, Effect: p.Effect}
	go r.runTask(w.key, p.Conv, q, p.Tries)
}

// runTask tries an errand until it is done, then hands the outcome in. When the process
// dies meanwhile, the row is still there.
func (r *Runner) runTask(key, conv string, q question, tries int) {
	defer r.tasks.Done()
	defer r.forgetTask(key + "/" + q.row)
	began := r.p.Now()
	for {
		if tries > 0 && !sleep(r.runCtx, r.backoff(tries-1)) {
			return
		}
		out, late := r.attemptTask(key, conv, q)
		if r.runCtx.Err() != nil {
			return
		}
		if late && (q.Fetch == nil || r.p.Now().Sub(began) < fetchGiveUp) {
			r.m.TaskRetries.Add(1)
			tries++
			continue
		}
		r.m.Tasks.Add(1)
		r.acceptOutcome(key, conv, q, out)
		return
	}
}

func (r *Runner) attemptTask(key, conv string, q question) (bot.Outcome, bool) {
	select {
	case r.taskSlots <- struct{}{}:
	case <-r.runCtx.Done():
		return bot.Outcome{}, false
	}
	defer func() { <-r.taskSlots }()
	return r.ask(r.runCtx, key, conv, q)
}

// acceptOutcome accepts the outcome of an errand as an event that ends its row.
func (r *Runner) acceptOutcome(key, conv string, q question, out bot.Outcome) {
	a := storedEvent{Conv: conv, Row: q.row}
	id := "done:" + q.row
	if q.Fetch == nil || out.Err != nil || out.Heard != nil {
		a.Event = &bot.Event{ID: id, At: r.p.Now(), From: q.from, Outcome: &out}
	}
	for tries := 0; ; tries++ {
		err := r.accept(r.runCtx, key, id, a)
		if err == nil {
			return
		}
		r.p.Log.Warn("outcome of an errand not taken in yet", "conv", short(key), "row", q.row, "err", err)
		if !sleep(r.runCtx, r.backoff(tries)) {
			return
		}
	}
}

func (r *Runner) forgetTask(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.activeTasks, name)
}
