package desk

import (
	"bytes"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/outreach"
)

// Reaching people: what hangs in villages is printed here, and what its codes brought is counted by place.

// PosterChoices are what a poster can be.
type PosterChoices struct {
	Forms    []string
	Channels func() []string // that are on
}

// MayOutreach reports whether who is in prints posters and reads what came of them.
func (f frame) MayOutreach() bool { return f.Me != nil && f.Me.outreach }

type outreachPage struct {
	frame
	Purposes, Forms, Spots, Languages, Channels []choice
	Error                                       string
	Lines                                       []outreachLine
	From, To                                    string
}

// outreachLine is a spot and what came of its codes.
type outreachLine struct {
	outreach.Line
	Name  string
	Parts []string // of Begun, by channel
}

// outreach shows both.
func (d *Door) outreach(v *visit) error { return d.showOutreach(v, "") }

func (d *Door) showOutreach(v *visit, fault string) error {
	if d.Outreach == nil {
		return d.missing(v)
	}
	now := d.Now()
	f, err := d.Outreach.Figures(v.ctx(), v.actor, petition.Day(now.AddDate(-1, 0, 1))[:7], petition.Day(now)[:7])
	if err != nil {
		return err
	}
	p := outreachPage{frame: d.inFrame(v, "outreach"), Error: fault, From: f.From, To: f.To}
	said := v.r.URL.Query()
	for _, to := range []outreach.Purpose{outreach.Tell, outreach.Days, outreach.Quiz} {
		if to != outreach.Days || d.Receptions != nil {
			p.Purposes = append(p.Purposes, choice{string(to), p.T("outreach.to." + string(to)), said.Get("to") == string(to)})
		}
	}
	for _, form := range d.Posters.Forms {
		p.Forms = append(p.Forms, choice{form, p.T("outreach.form." + form), said.Get("form") == form})
	}
	for _, at := range outreach.Spots(d.Office) {
		param := at.Param(outreach.Tell)
		p.Spots = append(p.Spots, choice{param, d.spotName(v, at), said.Get("at") == param})
	}
	for _, l := range d.Locales.Languages() {
		p.Languages = append(p.Languages, choice{l.Tag, l.Name, l.Tag == v.names.Lang})
	}
	for _, c := range d.Posters.Channels() {
		p.Channels = append(p.Channels, choice{c, v.names.Text("poster.code." + c), len(said["channel"]) == 0 || slices.Contains(said["channel"], c)})
	}
	for _, l := range f.Lines {
		p.Lines = append(p.Lines, d.outreachLine(v, l))
	}
	return d.render(v, "outreach", "body", p)
}

func (d *Door) spotName(v *visit, at outreach.Spot) string {
	if n := at.Name(d.Office, v.names.Lang); n != "" {
		return n
	}
	return v.names.Text("public.whole")
}

func (d *Door) outreachLine(v *visit, l outreach.Line) outreachLine {
	line := outreachLine{Line: l, Name: d.spotName(v, l.Spot)}
	var names []string
	for c := range l.Channels {
		names = append(names, c)
	}
	slices.Sort(names)
	for _, c := range names {
		line.Parts = append(line.Parts, v.names.Text("desk.page.outreach.part", "Channel", v.names.Text("poster.code."+c), "Count", l.Channels[c]))
	}
	return line
}

// poster prints one.
func (d *Door) poster(v *visit) error {
	if d.Outreach == nil || d.Poster == nil {
		return d.missing(v)
	}
	if !d.Outreach.Sees(v.actor) {
		return petition.Fail(petition.Forbidden, "outreach.who")
	}
	q := v.r.URL.Query()
	at, _, ok := outreach.Find(d.Office, q.Get("at"))
	if !ok {
		return d.showOutreach(v, v.names.Error(petition.Fail(petition.Invalid, "poster.unknown", "value", petition.FileName(q.Get("at")))))
	}
	p := outreach.Print{To: outreach.Purpose(q.Get("to")), Form: q.Get("form"), Lang: q.Get("lang"), At: at, Channels: q["channel"]}
	var b bytes.Buffer
	if err := d.Poster(v.ctx(), &b, p); err != nil {
		if petition.CodeOf(err) == petition.Internal {
			return err
		}
		return d.showOutreach(v, v.names.Error(err))
	}
	d.download(v, "application/pdf", strings.Join([]string{p.Form, at.Param(p.To), p.Lang}, "-")+".pdf")
	_, err := v.w.Write(b.Bytes())
	return err
}
