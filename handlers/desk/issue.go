package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/report"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/issuing"
)

// Reports of the whole office are signed before they go out: who heads the office submits one, another one signs it or sends
// it back. While it lies there and once it is issued, the page shows what was submitted and no newer figures.

// issueLine is one thing done with the paper of a report, as the page shows it.
type issueLine struct{ Text, Words string }

// issueForm is how a report stands on its way out, and what may be done with it.
type issueForm struct {
	Version int64
	State   string // a sentence, "" = nobody submitted it
	Log     []issueLine
	Can     []petition.MoveName
}

// May reports whether the officer may take a step.
func (f *issueForm) May(name string) bool { return slices.Contains(f.Can, petition.MoveName(name)) }

// paperID tells the papers of reports apart.
func (w wanted) paperID() string {
	whom := "inner"
	if w.public {
		whom = "public"
	}
	return string(w.kind) + "-" + w.kind.Span(w.day).From + "-" + whom
}

// issuePaper is the paper of a report of the office, and what the officer may do with it; nil for who signs none, and who
// submits none.
func (d *Door) issuePaper(v *visit, w wanted) (p issuing.Paper, f *issueForm, err error) {
	if d.Issuing == nil {
		return p, nil, nil
	}
	p, can, err := d.Issuing.Find(v.ctx(), v.actor, w.paperID())
	if petition.CodeOf(err) == petition.Forbidden {
		return p, nil, nil
	}
	if err != nil {
		return p, nil, err
	}
	f = &issueForm{Version: p.Version, Can: can}
	for _, step := range slices.Backward(p.Log) {
		f.Log = append(f.Log, issueLine{d.when(v, "reports.did."+string(step.Name), step.At, "Who", d.Roster.Name(v.ctx(), step.Staff)), step.Words})
	}
	if p.Version > 0 {
		f.State = v.names.Text("desk.page.reports.is." + string(p.State))
	}
	return p, f, nil
}

// sheet is what a paper says, with the names of who signed it where it is issued.
func (d *Door) sheet(v *visit, p issuing.Paper) (s report.Sheet, err error) {
	if err = json.Unmarshal(p.Content, &s); err == nil && p.State == issuing.Issued {
		at := p.Signed.In(zone)
		s.Hands = [2]string{d.Roster.Name(v.ctx(), p.Signer) + " " + d.Locales.Day(locales.Default, petition.Day(at), "") + " " + at.Format("15:04"), d.Roster.Name(v.ctx(), p.Author)}
	}
	return s, petition.Wrap(err, "read what a report says")
}

// submitted is when what a paper says was submitted.
func submitted(p issuing.Paper) (at time.Time) {
	for _, step := range p.Log {
		if step.Name == petition.MoveSubmit {
			at = step.At
		}
	}
	return at
}

// passReport submits a report, takes it back, sends it back or signs it.
func (d *Door) passReport(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	w, err := d.reportOf(v)
	if err != nil {
		return err
	}
	if d.Issuing == nil {
		return d.missing(v)
	}
	version, _ := strconv.ParseInt(v.r.PostFormValue("version"), 10, 64) // 0 = there was none
	switch petition.MoveName(v.r.PostFormValue("do")) {
	case petition.MoveSubmit:
		err = d.submitReport(v, w, version)
	case petition.MoveTakeBack:
		_, err = d.Issuing.TakeBack(v.ctx(), v.actor, w.paperID(), version)
	case petition.MoveSendBack:
		_, err = d.Issuing.SendBack(v.ctx(), v.actor, w.paperID(), version, v.r.PostFormValue("words"))
	case petition.MoveSign:
		_, err = d.Issuing.Sign(v.ctx(), v.actor, w.paperID(), version)
	default:
		err = petition.Fail(petition.Invalid, "move.unknown", "move", petition.FileName(v.r.PostFormValue("do")))
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, w.File(""), http.StatusSeeOther)
	return nil
}

// submitReport lays a report, as it is counted now, before who signs it. One of a time that is not over is not submitted.
func (d *Door) submitReport(v *visit, w wanted, version int64) error {
	p, r, ready, err := d.printed(v, w)
	switch {
	case err != nil:
		return err
	case !ready:
		return petition.Fail(petition.Conflict, "figures.counting")
	case r.Unit != "":
		return petition.Fail(petition.Forbidden, "issuing.who")
	case petition.Day(d.Now()) <= w.kind.Span(w.day).To:
		return petition.Fail(petition.Conflict, "issuing.early")
	}
	p.Lang = locales.Default // as papers are
	content, err := json.Marshal(p.Sheet(w.kind, petition.Day(r.At)))
	if err == nil {
		_, err = d.Issuing.Submit(v.ctx(), v.actor, w.paperID(), p.Title(w.kind), version, content)
	}
	return err
}

// reportsWaiting are the reports that wait to be signed by the officer, and those sent back to them.
func (d *Door) reportsWaiting(v *visit) (sign, back []draftLine, err error) {
	if d.Issuing == nil {
		return nil, nil, nil
	}
	all, err := d.Issuing.Waiting(v.ctx(), v.actor)
	for _, p := range all {
		kind, rest, _ := strings.Cut(p.ID, "-")
		q := url.Values{"kind": {kind}, "day": {strings.TrimSuffix(strings.TrimSuffix(rest, "-public"), "-inner")}}
		if strings.HasSuffix(rest, "-public") {
			q.Set("public", "1")
		}
		l := draftLine{Text: d.when(v, "reports.did."+string(p.Last().Name), p.Last().At, "Who", d.Roster.Name(v.ctx(), p.Last().Staff)), Href: "/desk/reports?" + q.Encode(), Number: p.Title}
		if p.State == petition.DraftSubmitted {
			sign = append(sign, l)
		} else {
			back = append(back, l)
		}
	}
	return sign, back, err
}
