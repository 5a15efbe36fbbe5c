package petition

import (
	"slices"
	"strings"
)

// The plan for a hard case (领导包案, Art 18): who does what by when, kept beside the case while a
// leader leads it. It speaks of work and of days. The petitioner does not see it, and nothing of it
// is a period of theirs: the periods of the Regulation run as they run.

// PlanStep is one step of a plan: what a unit does by a day. Days are civil dates as 2026-08-03.
type PlanStep struct {
	ID      int      `json:"id"` // within the case: 1, 2, 3 …, none twice
	Unit    string   `json:"unit"`
	Words   string   `json:"words"`
	Due     string   `json:"due"`
	Done    string   `json:"done,omitempty"`    // day on which it was noted as done
	By      string   `json:"by,omitempty"`      // officer who noted that
	Result  string   `json:"result,omitempty"`  // what came of it
	Dropped string   `json:"dropped,omitempty"` // day on which it was given up
	Before  []string `json:"before,omitempty"`  // days that were its last one earlier
}

// Open reports whether the step is still to be done.
func (p PlanStep) Open() bool { return p.Done == "" && p.Dropped == "" }

// Late reports whether its last day went by before it was done.
func (p PlanStep) Late(today string) bool {
	return p.Dropped == "" && (p.Done == "" && today > p.Due || p.Done > p.Due)
}

// DaysLate is by how many days an open step is late, 0 while it is not.
func (p PlanStep) DaysLate(today string) int {
	if !p.Open() {
		return 0
	}
	return max(daysBetween(p.Due, today), 0)
}

// maxSteps bounds the plan of one case, those done or given up included.
const maxSteps = 50

// led reports whether a leader leads the case, and it has not been struck off the list of hard cases.
func (c *Case) led() bool { return c.fact(factLead) != "" && c.fact(factStruck) == "" }

// openSteps are the steps that wait to be done, the first due first. None while nobody leads the case.
func (c *Case) openSteps() (all []PlanStep) {
	if !c.led() || c.Filing.Class == Report {
		return nil
	}
	for _, p := range c.Plan {
		if p.Open() {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b PlanStep) int { return strings.Compare(a.Due, b.Due) })
	return all
}

// steps are the open steps of a plan that somebody may note something about: who has the case, leads it or
// oversees it of each, another unit of its own.
func (l *Law) steps(c *Case, a Actor) (all []PlanStep) {
	for _, p := range c.openSteps() {
		if l.notes(c, p, a) {
			all = append(all, p)
		}
	}
	return all
}

func (l *Law) notes(c *Case, p PlanStep, a Actor) bool {
	return a.Unit != "" && (a.Unit == p.Unit || a.Unit == c.Unit || a.Unit == l.Office.Unit && l.actsAs(a, Head)) || c.ledBy(a)
}

// noWaiver refuses words that take from somebody the right to petition, see Waives.
func (s *step) noWaiver() error {
	words := Waives(s.m.Text)
	if s.spec.Name == MoveMeeting {
		words = plainWaiver.FindString(s.m.Text)
	}
	if words != "" {
		return s.refuse(Invalid, "plan.waives", "words", words)
	}
	return nil
}

func plan(s *step) error {
	if err := s.noWaiver(); err != nil {
		return err
	}
	if len(s.c.Plan) == maxSteps {
		return s.refuse(Limited, "plan.full", "max", itoa(maxSteps))
	}
	id := len(s.c.Plan) + 1
	s.c.Plan = append(s.c.Plan, PlanStep{ID: id, Unit: s.m.Unit, Words: strings.TrimSpace(s.m.Text), Due: s.m.Date})
	s.entry.Args["step"] = itoa(id)
	return nil
}

// planStep is the open step that a move names, to be changed.
func (s *step) planStep() (*PlanStep, error) {
	id := strings.TrimSpace(s.m.Args["step"])
	i := slices.IndexFunc(s.c.Plan, func(p PlanStep) bool { return p.Open() && itoa(p.ID) == id })
	if i < 0 {
		return nil, s.refuse(Invalid, "plan.step", "step", clip(id, 20))
	}
	p := &s.c.Plan[i]
	if !s.law.notes(s.c, *p, s.a) {
		return nil, s.refuse(Forbidden, "plan.not_yours")
	}
	s.entry.Args["unit"] = p.Unit
	return p, nil
}

func planDone(s *step) error {
	p, err := s.planStep()
	if err == nil {
		err = s.noWaiver()
	}
	if err != nil {
		return err
	}
	p.Done, p.By, p.Result = s.today, s.a.Staff, strings.TrimSpace(s.m.Text)
	return nil
}

func planLater(s *step) error {
	p, err := s.planStep()
	if err != nil {
		return err
	}
	if s.m.Date <= p.Due {
		return s.refuse(Invalid, "plan.later", "due", p.Due)
	}
	p.Before = append(slices.Clip(p.Before), p.Due)
	p.Due = s.m.Date
	return nil
}

func planDrop(s *step) error {
	p, err := s.planStep()
	if err != nil {
		return err
	}
	p.Dropped = s.today
	return nil
}

// dropOpenSteps gives up what was still to be done, of a case whose leader goes with what it was.
func (c *Case) dropOpenSteps(today string) {
	for i := range c.Plan {
		if p := &c.Plan[i]; p.Open() {
			p.Dropped = today
		}
	}
}

// withoutWords is a plan as it is counted when the words of its case were erased.
func withoutWords(all []PlanStep) (out []PlanStep) {
	for _, p := range all {
		p.Words, p.Result, p.By = "", "", ""
		out = append(out, p)
	}
	return out
}

// hardMoves are about hard cases: the plan, the meetings, and the end.
func hardMoves() []MoveSpec {
	keepers := append(append(slices.Clone(holders), supervisor...), leading)
	doing := append(slices.Clone(keepers), Who{Officer, atStep}, Who{Head, atStep})
	which := Field{Key: "step", Kind: KindStep}
	return []MoveSpec{
		{Name: MovePlan, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{hasLead},
			Fields: []Field{unit("18"), date("18"), text("text", "18")}, Checks: []Need{knownUnit, dateNotPast}, Apply: plan},
		{Name: MovePlanDone, Article: "18", Class: open, From: anywhere, Who: doing, Needs: []Need{hasLead, stepOpen},
			Fields: []Field{which, text("text", "18"), files()}, Apply: planDone},
		{Name: MovePlanLater, Article: "18", Class: open, From: anywhere, Who: doing, Needs: []Need{hasLead, stepOpen},
			Fields: []Field{which, date("18"), text("text", "18")}, Checks: []Need{dateAhead}, Apply: planLater},
		{Name: MovePlanDrop, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{hasLead, stepOpen},
			Fields: []Field{which, text("text", "18")}, Apply: planDrop},
		{Name: MoveMeeting, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{hasLead},
			Fields: []Field{date("18"), maybe(text("time", "")), text("place", "18"), text("attendees", "18"), text("text", "18"), files()},
			Checks: []Need{datePast}, Document: "meeting_minutes", Apply: (*step).noWaiver},
		{Name: MoveStrike, Article: "18", Class: open, From: anywhere, Who: append(append(slices.Clone(headOnly), supervisor...), leading),
			Needs: []Need{hasLead, noStepOpen, saidResolved}, Fields: []Field{inner(maybe(text("text", "18")))},
			Drops: []string{"lead_progress"}, Sets: map[string]string{factStruck: "@today", factStruckBy: "citizen"}, Public: true},
		{Name: MoveStrikeReason, Article: "18", Class: open, From: anywhere, Who: append(slices.Clone(holders), supervisor...), Signs: officeSigns,
			Needs: []Need{hasLead, noStepOpen, notSaidResolved}, Fields: []Field{inner(text("text", "18"))},
			Drops: []string{"lead_progress"}, Sets: map[string]string{factStruck: "@today", factStruckBy: "reason"},
			Document: "strike_report", Apply: (*step).noWaiver, Public: true},
	}
}
