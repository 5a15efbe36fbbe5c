package petition

import "slices"

// Receivers are the units that a matter may be passed on to, the likeliest first: where the office's
// data send it, who serves the place, who gets neighbouring subjects, then the others as the data have
// them. Neither who has it is among them nor what is retired, nor who is above the county's units.
// A report on misconduct may go to any other unit: whose it is, the cadre's rank decides (Art 30).
func (o *Office) Receivers(class Class, subject, place, holder string) []Unit {
	others := slices.DeleteFunc(slices.Clone(o.Units), func(u Unit) bool { return u.Code == holder })
	if class == Report {
		return others
	}
	subject, place = o.current(subject, place)
	likely := []string{o.Route(class, subject, place)}
	if l, ok := o.Locality(place); ok {
		likely = append(likely, l.Unit)
	}
	if c, ok := o.Category(subject); ok && c.Parent != "" {
		for _, r := range o.Routing {
			if near, ok := o.Category(r.Category); ok && (near.Parent == c.Parent || near.Code == c.Parent) && r.Unit != "@place" {
				likely = append(likely, r.Unit)
			}
		}
	}
	all := slices.DeleteFunc(others, func(u Unit) bool { return u.Kind == "city" || u.Kind == "county" })
	rank := func(u Unit) int {
		if i := slices.Index(likely, u.Code); i >= 0 {
			return i
		}
		return len(likely)
	}
	slices.SortStableFunc(all, func(a, b Unit) int { return rank(a) - rank(b) })
	return all
}
