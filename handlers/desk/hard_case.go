package desk

import (
	"slices"

	"dengwen/petition"
)

// hardPart is what the page of a case says of it as a hard case (领导包案).
type hardPart struct {
	Leader string
	Struck string // the day on which it was struck off, and what that rests on; "" = it is on the list
	Steps  []planLine
	Sheets []documentLine
}

// planLine is one step of the plan. Tone is the colour of State, which says the same in words.
type planLine struct{ Words, Unit, Due, State, Result, Tone string }

// stepTone is red for a step that is or was late, green for one that was done in time.
func stepTone(p petition.PlanStep, today string) string {
	switch {
	case p.Late(today):
		return "red"
	case p.Done != "":
		return "green"
	}
	return "none"
}

// hardPart is nil for a case that no leader leads, and that has no plan.
func (d *Door) hardPart(v *visit, c petition.View) *hardPart {
	if c.State["lead"] == "" && len(c.Plan) == 0 {
		return nil
	}
	h, today := &hardPart{Leader: d.Roster.Name(v.ctx(), c.State["lead"])}, petition.Day(v.names.Now)
	if day := c.State["struck"]; day != "" {
		h.Struck = v.names.Day(day) + v.names.Text("desk.comma") + v.names.Text("desk.page.plan.struck."+c.State["struck.by"])
	}
	for _, p := range c.Plan {
		h.Steps = append(h.Steps, planLine{p.Words, v.names.Unit(p.Unit), v.names.Day(p.Due), v.names.StepState(p), p.Result, stepTone(p, today)})
	}
	for _, e := range slices.Backward(c.Timeline) {
		if e.Move == petition.MoveLead {
			h.Sheets = documentLines(c.Number, e)
			break
		}
	}
	return h
}

// lateSteps are the cases of a list with a step that is late: of whoever leads them or oversees them, and of
// the units that have them or have the step to do.
func (d *Door) lateSteps(v *visit, items []petition.Item, all bool) []petition.Item {
	today := petition.Day(v.names.Now)
	return slices.DeleteFunc(slices.Clone(items), func(i petition.Item) bool {
		mine := all || i.Lead == v.person.ID || i.Unit == v.person.Unit
		return !slices.ContainsFunc(i.Plan, func(p petition.PlanStep) bool { return p.Late(today) && (mine || p.Unit == v.person.Unit) })
	})
}
