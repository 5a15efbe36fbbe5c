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
	Lines   []paperLine // what it says, where it is not written in
	Changed bool        // Lines show what is new since it was sent back
	Written bool        // fields are shown to be written in
	Mine    []line      // what this officer typed into an older version and did not save
	Status  string

	Proposes bool      // a draft can be proposed
	Proposal *proposal // what the model proposed just now
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
	if p.Draft, err = d.draftForm(v, p.V, petition.Draft{}, petition.Move{Name: name}); err != nil {
		return err
	}
	if err := d.typedInto(v, p); err != nil {
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
	if p.Draft, err = d.draftForm(v, p.V, x, x.Paper); err != nil {
		return err
	}
	if err := d.typedInto(v, p); err != nil {
		return err
	}
	return d.render(v, "case", "form", p)
}

// typedInto puts into the form of a paper what was typed and not saved. What was typed into an older
// version, which a colleague has gone on with, is shown beside it.
func (d *Door) typedInto(v *visit, p *casePage) error {
	f := p.Draft
	before, typed, err := d.typedBefore(v, f.ID)
	if err != nil || !typed || !f.Written {
		return err
	}
	spec, err := petition.SpecOf(f.Move, p.V.Class)
	if err != nil {
		return err
	}
	m := typedMove(spec, before)
	if before.Values["draft_version"] != strconv.Itoa(f.Draft.Version) {
		f.Mine, f.Typed = d.lines(v, spec, p.V, m), d.when(v, "typed.older", before.At)
		return nil
	}
	if p.Draft, err = d.draftForm(v, p.V, f.Draft, m); err == nil {
		p.Draft.Typed = d.when(v, "typed.before", before.At)
	}
	return err
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
	if form.Key == "" {
		form.Key = d.NewID()
	}
	form.ID.paper, form.ID.draft = true, x.ID
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
	f.Proposes = f.Written && d.mayPropose(c, spec)
	if !f.Written {
		f.Changed = x.Before != nil
		for _, field := range spec.Fields {
			was, is := "", m.Of(field)
			if f.Changed {
				was = x.Before.Of(field)
			} else {
				was = is
			}
			if was == "" && is == "" {
				continue
			}
			q, _ := v.names.Question(spec, field, c.Class)
			f.Lines = append(f.Lines, paperLine{q, changes(detail(v.names, spec, field, was).Value, detail(v.names, spec, field, is).Value)})
		}
		f.Found, f.Checked = d.check(v, c, m), true
	}
	return f, nil
}

// passDraft saves, submits, signs, sends back, takes back or drops a draft.
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
	if v.r.FormValue("preview") != "" {
		return d.preview(v, number, x, m)
	}
	if said, asked, err := d.worded(v, spec, c, &m); asked || err != nil {
		if err != nil {
			return err
		}
		return d.againDraft(v, number, x, m, func(f *draftForm) { f.Said = said })
	}
	if v.r.FormValue("propose") != "" {
		p, err := d.propose(v, c, spec, &m)
		if err != nil {
			return err
		}
		return d.againDraft(v, number, x, m, func(f *draftForm) { f.Proposal = p })
	}
	if v.r.FormValue("check") != "" {
		return d.checkDraft(v, number, x, m)
	}
	step := petition.MoveName(v.r.FormValue("step"))
	if !step.Drafts() {
		return petition.Fail(petition.Invalid, "move.unknown", "move", string(step))
	}
	if step == petition.MoveSubmit && d.unread(spec, m) {
		return d.refusedDraft(v, number, x, m, petition.Fail(petition.Invalid, "desk.page.propose.unread"))
	}
	_, err = d.doDraft(v, number, step, x, m)
	var refused *petition.Error
	if errors.As(err, &refused) && refused.Code != petition.Internal && refused.Code != petition.Unavailable {
		return d.refusedDraft(v, number, x, m, err)
	}
	if err != nil {
		return petition.Wrap(err, "pass draft on")
	}
	d.sent(v, formID{number, paper, true, x.ID})
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

// preview prints a paper as it would go out, before it does: as it is written in the form, or as
// it lies before who signs it.
func (d *Door) preview(v *visit, number string, x petition.Draft, m petition.Move) error {
	if !slices.Contains(x.Can, petition.MoveDraft) && x.ID > 0 {
		m = x.Paper
	}
	if d.Preview == nil {
		return petition.Fail(petition.Unavailable, "paper.no_press")
	}
	body, at, err := d.Preview(v.ctx(), v.actor, number, m)
	if err != nil {
		return petition.Wrap(err, "print a draft")
	}
	defer body.Close()
	return d.send(v, body, at, true)
}

func (d *Door) checkDraft(v *visit, number string, x petition.Draft, m petition.Move) error {
	return d.againDraft(v, number, x, m, func(f *draftForm) { f.Checked = true })
}

// refusedDraft shows a draft once more with what was typed, why it was refused, and the version it
// has now.
func (d *Door) refusedDraft(v *visit, number string, x petition.Draft, m petition.Move, why error) error {
	return d.againDraft(v, number, x, m, func(f *draftForm) { f.Error = v.names.Error(why) })
}

// againDraft shows a draft once more with what was typed, in the version it has now; with adds to it.
func (d *Door) againDraft(v *visit, number string, x petition.Draft, m petition.Move, with func(*draftForm)) error {
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
	p.Draft.Found = d.check(v, p.V, m)
	with(p.Draft)
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
