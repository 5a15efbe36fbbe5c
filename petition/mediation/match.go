package mediation

import (
	"cmp"
	"slices"

	"dengwen/petition"
)

// Mediators are those of the unit that has a dispute, who fits best first: by village, place and
// kind of the dispute, and then in the order of the office's data. How somebody did before plays no part.
func (d *Dispute) Mediators(o *petition.Office) []petition.Mediator {
	var all []petition.Mediator
	for _, m := range o.Disputes.Mediators {
		if m.Unit == d.Unit {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b petition.Mediator) int { return cmp.Compare(d.fits(b), d.fits(a)) })
	return all
}

// fits counts in what a mediator's list names the dispute; what it does not restrict counts half.
func (d *Dispute) fits(m petition.Mediator) (n int) {
	for _, t := range []struct {
		list   []string
		value  string
		weight int
	}{{m.Villages, d.Village, 2}, {m.Places, d.Place.Code, 2}, {m.Kinds, d.Kind, 6}} {
		switch {
		case len(t.list) == 0:
			n += t.weight / 2
		case slices.Contains(t.list, t.value):
			n += t.weight
		}
	}
	return n
}
