package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
)

// maxForm bounds the words of a form, in bytes: two texts of 20,000 characters and what stands around
// them.
const maxForm = 256 << 10

// moveForm is what a move asks for, with what was answered so far.
type moveForm struct {
	frame
	Number  string
	Move    petition.MoveName
	Name    string
	Article string
	Key     string // idempotency key of the move
	Version int64  // of the case that the form was made from
	ID      formID
	Fields  []formField
	Public  bool // the petitioner is told
	Files   bool // attachments can be added

	Attached uploads // that came with the form before
	Error    string
	Found    []finding // by the reply check
	Checked  bool
	Ticks    []tick   // what the law asks for
	Wordings []choice // texts to begin with
	Own      bool     // some of them are the officer's own
	Names    []string // colleagues whom an internal note may name
	Said     string   // what was done about them just now
	Guide    string   // what the office's own guide says of the step, "" = nothing
	Typed    string   // when it was typed and not sent, in words; "" = it is as it came
}

// formField is one question of a form.
type formField struct {
	petition.Field
	Label, Why, Value string
	Law               string // the article that asks for it, in words
	Only              string // with which answers it is wanted, "" with any
	Choices           []choice
	Rows              int // of a text
}

// tick is one thing that the law asks for, and whether it is written.
type tick struct {
	Label, Law string
	Done       bool
}

type finding struct{ Tone, Word, Text string }

// specOf is the row by which an officer makes a move: what a petitioner does themselves, an officer
// enters for them by a row of its own.
func specOf(name petition.MoveName, class petition.Class) (petition.MoveSpec, error) {
	if s, err := petition.StaffSpecOf(name, class); err == nil {
		return s, nil
	}
	return petition.SpecOf(name, class)
}

// askMove shows the form of a move on a case.
func (d *Door) askMove(v *visit) error {
	p, err := d.caseOf(v, v.r.PathValue("number"))
	if err != nil {
		return err
	}
	name := petition.MoveName(v.r.PathValue("move"))
	spec, err := specOf(name, p.V.Class)
	if err != nil {
		return err
	}
	if !slices.Contains(naming.Offered(&p.V), name) {
		return petition.Fail(petition.Conflict, "desk.page.not_now", "move", string(name))
	}
	id, m := formID{number: p.V.Number, move: name}, petition.Move{}
	before, typed, err := d.typedBefore(v, id)
	if err != nil {
		return err
	}
	if typed {
		m = typedMove(spec, before)
	}
	m.Key, m.Version = d.NewID(), p.V.Version
	if p.Form, err = d.form(v, spec, p.V, m); err != nil {
		return err
	}
	if typed {
		p.Form.Typed = d.when(v, "typed.before", before.At)
	}
	return d.render(v, "case", "form", p)
}

// form asks for the fields of a move; m holds what was answered before.
func (d *Door) form(v *visit, s petition.MoveSpec, c petition.View, m petition.Move) (*moveForm, error) {
	f := &moveForm{frame: d.inFrame(v, ""), ID: formID{number: c.Number, move: s.Name}, Number: c.Number, Move: s.Name, Name: v.names.Move(s.Name), Guide: d.Office.GuideFor(s.Name, v.names.Lang), Key: m.Key, Version: m.Version, Public: s.Public}
	if s.Article != "" {
		f.Article = v.names.Article(s.Article)
	}
	for _, field := range s.Fields {
		if field.Kind == petition.KindFiles {
			f.Files = true
			continue
		}
		q := formField{Field: field, Value: m.Of(field), Rows: 3}
		q.Label, q.Why = v.names.Question(s, field, c.Class)
		if field.Article != "" {
			q.Law = v.names.Article(field.Article)
		}
		if field.With != nil {
			q.Only, q.Optional = d.onlyWith(v, s, field), true // the browser cannot demand it
		}
		if field.Kind == petition.KindUnit && s.ToBody() && len(c.Bodies) > 1 {
			q.Optional = false
		}
		if field.Key == "text" {
			q.Rows = 8
		}
		var err error
		if q.Choices, err = d.choicesOf(v, s, field, c, q.Value); err != nil {
			return nil, err
		}
		f.Fields = append(f.Fields, q)
	}
	f.tick(m)
	if s.Name == petition.MoveNote {
		var err error
		if f.Names, err = d.colleagues(v, c); err != nil {
			return nil, err
		}
	}
	return f, d.offerWordings(v, f, c)
}

// tick notes of each thing that the form must say whether m says it.
func (f *moveForm) tick(m petition.Move) {
	f.Ticks = nil
	for _, q := range f.Fields {
		if !q.Optional {
			f.Ticks = append(f.Ticks, tick{q.Label, q.Law, m.Of(q.Field) != ""})
		}
	}
}

// Beside reports whether something worth reading stands beside the form while it is filled in.
func (f *moveForm) Beside() bool { return f.ID.paper || f.Answers() }

// onlyWith says with which answers a field is wanted.
func (d *Door) onlyWith(v *visit, s petition.MoveSpec, f petition.Field) string {
	var all []string
	for _, value := range f.With {
		all = append(all, v.names.Choice(s.Name, f, value))
	}
	return v.names.Text("desk.page.only", "Choices", strings.Join(all, v.names.Text("desk.comma")))
}

// choicesOf are what may be answered to a field, the likeliest first; nil where anything may.
func (d *Door) choicesOf(v *visit, s petition.MoveSpec, f petition.Field, c petition.View, chosen string) (all []choice, err error) {
	switch f.Kind {
	case petition.KindChoice:
		for _, value := range f.Choices {
			all = append(all, choice{value, v.names.Choice(s.Name, f, value), value == chosen})
		}
	case petition.KindUnit:
		if chosen == "" {
			chosen = c.Toward
		}
		units := d.Office.Units
		if s.Elsewhere() {
			units = d.Office.Receivers(c.Class, c.Subject, c.Place.Code, c.Unit)
		}
		if s.ToBody() {
			units = nil
			for _, b := range c.Bodies {
				if u, ok := d.Office.Find(b.Code); ok {
					units = append(units, u)
				}
			}
		}
		for _, u := range units {
			if u.Code != c.Unit || s.Name == petition.MoveDesignate || s.Name == petition.MovePlan { // of a dispute, the unit that has it may be the one (Art 24)
				all = append(all, choice{u.Code, u.NameIn(v.names.Lang), u.Code == chosen})
			}
		}
	case petition.KindStep:
		for _, p := range c.Steps {
			id := strconv.Itoa(p.ID)
			all = append(all, choice{id, v.names.Step(p), id == chosen})
		}
	case petition.KindOfficer:
		people, err := d.Roster.People(v.ctx(), v.person.Unit)
		if s.Name == petition.MoveLead {
			people, err = d.Roster.Leaders(v.ctx())
		}
		if err != nil {
			return nil, petition.Wrap(err, "list colleagues")
		}
		self := s.Name == petition.MoveRecuse || s.Name == petition.MoveLead
		for _, p := range people {
			if p.Active() && (self || p.ID != v.person.ID) {
				name := p.Name
				if s.Name == petition.MoveLead {
					name = v.names.Text("desk.lead.of", "Name", name, "Unit", v.names.Unit(p.Unit))
				}
				all = append(all, choice{p.ID, name, p.ID == chosen})
			}
		}
	}
	return all, nil
}

// makeMove makes the move of a form. What was refused comes back with its words and why.
func (d *Door) makeMove(v *visit) error {
	files, err := d.readBody(v)
	if err != nil {
		return err
	}
	number, name := v.r.PathValue("number"), petition.MoveName(v.r.PathValue("move"))
	c, err := d.Cases.Look(v.ctx(), v.actor, number, "")
	if err != nil {
		return petition.Wrap(err, "look at case")
	}
	spec, err := specOf(name, c.Class)
	if err != nil {
		return err
	}
	form, m, err := d.readForm(v, spec, c)
	if err != nil {
		return err
	}
	form.Attached, m.Files = files, files.attachments()
	if said, asked, err := d.worded(v, spec, c, &m); asked || err != nil {
		if err != nil {
			return err
		}
		if form, err = d.form(v, spec, c, m); err != nil {
			return err
		}
		form.Attached, form.Said = files, said
		return d.again(v, number, form)
	}
	if v.r.FormValue("check") != "" {
		form.Found, form.Checked = d.check(v, c, m), true
		return d.again(v, number, form)
	}
	if spec.Signs != nil { // somebody else issues it
		m.Name, m.For = petition.MoveSubmit, m.Name
	}
	c, err = d.Cases.Do(v.ctx(), v.actor, number, m)
	var refused *petition.Error
	if errors.As(err, &refused) && refused.Code != petition.Internal && refused.Code != petition.Unavailable {
		form.Error = v.names.Error(err)
		if refused.Code == petition.Conflict { // the next press is meant for the case as it is now
			form.Error += " " + d.whoWasFirst(v, number)
		}
		return d.again(v, number, form)
	}
	if err != nil {
		return petition.Wrap(err, "make move")
	}
	d.sent(v, form.ID)
	http.Redirect(v.w, v.r, "/desk/cases/"+c.Number+"?done="+string(name), http.StatusSeeOther)
	return nil
}

// again shows a form once more, with the case as it is now.
func (d *Door) again(v *visit, number string, form *moveForm) error {
	p, err := d.caseOf(v, number)
	if err != nil {
		return err
	}
	form.Version = p.V.Version
	p.Form = form
	return d.render(v, "case", "form", p)
}

// whoWasFirst says what a colleague did to the case last.
func (d *Door) whoWasFirst(v *visit, number string) string {
	c, err := d.Cases.Look(v.ctx(), v.actor, number, "")
	if err != nil {
		return ""
	}
	for _, e := range slices.Backward(c.Timeline) {
		if e.Staff != "" && e.Staff != v.person.ID {
			return v.names.Text("desk.first", "Unit", v.names.Unit(e.By), "Name", d.Roster.Name(v.ctx(), e.Staff), "Move", v.names.Move(e.Move), "Time", e.At.In(zone).Format("15:04"))
		}
	}
	return ""
}

// readForm reads a posted form: the move it asks for, and the form again with the answers in it.
func (d *Door) readForm(v *visit, s petition.MoveSpec, c petition.View) (*moveForm, petition.Move, error) {
	m := answers(s, func(key string) string { return v.r.FormValue("f." + key) })
	if m.Key = v.r.FormValue("key"); m.Key == "" {
		m.Key = d.NewID()
	}
	m.Version, _ = strconv.ParseInt(v.r.FormValue("version"), 10, 64)
	form, err := d.form(v, s, c, m)
	return form, m, err
}

// answers is a move that says what a form says under the keys of its fields.
func answers(s petition.MoveSpec, says func(key string) string) petition.Move {
	m := petition.Move{Name: s.Name, Args: map[string]string{}}
	for _, f := range s.Fields {
		value := strings.TrimSpace(strings.ReplaceAll(says(f.Key), "\r\n", "\n"))
		switch {
		case f.Kind == petition.KindFiles || value == "":
		case f.Kind == petition.KindChoice:
			m.Args[f.Key] = value
		default:
			m.Set(f.Key, value)
		}
	}
	return m
}

// check reads a reply over before it goes out.
func (d *Door) check(v *visit, c petition.View, m petition.Move) []finding {
	if d.Check == nil {
		return nil
	}
	tones := map[string]string{petition.MustFix: "red", petition.ShouldFix: "yellow", petition.MayFix: "none"}
	var all []finding
	for _, f := range d.Check(c, m) {
		all = append(all, finding{tones[f.Severity], v.names.Text("desk.page.finding." + f.Severity), v.names.Finding(f)})
	}
	return all
}

// Answers reports whether the form is of a move whose words the reply check reads.
func (f *moveForm) Answers() bool {
	return f.Public && slices.ContainsFunc(f.Fields, func(q formField) bool { return q.Key == "text" })
}

// Tomorrow is the first day that a date can be, for the calendar of the browser.
func (f *moveForm) Tomorrow() string { return petition.Day(f.N.Now.Add(24 * time.Hour)) }
