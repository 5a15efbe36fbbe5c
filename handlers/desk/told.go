package desk

import (
	"context"
	"strings"
	"time"

	"dengwen/petition"
)

const (
	toldPrefix = "told:" // of keys in the store
	toldFor    = 30 * 24 * time.Hour
)

// Tell keeps for an officer that a colleague named them in an internal note of a case: it stands on
// their first page until they open the case.
func Tell(ctx context.Context, kept petition.KeptStore, staff, number string, now time.Time) error {
	return kept.Keep(ctx, petition.Kept{Person: staff, Key: toldPrefix + number, Number: number, At: now, Until: now.Add(toldFor)})
}

// told are the cases in which colleagues named the officer, newest first.
func (d *Door) told(v *visit) (all []draftLine, err error) {
	kept, err := d.Kept.KeptBy(v.ctx(), v.person.ID)
	if err != nil {
		return nil, petition.Wrap(err, "list where colleagues named somebody")
	}
	for _, k := range kept {
		if strings.HasPrefix(k.Key, toldPrefix) {
			all = append(all, draftLine{Number: k.Number, Href: "/desk/cases/" + k.Number + "?show=notes", Text: d.when(v, "told.line", k.At)})
		}
	}
	return all, nil
}

// heard takes a case off the list of those in which somebody was named: they have opened it.
func (d *Door) heard(v *visit, number string) {
	_, err := d.Kept.Kept(v.ctx(), v.person.ID, toldPrefix+number)
	if err == nil {
		err = d.Kept.DropKept(v.ctx(), v.person.ID, toldPrefix+number)
	}
	if err != nil && petition.CodeOf(err) != petition.NotFound {
		d.Log.Warn("desk: a case is still listed as one in which somebody was named", "err", err)
	}
}

// colleagues are the names that a note may call upon with an @: of one's own unit and of the one that
// has the case.
func (d *Door) colleagues(v *visit, c petition.View) (names []string, err error) {
	units := []string{v.person.Unit}
	if c.Unit != v.person.Unit {
		units = append(units, c.Unit)
	}
	for _, unit := range units {
		people, err := d.Roster.People(v.ctx(), unit)
		if err != nil {
			return nil, petition.Wrap(err, "list colleagues")
		}
		for _, p := range people {
			if p.Active() && p.ID != v.person.ID {
				names = append(names, p.Name)
			}
		}
	}
	return names, nil
}
