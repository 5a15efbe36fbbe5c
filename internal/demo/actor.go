package demo

import (
	"cmp"
	"time"

	"dengwen/petition"
)

// dates are how many days ahead a move sets its date where the step does not say.
var dates = map[petition.MoveName]int{
	petition.MoveAssign: 30, petition.MoveSupervise: 15, petition.MoveHearing: 7, petition.MoveNoLonger: -200,
}

// move puts a step into what the table of moves asks for.
func (p *Simulation) move(s step, k *caseState, now time.Time) (petition.Move, error) {
	m := petition.Move{Key: p.newKey(), Name: s.Name, Args: map[string]string{}}
	spec, err := p.script.spec(specKey{s.Name, k.class, s.Who == citizen})
	if err != nil {
		return m, err
	}
	for _, f := range spec.Fields {
		v := cmp.Or(s.Says[f.Key], dated(k.words.of(s, f.Key), now), p.script.Words.of(s, f.Key), p.says(s.Name, f, k, now))
		switch f.Key {
		case "text":
			m.Text = v
		case "unit":
			if f.Kind == petition.KindUnit {
				m.Unit = v
			} else if v != "" {
				m.Args["unit"] = v
			}
		case "officer":
			m.Officer = v
		case "date":
			m.Date = v
		default:
			if v != "" {
				m.Args[f.Key] = v
			}
		}
	}
	return m, nil
}

// says is what is said for a field of its own accord, "" where it may stay empty.
func (p *Simulation) says(name petition.MoveName, f petition.Field, k *caseState, now time.Time) string {
	if v := cmp.Or(p.script.Words[string(name)][f.Key], p.script.Words[""][f.Key]); v != "" && f.Kind == petition.KindText {
		return v
	}
	if bodies := p.writer.office.ReviewBodies(k.unit); name == petition.MoveReview && f.Kind == petition.KindUnit && len(bodies) > 1 {
		return bodies[0].Code
	}
	if f.Optional && name != petition.MoveClassify && name != petition.MoveRate {
		return ""
	}
	switch f.Kind {
	case petition.KindDate:
		return petition.Day(now.AddDate(0, 0, dates[name]))
	case petition.KindUnit:
		return p.unitFor(name, k)
	case petition.KindStep:
		return "1"
	case petition.KindOfficer:
		return "demo-" + k.unit + "-b"
	case petition.KindChoice:
		return choiceFor(name, f)
	}
	return ""
}

// choiceFor is the first choice, but classify only names the route.
func choiceFor(name petition.MoveName, f petition.Field) string {
	switch {
	case name == petition.MoveClassify && f.Key == "route":
		return "6"
	case name == petition.MoveClassify:
		return ""
	case name == petition.MoveGuide:
		return "2"
	}
	return f.Choices[0]
}

func (p *Simulation) unitFor(name petition.MoveName, k *caseState) string {
	o := p.writer.office
	switch name {
	case petition.MoveRefer:
		return p.writer.above(o.SealedUnit)
	case petition.MoveAbout:
		return o.Places[0].Unit
	case petition.MoveDesignate:
		return k.unit
	}
	if k.toward != "" && k.toward != k.unit {
		return k.toward
	}
	return o.Places[p.keys%len(o.Places)].Unit
}
