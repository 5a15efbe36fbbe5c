package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
)

// OfficeBook is the office's data as they can be changed here.
type OfficeBook struct {
	office.Book
	Keys     *APIKeys                                           // nil = they are not in a file of their own
	Calendar string                                             // data folder, see office.LoadCalendar; "" = the calendar is not changed here
	Explain  func(lang string, err error) string                // why something is refused, in words
	Check    func(r *http.Request, lang string) (string, error) // what dengwen check says; nil = not asked here
	InUse    func(ctx context.Context) error                    // waits until this process works with the file as it is; the error says why it does not
}

// MayOffice reports whether who is in changes the office's data.
func (f frame) MayOffice() bool { return f.Me != nil && f.Me.office }

// MayKeys reports whether who is in makes API keys.
func (f frame) MayKeys() bool { return f.Me != nil && administers(f.Me) == nil }

type officePage struct {
	frame
	Parts   []partLine
	Forms   []partLine // parts that have forms
	Part    *partForm
	List    *entryList
	Entry   *entryForm
	Log     []editLine
	Pending string // why the file is not in use as it is; "" = it is
	BuiltIn bool
	Systems bool // who is in adds other systems that are told
	Saved   bool
	Checked string
}

// partLine is a setting or list of the file.
type partLine struct {
	Key, Name string
	Lines     int
}

// partForm is a part being changed.
type partForm struct {
	Key, Name, Text, Was string // Was: hash of the file that the form was made of
	Error                string
	Warnings             []string
	Changes              []changeLine
	Looked               bool // it was looked at as it stands: it may be put in its place
}

type changeLine struct{ Where, Was, Now string }

type editLine struct {
	office.Edit
	Changes []changeLine
}

// shownEdits is how many changes the page lists.
const shownEdits = 30

func (d *Door) officeText() ([]byte, string, error) {
	text, err := office.File(d.Book.Path)
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:8]), err
}

// officePageOf is the page without a form.
func (d *Door) officePageOf(v *visit) (officePage, []byte, string, error) {
	p := officePage{frame: d.inFrame(v, "office")}
	if d.Book == nil {
		return p, nil, "", d.missing(v)
	}
	if !v.office {
		return p, nil, "", petition.Fail(petition.Forbidden, "office_file.who")
	}
	text, hash, err := d.officeText()
	if err != nil {
		return p, nil, "", err
	}
	for _, part := range office.Parts(text) {
		p.Parts = append(p.Parts, partLine{part.Key, d.partName(v, part.Key), strings.Count(part.Text, "\n")})
	}
	for _, key := range officeParts {
		p.Forms = append(p.Forms, partLine{Key: key, Name: d.partName(v, key)})
	}
	p.BuiltIn = d.Book.Path == ""
	p.Systems = v.person.Has(petition.Admin) && d.Systems != nil
	if p.Pending, err = d.pending(v); err != nil {
		return p, nil, "", err
	}
	log, err := d.Book.Log()
	if err != nil {
		return p, nil, "", err
	}
	for _, e := range slices.Backward(log) {
		if len(p.Log) < shownEdits {
			p.Log = append(p.Log, editLine{e, d.changeLines(v, e.What)})
		}
	}
	return p, text, hash, nil
}

// inUseWithin is how long a page waits for a changed file to be in use: the parts are made anew for it.
const inUseWithin = 10 * time.Second

func (d *Door) pending(v *visit) (string, error) {
	if d.Book.InUse == nil {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(v.ctx(), inUseWithin)
	defer cancel()
	err := d.Book.InUse(ctx)
	if err == nil || v.ctx().Err() != nil {
		return "", v.ctx().Err()
	}
	return d.Book.Explain(v.names.Lang, err), nil
}

// partName is what a part is called, its key where it has no name.
func (d *Door) partName(v *visit, key string) string {
	if name := "office_file.part." + key; d.Locales.Has(name) {
		return v.names.Text(name)
	}
	return key
}

// changeLines are what a file changes, each place by its name.
func (d *Door) changeLines(v *visit, all []office.Change) (lines []changeLine) {
	for _, c := range all {
		var where []string
		if c.List != "" {
			where = append(where, d.partName(v, c.List), c.Name, c.Code)
		}
		if c.Field != "" {
			where = append(where, d.fieldName(v, c.List, c.Field))
		}
		where = nonEmpty(where...)
		lines = append(lines, changeLine{strings.Join(where, " "), c.Was, c.Now})
	}
	return lines
}

// officeData shows the office's data, one part to be changed.
func (d *Door) officeData(v *visit) error {
	p, text, hash, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	p.Saved = v.r.FormValue("saved") == "1"
	for _, part := range office.Parts(text) {
		if part.Key == v.r.FormValue("part") {
			p.Part = &partForm{Key: part.Key, Name: d.partName(v, part.Key), Text: part.Text, Was: hash}
		}
	}
	return d.render(v, "office", "body", p)
}

// maxOffice is how many bytes of a part are read.
const maxOffice = 1 << 20

// changeOffice looks at a changed part, and with the second press puts it in its place.
func (d *Door) changeOffice(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxOffice)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	p, text, hash, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	key, changed := v.r.PostForm.Get("part"), strings.ReplaceAll(v.r.PostForm.Get("text"), "\r\n", "\n")
	next := office.With(text, key, changed)
	form := &partForm{Key: key, Name: d.partName(v, key), Text: changed, Was: v.r.PostForm.Get("was")}
	p.Part = form
	if form.Was != hash {
		form.Error, form.Was = v.names.Text("office_file.changed"), hash
		return d.render(v, "office", "body", p)
	}
	changes, warnings, err := d.Book.Preview(v.ctx(), next)
	form.Changes = d.changeLines(v, changes)
	for _, w := range warnings {
		form.Warnings = append(form.Warnings, d.Book.Explain(v.names.Lang, w))
	}
	switch {
	case err != nil:
		form.Error = d.Book.Explain(v.names.Lang, err)
		return d.render(v, "office", "body", p)
	case v.r.PostForm.Get("put") != "1":
		form.Looked = true
		return d.render(v, "office", "body", p)
	}
	return d.putOffice(v, next, text)
}

func (d *Door) putOffice(v *visit, next, was []byte) error {
	if _, _, err := d.Book.Put(v.ctx(), next, was, v.person.Name+" ("+v.person.ID+")", d.Now()); err != nil {
		return err
	}
	if _, err := d.pending(v); err != nil { // the next page is of the new one
		return err
	}
	http.Redirect(v.w, v.r, "/desk/office?saved=1", http.StatusSeeOther)
	return nil
}

// undoOffice puts the file back as it was before a change; that is a change of its own.
func (d *Door) undoOffice(v *visit) error {
	_, text, _, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	before, err := d.Book.Before(v.r.FormValue("before"))
	if err != nil {
		return err
	}
	return d.putOffice(v, before, text)
}

// officeYAML hands out the file itself, with its remarks.
func (d *Door) officeYAML(v *visit) error {
	_, text, _, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	d.download(v, "application/yaml; charset=utf-8", "office-"+petition.Day(d.Now())+".yaml")
	_, err = v.w.Write(text)
	return err
}

// checkOffice shows what dengwen check says.
func (d *Door) checkOffice(v *visit) error {
	p, _, _, err := d.officePageOf(v)
	if err != nil {
		return err
	}
	if d.Book.Check == nil {
		return d.missing(v)
	}
	if p.Checked, err = d.Book.Check(v.r, v.names.Lang); err != nil {
		return errors.Join(err, petition.Fail(petition.Unavailable, "office_file.unchecked"))
	}
	return d.render(v, "office", "body", p)
}

type peoplePage struct {
	frame
	People []personLine
	Units  []choice
	Roles  []choice
	Link   string // of somebody, to be handed on
	For    string
	Admin  bool // who is in takes people on and gives them links
	Edit   *personForm
}

// personForm is somebody whose name, unit or roles are being changed.
type personForm struct {
	ID, Name     string
	Units, Roles []choice
}

type personLine struct {
	ID, Name, Unit, Roles string
	Joined, Left          time.Time
}

// people lists who works here. An administrator takes people on, gives them links and ends their access: who may
// give roles may give the one that opens reports on misconduct.
func (d *Door) people(v *visit) error { return d.peopleWith(v, "", "") }

func (d *Door) peopleWith(v *visit, link, who string) error {
	if !v.office {
		return petition.Fail(petition.Forbidden, "office_file.who")
	}
	all, err := d.Roster.People(v.ctx(), "")
	if err != nil {
		return petition.Wrap(err, "list people")
	}
	p := peoplePage{frame: d.inFrame(v, "office"), Link: link, For: who, Admin: v.person.Has(petition.Admin), Units: d.unitChoices(v, "")}
	for _, r := range petition.Roles() {
		if r != petition.ActingHead {
			p.Roles = append(p.Roles, choice{string(r), v.names.Text("desk.role." + string(r)), false})
		}
	}
	for _, one := range all {
		if p.Admin && one.Active() && v.r.Method == http.MethodGet && one.ID == v.r.FormValue("id") {
			p.Edit = &personForm{one.ID, one.Name, d.unitChoices(v, one.Unit), slices.Clone(p.Roles)}
			for i, r := range p.Edit.Roles {
				p.Edit.Roles[i].Chosen = one.Has(petition.Role(r.Value))
			}
		}
		l := personLine{ID: one.ID, Name: one.Name, Unit: v.names.Unit(one.Unit), Joined: one.Joined, Left: one.Left}
		for i, r := range one.Roles {
			if i > 0 {
				l.Roles += v.names.Text("desk.comma")
			}
			l.Roles += v.names.Text("desk.role." + string(r))
		}
		p.People = append(p.People, l)
	}
	return d.render(v, "people", "body", p)
}

// changePeople takes somebody on, makes a link for somebody, or ends somebody's access.
func (d *Door) changePeople(v *visit) error {
	if !v.person.Has(petition.Admin) || d.NewLink == nil {
		return petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	f := v.r.PostForm
	id, name := f.Get("id"), f.Get("name")
	var roles []petition.Role
	for _, r := range f["role"] {
		roles = append(roles, petition.Role(r))
	}
	switch f.Get("do") {
	case "change":
		if _, err := d.Roster.Change(v.ctx(), v.actor, id, name, f.Get("unit"), roles); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, "/desk/office/people", http.StatusSeeOther)
		return nil
	case "add":
		p, err := d.Roster.Add(v.ctx(), v.actor, name, f.Get("unit"), roles)
		if err != nil {
			return err
		}
		id, name = p.ID, p.Name
	case "link":
		p, err := d.Roster.Person(v.ctx(), id)
		if err != nil {
			return err
		}
		name = p.Name
	case "revoke":
		if _, err := d.Roster.Leave(v.ctx(), v.actor, id); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, "/desk/office/people", http.StatusSeeOther)
		return nil
	default:
		return petition.Fail(petition.Invalid, "desk.page.nothing")
	}
	link, err := d.NewLink(v.ctx(), id)
	if err != nil {
		return err
	}
	return d.peopleWith(v, link, name)
}
