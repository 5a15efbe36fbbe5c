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

// perform sends the messages of the outbox in order, until one has to wait, and
// begins the errands whose time has come.
func (t *worker) perform() error {
	now := millis(t.r.p.Now())
	lane := open
	left := t.rows[:0]
	for _, p := range t.rows {
		if !p.bad && p.Effect.Say != nil {
			if lane == open {
				lane = t.deliver(p, now)
			}
			if lane != held {
				t.done = append(t.done, p.Key)
				continue
			}
		} else if !p.bad && p.After <= now {
			p.After, p.dirty = now+t.r.timeoutOf(p.Effect).Milliseconds(), true
			t.startTask(p)
		}
		left = append(left, p)
	}
	clear(t.rows[len(left):])
	t.rows = left
	return t.ctx.Err()
}

// sendState is how it stands with the messages of a conversation.
type sendState int

const (
	open   sendState = iota // the next one may go
	held                    // one has to wait, and all behind it
	closed                  // the person has closed the conversation: what is in hand is dropped
)

// deliver sends one message.
func (t *worker) deliver(p *pending, now int64) sendState {
	if p.After > now {
		return held
	}
	err := t.send(p)
	var s *SendError
	if errors.As(err, &s) && s.MovedTo != "" && s.MovedTo != p.Conv {
		t.move(s.MovedTo)
		err = t.send(p)
	}
	if err == nil {
		t.r.m.Sends.Add(1)
		return open
	}
	if !errors.As(err, &s) {
		s = &SendError{Err: err}
	}
	switch {
	case s.Gone:
		// The next event's messages are tried again: people come back.
		t.r.m.Gone.Add(1)
		t.log().Info("conversation is closed by the person", "row", p.Key)
		t.r.unreachable(t.ctx, p)
		return closed
	case s.Drop:
		t.r.m.Dropped.Add(1)
		t.log().Error("message refused for good", "row", p.Key, "err", err)
		return open
	}
	t.postpone(p, s)
	return held
}

// send calls the door. A panic in it counts as a refusal: the same message would
// panic again and hold up all that follow.
func (t *worker) send(p *pending) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &SendError{Drop: true, Err: fmt.Errorf("panicked with %T at\n%s", v, debug.Stack())}
		}
	}()
	door := t.r.door(p.Conv)
	if door.Send == nil {
		return errors.New("no door for this address")
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.r.o.SendFor)
	defer cancel()
	if p.Effect.Say.Bulletin != "" {
		return t.r.sendBulletin(ctx, p, func() error { return t.r.deliverTo(ctx, door, p) })
	}
	return t.r.deliverTo(ctx, door, p)
}

// move sends what is left to the chat's new address. The session stays where it is:
// the next message to the old address learns of the new one again.
func (t *worker) move(to string) {
	t.r.m.Moved.Add(1)
	t.log().Info("conversation has a new address")
	t.r.moved(t.ctx, t.conv, to)
	for _, p := range t.rows {
		if p.Effect.Say != nil {
			p.Conv, p.dirty = to, true
		}
	}
}

// postpone sets when a failed message is tried again. Being told to wait is no
// failure and does not lengthen the pause.
func (t *worker) postpone(p *pending, s *SendError) {
	if t.ctx.Err() != nil {
		return
	}
	t.r.m.Retries.Add(1)
	pause := s.After
	if pause > 0 {
		t.r.m.Limited.Add(1)
	} else {
		pause = t.r.backoff(p.Tries)
		p.Tries++
	}
	// Rounded up: a row must not be tried before the pause is over.
	p.After, p.dirty = t.r.p.Now().Add(pause+time.Millisecond-1).UnixMilli(), true
	t.log().Warn("delivery postponed", "row", p.Key, "tries", p.Tries, "pause", pause, "err", s.Err)
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
func (t *worker) startTask(p *pending) {
	r := t.r
	name := t.key + "/" + p.Key
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping || r.errands[name] {
		return
	}
	r.errands[name] = true
	r.trips.Add(1)
	q := question{row: p.Key, from: p.From, Effect: p.Effect}
	go r.run(t.key, p.Conv, q, p.Tries)
}

// run tries an errand until it is done, then hands the outcome in. When the process
// dies meanwhile, the row is still there.
func (r *Runner) run(key, conv string, q question, tries int) {
	defer r.trips.Done()
	defer r.forgetTask(key + "/" + q.row)
	began := r.p.Now()
	for {
		if tries > 0 && !wait(r.late, r.backoff(tries-1)) {
			return
		}
		out, late := r.tryTask(key, conv, q)
		if r.late.Err() != nil {
			return
		}
		if late && (q.Fetch == nil || r.p.Now().Sub(began) < giveUp) {
			r.m.Late.Add(1)
			tries++
			continue
		}
		r.m.Errands.Add(1)
		r.acceptOutcome(key, conv, q, out)
		return
	}
}

func (r *Runner) tryTask(key, conv string, q question) (bot.Outcome, bool) {
	select {
	case r.room <- struct{}{}:
	case <-r.late.Done():
		return bot.Outcome{}, false
	}
	defer func() { <-r.room }()
	return r.ask(r.late, key, conv, q)
}

// acceptOutcome accepts the outcome of an errand as an event that ends its row.
func (r *Runner) acceptOutcome(key, conv string, q question, out bot.Outcome) {
	a := storedEvent{Conv: conv, Row: q.row}
	id := "done:" + q.row
	if q.Fetch == nil || out.Err != nil || out.Heard != nil {
		a.Event = &bot.Event{ID: id, At: r.p.Now(), From: q.from, Outcome: &out}
	}
	for tries := 0; ; tries++ {
		err := r.accept(r.late, key, id, a)
		if err == nil {
			return
		}
		r.p.Log.Warn("outcome of an errand not taken in yet", "conv", short(key), "row", q.row, "err", err)
		if !wait(r.late, r.backoff(tries)) {
			return
		}
	}
}

func (r *Runner) forgetTask(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.errands, name)
}
