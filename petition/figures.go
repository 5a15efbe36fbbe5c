package petition

import "slices"

// Share is a part of a whole: N of Of. With Of 0 there is nothing to say.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// Percent is the part in percent; false when there is no whole.
func (s Share) Percent() (float64, bool) {
	if s.Of == 0 {
		return 0, false
	}
	return 100 * float64(s.N) / float64(s.Of), true
}

func (s *Share) count(yes bool) {
	s.Of++
	if yes {
		s.N++
	}
}

// UnitFigures is all that units are compared by. How many petitions a unit has says
// nothing about it and is not among them (Art 39: lawful, timely, local); nor is
// anything about persons. Sealed reports are left out.
//
// A period counts once: when it was kept, else on the day it ran out, so that one
// that is still open and one that was kept too late count alike and in the same
// week. Of the answers, those given between the two days count, with what has become
// of them since.
type UnitFigures struct {
	Unit      string `json:"unit"`
	Notice    Share  `json:"notice"`    // notices in time (Art 23); at the petition office forwarding (Art 22)
	Answer    Share  `json:"answer"`    // answers, reviews and re-reviews in time (Art 34–36; suggestions: the house's target)
	Reopened  Share  `json:"reopened"`  // of the answers
	Changed   Share  `json:"changed"`   // of the answers that were reviewed: changed, revoked or to be redone (Art 35, 36)
	Rated     Share  `json:"rated"`     // of the answers: participation (Art 21)
	Satisfied Share  `json:"satisfied"` // of the rated ones: good or fair. Unrated counts as nothing
	Good      int    `json:"good"`
	Fair      int    `json:"fair"`
	Bad       int    `json:"bad"`
}

// Empty reports whether there is nothing to compare.
func (u UnitFigures) Empty() bool {
	return u.Notice.Of+u.Answer.Of+u.Reopened.Of+u.Changed.Of+u.Rated.Of == 0
}

func (u *UnitFigures) rate(mark string) {
	u.Rated.count(mark != "")
	if mark == "" {
		return
	}
	u.Satisfied.count(mark == "good" || mark == "fair")
	switch mark {
	case "good":
		u.Good++
	case "fair":
		u.Fair++
	default:
		u.Bad++
	}
}

var (
	noticeRules = []string{"forward", "notify"}
	answerRules = []string{"handle", "extend", "suggestion_reply", "review", "rereview"}
)

// judged says on which day a period counts and whether it was kept; false while it
// still runs in time, and for one that ended without a judgement.
func (k Clock) judged(today string) (day string, kept, counts bool) {
	switch {
	case k.State == ClockMet:
		return k.EndedAt, true, true
	case k.State == ClockLate, k.State == ClockRunning && today > k.Last():
		return k.Last(), false, true
	}
	return "", false, false
}

// owes is the unit that answers for a period on a day: the one that had the case when
// it began. Only the house's target for suggestions goes along with the case.
func (c *Case) owes(k Clock, day string) string {
	if k.Rule != "suggestion_reply" {
		return or(k.Unit, c.Unit)
	}
	holder := c.Unit
	for _, e := range slices.Backward(c.Timeline) {
		if holder = e.Unit; Day(e.At) <= day {
			break
		}
	}
	return holder
}

// given is one answer and what became of it.
type given struct {
	unit, day       string
	reopened        bool
	reviewed        bool
	changed         bool
	byUnit, byHouse string // marks: good, fair, bad; "" = not rated
}

// answers reads the answers of a case from its timeline.
func (c *Case) answers() []given {
	var all []given
	for _, e := range c.Timeline {
		if e.Move == MoveReply || e.Move == MoveAgreement {
			all = append(all, given{unit: e.By, day: Day(e.At)})
			continue
		}
		if len(all) > 0 {
			all[len(all)-1].went(e)
		}
	}
	return all
}

// went notes what an entry means for the answer before it.
func (g *given) went(e Entry) {
	switch e.Move {
	case MoveReopen:
		g.reopened = true
	case MoveReviewReply, MoveRereviewReply:
		g.reviewed = true
		g.changed = g.changed || e.Args["outcome"] != "maintain"
	case MoveReviewRedo:
		g.reviewed, g.changed = true, true
	case MoveRate:
		g.byUnit, g.byHouse = or(e.Args["unit"], g.byUnit), or(e.Args["office"], g.byHouse)
	}
}

// Comparison gathers the figures of units between two days, both included.
type Comparison struct {
	From, To string
	today    string
	office   *Office
	units    map[string]*UnitFigures
}

// newComparison begins one. today is the day it is made on: what is not over by then
// is not late.
func newComparison(o *Office, from, to, today string) *Comparison {
	return &Comparison{From: from, To: to, today: today, office: o, units: map[string]*UnitFigures{}}
}

func (f *Comparison) of(unit string) *UnitFigures {
	if f.units[unit] == nil {
		f.units[unit] = &UnitFigures{Unit: unit}
	}
	return f.units[unit]
}

func (f *Comparison) within(day string) bool { return day >= f.From && day <= f.To }

// Add counts a case. A sealed report counts nowhere.
func (f *Comparison) Add(c Case) {
	if c.Filing.Class == Report {
		return
	}
	for _, k := range c.Clocks {
		day, kept, counts := k.judged(f.today)
		if !counts || !f.within(day) {
			continue
		}
		u := f.of(c.owes(k, day))
		if slices.Contains(noticeRules, k.Rule) {
			u.Notice.count(kept)
		} else if slices.Contains(answerRules, k.Rule) {
			u.Answer.count(kept)
		}
	}
	for _, g := range c.answers() {
		if f.within(g.day) {
			f.answer(g)
		}
	}
}

func (f *Comparison) answer(g given) {
	u := f.of(g.unit)
	u.Reopened.count(g.reopened)
	if g.reviewed {
		u.Changed.count(g.changed)
	}
	u.rate(g.byUnit)
	if g.unit != f.office.Unit {
		f.of(f.office.Unit).rate(g.byHouse)
	}
}

// Units are the figures in the order of the office's data, never by rank. Units
// about which there is nothing to say are left out.
func (f *Comparison) Units() []UnitFigures {
	var out []UnitFigures
	for _, u := range f.office.Units {
		if have := f.units[u.Code]; have != nil && !have.Empty() {
			out = append(out, *have)
		}
	}
	return out
}
