package mediation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// MoveName names one thing that may be done about a dispute. It is stored, so it never changes.
type MoveName string

// The moves, in the order of a dispute's life.
const (
	MoveReport  MoveName = "report"
	MoveParties MoveName = "parties" // how the parties want to be named
	MovePass    MoveName = "pass"    // to the unit of another place
	MoveMatch   MoveName = "match"   // a mediator
	MoveAsk     MoveName = "ask"     // both parties are asked
	MoveAnswer  MoveName = "answer"  // one party's answer
	MoveMeet    MoveName = "meet"    // a session is fixed
	MoveMinutes MoveName = "minutes"
	MoveAgree   MoveName = "agree"
	MoveConfirm MoveName = "confirm" // what the parties want of the court
	MoveKeep    MoveName = "keep"    // a promise was kept
	MoveExplain MoveName = "explain" // it takes longer, and why
	MoveBreak   MoveName = "break"   // it was not kept
	MoveFail    MoveName = "fail"    // no agreement
	MoveSelves  MoveName = "selves"  // the parties settled it themselves
	MoveHand    MoveName = "hand"    // over to police, court, arbitration or the petition office
	MoveStep    MoveName = "step"    // a step of the office's method
	MoveVoid    MoveName = "void"
)

// Move is one move with what its fields say.
type Move struct {
	Name MoveName          `json:"name"`
	Args map[string]string `json:"args,omitempty"`
}

// Spec is a row of the table of moves: from which statuses, with which fields. Keys of petition.Field
// stand in Move.Args.
type Spec struct {
	Name   MoveName
	From   []Status
	Fields []petition.Field
	apply  func(*step) error
}

// Kinds of fields beside those of petition: what may be chosen depends on the dispute.
const (
	KindMediator petition.Kind = "mediator"
	KindPromise  petition.Kind = "promise" // its place, from 1
	KindStep     petition.Kind = "step"    // a step of the method that has a form
	KindMoment   petition.Kind = "moment"  // 2026-12-01 09:30
	KindLines    petition.Kind = "lines"   // promises, one a line: party, day, words
)

func choice(key string, of []string) petition.Field {
	return petition.Field{Key: key, Kind: petition.KindChoice, Choices: of}
}

func text(key string) petition.Field { return petition.Field{Key: key, Kind: petition.KindText} }

func optional(f petition.Field) petition.Field {
	f.Optional = true
	return f
}

// table is every move. Who works on a dispute is the same for all: the officers and heads of the
// unit that has it, see petition.Office.WorksDisputes. Never written to.
var table = []Spec{
	{MoveMatch, []Status{Found, Asked, Mediating}, []petition.Field{{Key: "mediator", Kind: KindMediator}}, match},
	{MoveParties, open, []petition.Field{optional(text(PartyA)), optional(text(PartyB))}, parties},
	{MoveAsk, []Status{Found, Asked}, []petition.Field{choice("way", Ways())}, ask},
	{MoveAnswer, []Status{Asked}, []petition.Field{choice("party", bothParties), choice("yes", []string{"yes", "no"}), choice("way", Ways())}, answer},
	{MoveMeet, []Status{Mediating}, []petition.Field{{Key: "when", Kind: KindMoment}, text("where")}, meet},
	{MoveMinutes, []Status{Mediating}, []petition.Field{text("text")}, minutes},
	{MoveAgree, []Status{Mediating}, []petition.Field{text("facts"), text("terms"), text("manner"), {Key: "promises", Kind: KindLines, Optional: true}}, agree},
	{MoveKeep, []Status{Agreed}, []petition.Field{{Key: "promise", Kind: KindPromise}, optional(text("text"))}, keep},
	{MoveExplain, []Status{Agreed}, []petition.Field{{Key: "promise", Kind: KindPromise}, text("text"), {Key: "date", Kind: petition.KindDate}}, explain},
	{MoveBreak, []Status{Agreed}, []petition.Field{{Key: "promise", Kind: KindPromise}, text("text")}, breakPromise},
	{MoveConfirm, []Status{Agreed, Settled}, []petition.Field{choice("confirmation", Confirmations())}, confirm},
	{MoveStep, slices.Concat(open, []Status{Settled}), []petition.Field{{Key: "step", Kind: KindStep}, text("text")}, doStep},
	{MoveFail, []Status{Mediating}, []petition.Field{text("text")}, to(Unsettled)},
	{MoveSelves, []Status{Found, Asked, Mediating}, []petition.Field{text("text")}, to(Settled)},
	{MoveHand, []Status{Found, Asked, Mediating, Agreed, Refused, Unsettled}, []petition.Field{choice("to", Receivers()), choice("party", bothParties), choice("yes", []string{"yes"}), text("text")}, hand},
	{MovePass, []Status{Found}, []petition.Field{{Key: "unit", Kind: petition.KindUnit}}, pass},
	{MoveVoid, []Status{Found}, []petition.Field{text("text")}, to(Void)},
}

var bothParties = []string{PartyA, PartyB}

// MoveNames are the moves of the table, in its order.
func MoveNames() (all []MoveName) {
	for _, s := range table {
		all = append(all, s.Name)
	}
	return all
}

// SpecOf is the row of a move. NotFound "dispute.move" for none.
func SpecOf(name MoveName) (Spec, error) {
	i := slices.IndexFunc(table, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, petition.Fail(petition.NotFound, "dispute.move")
	}
	return table[i], nil
}

// step is one move being made.
type step struct {
	o   *petition.Office
	a   petition.Actor
	d   *Dispute
	m   Move
	now time.Time
}

func (s *step) arg(key string) string { return strings.TrimSpace(s.m.Args[key]) }

func (s *step) day() string { return petition.Day(s.now) }

// maxField is how long an answer to a field may be, in characters.
const maxField = 4000

// Can are the moves that are possible now.
func (d *Dispute) Can(o *petition.Office) (all []Spec) {
	for _, s := range table {
		if slices.Contains(s.From, d.Status) && d.ready(o, s.Name) {
			all = append(all, s)
		}
	}
	return all
}

// Options are the answers to choose from for a field, the likeliest first; none where it is written.
func (d *Dispute) Options(o *petition.Office, f petition.Field) (all []string) {
	switch f.Kind {
	case petition.KindChoice:
		return f.Choices
	case KindMediator:
		for _, m := range d.Mediators(o) {
			all = append(all, m.Code)
		}
	case KindPromise:
		return d.running()
	case KindStep:
		return d.formsLeft(o)
	case petition.KindUnit:
		for _, l := range o.Places {
			if l.Unit != "" && l.Unit != d.Unit && !slices.Contains(all, l.Unit) {
				all = append(all, l.Unit)
			}
		}
	}
	return all
}

// ready reports whether what a move needs beside its status is there.
func (d *Dispute) ready(o *petition.Office, name MoveName) bool {
	switch name {
	case MoveAsk:
		return d.Mediator != ""
	case MoveMinutes:
		return slices.ContainsFunc(d.Sessions, func(s Session) bool { return s.Minutes == "" })
	case MoveKeep, MoveExplain, MoveBreak:
		return len(d.running()) > 0
	case MoveConfirm:
		return d.Agreement != nil
	case MoveStep:
		return len(d.formsLeft(o)) > 0
	}
	return true
}

// apply makes a move on a copy.
func (d Dispute) apply(o *petition.Office, a petition.Actor, m Move, now time.Time) (Dispute, error) {
	row, err := SpecOf(m.Name)
	if err != nil {
		return d, err
	}
	if !slices.ContainsFunc(d.Can(o), func(s Spec) bool { return s.Name == m.Name }) {
		return d, petition.Fail(petition.Conflict, "dispute.not_now")
	}
	next := d.clone()
	s := &step{o: o, a: a, d: &next, m: m, now: now}
	if err := s.check(row); err != nil {
		return d, err
	}
	if err := row.apply(s); err != nil {
		return d, err
	}
	e := Entry{At: now, Move: m.Name, Staff: a.Staff, Text: s.arg("text"), Args: map[string]string{}}
	for _, f := range row.Fields {
		v := s.arg(f.Key)
		if f.Kind == KindMoment {
			v = spaced(v)
		}
		if v != "" && f.Key != "text" {
			e.Args[f.Key] = v
		}
	}
	next.Log = append(next.Log, e)
	next.methodDone(o, m.Name, s.day())
	next.Version++
	return next, nil
}

// check tests the answers by the kinds of their fields.
func (s *step) check(row Spec) error {
	for _, f := range row.Fields {
		if err := Check(row.Name, f, s.arg(f.Key)); err != nil {
			return err
		}
	}
	return nil
}

// Check tests one answer to a field of a move. It refuses words that give up the right to petition, to
// sue or to appeal, see petition.Waives.
func Check(m MoveName, f petition.Field, v string) error {
	switch {
	case v == "" && f.Optional:
		return nil
	case v == "":
		return petition.Fail(petition.Invalid, "dispute.missing", "dispute_move", string(m), "field", f.Key)
	case utf8.RuneCountInString(v) > maxField || !utf8.ValidString(v):
		return petition.Fail(petition.Invalid, "dispute.long", "max", strconv.Itoa(maxField))
	case f.Kind == petition.KindChoice && !slices.Contains(f.Choices, v),
		f.Kind == petition.KindDate && !isDay(v),
		f.Kind == KindMoment && !isMoment(v):
		return petition.Fail(petition.Invalid, "dispute.value", "value", v)
	}
	if words := petition.Waives(v); words != "" {
		return petition.Fail(petition.Invalid, "dispute.waives", "words", words)
	}
	return nil
}

func isDay(v string) bool {
	_, err := time.Parse(time.DateOnly, v)
	return err == nil
}

// momentLayout is how the time of a session is written.
const momentLayout = "2006-01-02 15:04"

func isMoment(v string) bool {
	_, err := time.Parse(momentLayout, spaced(v))
	return err == nil
}

// spaced is a moment as browsers send it (2026-12-01T09:30) with a blank.
func spaced(v string) string { return strings.Replace(v, "T", " ", 1) }

func to(status Status) func(*step) error {
	return func(s *step) error {
		s.d.Status = status
		return nil
	}
}

func match(s *step) error {
	m, ok := s.o.Mediator(s.arg("mediator"))
	if !ok || m.Unit != s.d.Unit {
		return petition.Fail(petition.Invalid, "dispute.value", "value", s.arg("mediator"))
	}
	if s.d.Mediator != "" && s.d.Mediator != m.Code { // both agreed to the one before
		s.d.Consents = nil
		if s.d.Status == Mediating {
			s.d.Status = Asked
		}
	}
	s.d.Mediator = m.Code
	return nil
}

func parties(s *step) error {
	for _, p := range bothParties {
		s.d.Parties[p] = s.arg(p)
	}
	return nil
}

func ask(s *step) error {
	s.d.Status = Asked
	return nil
}

// answer notes one party's answer. Both must agree (人民调解法, Art 3; Regulation, Art 33); one no ends
// it, and nothing follows from it.
func answer(s *step) error {
	c := Consent{Party: s.arg("party"), Yes: s.arg("yes") == "yes", Way: s.arg("way"), By: s.a.Staff, At: s.now}
	s.d.Consents = append(s.d.Consents, c)
	a, okA := s.d.consent(PartyA)
	b, okB := s.d.consent(PartyB)
	switch {
	case !c.Yes:
		s.d.Status = Refused
	case okA && okB && a.Yes && b.Yes:
		s.d.Status = Mediating
	}
	return nil
}

func meet(s *step) error {
	s.d.Sessions = append(s.d.Sessions, Session{When: spaced(s.arg("when")), Where: s.arg("where")})
	return nil
}

func minutes(s *step) error {
	i := slices.IndexFunc(s.d.Sessions, func(x Session) bool { return x.Minutes == "" })
	s.d.Sessions[i].Minutes = s.arg("text")
	return nil
}

// confirmDays is within how many days both parties may ask the court to confirm an agreement
// (人民调解法, Art 33).
const confirmDays = 30

func agree(s *step) error {
	all, err := readPromises(s.arg("promises"), s.day())
	if err != nil {
		return err
	}
	s.d.Agreement = &Agreement{
		At: s.now, Facts: s.arg("facts"), Terms: s.arg("terms"), Manner: s.arg("manner"), Promises: all,
		ConfirmUntil: petition.Day(s.now.AddDate(0, 0, confirmDays)),
	}
	s.d.Status = Agreed
	s.d.settle()
	return nil
}

// promiseLine is one promise: whose, by when, what.
var promiseLine = regexp.MustCompile(`^\s*(?:([甲乙])方?|([ABab]))[\s,，:：、]*(\d{4}-\d{2}-\d{2})[\s,，:：、]*(.+?)\s*$`)

// maxPromises bounds an agreement.
const maxPromises = 20

func readPromises(lines, today string) (all []Promise, err error) {
	for line := range strings.Lines(lines) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := promiseLine.FindStringSubmatch(line)
		if m == nil || !isDay(m[3]) || m[3] < today || len(all) == maxPromises {
			return nil, petition.Fail(petition.Invalid, "dispute.promise_line", "line", strings.TrimSpace(line))
		}
		party := PartyA
		if strings.ContainsAny(m[1]+m[2], "乙Bb") {
			party = PartyB
		}
		all = append(all, Promise{Party: party, Words: m[4], Due: m[3], State: Running})
	}
	return all, nil
}

// settle ends a dispute all of whose promises were kept.
func (d *Dispute) settle() {
	if !slices.ContainsFunc(d.Agreement.Promises, func(p Promise) bool { return p.State != Kept }) {
		d.Status = Settled
	}
}

// running are the places, from 1, of the promises that were not kept yet.
func (d *Dispute) running() (all []string) {
	if d.Agreement == nil {
		return nil
	}
	for i, p := range d.Agreement.Promises {
		if p.State != Kept {
			all = append(all, strconv.Itoa(i+1))
		}
	}
	return all
}

func (s *step) promise() (*Promise, error) {
	n, err := strconv.Atoi(s.arg("promise"))
	if err != nil || !slices.Contains(s.d.running(), s.arg("promise")) {
		return nil, petition.Fail(petition.Invalid, "dispute.value", "value", s.arg("promise"))
	}
	return &s.d.Agreement.Promises[n-1], nil
}

func keep(s *step) error {
	p, err := s.promise()
	if err != nil {
		return err
	}
	p.State, p.Done = Kept, s.day()
	s.d.settle()
	return nil
}

func explain(s *step) error {
	p, err := s.promise()
	if err != nil {
		return err
	}
	if s.arg("date") <= p.Due {
		return petition.Fail(petition.Invalid, "dispute.later", "day", p.Due)
	}
	p.Later = append(slices.Clip(p.Later), p.Due+" "+s.arg("text"))
	p.Due, p.State = s.arg("date"), Running
	return nil
}

func breakPromise(s *step) error {
	p, err := s.promise()
	if err != nil {
		return err
	}
	p.State = Broken
	return nil
}

func confirm(s *step) error {
	c := s.arg("confirmation")
	if c == "asked" && s.day() > s.d.Agreement.ConfirmUntil {
		return petition.Fail(petition.Conflict, "dispute.confirm_late", "day", s.d.Agreement.ConfirmUntil)
	}
	s.d.Agreement.Confirmation = c
	return nil
}

func hand(s *step) error {
	s.d.Handed = &Handed{To: s.arg("to"), By: s.a.Staff, At: s.now, For: s.arg("party")}
	s.d.Status = HandedOver
	return nil
}

func pass(s *step) error {
	if !s.o.Lives(s.arg("unit")) {
		return petition.Fail(petition.Invalid, "dispute.value", "value", s.arg("unit"))
	}
	s.d.Unit, s.d.Mediator = s.arg("unit"), ""
	return nil
}

func doStep(s *step) error {
	if !slices.Contains(s.d.formsLeft(s.o), s.arg("step")) {
		return petition.Fail(petition.Invalid, "dispute.value", "value", s.arg("step"))
	}
	var answers []string
	for line := range strings.Lines(s.arg("text")) {
		answers = append(answers, strings.TrimSpace(line))
	}
	s.d.Done[s.arg("step")] = StepDone{Day: s.day(), Answers: answers}
	return nil
}
