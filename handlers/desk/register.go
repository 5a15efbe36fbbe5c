package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"dengwen/petition"
)

// Reading is what a reader makes of a letter; what it is not sure of is "".
type Reading struct {
	Title, Class, Place, Subject, Request, Name, Phone, Address string
}

// Read reads a letter; its answers are offered, never taken by themselves.
type Read func(ctx context.Context, text, lang string) (Reading, error)

type registerPage struct {
	frame
	Key      string
	F        petition.Filing
	Channels []choice
	Classes  []choice
	Subjects []choice
	Places   []choice
	People   string
	Today    string
	Reads    bool
	WasRead  bool
	Attached uploads
	Error    string
	Typed    string // when it was typed and not sent, in words; "" = it is empty
}

// staffChannels are the ways in which something comes that an officer writes down.
func staffChannels() (all []string) {
	for _, c := range petition.Channels() {
		if petition.ByStaff(c) {
			all = append(all, c)
		}
	}
	return all
}

// askLetter shows an empty form for what came by letter, visit or call.
func (d *Door) askLetter(v *visit) error {
	if !v.actor.MayFile() {
		return petition.Fail(petition.Forbidden, "file.who")
	}
	f := petition.Filing{Channel: staffChannels()[0], Class: petition.Claim, Received: petition.Day(d.Now()), Lang: v.names.Lang}
	p := registerPage{Key: d.NewID(), F: f}
	before, typed, err := d.typedBefore(v, formID{})
	if err != nil {
		return err
	}
	if typed {
		p.F, p.Typed = filing(v, func(key string) string { return before.Values[key] }), d.when(v, "typed.before", before.At)
	}
	return d.letterForm(v, p)
}

func (d *Door) letterForm(v *visit, p registerPage) error {
	p.frame = d.inFrame(v, "new")
	n := v.names
	for _, c := range staffChannels() {
		p.Channels = append(p.Channels, choice{c, p.T("channel." + c), c == p.F.Channel})
	}
	for _, c := range []petition.Class{petition.Claim, petition.Suggestion, petition.Report} {
		p.Classes = append(p.Classes, choice{string(c), n.Class(c), c == p.F.Class})
	}
	for _, c := range d.Office.Categories {
		p.Subjects = append(p.Subjects, choice{c.Code, c.NameIn(n.Lang), c.Code == p.F.Subject})
	}
	for _, l := range d.Office.Places {
		p.Places = append(p.Places, choice{l.Code, l.NameIn(n.Lang), l.Code == p.F.Place.Code})
	}
	if p.F.People > 0 {
		p.People = strconv.Itoa(p.F.People)
	}
	p.Today, p.Reads = petition.Day(d.Now()), d.Read != nil
	return d.render(v, "register", "letter", p)
}

// register lodges what came by letter, visit or call, or has it read first. What was refused comes
// back with every word.
func (d *Door) register(v *visit) error {
	if !v.actor.MayFile() {
		return petition.Fail(petition.Forbidden, "file.who")
	}
	files, err := d.readBody(v)
	if err != nil {
		return err
	}
	p := registerPage{Key: v.r.FormValue("key"), F: filing(v, v.r.FormValue), Attached: files}
	if p.Key == "" {
		p.Key = d.NewID()
	}
	if v.r.FormValue("read") != "" && d.Read != nil {
		if err := d.fill(v, &p.F); err != nil {
			return err
		}
		p.WasRead = true
		return d.letterForm(v, p)
	}
	f := p.F
	f.Key, f.Attachments = p.Key, files.attachments()
	a := v.actor
	a.Owner = "" // it is the writer's matter, not the officer's own
	t, err := d.Cases.File(v.ctx(), a, f)
	if code := petition.CodeOf(err); err != nil && code != petition.Internal && code != petition.Unavailable {
		p.Error = v.names.Error(err)
		return d.letterForm(v, p)
	}
	if err != nil {
		return petition.Wrap(err, "register letter")
	}
	d.sent(v, formID{})
	http.Redirect(v.w, v.r, "/desk/cases/"+t.Number+"?done="+string(petition.MoveRegister), http.StatusSeeOther)
	return nil
}

// filing is what the form says.
func filing(v *visit, value func(key string) string) petition.Filing {
	says := func(key string) string {
		return strings.TrimSpace(strings.ReplaceAll(value(key), "\r\n", "\n"))
	}
	f := petition.Filing{
		Channel: says("channel"), Received: says("received"), Class: petition.Class(says("class")), Lang: v.names.Lang,
		Title: says("title"), Facts: says("facts"), Request: says("request"), Subject: says("subject"),
		Place:   petition.Place{Code: says("place"), Text: says("where")},
		Contact: petition.Contact{Name: says("name"), Phone: says("phone"), Mail: says("mail"), Address: says("address")},
	}
	if petition.PassedOn(f.Channel) { // what was written there before another channel was chosen is not the sender's
		f.Origin = petition.Origin{Name: says("origin_name"), Number: says("origin_number"), Date: says("origin_date"), Due: says("origin_due")}
	}
	f.People, _ = strconv.Atoi(says("people"))
	return f
}

// fill puts what the reader found where the officer has written nothing.
func (d *Door) fill(v *visit, f *petition.Filing) error {
	r, err := d.Read(v.ctx(), f.Facts, v.names.Lang)
	if err != nil {
		return petition.Wrap(err, "read letter")
	}
	for to, found := range map[*string]string{
		&f.Title: r.Title, &f.Place.Code: r.Place, &f.Subject: r.Subject, &f.Request: r.Request,
		&f.Contact.Name: r.Name, &f.Contact.Phone: r.Phone, &f.Contact.Address: r.Address,
	} {
		if *to == "" {
			*to = found
		}
	}
	return nil
}
