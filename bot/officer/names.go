package officer

import (
	"strings"

	"dengwen/petition"
)

// Names of things in the reader's language.

func (t *step) moveName(m petition.MoveName) string {
	key := "desk.move." + string(m)
	if t.conv.locales.Has(key) {
		return t.text(key)
	}
	return string(m)
}

func (t *step) rule(id string) string {
	if key := "desk.rule." + id; t.conv.locales.Has(key) {
		return t.text(key)
	}
	return t.text("desk.rule.any")
}

func (t *step) placeName(p petition.Place) string {
	for _, l := range t.conv.office.Places {
		if l.Code == p.Code && p.Code != "" {
			name := l.NameIn(t.lang)
			if strings.HasPrefix(p.Text, l.Name) {
				return clip(p.Text, 40)
			}
			if p.Text != "" {
				return name + " " + clip(p.Text, 30)
			}
			return name
		}
	}
	if p.Text == "" {
		return t.text("desk.place.none")
	}
	return clip(p.Text, 40)
}

func (t *step) subject(code string) string {
	for _, c := range t.conv.office.Categories {
		if c.Code == code && code != "" {
			return c.NameIn(t.lang)
		}
	}
	return t.text("desk.subject.none")
}

func (t *step) unit(code string) string {
	for _, u := range t.conv.office.Units {
		if u.Code == code {
			return u.NameIn(t.lang)
		}
	}
	return code
}

func (t *step) day(date string) string {
	return t.conv.locales.Day(t.lang, date, petition.Day(t.now))
}

// unitOf is who has a case.
func (t *step) unitOf(v *petition.View) string {
	if name := t.unit(v.Unit); name != v.Unit {
		return name
	}
	return v.UnitName
}

// article is where a rule stands, as an office writes it: 23(3) is 第 23 条第 3 款, 22(1)(3)
// 第 22 条第 1 款第 3 项. What Article 31 counts are items (项).
func (t *step) article(a string) string {
	parts := strings.FieldsFunc(a, func(r rune) bool { return r == '(' || r == ')' })
	if len(parts) == 0 {
		return a
	}
	said, inner := t.text("desk.law.article", "Number", parts[0]), []string{"desk.law.paragraph", "desk.law.item"}
	if parts[0] == "31" {
		inner = inner[1:]
	}
	for i, p := range parts[1:] {
		said += t.text(inner[min(i, len(inner)-1)], "Number", p)
	}
	return said
}
