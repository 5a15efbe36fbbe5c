package petition

import (
	"fmt"
	"strconv"
)

// Effects a row of the table cannot say in data.

func setRating(s *step) error { return s.mark(factRateOf) }

func enterRating(s *step) error { return s.mark(factEnteredOf) }

func (s *step) mark(fact string) error {
	for _, of := range []string{"office", "unit"} {
		if v := s.m.Args[of]; v != "" {
			s.c.setFact(fact+of, v)
		}
	}
	return nil
}

// markLate marks a request after the window. It is taken all the same (Art 35, 36 do
// not forbid hearing a reason); the reviewer decides.
func markLate(window string) func(*step) error {
	return func(s *step) error {
		if k, ok := s.c.lastClock(window); ok && s.today > k.last() {
			s.entry.Args["late"] = "yes"
		}
		return nil
	}
}

func countReopening(s *step) error {
	n, _ := strconv.Atoi(s.c.fact(factReopened))
	s.c.setFact(factReopened, strconv.Itoa(n+1))
	if n >= 1 {
		s.c.setFact(factLevel, "supervisor")
		s.entry.Args["level"] = "supervisor"
	}
	s.c.dropOpenSteps(s.today)
	return s.suggestionClock()
}

// suggestionClock begins the office's own target for answering a suggestion; the
// Regulation sets no period for one (Art 29).
func (s *step) suggestionClock() error {
	if s.c.Filing.Class != Suggestion {
		return nil
	}
	s.c.dropClocks(s.spec.Drops, s.today)
	s.spec.Drops = nil // the row's "*" would end the clock that begins here
	return s.start(Start{Rule: "suggestion_reply"})
}

func setRoute(s *step) error {
	s.c.Route, _ = strconv.Atoi(s.m.Args["route"])
	return nil
}

func setRouteSix(s *step) error {
	s.c.Route = 6
	return nil
}

func classify(s *step) error {
	f, args := &s.c.Filing, s.m.Args
	if v := args["route"]; v != "" {
		if Class(or(args["class"], string(f.Class))) != Claim {
			return s.refuse(Invalid, "classify.route", "class", string(f.Class))
		}
		s.c.Route, _ = strconv.Atoi(v)
	}
	f.Subject, f.Place.Code = or(args["subject"], f.Subject), or(args["place"], f.Place.Code)
	s.c.setFact(factToward, s.law.Office.Route(f.Class, f.Subject, f.Place.Code))
	return s.setClass(Class(args["class"]))
}

func (s *step) setClass(to Class) error {
	if to == "" || to == s.c.Filing.Class {
		return nil
	}
	s.c.Filing.Class = to
	if to == Suggestion {
		s.c.Route = 0
		s.c.setFact(factMode, "")
		s.c.dropClocks([]string{"simple_accept"}, s.today)
		return s.suggestionClock()
	}
	s.c.dropClocks([]string{"suggestion_reply"}, s.today)
	return nil
}

// seal takes a case off the open path. What the open path left behind goes with it,
// so that no unit keeps sight of it.
func seal(s *step) error {
	s.c.setFact(factWas, string(s.c.Filing.Class))
	s.c.Filing.Class, s.c.Route = Report, 0
	s.c.dropClocks([]string{"sender_report"}, s.today)
	s.c.Drafts, s.c.Plan = nil, nil // what colleagues wrote of it is not for the named officers alone
	for _, key := range []string{factSender, factHandler, factReviewer, factFinal, factObjection, factDispute, factDisputed, factMode, factAssigned, factLead, factStruck, factStruckBy, factToward, factDuty} {
		s.c.setFact(key, "")
	}
	s.c.setFact(factAbout, s.law.about(s.c.Filing))
	return nil
}

func unseal(s *step) error {
	s.c.Filing.Class = Class(s.m.Args["class"])
	for _, key := range []string{factSender, factAbout, factWas} {
		s.c.setFact(key, "")
	}
	f := s.c.Filing
	s.c.setFact(factToward, s.law.Office.Route(f.Class, f.Subject, f.Place.Code))
	return s.suggestionClock()
}

// about notes whom a report is about. A unit cannot hold a report about itself: it
// goes above it at once.
func about(s *step) error {
	s.c.setFact(factAbout, s.m.Unit)
	if s.m.Unit != s.c.Unit {
		return nil
	}
	u, _ := s.law.Office.Find(s.c.Unit)
	up := u.Above
	if u.Code == s.law.Office.SealedUnit {
		up = s.law.Office.SealedAbove
	}
	if _, ok := s.law.Office.Find(up); !ok {
		return s.refuse(Conflict, "report.no_other", "unit", u.Name)
	}
	s.target = up
	return nil
}

// pause stops the periods a hearing does not count in (Art 36). Being in a hearing
// does not lengthen the sixty days of Art 34, and brings no period back that is over.
func pause(s *step) error {
	for i := range s.c.Clocks {
		k := &s.c.Clocks[i]
		if r, err := RuleOf(k.Rule); err == nil && r.Pauses && k.State == ClockRunning && s.today <= k.last() {
			k.State, k.PausedAt = clockPaused, s.today
		}
	}
	return nil
}

func resume(s *step) error {
	for i := range s.c.Clocks {
		k := &s.c.Clocks[i]
		if k.State != clockPaused {
			continue
		}
		d, err := DueOn(k.Rule, k.From, addDays(k.Due, daysBetween(k.PausedAt, s.today)), s.law.Calendar)
		if err != nil {
			return err
		}
		k.State, k.PausedAt = ClockRunning, ""
		k.setDates(d)
	}
	return nil
}

func (k *Clock) setDates(d DueDate) {
	k.Due, k.Rolled, k.Internal, k.Provisional, k.Calendar = d.Due, d.Rolled, d.Internal, d.Provisional, d.Calendar
}

// extend adds at most thirty days to the sixty, once (Art 34).
func extend(s *step) error {
	k, _ := s.c.clock("handle")
	from := k.Due
	d, err := Due("extend", from, s.law.Calendar, s.law.Office.Settings)
	if s.m.Date != "" {
		d, err = DueOn("extend", from, s.m.Date, s.law.Calendar)
	}
	if err != nil {
		return err
	}
	k.drop(s.today)
	s.c.startClock(d)
	s.entry.Args["rule"], s.entry.Args["due"], s.entry.Args["article"] = "extend", d.Due, "34"
	if d.Provisional {
		s.entry.Args[argProvisional] = "yes"
	}
	return nil
}

// nameReview and nameRereview put the way on into the reply: which body, how many
// days. A reply without it is none (Art 32 with 35, 36).
func nameReview(s *step) error {
	return s.nameBody(s.law.Office.ReviewBodies(s.c.Unit), "35")
}

func nameRereview(s *step) error {
	return s.nameBody(s.law.Office.RereviewBodies(s.c.fact(factHandler), s.c.Unit), "36")
}

func (s *step) nameBody(bodies []Unit, article string) error {
	body := or(s.m.Args["review_body"], names(bodies))
	if body == "" {
		return s.refuse(Invalid, "field.missing", "field", "review_body", "article", article, "why", "why.reply.review_body")
	}
	r, _ := RuleOf("review_window")
	s.entry.Args["review_body"], s.entry.Args["review_days"] = body, fmt.Sprint(r.Days)
	if s.m.Args["review_body"] == "" {
		s.entry.Args["review_units"] = codes(bodies)
	}
	return nil
}

// recount computes the running dates again with the calendar of today. Dates that
// were set or moved case by case keep their last day.
func recount(s *step) error {
	for i := range s.c.Clocks {
		k := &s.c.Clocks[i]
		if !k.live() || k.Calendar == s.law.Calendar.Version() {
			continue
		}
		r, err := RuleOf(k.Rule)
		if err != nil {
			return err
		}
		d, err := DueOn(k.Rule, k.From, k.Due, s.law.Calendar)
		if r.Working {
			d, err = Due(k.Rule, k.From, s.law.Calendar, s.law.Office.Settings)
		}
		if err != nil {
			return err
		}
		if d.Due != k.Due {
			s.entry.Args["was."+k.Rule], s.entry.Args["now."+k.Rule] = k.Due, d.Due
		}
		k.setDates(d)
	}
	s.entry.Args["calendar"] = s.law.Calendar.Version()
	return nil
}

// succeed puts the new unit wherever the old one stands in the case.
func succeed(s *step) error {
	for _, key := range []string{factSender, factHandler, factReviewer, factFinal, factToward, factDisputed} {
		if s.c.fact(key) == s.c.Unit {
			s.c.setFact(key, s.m.Unit)
		}
	}
	for i := range s.c.Plan {
		if p := &s.c.Plan[i]; p.Unit == s.c.Unit {
			p.Unit = s.m.Unit
		}
	}
	for i := range s.c.Drafts {
		d := &s.c.Drafts[i]
		for _, unit := range []*string{&d.Unit, &d.AuthorUnit} {
			if *unit == s.c.Unit {
				*unit = s.m.Unit
			}
		}
	}
	return nil
}

// lead gives the case to a leader; who leads it already is no news. One that was struck off the list of
// hard cases is on it again.
func lead(s *step) error {
	if s.c.led() && s.c.fact(factLead) == s.m.Officer {
		return s.refuse(Conflict, "lead.already")
	}
	s.noteFormerLead()
	s.c.setFact(factLead, s.m.Officer)
	s.c.setFact(factStruck, "")
	s.c.setFact(factStruckBy, "")
	return nil
}

func unlead(s *step) error {
	s.noteFormerLead()
	s.c.setFact(factLead, "")
	return nil
}

// LeaderLeft takes a case from a leader who works here, or leads, no more. Made by System, the heads of the unit that has
// the case and the petition office's supervisors are told that somebody else has to lead it.
func LeaderLeft() Move { return Move{Name: MoveUnlead, Text: phrase("unlead.left")} }

// argFormerLead names in an entry who led the case before it.
const argFormerLead = "former_lead"

// noteFormerLead keeps who led the case, for they are told.
func (s *step) noteFormerLead() {
	if former := s.c.fact(factLead); former != "" {
		s.entry.Args[argFormerLead] = former
		s.entry.Inner = append(s.entry.Inner, argFormerLead)
	}
}

func take(s *step) error {
	s.c.Officer = s.a.Staff
	return nil
}

func handOver(s *step) error {
	s.c.Officer = s.m.Officer
	return nil
}

// recuse keeps an officer with an interest off the case (Art 28).
func recuse(s *step) error {
	s.c.addFact(factRecused, s.m.Officer)
	if s.c.Officer == s.m.Officer {
		s.c.Officer = ""
	}
	return nil
}

// link notes the other petition; the other's side is Service.linkOthers.
func link(s *step) error {
	number, ok := ParseNumber(s.m.Args["number"])
	if !ok { // in hand at a body outside the office
		return nil
	}
	s.entry.Args["number"] = number
	s.c.addFact(factLinked, number)
	s.c.addFact(factRepeats, number)
	if s.m.Args["kind"] == "joint" {
		s.c.setFact(factJoint, "yes")
	}
	return nil
}

func unlink(s *step) error {
	number, _ := ParseNumber(s.m.Args["number"])
	s.entry.Args["number"] = number
	s.c.dropFact(factLinked, number)
	s.c.dropFact(factRepeats, number)
	return nil
}
