package mediation

import (
	"time"

	"dengwen/petition"
)

// MethodState is one step of the office's method in a dispute.
type MethodState struct {
	petition.MethodStep
	Due  string   // by when, from the day of the step before
	Done StepDone // Day is "" while it is not done
}

// Steps are the steps of the office's method, with by when each is to be done.
func (d *Dispute) Steps(o *petition.Office) (all []MethodState) {
	from := petition.Day(d.Received)
	for _, m := range o.Disputes.Method {
		s := MethodState{MethodStep: m, Due: later(from, m.Days), Done: d.Done[m.Code]}
		if from = s.Due; s.Done.Day != "" {
			from = s.Done.Day
		}
		all = append(all, s)
	}
	return all
}

func later(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// formsLeft are the codes of the steps with a form that are not done.
func (d *Dispute) formsLeft(o *petition.Office) (all []string) {
	for _, s := range d.Steps(o) {
		if s.By == "" && s.Done.Day == "" {
			all = append(all, s.Code)
		}
	}
	return all
}

// methodDone notes the steps that a move does. An answer does its step once both parties agree.
func (d *Dispute) methodDone(o *petition.Office, m MoveName, day string) {
	if m == MoveAnswer && d.Status != Mediating {
		return
	}
	for _, s := range o.Disputes.Method {
		if _, done := d.Done[s.Code]; s.By == string(m) && !done {
			d.Done[s.Code] = StepDone{Day: day}
		}
	}
}
