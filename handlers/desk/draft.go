package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"dengwen/petition"
)

// A paper that goes out in the office's name is written by one and signed by another: it is a
// draft in between, kept by the case service.

// draftLine is one draft of a case as a page shows it.
type draftLine struct {
	Draft  petition.Draft
	Text   string
	Href   string
	Number string
}

func (d *Door) draftLines(v *visit, number string, drafts []petition.Draft) (all []draftLine) {
	n := v.names
	for _, x := range drafts {
		text := n.Text("desk.draft.is."+string(x.State), "Paper", n.Move(x.Paper.Name), "Who", d.Roster.Name(v.ctx(), x.Author),
			"Unit", n.Unit(x.Unit), "Day", n.Day(petition.Day(x.At)), "By", d.Roster.Name(v.ctx(), x.By), "Words", x.Words)
		all = append(all, draftLine{x, text, "/desk/cases/" + number + "/drafts/" + strconv.Itoa(x.ID), number})
	}
	return all
}

// draftForm is a paper being written, or laid before who signs it.
type draftForm struct {
	*moveForm
	Draft   petition.Draft // the zero Draft is a new one
	May     map[string]bool
	Lines   []line // what it says, where it is not written in
	Written bool   // fields are shown to be written in
	Status  string
}

// writePaper shows an empty form of a paper.
func (d *Door) writePaper(v *visit) error {
	p, err := d.caseOf(v, v.r.PathValue("number"))
	if err != nil {
		return err
	}
	name := petition.MoveName(v.r.PathValue("paper"))
	if !slices.Contains(p.V.Papers, name) {
		return petition.Fail(petition.Conflict, "desk.page.not_now", "move", string(name))
	}
	p.Draft, err = d.draftForm(v, p.V, petition.Draft{Paper: petition.Move{Name: name}}, petition.Move{Name: name, Key: d.NewID()})
	if err != nil {
		return err
	}
	return d.render(v, "case", "form", p)
}

// openDraft shows a draft: to be written on with, or to be signed.
func (d *Door) openDraft(v *visit) error {
	p, err := d.caseOf(v, v.r.PathValue("number"))
	if err != nil {
		return err
	}
	x, err := draftOf(p.V, v.r.PathValue("draft"))
	if err != nil {
		return err
	}
	m := x.Paper
	m.Key = d.NewID()
	if p.Draft, err = d.draftForm(v, p.V, x, m); err != nil {
		return err
	}
	return d.render(v, "case", "form", p)
}

func draftOf(c petition.View, id string) (petition.Draft, error) {
	for _, x := range c.Drafts {
		if strconv.Itoa(x.ID) == id {
			return x, nil
		}
	}
	return petition.Draft{}, petition.Fail(petition.Conflict, "draft.gone")
}

func (d *Door) draftForm(v *visit, c petition.View, x petition.Draft, m petition.Move) (*draftForm, error) {
	spec, err := petition.SpecOf(m.Name, c.Class)
	if err != nil {
		return nil, err
	}
	form, err := d.form(v, spec, c, m)
	if err != nil {
		return nil, err
	}
	f := &draftForm{moveForm: form, Draft: x, May: map[string]bool{}}
	for _, can := range x.Can {
		f.May[string(can)] = true
	}
	if x.ID == 0 {
		f.May["draft"], f.May["submit"] = true, true
	} else {
		f.Status = d.draftLines(v, c.Number, []petition.Draft{x})[0].Text
	}
	f.Written = f.May["draft"]
	if !f.Written {
		for _, field := range spec.Fields {
			if value := m.Of(field); value != "" {
				q, _ := v.names.Question(spec, field, c.Class)
				said := detail(v.names, spec, field, value)
				f.Lines = append(f.Lines, line{q, said.Value})
			}
		}
		f.Found, f.Checked = d.check(v, c, m), true
	}
	return f, nil
}

// passDraft saves, submits, signs, sends back, takes back or drops a draft. What the page keeps by
// itself every few seconds (keep=1) is answered with the draft's number and version alone.
func (d *Door) passDraft(v *visit) error {
	files, err := d.readBody(v)
	if err != nil {
		return err
	}
	number, paper := v.r.PathValue("number"), petition.MoveName(v.r.FormValue("paper"))
	c, err := d.Cases.Look(v.ctx(), v.actor, number, "")
	if err != nil {
		return petition.Wrap(err, "look at case")
	}
	spec, err := petition.SpecOf(paper, c.Class)
	if err != nil {
		return err
	}
	_, m, err := d.readForm(v, spec, c)
	if err != nil {
		return err
	}
	m.Files = files.attachments()
	x := petition.Draft{Paper: petition.Move{Name: paper}}
	if id := v.r.FormValue("draft"); id != "" && id != "0" {
		if x, err = draftOf(c, id); err != nil {
			return err
		}
	}
	if v.r.FormValue("check") != "" {
		return d.checkDraft(v, number, x, m)
	}
	step := petition.MoveName(v.r.FormValue("step"))
	if !step.Drafts() {
		return petition.Fail(petition.Invalid, "move.unknown", "move", string(step))
	}
	done, err := d.doDraft(v, number, step, x, m)
	if v.r.FormValue("keep") == "1" {
		return d.kept(v, done, x, err)
	}
	var refused *petition.Error
	if errors.As(err, &refused) && refused.Code != petition.Internal && refused.Code != petition.Unavailable {
		return d.refusedDraft(v, number, x, m, err)
	}
	if err != nil {
		return petition.Wrap(err, "pass draft on")
	}
	http.Redirect(v.w, v.r, "/desk/cases/"+number+"?"+url.Values{"done": {string(step)}}.Encode(), http.StatusSeeOther)
	return nil
}

// doDraft makes the move of a draft that a form asks for.
func (d *Door) doDraft(v *visit, number string, step petition.MoveName, x petition.Draft, m petition.Move) (petition.View, error) {
	out := petition.Move{Key: m.Key, Name: step, Draft: x.ID}
	out.DraftVersion, _ = strconv.Atoi(v.r.FormValue("draft_version"))
	switch step {
	case petition.MoveDraft, petition.MoveSubmit:
		out.For, out.Text, out.Unit, out.Officer, out.Date, out.Args = m.Name, m.Text, m.Unit, m.Officer, m.Date, m.Args
		out.Files = append(slices.Clone(x.Paper.Files), m.Files...)
	case petition.MoveSendBack:
		out.Text = v.r.FormValue("words")
	}
	return d.Cases.Do(v.ctx(), v.actor, number, out)
}

// kept answers what the page saved by itself.
func (d *Door) kept(v *visit, c petition.View, x petition.Draft, err error) error {
	if err != nil {
		v.w.WriteHeader(statuses[petition.CodeOf(err)])
		return nil
	}
	for _, now := range c.Drafts { // a new one is the newest
		if x.ID == 0 || now.ID == x.ID {
			v.w.Header().Set("Draft", strconv.Itoa(now.ID))
			v.w.Header().Set("Draft-Version", strconv.Itoa(now.Version))
		}
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (d *Door) checkDraft(v *visit, number string, x petition.Draft, m petition.Move) error {
	p, err := d.caseOf(v, number)
	if err != nil {
		return err
	}
	if p.Draft, err = d.draftForm(v, p.V, x, m); err != nil {
		return err
	}
	p.Draft.keep(m.Files)
	p.Draft.Found, p.Draft.Checked = d.check(v, p.V, m), true
	return d.render(v, "case", "form", p)
}

// refusedDraft shows a draft once more with what was typed, why it was refused, and the version it
// has now.
func (d *Door) refusedDraft(v *visit, number string, x petition.Draft, m petition.Move, why error) error {
	p, err := d.caseOf(v, number)
	if err != nil {
		return err
	}
	if now, err := draftOf(p.V, strconv.Itoa(x.ID)); err == nil {
		x = now
	}
	if p.Draft, err = d.draftForm(v, p.V, x, m); err != nil {
		return err
	}
	p.Draft.keep(m.Files)
	p.Draft.Error = v.names.Error(why)
	return d.render(v, "case", "form", p)
}

// waiting are the papers that wait for somebody: to be signed, or written on because they were sent
// back.
func (d *Door) waiting(v *visit) (sign, back []draftLine, err error) {
	for _, which := range []string{"sign", "write"} {
		page, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Drafts: which, Order: "due", Limit: todayMost})
		if err != nil {
			return nil, nil, petition.Wrap(err, "list drafts")
		}
		for _, i := range page.Items {
			for _, l := range d.draftLines(v, i.Number, i.Drafts) {
				switch {
				case which == "sign":
					sign = append(sign, l)
				case l.Draft.State != petition.DraftSubmitted:
					back = append(back, l)
				}
			}
		}
	}
	return sign, back, nil
}

// keep notes files that came with a form that is shown again.
func (f *draftForm) keep(files []petition.Attachment) {
	for _, at := range files {
		f.Attached = append(f.Attached, upload{at.ID, at.Name})
	}
}
