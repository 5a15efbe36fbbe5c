package petition

import (
	"maps"
	"slices"
)

// Past is what an office's file keeps of a unit, a place or a subject, so that cases go on
// under the names they had: codes are for ever, names have days.
type Past struct {
	Was     []Former `yaml:"was" json:"was,omitempty"`         // former names, the oldest first
	Retired string   `yaml:"retired" json:"retired,omitempty"` // first day without it: nothing new goes there
	Into    string   `yaml:"into" json:"into,omitempty"`       // code of what goes on in its place (Art 24)
}

// Former is a name that something had before a day.
type Former struct {
	Name  string `yaml:"name" json:"name"`
	Names Names  `yaml:"names" json:"names,omitempty"`
	Until string `yaml:"until" json:"until"` // first day of the name after it, 2026-06-01
}

// on is the name on a day, of the one it has now; "" is now.
func (p Past) on(lang, day, now string) string {
	for _, f := range p.Was {
		if day != "" && day < f.Until {
			return f.Names.in(lang, f.Name)
		}
	}
	return now
}

// NameOn is the unit's name on a day (2026-06-01), in a language.
func (u Unit) NameOn(lang, day string) string { return u.on(lang, day, u.NameIn(lang)) }

// NameOn is the place's name on a day, in a language.
func (l Locality) NameOn(lang, day string) string { return l.on(lang, day, l.NameIn(lang)) }

// NameOn is the subject's name on a day, in a language.
func (c Category) NameOn(lang, day string) string { return c.on(lang, day, c.NameIn(lang)) }

// Retired is what an office had: cases still name it and reports still count it, but nobody
// is offered it.
type Retired struct {
	Units      []Unit     `json:"units,omitempty"`
	Places     []Locality `json:"places,omitempty"`
	Categories []Category `json:"categories,omitempty"`
}

// Retire puts aside what is retired. Whoever reads an office's file calls it once.
func (o *Office) Retire() {
	o.Units, o.Retired.Units = apart(o.Units, func(u Unit) bool { return u.Past.Retired != "" })
	o.Places, o.Retired.Places = apart(o.Places, func(l Locality) bool { return l.Past.Retired != "" })
	o.Categories, o.Retired.Categories = apart(o.Categories, func(c Category) bool { return c.Past.Retired != "" })
}

func apart[T any](all []T, retired func(T) bool) (live, gone []T) {
	for _, v := range all {
		if retired(v) {
			gone = append(gone, v)
		} else {
			live = append(live, v)
		}
	}
	return live, gone
}

// AllUnits are those of now and those that are retired.
func (o *Office) AllUnits() []Unit { return slices.Concat(o.Units, o.Retired.Units) }

// Lives reports whether the office has a unit of this code now.
func (o *Office) Lives(code string) bool {
	return slices.ContainsFunc(o.Units, func(u Unit) bool { return u.Code == code })
}

// maxInto bounds how often something may have gone on as something else: a loop in the data
// must not hang a case.
const maxInto = 10

// Successor is the unit that goes on with what a retired one had, the unit itself while it
// lives, and "" where nobody does.
func (o *Office) Successor(unit string) string {
	for range maxInto {
		if o.Lives(unit) {
			return unit
		}
		u, _ := o.Find(unit)
		unit = u.Into
	}
	return ""
}

// current is the subject and the place that something is lodged under which was begun under
// a retired one.
func (o *Office) current(subject, place string) (string, string) {
	for range maxInto {
		if c, _ := o.Category(subject); c.Into != "" {
			subject = c.Into
		}
		if l, _ := o.Locality(place); l.Into != "" {
			place = l.Into
		}
	}
	return subject, place
}

// UnitNameOn is what a unit was called on a day, in a language; a code that the office never
// had stays.
func (o *Office) UnitNameOn(code, lang, day string) string {
	if u, ok := o.Find(code); ok {
		return u.NameOn(lang, day)
	}
	return code
}

// Codes lists the codes of one kind of thing in the order of the office's data, the retired
// ones last.
type Codes func(o *Office) []string

// UnitCodes are the codes of units.
func UnitCodes(o *Office) (codes []string) {
	for _, u := range o.AllUnits() {
		codes = append(codes, u.Code)
	}
	return codes
}

// PlaceCodes are the codes of places.
func PlaceCodes(o *Office) (codes []string) {
	for _, l := range slices.Concat(o.Places, o.Retired.Places) {
		codes = append(codes, l.Code)
	}
	return codes
}

// FieldCodes are the codes of first-level subjects.
func FieldCodes(o *Office) (codes []string) {
	for _, c := range slices.Concat(o.Categories, o.Retired.Categories) {
		if c.Parent == "" {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// InOrder are the codes that figures have, in the order of the office's data, and last those
// that the office's data lack: whatever cases name is counted.
func InOrder[T any](o *Office, all Codes, have map[string]T) []string {
	known := all(o)
	shown := slices.DeleteFunc(slices.Clone(known), func(code string) bool { _, ok := have[code]; return !ok })
	for _, code := range slices.Sorted(maps.Keys(have)) {
		if code != "" && !slices.Contains(known, code) {
			shown = append(shown, code)
		}
	}
	return shown
}
