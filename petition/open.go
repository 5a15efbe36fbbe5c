package petition

import "time"

// Open makes the case of a filing: Registered, with the petition office, a report
// with the sealed unit, a matter recorded by another unit with that unit. id and
// number are given; the filing is taken as it is.
func (l *Law) Open(f Filing, a Actor, id, number string, now time.Time) (Case, error) {
	a = l.normal(a)
	f.Key = "" // it may hold a chat address; the store keeps its hash
	c := Case{ID: id, Number: number, Version: 1, Status: Registered, Received: now, Since: now, Filing: f}
	s := &step{law: l, c: &c, a: a, now: now, today: Day(now)}
	if came, err := parseDay(f.Received); err == nil {
		// A letter runs from the day it came, not from the day somebody typed it in.
		c.Received = time.Date(came.Year(), came.Month(), came.Day(), 0, 0, 0, 0, shanghai)
		s.today = f.Received
	}
	c.Unit = s.receiver()
	name := MoveFile
	if a.staff() {
		name = MoveRegister
	}
	rows, err := specsIn(l.table, name)
	if err != nil {
		return c, err
	}
	s.spec = rows[0]
	s.m = Move{Name: name, Files: f.Attachments}
	s.begin()
	s.entry.Args["channel"] = f.Channel
	s.target = c.Unit
	if err := s.openClocks(); err != nil {
		return c, err
	}
	if toward := l.Office.Route(f.Class, f.Subject, f.Place.Code); toward != c.Unit && f.Class != Report {
		c.setFact(factToward, toward)
	}
	s.finish("")
	return c, nil
}

// receiver is the unit that received it: Art 22 for the petition office, Art 23 for
// every other organ.
func (s *step) receiver() string {
	if s.c.Filing.Class == Report || !s.a.staff() {
		return s.home()
	}
	return or(s.a.Unit, s.home())
}

func (s *step) openClocks() error {
	rule := "forward"
	if s.c.Unit != s.law.Office.Unit && s.c.Filing.Class != Report {
		rule = "notify"
	}
	if err := s.start(Start{Rule: rule}); err != nil {
		return err
	}
	if s.c.Filing.Class == Suggestion {
		return s.start(Start{Rule: "suggestion_reply"})
	}
	return nil
}
