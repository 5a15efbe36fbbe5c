package turn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"
)

// flushOutbox sends the messages of the outbox in order, until one has to wait, and starts
// the background tasks that are due.
func (w *worker) flushOutbox() error {
	now := millis(w.r.p.Now())
	state := open
	left := w.rows[:0]
	for i, p := range w.rows {
		if p.parked() && p.dueAt(now) > now && !saysMore(w.rows[i+1:]) {
			left = append(left, p)
			continue
		}
		if !p.unreadable && p.Effect.Say != nil {
			keep := false
			switch state {
			case open:
				state = w.deliver(p, now)
				keep = state == closed && p.park(now)
			case closed: // as the message that found it so
				w.r.undelivered(w.ctx, p)
				keep = w.ifNoted(p, closed) == held
			}
			if state == parked {
				state, keep = open, true
			}
			if state != held && !keep {
				w.done = append(w.done, p.Key)
				continue
			}
		} else if !p.unreadable && p.Effect.Wait > 0 && p.putAhead(now) {
			p.setAfter(now, now+int64(p.Effect.Wait)*1000) // begun anew: how much of it is over is not known
			p.dirty = true
		} else if !p.unreadable && p.dueAt(now) <= now {
			p.setAfter(now, now+w.r.timeoutOf(p.Effect).Milliseconds())
			p.dirty = true
			w.startTask(p)
		}
		left = append(left, p)
	}
	clear(w.rows[len(left):])
	w.rows = left
	return w.ctx.Err()
}

// saysMore reports a message that was not parked: somebody is answered.
func saysMore(rows []*outboxEntry) bool {
	return slices.ContainsFunc(rows, func(p *outboxEntry) bool { return !p.unreadable && p.Effect.Say != nil && !p.parked() })
}

// parkFor are the pauses after which a parked message is tried again; the last holds for all that
// follow, up to mostParked in all.
var parkFor = [...]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

const mostParked = 34 // about a month

// park keeps a message that met a closed chat, or was refused, and is found nowhere else, the receipt
// with its query code: it goes out before the next answer in the chat, or when the chat is found open.
func (p *outboxEntry) park(now int64) bool {
	if p.Effect.Say.Receipt == nil || p.Parked >= mostParked {
		return false
	}
	pause := parkFor[min(p.Parked, len(parkFor)-1)]
	p.Parked++
	p.dirty = true
	p.setAfter(now, now+pause.Milliseconds())
	return true
}

// mostTries is after how many tries, about an hour, a message counts as refused that the network fails
// on while it takes those of others: what is behind it must not wait for ever.
const mostTries = 60

// sendState is whether further messages of a conversation may be sent.
type sendState int

const (
	open   sendState = iota // the next one may go
	held                    // one has to wait, and all behind it: their order must stay
	closed                  // the person has closed the conversation: the rest is dropped, and told elsewhere
	parked                  // this one is kept for later, and the next one may go
)

// deliver sends one message.
func (w *worker) deliver(p *outboxEntry, now int64) sendState {
	if p.dueAt(now) > now && !p.parked() {
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
		w.r.lastSend.Store(w.r.p.Now().UnixMilli())
		return open
	}
	if !errors.As(err, &s) {
		s = &SendError{Err: err}
	}
	if s.After == 0 && p.Tries >= mostTries && w.r.lastSend.Load() > p.Put {
		s.Drop = true
	}
	switch {
	case s.Gone:
		// The next event's messages are tried again: people come back.
		w.r.m.Gone.Add(1)
		w.log().Info("conversation is closed by the person", "row", p.Key)
		w.r.unreachable(w.ctx, p)
		return w.ifNoted(p, closed)
	case s.Muted:
		// The next event's messages are tried again: the right may be given back.
		w.r.m.Gone.Add(1)
		w.log().Info("the bot may not write in this chat", "row", p.Key)
		if g, ok := w.r.group(w.ctx, p.Conv); ok {
			w.r.tellOnceADay(w.ctx, g, newsNoVoice)
		}
		w.r.undelivered(w.ctx, p)
		return w.ifNoted(p, closed)
	case (s.Drop || s.NoTopic) && p.park(now): // found nowhere else
		w.log().Error("receipt refused, kept", "row", p.Key, "err", err)
		return parked
	case s.Drop, s.NoTopic: // the group itself was tried too
		w.r.m.Dropped.Add(1)
		w.log().Error("message refused for good", "row", p.Key, "err", err)
		w.r.undelivered(w.ctx, p)
		return w.ifNoted(p, open)
	}
	w.postpone(p, s)
	if p.parked() {
		return parked // those behind it have pauses of their own
	}
	return held
}

// ifNoted notes a message that does not get to its conversation where it is a notice of a case, and
// answers state; one that could not be noted is held, and tried again.
func (w *worker) ifNoted(p *outboxEntry, state sendState) sendState {
	if err := w.r.rowMissed(w.ctx, p); err != nil {
		w.postpone(p, &SendError{Err: fmt.Errorf("note what was not told: %w", err)})
		return held
	}
	return state
}

// send calls the door. A panic in it drops the message: a retry would panic again and hold
// up all that follow.
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

// move changes the address of the unsent messages (Bot API migrate_to_chat_id). The session
// stays under the old one: the next message to it is answered with MovedTo again.
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

// postpone sets the time of the next attempt. Being told to wait (429) is not counted as an
// attempt and does not lengthen the backoff.
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
	// Rounded up to the milliseconds of the row, or it would be tried before the pause is over.
	if p.Tries == mostTries && s.After == 0 {
		if err := w.r.rowMissed(w.ctx, p); err != nil { // it is noted with the next try, or when it is given up
			w.log().Warn("note what is not told for an hour", "row", p.Key, "err", err)
		}
	}
	now := w.r.p.Now()
	p.setAfter(now.UnixMilli(), now.Add(pause+time.Millisecond-1).UnixMilli())
	p.dirty = true
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
