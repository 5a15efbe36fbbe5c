package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dengwen/internal/naming"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

// Forms for the office's data: each fills one entry of a list of the file, or the places that are no list. What they make is
// looked at and put in its place as the text of a part is.

// officeField is a place of an entry and how it is asked for.
type officeField struct {
	Key  string // see office.Fields
	Kind fieldKind
}

type fieldKind int

const (
	askText    fieldKind = iota // a line of text
	askLong                     // a text of several lines
	askLines                    // several texts, one a line
	askNumber                   // a whole number
	askDegrees                  // a number with a point
	askYes                      // true or nothing
	askDay                      // a date
	askUnit                     // a unit
	askBodies                   // up to three units, the usual one first
	askServer                   // a unit, or the one that serves the place
	askPlace                    // a place
	askSubject                  // a subject
	askParent                   // a subject of the first level
	askKind                     // a unit's kind
	askMove                     // a move that has texts
	askClass                    // a class of petitions
	askDays                     // days of the week
	askRoles                    // roles of officers
	askCode                     // a code: written once
)

// officeForms are the fields of each list; those of wordings go on with the texts of their move.
var officeForms = map[string][]officeField{
	"units": {
		{"code", askCode}, {"name", askText}, {"names", askText}, {"short", askLines}, {"kind", askKind}, {"above", askUnit}, {"review", askBodies}, {"rereview", askBodies}, {"phone", askText}, {"address", askText},
		{"organ", askText}, {"first_number", askText}, {"self_approval", askYes}, {"check", askYes}, {"retired", askDay}, {"into", askUnit},
	},
	"places":     {{"code", askCode}, {"name", askText}, {"names", askText}, {"short", askLines}, {"unit", askUnit}, {"villages", askLines}, {"lat", askDegrees}, {"lon", askDegrees}, {"retired", askDay}, {"into", askPlace}},
	"categories": {{"code", askCode}, {"name", askText}, {"names", askText}, {"parent", askParent}, {"words", askLines}, {"words_en", askLines}, {"route", askNumber}, {"retired", askDay}, {"into", askSubject}},
	"routing":    {{"category", askSubject}, {"place", askPlace}, {"unit", askServer}},
	"duty":       {{"unit", askUnit}, {"days", askDays}, {"dates", askLines}, {"roles", askRoles}, {"officers", askLines}, {"substitutes", askLines}},
	"wordings":   {{"name", askText}, {"move", askMove}, {"class", askClass}},
}

// coded are the lists whose entries cases name: nothing is taken out of them, it is retired.
var coded = []string{"units", "places", "categories"}

// headForms are the places of the file that are no list of entries.
var headForms = map[string][]officeField{
	"head": {
		{"name", askText}, {"county", askText}, {"code", askText}, {"prefix", askText}, {"address", askText}, {"phone", askText}, {"hours", askText}, {"other_hours", askText}, {"open", askText}, {"close", askText},
		{"documents", askLines}, {"unit", askUnit}, {"sealed_unit", askUnit}, {"sealed_above", askUnit}, {"duty_office", askUnit},
		{"lines.discipline", askText}, {"lines.legal_aid", askText}, {"lines.youth", askText}, {"lines.mind", askText}, {"lines.hotline", askText}, {"example", askYes},
	},
	"reception": {{"reception.place", askText}, {"reception.meeting", askText}},
	"settings": {
		{"settings.yellow_days", askNumber}, {"settings.yellow_day", askNumber}, {"settings.nudge_days", askNumber}, {"settings.suggestion_days", askNumber}, {"settings.simple_accept", askNumber}, {"settings.simple_reply", askNumber},
		{"settings.decide_days", askNumber}, {"settings.deliver_days", askNumber}, {"settings.progress_days", askNumber}, {"settings.supplement_days", askNumber}, {"settings.confirm_days", askNumber}, {"settings.untaken_minutes", askNumber},
		{"settings.urgent_head_minutes", askNumber}, {"settings.urgent_duty_minutes", askNumber}, {"settings.notices_month", askNumber}, {"settings.keep_draft_days", askNumber}, {"settings.keep_case_years", askNumber},
		{"settings.max_files", askNumber}, {"settings.max_file_mb", askNumber}, {"settings.any_hour", askYes},
	},
}

// officeForms in the order of the page.
var officeParts = []string{"head", "units", "places", "categories", "routing", "duty", "wordings", "reception", "settings"}

// entryList is a list of the file.
type entryList struct {
	Key, Name string
	Rows      []officeEntry
	Next      int // n of a new entry
}

type officeEntry struct {
	N           int
	Name, Code  string
	Retired     bool
	Description string
}

// entryForm is an entry being changed.
type entryForm struct {
	Key, Name, Was string
	N              int
	New, Drops     bool // Drops: it can be taken out
	Fields         []entryField
	Error          string
	Warnings       []string
	Changes        []changeLine
	Looked         bool
	YAML           string // part that shows the same as text
}

// Listed reports whether it is an entry of a list.
func (e *entryForm) Listed() bool { return headForms[e.Key] == nil }

type entryField struct {
	Key, Label, How, Value string
	Type                   string // text, number, date, area, yes, select, selects, checks
	Step                   string
	Choices                [][]choice
	Fixed                  bool
}

// editOffice shows a list of the file, or a form for one of its entries.
func (d *Door) editOffice(v *visit) error {
	p, text, hash, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	key := v.r.FormValue("part")
	if _, ok := headForms[key]; ok {
		fields, err := office.Head(text)
		if err != nil {
			return err
		}
		p.Entry = d.entryForm(v, key, 0, fields, false, hash)
		return d.render(v, "office", "body", p)
	}
	if _, ok := officeForms[key]; !ok {
		return d.missing(v)
	}
	all, err := office.Entries(text, key)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.r.FormValue("n"))
	switch {
	case v.r.FormValue("n") == "":
		p.List = d.entryList(v, key, all)
	case err != nil || n < 0 || n > len(all):
		return d.missing(v)
	case n == len(all):
		p.Entry = d.entryForm(v, key, n, office.Fields{}, true, hash)
	default:
		p.Entry = d.entryForm(v, key, n, all[n], false, hash)
	}
	return d.render(v, "office", "body", p)
}

func (d *Door) entryList(v *visit, key string, all []office.Fields) *entryList {
	l := &entryList{Key: key, Name: d.partName(v, key), Next: len(all)}
	names := v.names
	for n, f := range all {
		row := officeEntry{N: n, Code: f.One("code"), Name: f.One("name"), Retired: f.One("retired") != ""}
		switch key {
		case "routing":
			row.Name = strings.Join(nonEmpty(names.Subject(f.One("category"), ""), placeName(names, f.One("place"))), " · ")
			row.Description = names.Unit(f.One("unit"))
			if f.One("unit") == atPlace {
				row.Description = names.Text("office_file.choice.at_place")
			}
		case "duty":
			row.Name = names.Unit(orElse(f.One("unit"), d.Office.Unit))
			row.Description = d.dutyLine(v, f)
		case "wordings":
			row.Description = names.Move(petition.MoveName(f.One("move")))
		case "places":
			row.Description = names.Unit(f.One("unit"))
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

const atPlace = "@place" // see petition.RouteTo

func (d *Door) dutyLine(v *visit, f office.Fields) string {
	var all []string
	for _, one := range f["days"] {
		all = append(all, v.names.Text("office_file.day."+one))
	}
	all = append(all, f["dates"]...)
	for _, one := range f["roles"] {
		all = append(all, v.names.Text("desk.role."+one))
	}
	return strings.Join(append(all, f["officers"]...), v.names.Text("desk.comma"))
}

func placeName(n naming.Names, code string) string {
	if l, ok := n.Office.Locality(code); ok {
		return l.NameIn(n.Lang)
	}
	return code
}

func nonEmpty(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// fieldsFor are the fields of a form, names once for each other language, and the texts of a wording's move.
func (d *Door) fieldsFor(v *visit, key string, f office.Fields) (all []officeField) {
	for _, one := range slices.Concat(officeForms[key], headForms[key]) {
		if one.Key != "names" && one.Key != "other_hours" {
			all = append(all, one)
			continue
		}
		for _, l := range d.Locales.Languages() {
			if l.Tag != locales.Default {
				all = append(all, officeField{one.Key + "." + l.Tag, askText})
			}
		}
	}
	if key == "wordings" {
		for _, text := range textsOf(petition.MoveName(f.One("move"))) {
			all = append(all, officeField{"fields." + text, askLong})
		}
	}
	return all
}

// textsOf are the fields of a move that are written.
func textsOf(m petition.MoveName) (keys []string) {
	rows, _ := petition.SpecsOf(m) // none for a move that there is not
	for _, s := range rows {
		for _, f := range s.Fields {
			if f.Kind == petition.KindText && !slices.Contains(keys, f.Key) {
				keys = append(keys, f.Key)
			}
		}
	}
	return keys
}

func (d *Door) entryForm(v *visit, key string, n int, f office.Fields, isNew bool, hash string) *entryForm {
	e := &entryForm{Key: key, Name: d.partName(v, key), Was: hash, N: n, New: isNew, YAML: key, Drops: !isNew && officeForms[key] != nil && !slices.Contains(coded, key)}
	if key == "head" {
		e.YAML = ""
	}
	for _, one := range d.fieldsFor(v, key, f) {
		e.Fields = append(e.Fields, d.entryField(v, key, one, f, isNew))
	}
	return e
}

// fieldName is what a field is called: by its list where that says it otherwise.
func (d *Door) fieldName(v *visit, part, key string) string {
	if inner, ok := strings.CutPrefix(key, "fields."); ok {
		return v.names.Field(petition.Field{Key: inner})
	}
	for _, prefix := range []string{"names.", "other_hours."} {
		if tag, ok := strings.CutPrefix(key, prefix); ok {
			return v.names.Text("office_file.field."+strings.TrimSuffix(prefix, "."), "Language", d.languageName(tag))
		}
	}
	key = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(key, "settings."), "lines."), "reception.")
	for _, name := range []string{"office_file.field." + part + "." + key, "office_file.field." + key, "office_file.part." + key} {
		if d.Locales.Has(name) {
			return v.names.Text(name)
		}
	}
	return key
}

func (d *Door) languageName(tag string) string {
	for _, l := range d.Locales.Languages() {
		if l.Tag == tag {
			return l.Name
		}
	}
	return tag
}

func (d *Door) entryField(v *visit, part string, one officeField, f office.Fields, isNew bool) entryField {
	e := entryField{Key: one.Key, Label: d.fieldName(v, part, one.Key), Value: f.One(one.Key), Type: "text"}
	if how := "office_file.how." + one.Key; d.Locales.Has(how) {
		e.How = v.names.Text(how)
	}
	chosen := f[one.Key]
	switch one.Kind {
	case askCode:
		e.Fixed = !isNew
	case askLong:
		e.Type = "area"
	case askLines:
		e.Type, e.Value = "area", strings.Join(chosen, "\n")
	case askNumber:
		e.Type, e.Step = "number", "1"
	case askDegrees:
		e.Type, e.Step = "number", "any"
	case askDay:
		e.Type = "date"
	case askYes:
		e.Type = "yes"
	case askBodies:
		e.Type = "selects"
		codes := strings.FieldsFunc(e.Value, func(r rune) bool { return r == '|' || r == ' ' })
		for i := range mostBodies {
			code := ""
			if i < len(codes) {
				code = codes[i]
			}
			e.Choices = append(e.Choices, d.entryChoices(v, askUnit, []string{code}))
		}
	case askDays, askRoles:
		e.Type, e.Choices = "checks", [][]choice{d.entryChoices(v, one.Kind, chosen)}
	case askUnit, askServer, askPlace, askSubject, askParent, askKind, askMove, askClass:
		e.Type, e.Choices = "select", [][]choice{d.entryChoices(v, one.Kind, chosen)}
	}
	return e
}

// mostBodies is how many units may review one's answers.
const mostBodies = 3

// entryChoices are what may be chosen; a code that there is no more stays until something else is chosen.
func (d *Door) entryChoices(v *visit, k fieldKind, chosen []string) (all []choice) {
	names, o := v.names, d.Office
	add := func(value, label string) {
		all = append(all, choice{value, label, slices.Contains(chosen, value)})
	}
	if k != askDays && k != askRoles {
		add("", "")
	}
	switch k {
	case askUnit, askServer:
		if k == askServer {
			add(atPlace, names.Text("office_file.choice.at_place"))
		}
		for _, u := range o.Units {
			add(u.Code, u.NameIn(names.Lang))
		}
	case askPlace:
		for _, l := range o.Places {
			add(l.Code, l.NameIn(names.Lang))
		}
	case askSubject, askParent:
		for _, c := range o.Categories {
			if k == askSubject || c.Parent == "" {
				add(c.Code, names.Subject(c.Code, ""))
			}
		}
	case askKind:
		for _, one := range office.Kinds() {
			add(one, names.Text("office_file.unit_kind."+one))
		}
	case askMove:
		for _, s := range petition.Moves() {
			if len(textsOf(s.Name)) > 0 && !slices.ContainsFunc(all, func(c choice) bool { return c.Value == string(s.Name) }) {
				add(string(s.Name), names.Move(s.Name))
			}
		}
	case askClass:
		for _, c := range []petition.Class{petition.Suggestion, petition.Claim, petition.Report} {
			add(string(c), names.Class(c))
		}
	case askDays:
		week := petition.Weekdays()
		for _, one := range append(week[1:], week[0]) {
			add(one, names.Text("office_file.day."+one))
		}
	case askRoles:
		for _, r := range petition.Roles() {
			if r != petition.ActingHead {
				add(string(r), names.Text("desk.role."+string(r)))
			}
		}
	}
	for _, c := range chosen {
		if c != "" && !slices.ContainsFunc(all, func(have choice) bool { return have.Value == c }) {
			all = append(all, choice{c, c, true})
		}
	}
	return all
}

// filledIn is what a form was filled with, as the file would have it.
func filledIn(all []officeField, form url.Values) (f office.Fields, changes []office.Set) {
	f = office.Fields{}
	for _, one := range all {
		shape, values := office.Text, nonEmpty(slices.Clone(form["v."+one.Key])...)
		switch one.Kind {
		case askLines:
			shape = office.List
			values = nil
			for l := range strings.Lines(form.Get("v." + one.Key)) {
				values = append(values, strings.TrimSpace(l))
			}
			values = nonEmpty(values...)
		case askDays, askRoles:
			shape = office.List
		case askNumber, askDegrees, askYes:
			shape = office.Bare
		case askBodies:
			if len(values) > 0 {
				values = []string{strings.Join(values, "|")}
			}
		case askLong:
			if len(values) > 0 {
				values = []string{strings.TrimRight(strings.ReplaceAll(values[0], "\r\n", "\n"), " \n")}
			}
		default:
			for i := range values {
				values[i] = strings.TrimSpace(values[i])
			}
		}
		if len(values) > 0 {
			f[one.Key] = values
		}
		changes = append(changes, office.Set{Key: one.Key, Shape: shape, Values: values})
	}
	return f, changes
}

// changeEntry looks at an entry as it was filled in, and with the second press puts it in its place.
func (d *Door) changeEntry(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxOffice)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	p, text, hash, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	form := v.r.PostForm
	key, drop := form.Get("part"), form.Get("drop") != ""
	n, _ := strconv.Atoi(form.Get("n")) // of a head there is none
	have, err := office.Entries(text, key)
	if err != nil || officeForms[key] == nil && headForms[key] == nil || n < 0 || n > len(have) {
		return d.missing(v)
	}
	filled, changes := filledIn(d.fieldsFor(v, key, office.Fields{"move": form["v.move"]}), form)
	isNew := officeForms[key] != nil && n == len(have)
	p.Entry = d.entryForm(v, key, n, filled, isNew, form.Get("was"))
	if form.Get("was") != hash {
		p.Entry.Error, p.Entry.Was = v.names.Text("office_file.changed"), hash
		return d.render(v, "office", "body", p)
	}
	next, err := d.withAnswers(text, key, n, have, filled, changes, drop && p.Entry.Drops)
	if err != nil {
		p.Entry.Error = d.Book.Explain(v.names.Lang, err)
		return d.render(v, "office", "body", p)
	}
	diff, warnings, err := d.Book.Preview(v.ctx(), next)
	p.Entry.Changes = d.changeLines(v, diff)
	for _, w := range warnings {
		p.Entry.Warnings = append(p.Entry.Warnings, d.Book.Explain(v.names.Lang, w))
	}
	switch {
	case err != nil:
		p.Entry.Error = d.Book.Explain(v.names.Lang, err)
		return d.render(v, "office", "body", p)
	case form.Get("put") != "1" && !drop:
		p.Entry.Looked = true
		return d.render(v, "office", "body", p)
	}
	return d.putOffice(v, next, text)
}

// withAnswers is the file with a form's answers in their places. A unit, a place or a subject that has another name now keeps the one
// before for the cases that were filed under it.
func (d *Door) withAnswers(text []byte, key string, n int, have []office.Fields, filled office.Fields, changes []office.Set, drop bool) ([]byte, error) {
	if headForms[key] != nil {
		return office.WithHead(text, changes)
	}
	if drop {
		return office.WithoutEntry(text, key, n)
	}
	if n < len(have) {
		changes = slices.DeleteFunc(changes, func(s office.Set) bool { return s.Key == "code" })
		if slices.Contains(coded, key) && have[n].One("name") != filled.One("name") {
			var err error
			if text, err = office.Renamed(text, key, n, petition.Day(d.Now())); err != nil {
				return nil, err
			}
		}
	}
	return office.WithEntry(text, key, n, changes)
}
