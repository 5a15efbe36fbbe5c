package petition

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Law is the table of moves applied to one office. It is pure: it reads no clock and
// stores nothing, and is safe for concurrent use.
type Law struct {
	Office   *Office
	Calendar *Calendar
	table    []MoveSpec
}

// NewLaw puts the table of moves to work for an office.
func NewLaw(o *Office, c *Calendar) *Law { return &Law{Office: o, Calendar: c, table: Moves()} }

// step is one move being made.
type step struct {
	law    *Law
	spec   MoveSpec
	c      *Case // a copy that may be changed
	a      Actor
	m      Move
	now    time.Time
	today  string
	target string // unit it goes to, "" = stays
	entry  Entry

	how         making
	draftSigned *Draft // the draft that is being issued
}

// Can names the moves this actor may make on the case now, each once, but for those about
// drafts: each draft has its own, and Papers names what may be written. It is what
// buttons are made of; a move in it can still fail for its fields.
func (l *Law) Can(c Case, a Actor, now time.Time) []MoveName {
	var can []MoveName
	for s := range l.lawful(&c, a, now) {
		if !slices.Contains(can, s.Name) && !s.Name.Drafts() {
			can = append(can, s.Name)
		}
	}
	return can
}

// lawful goes through the rows of moves this actor may make; rows are large, none is
// copied.
func (l *Law) lawful(c *Case, a Actor, now time.Time) iter.Seq[*MoveSpec] {
	return l.rows(c, a, now, direct)
}

func (l *Law) rows(c *Case, a Actor, now time.Time, how making) iter.Seq[*MoveSpec] {
	return func(yield func(*MoveSpec) bool) {
		a = l.normal(a)
		if !l.sees(c, a) {
			return
		}
		today := Day(now)
		for i := range l.table {
			if s := &l.table[i]; l.refusal(s, c, a, today, how) == "" && !yield(s) {
				return
			}
		}
	}
}

// Barred is a move that is not possible now, and the key of the sentence that says why.
type Barred struct {
	Name MoveName
	Why  string
}

// Barred names the moves on a case that this actor makes at other times, each once, in the order of
// the table.
func (l *Law) Barred(c Case, a Actor, now time.Time) []Barred {
	a = l.normal(a)
	if !l.sees(&c, a) {
		return nil
	}
	can, today := l.Can(c, a, now), Day(now)
	var all []Barred
	for i := range l.table {
		s := &l.table[i]
		known := slices.Contains(can, s.Name) || slices.ContainsFunc(all, func(b Barred) bool { return b.Name == s.Name })
		if known || s.byCitizen() || s.Name.Drafts() || !s.forClass(c.Filing.Class) || !l.may(s, &c, a) {
			continue
		}
		how := direct
		if s.Signs != nil {
			how = drafting
		}
		if why := l.refusal(s, &c, a, today, how); why != "" {
			all = append(all, Barred{s.Name, why})
		}
	}
	return all
}

// refusal says what forbids a row: "" nothing, else the key of the sentence.
func (l *Law) refusal(s *MoveSpec, c *Case, a Actor, today string, how making) string {
	switch {
	case !s.forClass(c.Filing.Class):
		return "move.class"
	case !slices.Contains(s.From, c.standing()):
		return "move.status"
	case how == signing && s.Signs != nil:
		if !l.signs(s, c, a) {
			return l.refusalOfActor(s, c, a)
		}
	case !l.may(s, c, a):
		return l.refusalOfActor(s, c, a)
	}
	for _, n := range s.Needs {
		if how == drafting && n == level { // its head decides by signing
			continue
		}
		if !l.need(n, c, a, today) {
			return "need." + string(n)
		}
	}
	if how == direct && s.Signs != nil && !(l.signs(s, c, a) && l.alone(a.Unit)) {
		return refusedUnsigned
	}
	return ""
}

func (l *Law) refusalOfActor(s *MoveSpec, c *Case, a Actor) string {
	switch {
	case s.forCitizen() && isCitizen(c, a):
		return "move.by_code"
	case c.hasFact(factRecused, a.Staff):
		return "move.recused"
	case a.staff() && a.Owner != "" && a.Owner == c.Filing.Owner:
		return "move.own_case"
	}
	return "move.who"
}

// Apply makes a move on a copy of the case and answers the copy, with one entry more
// in the timeline. An unlawful move changes nothing: Invalid, Forbidden or Conflict,
// Key says why, Args["can"] what is possible. Version and stored numbers stay.
func (l *Law) Apply(c Case, a Actor, m Move, now time.Time) (Case, error) {
	a = l.normal(a)
	next := c.clone()
	s := &step{law: l, c: &next, a: a, m: m, now: now, today: Day(now)}
	if !l.sees(&next, a) {
		return c, Fail(NotFound, "case.not_found")
	}
	if err := s.choose(); err != nil {
		return c, err
	}
	if err := s.carryOut(); err != nil {
		return c, err
	}
	return next, nil
}

// carryOut makes the move by the row that was chosen.
func (s *step) carryOut() error {
	if s.spec.Name == MoveSign {
		return s.sign()
	}
	if err := s.fields(); err != nil {
		return err
	}
	for _, n := range s.spec.Checks {
		if !s.check(n) {
			return s.refuse(Invalid, "need."+string(n))
		}
	}
	if err := s.apply(); err != nil {
		return err
	}
	return s.checkDocuments()
}

// choose finds the row of the move that is lawful now, or says what speaks against
// the one that comes nearest.
func (s *step) choose() error {
	rows, err := specsIn(s.law.table, s.m.Name)
	if err != nil {
		return err
	}
	nearest := ""
	for _, row := range rows {
		why := s.law.refusal(&row, s.c, s.a, s.today, s.how)
		if why == "" {
			s.spec = row
			return nil
		}
		if refusalRank(why) > refusalRank(nearest) {
			nearest = why
		}
	}
	code := Conflict
	if refusalRank(nearest) == rankWho || nearest == refusedUnsigned {
		code = Forbidden
	}
	return s.refuse(code, nearest)
}

const rankWho = 3

// refusedUnsigned says that a paper is to be written as a draft and signed by somebody else.
const refusedUnsigned = "move.unsigned"

func refusalRank(why string) int {
	switch {
	case why == "":
		return 0
	case why == "move.class":
		return 1
	case why == "move.status":
		return 2
	case strings.HasPrefix(why, "need."):
		return 4
	case why == refusedUnsigned:
		return 5
	}
	return rankWho
}

// refuse says why not and what is possible instead.
func (s *step) refuse(code Code, key string, args ...string) *Error {
	var can []string
	for _, name := range s.law.Can(*s.c, s.a, s.now) {
		can = append(can, string(name))
	}
	e := Fail(code, key, append(args, "move", string(s.m.Name), "status", string(s.c.Status), "can", strings.Join(can, " "))...)
	e.Op = "move " + string(s.m.Name)
	return e
}

// clone copies everything a move may change.
func (c Case) clone() Case {
	c.Clocks = slices.Clone(c.Clocks)
	c.Timeline = slices.Clone(c.Timeline)
	c.Facts = maps.Clone(c.Facts)
	c.Drafts = slices.Clone(c.Drafts)
	c.Plan = slices.Clone(c.Plan)
	c.Filing.Attachments = slices.Clone(c.Filing.Attachments)
	return c
}
