package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// What is typed into a form is kept at the office, by its officer alone, until the form is sent:
// another browser goes on with it, and nothing of it stays in this one.

// formID tells the forms of an officer apart. The zero formID is the form for what came by letter,
// visit or call.
type formID struct {
	number string
	move   petition.MoveName
	paper  bool // it is written for another to sign
	draft  int  // of the paper, 0 = a new one
}

const (
	newLetter   = "new"
	typedPrefix = "form:" // of keys in the store
)

// String is what parseFormID reads.
func (f formID) String() string {
	switch {
	case f == formID{}:
		return newLetter
	case f.paper:
		return f.number + ":" + string(f.move) + ":" + strconv.Itoa(f.draft)
	}
	return f.number + ":" + string(f.move)
}

func (f formID) key() string { return typedPrefix + f.String() }

func parseFormID(text string) (f formID, ok bool) {
	if text == newLetter {
		return f, true
	}
	p := strings.Split(text, ":")
	if len(p) < 2 || len(p) > 3 || p[0] == "" {
		return f, false
	}
	f.number, f.move = p[0], petition.MoveName(p[1])
	_, err := petition.SpecsOf(f.move)
	if len(p) == 3 && err == nil {
		f.paper = true
		f.draft, err = strconv.Atoi(p[2])
	}
	return f, err == nil && f.draft >= 0
}

// href is the address of the form.
func (f formID) href() string {
	at := "/desk/cases/" + url.PathEscape(f.number)
	switch {
	case f == formID{}:
		return "/desk/new"
	case f.draft > 0:
		return at + "/drafts/" + strconv.Itoa(f.draft)
	case f.paper:
		return at + "/write/" + string(f.move)
	}
	return at + "/do/" + string(f.move)
}

// typed keeps what a form says so far, and answers what stands beside it: what the law asks for, and
// what the check of replies finds. A page that another officer has come to is Forbidden.
func (d *Door) typed(v *visit) error {
	if _, err := d.readBody(v); err != nil {
		return err
	}
	form := v.r.PostForm
	id, ok := parseFormID(form.Get("form"))
	if !ok {
		return petition.Fail(petition.Invalid, "desk.page.nothing")
	}
	if form.Get("person") != v.person.ID {
		return petition.Fail(petition.Forbidden, "desk.page.nothing")
	}
	k := petition.Kept{Person: v.person.ID, Key: id.key(), Number: id.number, Values: said(form), At: d.Now()}
	k.Until = k.At.AddDate(0, 0, d.Office.Settings.Filled().KeepDraftDays)
	var c petition.View
	if id.number != "" {
		var err error
		if c, err = d.Cases.Look(v.ctx(), v.actor, id.number, ""); err != nil {
			return petition.Wrap(err, "look at case")
		}
	}
	if err := d.Kept.Keep(v.ctx(), k); err != nil {
		return petition.Wrap(err, "keep what is typed")
	}
	if id.number == "" {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	spec, err := petition.SpecOf(id.move, c.Class)
	if err != nil {
		return err
	}
	f, m, err := d.readForm(v, spec, c)
	if err != nil {
		return err
	}
	f.ID = id
	if !f.Beside() {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	f.tick(m)
	f.Found, f.Checked = d.check(v, c, m), true
	return d.write(v.w, http.StatusOK, "case", "beside", f)
}

// said are the values of a form that are worth keeping.
func said(form url.Values) map[string]string {
	all := map[string]string{}
	for key := range form {
		switch key {
		case "form", "person", "key", "version", "attached", "step", "check", "read":
		default:
			if value := form.Get(key); value != "" {
				all[key] = strings.ReplaceAll(value, "\r\n", "\n")
			}
		}
	}
	return all
}

// dropTyped forgets what was typed into a form, and shows the form anew.
func (d *Door) dropTyped(v *visit) error {
	if _, err := d.readBody(v); err != nil {
		return err
	}
	id, ok := parseFormID(v.r.PostForm.Get("form"))
	if !ok {
		return petition.Fail(petition.Invalid, "desk.page.nothing")
	}
	if err := d.Kept.DropKept(v.ctx(), v.person.ID, id.key()); err != nil {
		return petition.Wrap(err, "drop what was typed")
	}
	http.Redirect(v.w, v.r, id.href(), http.StatusSeeOther)
	return nil
}

// typedBefore is what was typed into a form and not sent; false when nothing was.
func (d *Door) typedBefore(v *visit, id formID) (petition.Kept, bool, error) {
	k, err := d.Kept.Kept(v.ctx(), v.person.ID, id.key())
	if petition.CodeOf(err) == petition.NotFound {
		return k, false, nil
	}
	return k, err == nil, petition.Wrap(err, "look for what was typed")
}

// sent forgets what was typed into a form that is sent.
func (d *Door) sent(v *visit, id formID) {
	if err := d.Kept.DropKept(v.ctx(), v.person.ID, id.key()); err != nil {
		d.Log.Warn("desk: what was typed not dropped", "err", err)
	}
}

// unfinished are the forms that the officer has begun and not sent, newest first.
func (d *Door) unfinished(v *visit) (all []draftLine, err error) {
	kept, err := d.Kept.KeptBy(v.ctx(), v.person.ID)
	if err != nil {
		return nil, petition.Wrap(err, "list what was typed")
	}
	for _, k := range kept {
		text, ours := strings.CutPrefix(k.Key, typedPrefix)
		id, ok := parseFormID(text)
		if !ours || !ok {
			continue
		}
		l := draftLine{Number: k.Number, Href: id.href(), Text: d.when(v, "typed.unfinished", k.At, "Move", v.names.Move(id.move))}
		if id.number == "" {
			l.Text = d.when(v, "typed.letter", k.At)
		}
		all = append(all, l)
	}
	return all, nil
}

// when is a sentence with the day and the time of something.
func (d *Door) when(v *visit, key string, at time.Time, args ...any) string {
	return v.names.Text("desk.page."+key, append(args, "Day", v.names.Day(petition.Day(at)), "Time", at.In(zone).Format("15:04"))...)
}

// typedMove is a move as a form said it that was not sent.
func typedMove(s petition.MoveSpec, k petition.Kept) petition.Move {
	return answers(s, func(key string) string { return k.Values["f."+key] })
}

// lines are what was typed, for reading.
func (d *Door) lines(v *visit, s petition.MoveSpec, c petition.View, m petition.Move) (all []line) {
	for _, field := range s.Fields {
		if value := m.Of(field); value != "" {
			q, _ := v.names.Question(s, field, c.Class)
			all = append(all, line{q, detail(v.names, s, field, value).Value})
		}
	}
	return all
}
