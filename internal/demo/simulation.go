package demo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dengwen/petition"
)

// Cases is the service a simulation goes through.
type Cases interface {
	petition.Cases
	Sweep(ctx context.Context) (int, error)
}

// Simulation runs the lives of cases on a clock of its own: every step goes through the real
// service in the order of time, and once a day the service sweeps, so that
// timelines, periods and colours are what they would have become by themselves.
type Simulation struct {
	cases  Cases
	clock  *Clock
	writer *Writer
	script script
	cast   officers
	events []event
	keys   int
	prefix string
	each   func(ctx context.Context, now time.Time) error // every morning; nil = nothing
}

// NewPlay builds a simulation of the fifty lives. The service must run on clock.
func NewPlay(s Cases, clock *Clock, w *Writer) (*Simulation, error) {
	return NewPlayOf(s, clock, w, livesFile)
}

// NewPlayOf is NewPlay of other lives, written as the fifty are.
func NewPlayOf(s Cases, clock *Clock, w *Writer, lives []byte) (*Simulation, error) {
	sc, err := readScript(lives)
	if err != nil {
		return nil, err
	}
	return &Simulation{cases: s, clock: clock, writer: w, script: sc, cast: officersOf(w.Officers()), prefix: "demo"}, nil
}

// Filed is a simulated case, with what a citizen needs to look it up.
type Filed struct {
	Number string
	Code   string
	Title  string
	Status petition.Status // as it became
}

// caseState is a case as its steps have left it.
type caseState struct {
	Filed
	class  petition.Class
	chat   string // the filing chat, "" of a letter, a visit or a call
	unit   string
	toward string
	words  says // of its own life
	drafts int  // papers written so far
}

type event struct {
	at time.Time
	do func(ctx context.Context) error
}

func (p *Simulation) at(t time.Time, do func(ctx context.Context) error) {
	p.events = append(p.events, event{t, do})
}

func (p *Simulation) newKey() string {
	p.keys++
	return fmt.Sprintf("%s:%d", p.prefix, p.keys)
}

// schedule adds a life: a filing at start, then its steps.
func (p *Simulation) schedule(f petition.Filing, l life, start time.Time) *caseState {
	if l.By == "" && f.Owner == "" {
		f.Owner = "web:" + f.Key // nobody has this chat
	}
	k := &caseState{class: f.Class, chat: f.Owner, Filed: Filed{Title: f.Title}}
	p.at(start, func(ctx context.Context) error { return p.file(ctx, k, f, l.By) })
	for i, s := range l.Steps {
		at := start.Add(time.Duration(s.Day*24*float64(time.Hour)) + time.Duration(i+1)*time.Minute)
		p.at(at, func(ctx context.Context) error { return p.step(ctx, k, s) })
	}
	return k
}

func (p *Simulation) file(ctx context.Context, k *caseState, f petition.Filing, by string) error {
	a := petition.Actor{Owner: f.Owner}
	switch by {
	case "clerk":
		a = p.cast.actor("clerk", "", p.writer.office)
	case "town":
		a = p.cast.actor("officer", p.town(f.Place.Code), p.writer.office)
	}
	t, err := p.cases.File(ctx, a, f)
	if err != nil {
		return fmt.Errorf("file %q: %w", f.Key, err)
	}
	k.Number, k.Code, k.unit, k.toward, k.Status = t.Number, t.Code, t.View.Unit, t.Unit, t.View.Status
	return nil
}

func (p *Simulation) town(place string) string {
	l, ok := p.writer.office.Locality(place)
	if !ok {
		l = p.writer.office.Places[0]
	}
	return l.Unit
}

// citizen is who petitioned, among those who make steps.
const citizen = "citizen"

// entered is a step of somebody who wrote, called or came, as an officer writes it down.
func (s step) entered() step {
	says := maps.Clone(s.Says)
	s.Who, s.Says = "clerk", says
	switch s.Name {
	case petition.MoveReceive:
		s.Who, s.Name, says["method"] = "officer", petition.MoveDeliver, "signed"
	case petition.MoveRate, petition.MoveSettle, petition.MoveWithdraw:
		says["how"], says["text"] = "call_back", "本人在电话里说的，念给本人核对过。"
	}
	return s
}

func (p *Simulation) step(ctx context.Context, k *caseState, s step) error {
	if s.Who == citizen && k.chat == "" {
		s = s.entered()
	}
	m, err := p.move(s, k, p.clock.Now())
	if err != nil {
		return fmt.Errorf("%s %s: %w", k.Number, s.Name, err)
	}
	a := p.cast.actor(s.Who, k.unit, p.writer.office)
	if s.Who == citizen {
		a.Owner = k.chat
	}
	v, err := p.make(ctx, k, a, m)
	if err != nil {
		return fmt.Errorf("%s, held by %s, %s by %s: %w", k.Number, k.unit, s.Name, s.Who, err)
	}
	k.unit, k.Status = v.Unit, v.Status
	return nil
}

// make makes a move. A paper is written by the unit's officer and signed by its head.
func (p *Simulation) make(ctx context.Context, k *caseState, a petition.Actor, m petition.Move) (petition.View, error) {
	spec, err := petition.SpecOf(m.Name, k.class)
	if err != nil || spec.Signs == nil {
		return p.cases.Do(ctx, a, k.Number, m)
	}
	m.Name, m.For = petition.MoveSubmit, m.Name
	if _, err := p.cases.Do(ctx, p.cast["demo-"+a.Unit+"-a"], k.Number, m); err != nil {
		return petition.View{}, err
	}
	k.drafts++
	sign := petition.Move{Key: p.newKey(), Name: petition.MoveSign, Draft: k.drafts, DraftVersion: 1}
	return p.cases.Do(ctx, p.cast["demo-"+a.Unit+"-b"], k.Number, sign)
}

// run makes the steps up to the end, with a sweep every morning.
func (p *Simulation) run(ctx context.Context, until time.Time) error {
	slices.SortStableFunc(p.events, func(a, b event) int { return a.at.Compare(b.at) })
	if len(p.events) == 0 {
		return nil
	}
	next := morning(p.events[0].at)
	p.events = slices.DeleteFunc(p.events, func(e event) bool { return e.at.After(until) })
	for _, e := range append(p.events, event{at: until}) {
		for ; next.Before(e.at); next = next.AddDate(0, 0, 1) {
			p.clock.Set(next)
			if err := p.morning(ctx, next); err != nil {
				return fmt.Errorf("the morning of %s: %w", petition.Day(next), err)
			}
		}
		p.clock.Set(e.at)
		if e.do == nil {
			break
		}
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	p.events = nil
	return nil
}

func (p *Simulation) morning(ctx context.Context, now time.Time) error {
	if _, err := p.cases.Sweep(ctx); err != nil || p.each == nil {
		return err
	}
	return p.each(ctx, now)
}

// morning is eight o'clock on the day after.
func morning(t time.Time) time.Time {
	t = t.In(zone).AddDate(0, 0, 1)
	return time.Date(t.Year(), t.Month(), t.Day(), 8, 0, 0, 0, zone)
}

// Play plays the lives so that the last of what happens happens shortly before now, and answers
// them in their order.
func (p *Simulation) Play(ctx context.Context, now time.Time) ([]Filed, error) {
	var all []*caseState
	for i, l := range p.script.Lives {
		start := now.AddDate(0, 0, -l.Before).Add(-time.Hour)
		f, err := l.Story.filing(p.writer.office, l.Class, start)
		if err != nil {
			return nil, fmt.Errorf("life %d: %w", i+1, err)
		}
		f.Key = fmt.Sprintf("%s:life:%d", p.prefix, i)
		f.Channel = cmp.Or(l.Channel, f.Channel)
		k := p.schedule(f, l, start)
		k.words = l.Words
		all = append(all, k)
	}
	if err := p.run(ctx, now); err != nil {
		return nil, fmt.Errorf("play the lives: %w", err)
	}
	out := make([]Filed, 0, len(all))
	for _, k := range all {
		out = append(out, k.Filed)
	}
	return out, nil
}
