package petition

import "strings"

// Find is the unit of a code; false when the office has none.
func (o *Office) Find(code string) (Unit, bool) {
	for _, u := range o.Units {
		if u.Code == code {
			return u, true
		}
	}
	return Unit{}, false
}

// UnitName is the unit's name; a code the office does not know (any more) stays.
func (o *Office) UnitName(code string) string {
	if u, ok := o.Find(code); ok {
		return u.Name
	}
	return code
}

// Category finds a subject by its code.
func (o *Office) Category(code string) (Category, bool) {
	for _, c := range o.Categories {
		if c.Code == code {
			return c, true
		}
	}
	return Category{}, false
}

// Locality finds a place by its code.
func (o *Office) Locality(code string) (Locality, bool) {
	for _, l := range o.Places {
		if l.Code == code {
			return l, true
		}
	}
	return Locality{}, false
}

// Route says which unit a matter goes to by the office's data. A report goes to the
// sealed unit whatever its subject; a matter no rule knows stays with the petition
// office.
func (o *Office) Route(class Class, subject, place string) string {
	if class == Report {
		return o.SealedUnit
	}
	for _, r := range o.Routing {
		if r.Place != "" && r.Place != place || !o.within(subject, r.Category) {
			continue
		}
		if r.Unit != "@place" {
			return r.Unit
		}
		if l, ok := o.Locality(place); ok && l.Unit != "" {
			return l.Unit
		}
	}
	return o.Unit
}

// within reports whether a subject is the category or lies beneath it; "" holds all.
func (o *Office) within(subject, category string) bool {
	for range 10 { // two levels are usual; a loop in the data must not hang a filing
		if category == "" || subject == category {
			return true
		}
		c, ok := o.Category(subject)
		if !ok || c.Parent == "" {
			return false
		}
		subject = c.Parent
	}
	return false
}

// ReviewBodies are the bodies a unit's reply may be taken to (Art 35), the usual one
// first. Where the data names several, the petitioner chooses.
func (o *Office) ReviewBodies(handler string) []Unit {
	u, _ := o.Find(handler)
	return o.bodies(u.Review, u.Above)
}

// RereviewBodies are those for the re-review after the reviewer's reply (Art 36).
func (o *Office) RereviewBodies(handler, reviewer string) []Unit {
	u, _ := o.Find(handler)
	r, _ := o.Find(reviewer)
	if u.Review != "" && firstCode(u.Review) != reviewer {
		return o.bodies(r.Review, r.Above) // the petitioner chose another reviewer
	}
	return o.bodies(u.Rereview, r.Above)
}

func (o *Office) bodies(codes, otherwise string) []Unit {
	var out []Unit
	for _, code := range append(splitCodes(codes), otherwise) {
		u, ok := o.Find(code)
		if ok && (code != otherwise || len(out) == 0) {
			out = append(out, u)
		}
	}
	return out
}

// splitCodes reads "gov|city-traffic".
func splitCodes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == ' ' || r == ',' })
}

func firstCode(s string) string {
	if c := splitCodes(s); len(c) > 0 {
		return c[0]
	}
	return ""
}

func names(units []Unit) string {
	var s []string
	for _, u := range units {
		s = append(s, u.Name)
	}
	return strings.Join(s, "或")
}
