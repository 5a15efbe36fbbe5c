package desk

import (
	"net/http"

	"dengwen/petition"
)

// home leads to the first page.
func (d *Door) home(v *visit) error {
	http.Redirect(v.w, v.r, "/desk/", http.StatusSeeOther)
	return nil
}

// row is a case in a list.
type row struct {
	petition.Item
	frame
	Officer string // name of who took it
}

// Tone is the colour of a row's first column, which always stands beside the words of Clock.
func (r row) Tone() string {
	switch {
	case r.Urgency != "":
		return "red"
	case r.Paused != "" || r.Colour == "":
		return "none"
	}
	return r.Colour
}

// Steps says of each late step of the plan how late it is and whose it is.
func (r row) Steps() (late []string) {
	for _, p := range r.Plan {
		if p.Late(petition.Day(r.N.Now)) {
			late = append(late, r.T("plan.late", "Step", r.N.Step(p), "State", r.N.StepState(p)))
		}
	}
	return late
}

// Period is what is due, and by which article.
func (r row) Period() string {
	if r.Due == "" && r.Paused == "" {
		return ""
	}
	if r.Article == "" {
		return r.N.Rule(r.Rule)
	}
	return r.N.Article(r.Article) + " " + r.N.Rule(r.Rule)
}

// Last is the last day of the period, marked where it rests on a year whose holidays are not
// published.
func (r row) Last() string {
	if r.Provisional && r.Due != "" {
		return r.Due + r.T("provisional")
	}
	return r.Due
}

// Came is the day it was received, as 2026-08-03.
func (r row) Came() string { return petition.Day(r.Received) }

// Where is the place's name.
func (r row) Where() string {
	if r.Place == "" {
		return ""
	}
	return r.N.Place(petition.Place{Code: r.Place}, r.Came())
}

// What is the subject's name, "" where nobody is sure yet.
func (r row) What() string {
	if r.Subject == "" {
		return ""
	}
	return r.N.Subject(r.Subject, r.Came())
}

func (d *Door) rows(v *visit, f frame, items []petition.Item) []row {
	rows := make([]row, 0, len(items))
	for _, i := range items {
		rows = append(rows, row{Item: i, frame: f, Officer: d.Roster.Name(v.ctx(), i.Officer)})
	}
	return rows
}

type todayPage struct {
	frame
	Groups []group
	Sign   []draftLine // papers that wait for this officer's signature
	Back   []draftLine // their own that are not submitted, sent back or taken back
	Told   []draftLine // cases in which colleagues named them
	Begun  []draftLine // forms that were begun and not sent
	Untold []untoldLine

	UntoldAll int // tasks like Untold, those not shown too

	Unit  string // whose cases the groups below are
	Heads bool   // the unit's are shown, not one's own
}

// group is one heading of the first page with its cases, the most pressing first.
type group struct {
	frame
	Key  string // of its heading
	Rows []row
	More bool
}

// todayMost is how many open cases the first page looks through.
const todayMost = 100

// today shows what waits for somebody: their own cases and what nobody of their unit has taken;
// for who leads a unit, all of the unit's.
func (d *Door) today(v *visit) error {
	leads := false
	for _, r := range v.person.Roles {
		leads = leads || r.Leads()
	}
	page, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Unit: v.person.Unit, Open: true, Order: "due", Limit: todayMost})
	if err != nil {
		return petition.Wrap(err, "list what is open")
	}
	f := d.inFrame(v, "today")
	p := todayPage{frame: f, Unit: v.names.Unit(v.person.Unit), Heads: leads}
	p.Groups = d.groups(v, f, page, leads)
	if v.person.Has(petition.Leader) {
		led, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Led: true, Open: true, Order: "due", Limit: todayMost})
		if err != nil {
			return petition.Wrap(err, "list what they lead")
		}
		if len(led.Items) > 0 {
			p.Groups = append([]group{{frame: f, Key: "led", Rows: d.rows(v, f, led.Items), More: led.After != ""}}, p.Groups...)
		}
	}
	hard, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Hard: true, Order: "due", Limit: todayMost})
	if err != nil {
		return petition.Wrap(err, "list hard cases")
	}
	if late := d.lateSteps(v, hard.Items, v.person.Has(petition.Supervisor)); len(late) > 0 {
		p.Groups = append([]group{{frame: f, Key: "plan", Rows: d.rows(v, f, late)}}, p.Groups...)
	}
	if p.Sign, p.Back, err = d.waiting(v); err != nil {
		return err
	}
	sign, back, err := d.reportsWaiting(v)
	if err != nil {
		return err
	}
	p.Sign, p.Back = append(p.Sign, sign...), append(p.Back, back...)
	if p.Told, err = d.told(v); err != nil {
		return err
	}
	if p.Begun, err = d.unfinished(v); err != nil {
		return err
	}
	if p.Untold, p.UntoldAll, err = d.untold(v, f); err != nil {
		return err
	}
	return d.render(v, "today", "body", p)
}

// groupOf says under which heading a case stands on the first page, "" for one that does not concern
// somebody today.
func groupOf(i petition.Item, me string, leads bool) string {
	mine := i.Officer == me || leads
	switch {
	case i.Urgency != "":
		return "urgent"
	case i.Officer == "":
		return "untaken"
	case !mine:
		return ""
	case i.Colour == "red":
		return "red"
	case i.Colour == "yellow":
		return "yellow"
	}
	return "other"
}

func (d *Door) groups(v *visit, f frame, page petition.Page, leads bool) []group {
	by := map[string][]petition.Item{}
	for _, i := range page.Items {
		if key := groupOf(i, v.person.ID, leads); key != "" {
			by[key] = append(by[key], i)
		}
	}
	var all []group
	for _, key := range []string{"urgent", "red", "yellow", "untaken", "other"} {
		if len(by[key]) > 0 {
			all = append(all, group{frame: f, Key: key, Rows: d.rows(v, f, by[key]), More: page.After != "" && key == "other"})
		}
	}
	return all
}
