package petition

import (
	"slices"
	"strings"
)

// apply carries a lawful move out: its own effect, where the case goes, the clocks,
// the facts, the state, and one entry that tells of it all.
func (s *step) apply() error {
	s.begin()
	if s.spec.Apply != nil {
		if err := s.spec.Apply(s); err != nil {
			return err
		}
	}
	from, holder := s.c.Status, s.c.Unit
	if err := s.goTo(); err != nil {
		return err
	}
	if err := s.clocks(); err != nil {
		return err
	}
	s.facts(holder)
	s.status()
	s.finish(from)
	return nil
}

// begin starts the entry with what was said; only what the table asks for is kept.
func (s *step) begin() {
	e := Entry{Seq: len(s.c.Timeline) + 1, At: s.now, Move: s.spec.Name, Public: s.spec.Public, Args: map[string]string{}, Files: slices.Clone(s.m.Files)}
	e.By, e.Staff = s.a.Unit, s.a.Staff
	if isCitizen(s.c, s.a) && s.spec.forCitizen() || !s.a.staff() {
		e.By, e.Staff = "citizen", ""
		if s.spec.Name != MoveFile && s.spec.Name != MoveRegister && !isFiler(s.c, s.a) {
			e.Args[argByCode] = "yes"
		}
	}
	for _, f := range s.spec.Fields {
		v := strings.TrimSpace(s.m.Of(f))
		if v == "" {
			continue
		}
		if f.Inner {
			e.Inner = append(e.Inner, f.Key)
		}
		if f.Key == "text" {
			e.Text = v
		} else {
			e.Args[f.Key] = v
		}
	}
	if s.spec.Document != "" {
		e.Args["document"] = s.spec.Document
	}
	s.entry = e
}

// argByCode is "yes" in an entry of somebody who knew number and query code, and spoke from
// another chat than the one that filed.
const argByCode = "by_code"

// argProvisional is "yes" in an entry whose due date rests on a year whose holidays are not
// published.
const argProvisional = "provisional"

// goTo moves the case to the unit the row names. The officer stays behind.
func (s *step) goTo() error {
	to, err := s.destination()
	if u, ok := s.law.Office.Find(to); ok && u.Past.Retired != "" { // who goes on with what it had (Art 24)
		to = or(s.law.Office.Successor(to), s.intakeUnit())
	}
	if err != nil || to == "" || to == s.c.Unit {
		return err
	}
	s.target = to
	s.c.Unit, s.c.Since, s.c.Officer = to, s.now, ""
	return nil
}

func (s *step) destination() (string, error) {
	c, o := s.c, s.law.Office
	if s.target != "" {
		return s.target, nil
	}
	switch s.spec.Unit {
	case toField:
		return s.m.Unit, nil
	case toOffice:
		return s.intakeUnit(), nil
	case toSealed:
		return s.law.reportsTo(c.fact(factAbout))
	case toSender:
		return or(c.fact(factSender), s.intakeUnit()), nil
	case toHandler:
		return c.fact(factHandler), nil
	case toReviewer:
		return c.fact(factReviewer), nil
	case toReview, toRereview:
		if s.m.Unit != "" {
			return s.m.Unit, nil
		}
		if bodies := s.reviewBodies(); len(bodies) > 0 {
			return bodies[0].Code, nil
		}
		return "", s.refuse(Conflict, "review.no_body", "unit", o.UnitName(c.Unit))
	}
	return "", nil
}

// intakeUnit is where a case of its class comes in. A report about the sealed unit itself
// comes in above it.
func (s *step) intakeUnit() string {
	if s.c.Filing.Class != Report {
		return s.law.Office.Unit
	}
	unit, _ := s.law.reportsTo(s.c.fact(factAbout)) // a report for which there is none is not taken in
	return unit
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *step) clocks() error {
	for _, rule := range s.spec.Stops {
		s.c.stopClock(rule, s.today)
	}
	s.c.dropClocks(s.spec.Drops, s.today)
	for _, st := range s.spec.Starts {
		if err := s.start(st); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) start(st Start) error {
	from := s.today
	if st.From != "" {
		from = s.m.value(st.From)
	}
	var d DueDate
	var err error
	if st.On != "" {
		d, err = DueOn(st.Rule, from, s.m.value(st.On), s.law.Calendar)
	} else {
		d, err = Due(st.Rule, from, s.law.Calendar, s.law.Office.Settings)
	}
	if err != nil {
		return err
	}
	s.c.startClock(d)
	return nil
}

// facts writes down what the row says, in one go so that "@holder" is the unit
// before the move.
func (s *step) facts(holder string) {
	for key, v := range s.spec.Sets {
		switch {
		case v == "@today":
			v = s.today
		case v == "@holder":
			v = holder
		case strings.HasPrefix(v, "$"):
			v = strings.TrimSpace(s.m.value(v[1:]))
		}
		s.c.setFact(key, v)
	}
}

// status sets the state. A move out of Waiting that goes anywhere but Back drops the
// status before it and the citizen's period.
func (s *step) status() {
	to := s.spec.To
	switch {
	case to == "":
		return
	case to == Back && s.c.Status != Waiting:
		return
	case to == Back:
		to = Status(s.c.fact(factBack))
	}
	if s.c.Status == Waiting {
		s.c.setFact(factBack, "")
		s.c.dropClocks([]string{"supplement"}, s.today)
	}
	if to == Waiting {
		s.c.setFact(factBack, string(s.c.Status))
	}
	s.c.Status = to
	if to.Ended() {
		s.c.endClocks(s.today)
	}
}

// finish writes the entry: where the case came from and went, and the date by which
// the next thing must happen.
func (s *step) finish(from Status) {
	if s.spec.Silent {
		return
	}
	s.signed()
	e := s.entry
	e.From, e.To, e.Unit = from, s.c.Status, s.c.Unit
	if s.target != "" {
		e.Args["unit_name"] = s.law.Office.UnitName(s.target)
	}
	if k, ok := s.c.First(); ok && len(s.spec.Starts) > 0 {
		e.Args["rule"], e.Args["due"] = or(e.Args["rule"], k.Rule), k.last() // a refusal says by which rule
		if k.Provisional {
			e.Args[argProvisional] = "yes"
		}
		if k.Article != "" {
			e.Args["article"] = k.Article
		}
	}
	if len(e.Args) == 0 {
		e.Args = nil
	}
	for i := range e.Files {
		e.Files[i] = Attachment{ID: e.Files[i].ID, Kind: e.Files[i].Kind, Name: e.Files[i].Name, Album: e.Files[i].Album}
	}
	s.c.Timeline = append(s.c.Timeline, e)
}
