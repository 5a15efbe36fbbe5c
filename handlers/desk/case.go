package desk

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
)

type casePage struct {
	frame
	V       petition.View
	Row     row
	First   []moveLink
	Rest    []moveLink
	Barred  []barred
	Entries []entryLine
	Clocks  []clockLine
	Facts   []line    // what was read from the story
	Hard    *hardPart // the plan of a hard case, nil = it is none
	Contact *petition.Contact
	Asks    *whyForm   // opens the contact, nil = there is none or it is open
	Form    *moveForm  // the move being made, nil = none
	Draft   *draftForm // the paper being written or signed, nil = none
	Drafts  []draftLine
	Others  []string // names of colleagues who have it open
	Show    string   // which part of the timeline: "" = all, talk, notes
	Parts   []choice // of the timeline
	Say     moveLink // the move that adds to the part that is shown, Name "" = none
	Related []relatedCase
	Raw     bool // attachments may be saved as they came
}

type line struct{ Name, Value string }

// moveLink leads to the form of a move.
type moveLink struct {
	Name  petition.MoveName
	Label string
	Href  string
	Key   string // pressed on the keyboard, "" = none
	Post  string // idempotency key of a move that asks for nothing: one press makes it
}

type barred struct{ Label, Why string }

// movesFirst is how many moves are buttons; the others are folded.
const movesFirst = 6

// showCase shows one case, with the petitioner's contact where a reason was given.
func (d *Door) showCase(v *visit) error {
	p, err := d.caseOf(v, v.r.PathValue("number"))
	if err != nil {
		return err
	}
	d.heard(v, p.V.Number)
	return d.render(v, "case", "body", p)
}

// parts of the timeline, with the move that adds to each.
var timelineParts = []struct {
	key  string
	fits func(e petition.Entry) bool
	say  petition.MoveName
}{
	{"", func(petition.Entry) bool { return true }, ""},
	{"talk", func(e petition.Entry) bool {
		return e.Public && (e.Text != "" || len(e.Files) > 0 || e.By == "citizen")
	}, petition.MoveTell},
	{"notes", func(e petition.Entry) bool { return e.Move == petition.MoveNote }, petition.MoveNote},
}

// part leaves of the timeline what was asked for: what was said between the petitioner and the
// office, or what colleagues noted among themselves.
func (p *casePage) part(d *Door, v *visit) {
	for _, part := range timelineParts {
		chosen := part.key == v.r.FormValue("show")
		p.Parts = append(p.Parts, choice{part.key, p.T("part." + or(part.key, "all")), chosen})
		if !chosen {
			continue
		}
		p.Show = part.key
		p.Entries = slices.DeleteFunc(p.Entries, func(l entryLine) bool { return !part.fits(l.Entry) })
		if slices.Contains(p.V.Can, part.say) {
			p.Say = d.moveLink(v, &p.V, part.say, "")
		}
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (d *Door) caseOf(v *visit, number string) (*casePage, error) {
	c, err := d.Cases.Look(v.ctx(), v.actor, number, "")
	if err != nil {
		return nil, petition.Wrap(err, "look at case")
	}
	f := d.inFrame(v, "ledger")
	p := &casePage{frame: f, V: c, Row: row{Item: c.Item(), frame: f, Officer: d.Roster.Name(v.ctx(), c.Officer)}}
	if c.Covered {
		p.Asks = d.whyForm(f, c.Number, "contact")
	} else if c.Contact != nil && *c.Contact != (petition.Contact{}) {
		p.Contact = c.Contact
	}
	p.Facts = p.read()
	p.Clocks, p.Hard = p.clocks(), d.hardPart(v, c)
	for _, e := range slices.Backward(c.Timeline) {
		p.Entries = append(p.Entries, d.entryLine(v, f, c, e))
	}
	if p.Others, err = d.readers(v.ctx(), c.Number, v.person.ID); err != nil {
		return nil, err
	}
	p.Raw = d.Original != nil && c.Unit == v.person.Unit
	d.related(v, p)
	p.part(d, v)
	return p, d.offer(v, p)
}

// offer adds the moves that are possible now, and why the others are not.
func (d *Door) offer(v *visit, p *casePage) error {
	p.Drafts = d.draftLines(v, p.V.Number, p.V.Drafts)
	p.V.Can = slices.DeleteFunc(slices.Clone(p.V.Can), petition.MoveName.Drafts) // a draft has its own page
	first, rest := naming.Likely(&p.V, movesFirst)
	for i, m := range first {
		p.First = append(p.First, d.moveLink(v, &p.V, m, string(rune('1'+i))))
	}
	for _, m := range rest {
		p.Rest = append(p.Rest, d.moveLink(v, &p.V, m, ""))
	}
	if d.Barred == nil {
		return nil
	}
	all, err := d.Barred(v.ctx(), v.actor, p.V.Number)
	if err != nil {
		return petition.Wrap(err, "look what is not possible")
	}
	for _, b := range all {
		p.Barred = append(p.Barred, barred{v.names.Move(b.Name), v.names.Error(petition.Fail(petition.Conflict, b.Why,
			"move", string(b.Name), "class", string(p.V.Class), "status", v.names.Status(p.V.Status), "can", ""))})
	}
	return nil
}

func (d *Door) moveLink(v *visit, c *petition.View, m petition.MoveName, key string) moveLink {
	l := moveLink{Name: m, Label: v.names.Move(m), Key: key, Href: "/desk/cases/" + c.Number + "/do/" + string(m)}
	if slices.Contains(c.Papers, m) {
		l.Href = "/desk/cases/" + c.Number + "/write/" + string(m)
	} else if spec, err := specOf(m, c.Class); err == nil && len(spec.Fields) == 0 {
		l.Post = d.NewID()
	}
	return l
}

// read is what the program and the intake clerk made of the story.
func (p *casePage) read() []line {
	n, c := p.N, p.V
	all := []line{
		{p.T("class"), n.Class(c.Class)}, {p.T("subject"), n.Subject(c.Subject, petition.Day(c.Received))}, {p.T("place"), n.Place(c.Place, petition.Day(c.Received))},
		{p.T("unit"), n.Holder(c.Unit, c.Since)}, {p.T("since"), p.Day(c.Since)}, {p.T("received"), p.Day(c.Received)},
	}
	all = append(all, line{p.T("channel"), p.T("channel." + c.Channel)})
	if o := c.Origin; o != nil {
		for _, l := range []line{{p.T("origin.name"), o.Name}, {p.T("origin.number"), o.Number}, {p.T("origin.date"), n.Day(o.Date)}, {p.T("origin.due"), n.Day(o.Due)}} {
			if l.Value != "" {
				all = append(all, l)
			}
		}
	}
	if c.About != "" {
		all = append(all, line{p.T("about"), c.About})
	}
	if c.Used != "" {
		all = append(all, line{p.T("used"), p.T("used." + string(c.Used))})
	}
	for _, old := range []line{{p.T("col.old"), c.Old}, {p.T("old.subject"), c.State["old_subject"]}, {p.T("old.outcome"), c.State["outcome"]}} {
		if old.Value != "" {
			all = append(all, old)
		}
	}
	if c.Toward != "" && c.Toward != c.Unit {
		all = append(all, line{p.T("toward"), n.Unit(c.Toward)})
	}
	if c.Settled != "" {
		all = append(all, line{p.T("settled"), n.Choice(petition.MoveSettle, petition.Field{Key: "settled"}, c.Settled)})
	}
	return all
}

// clockLine is one period of the case.
type clockLine struct{ Name, Article, Due, State, Tone string }

func (p *casePage) clocks() []clockLine {
	var all []clockLine
	today := petition.Day(p.N.Now)
	for _, k := range slices.Backward(p.V.Clocks) {
		l := clockLine{Name: p.N.Rule(k.Rule), Due: p.N.Due(k.Due, k.Provisional), State: p.T("clock." + k.State), Tone: "none"}
		if k.Article != "" {
			l.Article = p.N.Article(k.Article)
		}
		if k.State == petition.ClockRunning {
			l.Tone = k.Colour(today, p.N.Office.Settings)
		}
		if k.State == petition.ClockLate {
			l.Tone = "red"
		}
		all = append(all, l)
	}
	return all
}

// entryLine is one entry of the timeline as the page shows it.
type entryLine struct {
	petition.Entry
	frame
	By, Name, To string
	Details      []line
	Documents    []documentLine
	Number       string
	Told         []string // colleagues whom a note named
}

type documentLine struct{ Title, Href, Form string }

// dull are the facts of an entry that are shown in other ways, or mean nothing to a reader.
var dull = []string{"unit_name", "unit", "document", "rule", "due", "article", "officer", "measure", "import", "line"}

func (d *Door) entryLine(v *visit, f frame, c petition.View, e petition.Entry) entryLine {
	l := entryLine{Entry: e, frame: f, Name: v.names.Move(e.Move), To: e.Args["unit_name"], Number: c.Number}
	switch {
	case e.By == "citizen":
		l.By = v.names.Text("desk.by.citizen")
	case e.By == "system":
		l.By = v.names.Text("desk.by.system")
	default:
		l.By = v.names.Unit(e.By)
		if name := d.Roster.Name(v.ctx(), e.Staff); name != "" {
			l.By += " " + name
		}
	}
	for _, id := range strings.Fields(e.Args["told"]) {
		l.Told = append(l.Told, d.Roster.Name(v.ctx(), id))
	}
	spec, _ := petition.SpecOf(e.Move, c.Class)
	for _, key := range slices.Sorted(maps.Keys(e.Args)) {
		i := slices.IndexFunc(spec.Fields, func(f petition.Field) bool { return f.Key == key })
		if i < 0 || slices.Contains(dull, key) {
			continue
		}
		l.Details = append(l.Details, detail(v.names, spec, spec.Fields[i], e.Args[key]))
	}
	l.Documents = documentLines(c.Number, e)
	return l
}

// documentLines lead to the official papers of an entry, in each form.
func documentLines(number string, e petition.Entry) (all []documentLine) {
	for _, kind := range petition.DocumentsOf(e, false) {
		for _, form := range []string{"pdf", "docx"} {
			ref := petition.DocumentRef{Seq: e.Seq, Kind: kind, Form: form}
			all = append(all, documentLine{petition.DocumentTitle(kind), "/desk/cases/" + number + "/documents/" + ref.String(), strings.ToUpper(form)})
		}
	}
	return all
}

func detail(n naming.Names, s petition.MoveSpec, f petition.Field, value string) line {
	switch f.Kind {
	case petition.KindChoice:
		value = n.Choice(s.Name, f, value)
	case petition.KindUnit:
		value = n.Unit(value)
	case petition.KindDate:
		value = n.Day(value)
	}
	return line{n.Field(f), value}
}

// file hands out an attachment: pictures and films are shown in place, anything else is saved.
func (d *Door) file(v *visit) error {
	body, at, err := d.Cases.Open(v.ctx(), v.actor, v.r.PathValue("number"), v.r.PathValue("id"))
	if err != nil {
		return petition.Wrap(err, "open attachment")
	}
	defer body.Close()
	return d.send(v, body, at, v.r.FormValue("save") == "")
}

// original hands out an attachment as it came, for a reason that goes into the access log. It is only
// saved: nobody has looked into it.
func (d *Door) original(v *visit) error {
	if d.Original == nil {
		return petition.Fail(petition.Forbidden, "file.original")
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxReason)
	a := v.actor
	a.Reason = strings.TrimSpace(v.r.PostFormValue("reason"))
	body, at, err := d.Original(v.ctx(), a, v.r.PathValue("number"), v.r.PathValue("id"))
	if err != nil {
		return petition.Wrap(err, "open attachment as it came")
	}
	defer body.Close()
	return d.send(v, body, at, false)
}

// document hands out an official paper of the case.
func (d *Door) document(v *visit) error {
	ref, ok := petition.ParseDocumentRef(v.r.PathValue("ref"))
	if !ok {
		return petition.Fail(petition.NotFound, "paper.none")
	}
	body, at, err := d.Cases.Document(v.ctx(), v.actor, v.r.PathValue("number"), "", ref)
	if err != nil {
		return petition.Wrap(err, "print document")
	}
	defer body.Close()
	return d.send(v, body, at, ref.Form == "pdf")
}

// leave ends the session on this browser.
func (d *Door) leave(v *visit) error {
	if err := d.Sessions.End(v.ctx(), v.session); err != nil {
		return err
	}
	return d.out(v)
}

func (d *Door) out(v *visit) error {
	d.setCookie(v.w, "", time.Hour)
	v.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(v.w, v.r, "/desk/enter", http.StatusSeeOther)
	return nil
}
