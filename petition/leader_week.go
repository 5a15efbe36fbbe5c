package petition

import (
	"context"
	"slices"
	"strings"
)

// LedWeek is what happened in the hard cases of a leader between two days, both included. It speaks of
// cases, steps and days; the petitioner is not in it.
type LedWeek struct {
	Leader string    `json:"leader"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Cases  []LedCase `json:"cases"` // those the leader leads, and those struck off in these days
}

// LedCase is one of them as it stands now: Item.Plan are its open steps.
type LedCase struct {
	Item
	Struck string     `json:"struck,omitempty"` // day on which it was struck off
	Events []LedEvent `json:"events,omitempty"` // of these days, the oldest first
}

// LedEvent is one thing that was done about a hard case.
type LedEvent struct {
	Day  string   `json:"day"`
	Move MoveName `json:"move"`
	Unit string   `json:"unit,omitempty"` // that did it
	Text string   `json:"text,omitempty"`
}

// ledMoves are what a week tells of.
var ledMoves = slices.Concat([]MoveName{MoveLead, MoveProgress, MoveMeeting, MoveStrike, MoveStrikeReason, MoveSupervise, MoveFeedback}, ofPlan, answerMoveNames)

// Noted reports whether somebody noted progress in these days.
func (c LedCase) Noted() bool {
	return slices.ContainsFunc(c.Events, func(e LedEvent) bool { return e.Move == MoveProgress })
}

// LateSteps are the open steps whose day went by.
func (c LedCase) LateSteps(today string) (late []PlanStep) {
	for _, p := range c.Plan {
		if p.Late(today) {
			late = append(late, p)
		}
	}
	return late
}

// ReadsLedWeek reports whether somebody reads the week of a leader: the leader, and who heads the petition office.
func (o *Office) ReadsLedWeek(a Actor, leader string) bool {
	own := a.Staff == leader && a.any(func(r roleSpec) bool { return r.leads })
	return leader != "" && (own || a.Unit == o.Unit && slices.ContainsFunc(a.Roles, Role.Leads))
}

// LedWeek is the week of a leader, for themself or for who heads the petition office. Forbidden "lead.week"
// for anybody else.
func (s *Service) LedWeek(ctx context.Context, a Actor, leader, from, to string) (LedWeek, error) {
	a = s.law.normal(a)
	if !s.law.Office.ReadsLedWeek(a, leader) {
		return LedWeek{}, Fail(Forbidden, "lead.week")
	}
	weeks, err := s.ledWeeks(ctx, Scope{Units: []string{s.ledKey(leader)}}, a, from, to)
	if err != nil {
		return LedWeek{}, failed(err, "read what a leader leads")
	}
	week := LedWeek{Leader: leader, From: from, To: to}
	for _, w := range weeks {
		if w.Leader == leader {
			week = w
		}
	}
	var numbers []string
	for _, c := range week.Cases {
		numbers = append(numbers, c.Number)
	}
	if len(numbers) == 0 {
		return week, nil
	}
	return week, s.noteRead(ctx, a, ActList, "", numbers...)
}

// ledWeeks are the weeks of all leaders whose cases a scope selects and an actor sees, in the order in which
// their first case is due.
func (s *Service) ledWeeks(ctx context.Context, scope Scope, a Actor, from, to string) (all []LedWeek, err error) {
	q := Query{Order: "due", Limit: 100, Whole: true}
	for {
		records, after, err := s.store.List(ctx, scope, q)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			c := r.Case
			struck := c.fact(factStruck)
			if !s.law.sees(&c, a) || c.Filing.Class == Report || c.fact(factLead) == "" || struck != "" && (struck < from || struck > to) {
				continue
			}
			i := slices.IndexFunc(all, func(w LedWeek) bool { return w.Leader == c.fact(factLead) })
			if i < 0 {
				i, all = len(all), append(all, LedWeek{Leader: c.fact(factLead), From: from, To: to})
			}
			all[i].Cases = append(all[i].Cases, LedCase{Item: s.law.Item(c, a, s.now()), Struck: struck, Events: c.ledEvents(from, to)})
		}
		if q.After = after; after == "" {
			return all, nil
		}
	}
}

func (c *Case) ledEvents(from, to string) (all []LedEvent) {
	for _, e := range c.Timeline {
		if day := Day(e.At); slices.Contains(ledMoves, e.Move) && day >= from && day <= to {
			all = append(all, LedEvent{Day: day, Move: e.Move, Unit: e.By, Text: e.Text})
		}
	}
	return all
}

// Paper is the week as one sheet (领导包案一周), for Render. What is late is so on a day.
func (w LedWeek) Paper(o *Office, name, today string) Document {
	var cases, late []string
	for _, c := range w.Cases {
		head := phrase("led.case", "number", c.Number, "title", or(c.Title, DocumentTitle("receipt")), "unit", o.UnitName(c.Unit))
		if c.Struck != "" {
			head += phrase("led.struck", "day", ChineseDay(c.Struck))
		}
		cases = append(cases, head)
		for _, e := range c.Events {
			cases = append(cases, phrase("led.event", "day", ChineseDay(e.Day), "what", word("led", string(e.Move)), "unit", o.UnitName(e.Unit), "text", oneLine(e.Text)))
		}
		if len(c.Events) == 0 {
			cases = append(cases, phrase("led.nothing"))
		}
		for _, p := range c.LateSteps(today) {
			late = append(late, phrase("led.late", "number", c.Number, "unit", o.UnitName(p.Unit), "text", oneLine(p.Words), "days", itoa(p.DaysLate(today))))
		}
		if c.Struck == "" && !c.Noted() {
			late = append(late, phrase("led.unnoted", "number", c.Number))
		}
	}
	return Document{Kind: "leader_week", Title: DocumentTitle("leader_week"), Values: map[string]string{
		"number": phrase("led.days", "from", ChineseDay(w.From), "to", ChineseDay(w.To)), "unit": o.Name, "date": ChineseDay(today),
		"leader": or(name, phrase("hard.leader")), "count": itoa(len(w.Cases)),
		"cases": or(strings.Join(cases, "\n"), phrase("led.none")), "late": or(strings.Join(late, "\n"), phrase("led.late.none")),
	}}
}
