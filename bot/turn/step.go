package turn

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"dengwen/bot"
	"dengwen/internal/seal"
)

// MaxChain is the most questions that one event may ask within its turn. Those beyond it
// become outbox rows and are answered by later events.
const MaxChain = 8

// errSession says that the stored session does not open. It is left untouched: a wrong key
// in the settings must not delete what people told.
var errSession = errors.New("session does not open")

// handle runs one event: step, ask, step the outcomes, commit.
func (w *worker) handle(item Item) error {
	a, err := w.decodeEvent(item)
	if err == nil {
		err = w.loadSession()
	}
	if errors.Is(err, seal.ErrUnknownKey) {
		return err // left to the next claim: the key may be on its way here
	}
	if err != nil {
		return w.deadLetter(item, a, err)
	}
	if a.Event == nil {
		return w.commit(item, a, nil, nil)
	}
	s, rows, err := w.chain(item.Key, *a.Event)
	if w.ctx.Err() != nil {
		return w.ctx.Err() // an outcome may be an echo of stopping; the event runs again
	}
	if errors.Is(err, errNobodyKnown) {
		return err // left to the next claim, when the lease has run out
	}
	if err != nil {
		return w.deadLetter(item, a, err)
	}
	return w.commit(item, a, &s, rows)
}

func (w *worker) decodeEvent(item Item) (storedEvent, error) {
	if item.Key == w.acceptedID {
		w.acceptedID = ""
		return w.accepted, nil
	}
	var a storedEvent
	if err := w.r.open(w.key, "event", item.Body, &a); err != nil {
		return a, err
	}
	if w.conv == "" {
		w.conv = a.Conv
	}
	return a, nil
}

// loadSession decrypts the session, once for all events that are stepped under one lease.
func (w *worker) loadSession() error {
	if w.version == w.work.Version {
		return nil
	}
	var m storedSession
	switch {
	case w.work.Same:
		m = w.stored
	case w.work.Session != nil:
		if err := w.r.open(w.key, "session", w.work.Session, &m); err != nil {
			return fmt.Errorf("%w: %w", errSession, err)
		}
	}
	if w.conv == "" {
		w.conv = m.Conv
	}
	w.session, w.version = m.Session, w.work.Version
	return nil
}

// question is an effect with an outcome.
type question struct {
	row  string // its key as an outbox row, part of the idempotency keys
	from string // in a group: whose chat it was asked for
	body []byte // of the outbox row, sealed
	bot.Effect
}

// chain steps an event and the outcomes of what it asked.
func (w *worker) chain(id string, e bot.Event) (bot.Session, []*outboxEntry, error) {
	c := &chain{w: w, id: id, s: w.session, from: e.From, address: e.Address}
	if err := w.r.addContext(w.ctx, w.conv, c.s, &e); err != nil {
		return c.s, nil, err
	}
	if err := w.r.applyGroupEvent(w.ctx, w.conv, e); err != nil {
		return c.s, nil, err
	}
	if err := c.step(e); err != nil {
		return c.s, nil, err
	}
	for asked := 0; asked < len(c.asks); asked++ {
		q := c.asks[asked]
		if asked >= MaxChain {
			c.enqueue(q, 0)
			continue
		}
		w.r.m.Outcomes.Add(1)
		out, deferred := w.r.ask(w.ctx, w.key, w.conv, q)
		if deferred {
			out.Pending = true
			c.enqueue(q, 1)
		}
		next := bot.Event{ID: q.row, At: w.r.p.Now(), Lang: e.Lang, From: e.From, Outcome: &out}
		if err := w.r.addContext(w.ctx, w.conv, c.s, &next); err != nil { // asking may have changed it
			return c.s, nil, err
		}
		if err := c.step(next); err != nil {
			return c.s, nil, err
		}
	}
	if w.r.door(w.conv).shows().Whole {
		c.rows = inOneMessage(c.rows)
	}
	return c.s, c.rows, nil
}

// chain is what one event has led to so far.
type chain struct {
	w    *worker
	id   string
	from string
	// address is where the event came from. What its outcomes ask is asked from there too.
	address string
	n       int
	s       bot.Session
	asks    []question
	rows    []*outboxEntry
}

func (c *chain) step(e bot.Event) error {
	s, effects, err := c.w.r.step(c.s, e)
	if err != nil {
		return err
	}
	c.s = s
	for _, f := range effects {
		if f.Staff && e.Officer != nil {
			f.By = e.Officer.ID
		}
		if f.File != nil || f.Look != nil || f.Do != nil {
			f.Address = c.address
		}
		q := question{row: c.id + "/" + strconv.Itoa(c.n), from: c.from, Effect: f}
		c.n++
		if f.Say != nil || f.Fetch != nil || f.Wait > 0 {
			c.enqueue(q, 0)
		} else {
			c.asks = append(c.asks, q)
		}
	}
	return nil
}

// enqueue adds an outbox row. A background task is started by this process right after the
// commit; After keeps other processes from starting it too for as long as it may take.
func (c *chain) enqueue(q question, tries int) {
	p := &outboxEntry{Item: Item{Key: q.row}, outboxRow: outboxRow{Conv: c.w.conv, From: q.from, Effect: q.Effect, Tries: tries}}
	switch now := c.w.r.p.Now(); {
	case q.Wait > 0:
		p.setAfter(millis(now), millis(now.Add(time.Duration(q.Wait)*time.Second)))
	case q.Say == nil:
		p.setAfter(millis(now), millis(now.Add(c.w.r.timeoutOf(q.Effect))))
	}
	c.rows = append(c.rows, p)
}

// step calls Parts.Step. A panic in it makes the event a dead letter instead of ending the
// process.
func (r *Runner) step(s bot.Session, e bot.Event) (next bot.Session, effects []bot.Effect, err error) {
	defer func() {
		if p := recover(); p != nil {
			// The panic's value may quote the citizen; the stack does not.
			err = fmt.Errorf("step panicked with %T at\n%s", p, debug.Stack())
		}
	}()
	next, effects = r.p.Step(s, e, r.p.Now())
	return next, effects, nil
}

// commit writes session, new outbox rows and the end of the event in one call. s nil: the
// session stays as it is.
func (w *worker) commit(item Item, a storedEvent, s *bot.Session, rows []*outboxEntry) error {
	c := Change{Fence: w.work.Fence, Version: w.work.Version, Done: item.Key, Retention: w.r.o.Retention, Now: w.r.p.Now()}
	if a.Row != "" {
		c.Gone = []string{a.Row}
	}
	if s != nil {
		body, err := w.r.seal(w.key, "session", storedSession{Conv: w.conv, Session: *s})
		if err != nil {
			return err
		}
		c.Session = body
	}
	return w.write(c, s, rows)
}

func (w *worker) write(c Change, s *bot.Session, rows []*outboxEntry) error {
	for _, p := range rows {
		body, err := w.r.seal(w.key, "row", p.outboxRow)
		if err != nil {
			return err
		}
		p.Body = body
		c.Rows = append(c.Rows, p.Item)
	}
	_, err := w.callStore(func() (Work, error) { return Work{}, w.r.p.Store.Commit(w.ctx, w.key, c) })
	if err != nil {
		return err
	}
	w.r.m.Turns.Add(1)
	w.work.Version++
	if s != nil {
		w.session = *s
		w.r.sessions.put(w.key, Seen{w.work.Fence, w.work.Version}, storedSession{w.conv, *s}, c.Now)
	}
	if w.version >= 0 {
		w.version = w.work.Version
	}
	for _, gone := range c.Gone {
		w.dropRow(gone)
	}
	w.rows = append(w.rows, rows...)
	for _, p := range rows {
		if p.Effect.Say == nil && p.Effect.Wait == 0 {
			w.startTask(p)
		}
	}
	return nil
}

func (w *worker) dropRow(key string) {
	for i, p := range w.rows {
		if p.Key == key {
			w.rows = append(w.rows[:i], w.rows[i+1:]...)
			return
		}
	}
}

// deadLetter moves an event that cannot be stepped to the dead letters and tells the person so.
func (w *worker) deadLetter(item Item, a storedEvent, why error) error {
	w.r.m.DeadLetters.Add(1)
	w.log().Error("event moved to the dead letters", "event", item.Key, "err", why)
	c := Change{
		Fence: w.work.Fence, Version: w.work.Version, Done: item.Key, DeadLetter: true,
		Retention: w.r.o.Retention, Now: w.r.p.Now(),
	}
	if a.Row != "" {
		c.Gone = []string{a.Row}
	}
	var rows []*outboxEntry
	if w.conv != "" && w.r.o.Sorry != nil {
		text := w.r.o.Sorry(w.language(a))
		say := outboxRow{Conv: w.conv, Effect: bot.Effect{Say: &bot.Say{Text: text}}}
		rows = append(rows, &outboxEntry{Item: Item{Key: item.Key + "/sorry"}, outboxRow: say})
	}
	return w.write(c, nil, rows)
}

func (w *worker) language(a storedEvent) string {
	if w.session.Lang != "" || a.Event == nil {
		return w.session.Lang
	}
	return a.Event.Lang
}

// timeoutOf is how long other processes leave a background task to the one that started it.
func (r *Runner) timeoutOf(e bot.Effect) time.Duration {
	if e.Fetch != nil {
		return r.o.FetchFor + r.o.CaseFor + r.o.HearFor
	}
	return 4 * r.o.CaseFor
}
