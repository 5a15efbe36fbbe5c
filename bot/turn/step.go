package turn

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"dengwen/bot"
)

// MaxChain bounds the questions that one event may ask within its turn. What is
// asked beyond it becomes an outbox row and is answered by a later event.
const MaxChain = 8

// errSession says that the remembered session does not open. It stays as it is: a
// wrong key must not wipe what people told.
var errSession = errors.New("session does not open")

// handle runs one event: step, ask, step the outcomes, commit.
func (t *worker) handle(item Item) error {
	a, err := t.arrived(item)
	if err == nil {
		err = t.loadSession()
	}
	if err != nil {
		return t.deadLetter(item, a, err)
	}
	if a.Event == nil {
		return t.commit(item, a, nil, nil)
	}
	s, rows, err := t.chain(item.Key, *a.Event)
	if t.ctx.Err() != nil {
		return t.ctx.Err() // an outcome may be an echo of stopping; the event runs again
	}
	if err != nil {
		return t.deadLetter(item, a, err)
	}
	return t.commit(item, a, &s, rows)
}

func (t *worker) arrived(item Item) (storedEvent, error) {
	if item.Key == t.hint {
		t.hint = ""
		return t.known, nil
	}
	var a storedEvent
	if err := t.r.open(t.key, "event", item.Body, &a); err != nil {
		return a, err
	}
	if t.conv == "" {
		t.conv = a.Conv
	}
	return a, nil
}

// loadSession opens the session, once for all events that are stepped on one lease.
func (t *worker) loadSession() error {
	if t.version == t.work.Version {
		return nil
	}
	var m storedSession
	switch {
	case t.work.Same:
		m = t.stored
	case t.work.Session != nil:
		if err := t.r.open(t.key, "session", t.work.Session, &m); err != nil {
			return fmt.Errorf("%w: %w", errSession, err)
		}
	}
	if t.conv == "" {
		t.conv = m.Conv
	}
	t.session, t.version = m.Session, t.work.Version
	return nil
}

// question is an effect that is asked within the turn.
type question struct {
	row  string // its key if it became a row
	from string // in a group: whose chat it was asked for
	bot.Effect
}

// chain steps an event and the outcomes of what it asked.
func (t *worker) chain(id string, e bot.Event) (bot.Session, []*pending, error) {
	c := &chain{t: t, id: id, s: t.session, from: e.From}
	t.r.addContext(t.ctx, t.conv, &e)
	if err := t.r.group(t.ctx, t.conv, e); err != nil {
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
		t.r.m.Outcomes.Add(1)
		out, late := t.r.ask(t.ctx, t.key, t.conv, q)
		if late {
			out.Pending = true
			c.enqueue(q, 1)
		}
		next := bot.Event{ID: q.row, At: t.r.p.Now(), Lang: e.Lang, From: e.From, Outcome: &out}
		t.r.addContext(t.ctx, t.conv, &next) // asking may have changed it
		if err := c.step(next); err != nil {
			return c.s, nil, err
		}
	}
	return c.s, c.rows, nil
}

// chain is what one event has led to so far.
type chain struct {
	t    *worker
	id   string
	from string
	n    int
	s    bot.Session
	asks []question
	rows []*pending
}

func (c *chain) step(e bot.Event) error {
	s, effects, err := c.t.r.step(c.s, e)
	if err != nil {
		return err
	}
	c.s = s
	for _, f := range effects {
		if f.Staff && e.Officer != nil {
			f.By = e.Officer.ID
		}
		q := question{row: c.id + "/" + strconv.Itoa(c.n), from: c.from, Effect: f}
		c.n++
		if f.Say != nil || f.Fetch != nil {
			c.enqueue(q, 0)
		} else {
			c.asks = append(c.asks, q)
		}
	}
	return nil
}

// enqueue makes a row of an effect. An errand is started by this process right after
// the commit; others leave it alone for as long as that may take.
func (c *chain) enqueue(q question, tries int) {
	p := &pending{Item: Item{Key: q.row}, outboxRow: outboxRow{Conv: c.t.conv, From: q.from, Effect: q.Effect, Tries: tries}}
	if q.Say == nil {
		p.After = millis(c.t.r.p.Now().Add(c.t.r.timeoutOf(q.Effect)))
	}
	c.rows = append(c.rows, p)
}

// step calls the pure function. A panic in it ends the event and not the program.
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

// commit writes what the event leaves behind. Without a session it stays as it is.
func (t *worker) commit(item Item, a storedEvent, s *bot.Session, rows []*pending) error {
	c := Change{Fence: t.work.Fence, Version: t.work.Version, Done: item.Key, Keep: t.r.o.Keep, Now: t.r.p.Now()}
	if a.Row != "" {
		c.Gone = []string{a.Row}
	}
	if s != nil {
		body, err := t.r.seal(t.key, "session", storedSession{Conv: t.conv, Session: *s})
		if err != nil {
			return err
		}
		c.Session = body
	}
	return t.write(c, s, rows)
}

func (t *worker) write(c Change, s *bot.Session, rows []*pending) error {
	for _, p := range rows {
		body, err := t.r.seal(t.key, "row", p.outboxRow)
		if err != nil {
			return err
		}
		p.Body = body
		c.Rows = append(c.Rows, p.Item)
	}
	_, err := t.store(func() (Work, error) { return Work{}, t.r.p.Store.Commit(t.ctx, t.key, c) })
	if err != nil {
		return err
	}
	t.r.m.Turns.Add(1)
	t.work.Version++
	if s != nil {
		t.session = *s
		t.r.recent.put(t.key, Seen{t.work.Fence, t.work.Version}, storedSession{t.conv, *s}, c.Now)
	}
	if t.version >= 0 {
		t.version = t.work.Version
	}
	for _, gone := range c.Gone {
		t.drop(gone)
	}
	t.rows = append(t.rows, rows...)
	for _, p := range rows {
		if p.Effect.Say == nil {
			t.startTask(p)
		}
	}
	return nil
}

func (t *worker) drop(key string) {
	for i, p := range t.rows {
		if p.Key == key {
			t.rows = append(t.rows[:i], t.rows[i+1:]...)
			return
		}
	}
}

// deadLetter sets an event aside that cannot be stepped and tells the person so.
func (t *worker) deadLetter(item Item, a storedEvent, why error) error {
	t.r.m.Poison.Add(1)
	t.log().Error("event set aside", "event", item.Key, "err", why)
	c := Change{
		Fence: t.work.Fence, Version: t.work.Version, Done: item.Key, Aside: true,
		Keep: t.r.o.Keep, Now: t.r.p.Now(),
	}
	if a.Row != "" {
		c.Gone = []string{a.Row}
	}
	var rows []*pending
	if t.conv != "" {
		text := t.r.o.Sorry(t.language(a))
		say := outboxRow{Conv: t.conv, Effect: bot.Effect{Say: &bot.Say{Text: text}}}
		rows = append(rows, &pending{Item: Item{Key: item.Key + "/sorry"}, outboxRow: say})
	}
	return t.write(c, nil, rows)
}

func (t *worker) language(a storedEvent) string {
	if t.session.Lang != "" || a.Event == nil {
		return t.session.Lang
	}
	return a.Event.Lang
}

// timeoutOf is how long other processes leave an errand to the one that began it.
func (r *Runner) timeoutOf(e bot.Effect) time.Duration {
	if e.Fetch != nil {
		return r.o.FetchFor + r.o.CaseFor + r.o.HearFor
	}
	return 4 * r.o.CaseFor
}
