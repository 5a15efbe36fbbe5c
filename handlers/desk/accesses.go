package desk

import (
	"net/url"
	"strconv"
	"strings"

	"dengwen/petition"
)

// logPage is who has read and changed what.
type logPage struct {
	frame
	Number, Staff string
	People        []choice
	Lines         []logLine
	Next          string // address of the page after, "" = this is the last
}

// logLine is one line of the access log in words.
type logLine struct {
	When, Who, What, Reason string
	Cases                   []string
}

// accessLog shows the access log, of one case or of one officer, to those who may read it. Reading
// it is a line of it too.
func (d *Door) accessLog(v *visit) error {
	q := petition.AccessQuery{Number: strings.TrimSpace(v.r.FormValue("number")), Staff: v.r.FormValue("staff"), After: v.r.FormValue("after"), Limit: 50}
	page, err := d.Cases.Accesses(v.ctx(), v.actor, q)
	if err != nil {
		return petition.Wrap(err, "read access log")
	}
	p := logPage{frame: d.inFrame(v, "log"), Number: q.Number, Staff: q.Staff}
	people, err := d.Roster.People(v.ctx(), "")
	if err != nil {
		return petition.Wrap(err, "list people")
	}
	for _, who := range people {
		p.People = append(p.People, choice{who.ID, who.Name + " · " + v.names.Unit(who.Unit), who.ID == q.Staff})
	}
	for _, x := range page.Lines {
		p.Lines = append(p.Lines, d.logLine(v, p.frame, x))
	}
	if page.After != "" {
		p.Next = "/desk/log?" + url.Values{"number": {q.Number}, "staff": {q.Staff}, "after": {page.After}}.Encode()
	}
	return d.render(v, "log", "body", p)
}

func (d *Door) logLine(v *visit, f frame, x petition.Access) logLine {
	n := v.names
	l := logLine{When: f.Day(x.At) + " " + f.Clock(x.At), Reason: x.Reason, Cases: x.Numbers, What: n.Text("desk.access.act." + string(x.Act))}
	switch {
	case x.Act == petition.ActChange:
		l.What = n.Move(petition.MoveName(x.What))
	case x.What != "" && x.Act == petition.ActSearch:
		l.What += " “" + x.What + "”"
	}
	if x.Repeats > 0 {
		l.What += " " + f.T("log.repeats", "Count", strconv.Itoa(x.Repeats))
	}
	switch {
	case x.Staff != "":
		l.Who = d.Roster.Name(v.ctx(), x.Staff)
		if l.Who == "" {
			l.Who = x.Staff
		}
		l.Who += " · " + n.Unit(x.Unit)
	case x.Unit != "":
		l.Who = n.Unit(x.Unit)
	default:
		l.Who = n.Text("desk.by.citizen")
	}
	if x.Key != "" {
		l.Who = n.Text("desk.access.key", "Who", l.Who, "Key", x.Key)
	}
	return l
}

// MayReadLog reports whether who is in reads the access log.
func (f frame) MayReadLog() bool { return f.Me != nil && f.N.Office.MayReadLog(f.Me.actor) }
