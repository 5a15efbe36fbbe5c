package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"
	"dengwen/petition/reception"
)

// Leaders' reception days at the desk: the timetable, and the sheet of a day.

// MayReceive reports whether there is something of the reception days for who is in.
func (f frame) MayReceive() bool { return f.Me != nil && f.Me.receives }

type receptionPage struct {
	frame
	Ahead   []receptionLine
	Past    []receptionLine
	Form    *dayForm // nil = who is in does not keep the timetable
	Figures *reception.Figures
}

// receptionLine is a day of the timetable.
type receptionLine struct {
	reception.Day
	When, State string
	Sheet       bool // who is in may read it
}

// dayForm is the form of a day.
type dayForm struct {
	D       reception.Day
	Leaders []choice
	Today   string
	Error   string
}

// sheetPage is the sheet of a day.
type sheetPage struct {
	frame
	D       receptionLine
	Rows    []sheetRow
	Keeps   bool // who is in keeps the timetable; else it is their own day
	Begun   bool // who came can be written down
	Form    *dayForm
	Error   string
	Visit   *petition.Filing // what was typed of somebody without an appointment
	Key     string
	Classes []choice
	Places  []choice
	Made    string // number of the case just written down
	Max     int
}

type sheetRow struct {
	reception.Row
	Time, Queue, State string
	Helps              []string
	Title, CaseState   string
	Promise            string // address of the form of what was promised, "" = not by who is in
	Promised           string // what is promised and not kept yet, by its day
}

// maxReceptionForm is how many bytes a form of these pages has.
const maxReceptionForm = 128 << 10

// receptionDays shows the timetable, the past year of it and its figures.
func (d *Door) receptionDays(v *visit) error {
	form := d.newDayForm(v, reception.Day{Time: "09:00", Minutes: 20, Slots: 9, Each: 1, Place: d.Office.Reception.Place})
	return d.showReceptionDays(v, form)
}

func (d *Door) showReceptionDays(v *visit, form *dayForm) error {
	if d.Receptions == nil {
		return d.missing(v)
	}
	now := d.Now()
	today := petition.Day(now)
	own, err := d.Receptions.Days(v.ctx(), v.actor, petition.Day(now.AddDate(-1, 0, 0)), petition.Day(now.AddDate(1, 2, 0)))
	if err != nil {
		return err
	}
	ahead, err := d.Receptions.Timetable(v.ctx())
	if err != nil {
		return err
	}
	keeps := d.Office.KeepsReception(v.actor)
	p := receptionPage{frame: d.inFrame(v, "reception")}
	for _, day := range ahead {
		l := d.receptionLine(v, day)
		l.Sheet = slices.ContainsFunc(own, func(o reception.Day) bool { return o.ID == day.ID })
		p.Ahead = append(p.Ahead, l)
	}
	for _, day := range slices.Backward(own) {
		if day.Date < today {
			p.Past = append(p.Past, d.receptionLine(v, day))
		}
	}
	if keeps {
		p.Form = form
	}
	if keeps || v.actor.Leads() {
		f, err := d.Receptions.Figures(v.ctx(), v.actor, petition.Day(now.AddDate(-1, 0, 1)), today)
		if err != nil {
			return err
		}
		p.Figures = &f
	}
	return d.render(v, "reception", "body", p)
}

func (d *Door) receptionLine(v *visit, day reception.Day) receptionLine {
	l := receptionLine{Day: day, When: v.names.Day(day.Date) + " " + day.At(0).In(zone).Format("15:04") + "–" + day.End().In(zone).Format("15:04")}
	state := string(day.State)
	if day.State == reception.Planned && day.Date < petition.Day(d.Now()) {
		state = "unnoted"
	}
	l.State = v.names.Text("desk.page.reception.state." + state)
	return l
}

func (d *Door) newDayForm(v *visit, day reception.Day) *dayForm {
	f := &dayForm{D: day, Today: petition.Day(d.Now())}
	people, err := d.Roster.People(v.ctx(), "")
	if err != nil {
		d.Log.Warn("desk: leaders not listed", "err", err)
	}
	for _, p := range people {
		if p.Left.IsZero() {
			f.Leaders = append(f.Leaders, choice{p.ID, p.Name + " · " + v.names.Unit(p.Unit), p.ID == day.Staff})
		}
	}
	return f
}

// receptionForm reads a form.
func (d *Door) receptionForm(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxReceptionForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	return nil
}

// dayOf is what the form of a day says.
func dayOf(r *http.Request) reception.Day {
	says := func(key string) string { return strings.TrimSpace(r.PostForm.Get(key)) }
	number := func(key string) int {
		n, _ := strconv.Atoi(says(key)) // 0 is refused by the service
		return n
	}
	day := reception.Day{
		ID: says("id"), Version: int64(number("version")), Leader: says("leader"), Staff: says("staff"), Charge: says("charge"), Date: says("date"), Time: says("time"),
		Minutes: number("minutes"), Slots: number("slots"), Each: number("each"), Place: says("place"), Online: says("online") != "", Link: says("link"),
	}
	return day
}

// putReceptionDay makes a day or changes one.
func (d *Door) putReceptionDay(v *visit) error {
	if d.Receptions == nil {
		return d.missing(v)
	}
	if err := d.receptionForm(v); err != nil {
		return err
	}
	day := dayOf(v.r)
	if len(day.ID) > 40 {
		return petition.Fail(petition.Invalid, "reception.when")
	}
	got, err := d.Receptions.PutDay(v.ctx(), v.actor, day)
	if code := petition.CodeOf(err); err != nil && (code == petition.Invalid || code == petition.Conflict) {
		form := d.newDayForm(v, day)
		form.Error = v.names.Error(err)
		if day.Version > 0 {
			return d.showSheet(v, day.ID, func(p *sheetPage) { p.Form = form })
		}
		return d.showReceptionDays(v, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/reception/"+url.PathEscape(got.ID), http.StatusSeeOther)
	return nil
}

// receptionSheet shows the sheet of a day.
func (d *Door) receptionSheet(v *visit) error {
	return d.showSheet(v, v.r.PathValue("id"), func(p *sheetPage) {
		if number, ok := petition.ParseNumber(v.r.FormValue("visit")); ok {
			p.Made = number
		}
	})
}

func (d *Door) showSheet(v *visit, id string, also func(p *sheetPage)) error {
	if d.Receptions == nil {
		return d.missing(v)
	}
	day, rows, err := d.Receptions.Sheet(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	p := &sheetPage{frame: d.inFrame(v, "reception"), D: d.receptionLine(v, day), Keeps: d.Office.KeepsReception(v.actor), Key: d.NewID(), Max: reception.MaxPeople}
	p.Begun = p.Keeps && day.State != reception.Cancelled && day.Date <= petition.Day(d.Now())
	for _, r := range rows {
		p.Rows = append(p.Rows, d.sheetRow(v, r))
	}
	if p.Keeps && day.State == reception.Planned {
		p.Form = d.newDayForm(v, day)
	}
	p.Visit = &petition.Filing{Class: petition.Claim}
	also(p)
	for _, c := range []petition.Class{petition.Claim, petition.Suggestion, petition.Report} {
		p.Classes = append(p.Classes, choice{string(c), v.names.Class(c), c == p.Visit.Class})
	}
	for _, l := range d.Office.Places {
		p.Places = append(p.Places, choice{l.Code, l.NameIn(v.names.Lang), l.Code == p.Visit.Place.Code})
	}
	return d.render(v, "reception_sheet", "body", *p)
}

func (d *Door) sheetRow(v *visit, r reception.Row) sheetRow {
	l := sheetRow{Row: r, Title: r.Matter, State: v.names.Text("desk.page.reception.who." + string(r.State))}
	if r.Queue > 0 {
		l.Time, l.Queue = r.At.In(zone).Format("15:04"), strconv.Itoa(r.Queue)
	}
	for _, h := range r.Help {
		l.Helps = append(l.Helps, v.names.Text("reception.help."+h))
	}
	if c := r.View; c != nil {
		l.Title, l.CaseState = v.names.Title(c.Item()), v.names.Status(c.Status)
		if slices.Contains(c.Can, petition.MovePromise) {
			l.Promise = "/desk/cases/" + c.Number + "/do/" + string(petition.MovePromise)
		}
		for _, k := range c.Clocks {
			if k.Rule == "promise" && k.State == petition.ClockRunning {
				l.Promised = v.names.Day(k.Due)
			}
		}
	}
	return l
}

// changeReception does what a button of the sheet says.
func (d *Door) changeReception(v *visit) error {
	if d.Receptions == nil {
		return d.missing(v)
	}
	if err := d.receptionForm(v); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	var err error
	switch do := v.r.PostForm.Get("do"); do {
	case "cancel":
		_, err = d.Receptions.Cancel(v.ctx(), v.actor, id, v.r.PostForm.Get("why"))
	case "held":
		_, err = d.Receptions.Hold(v.ctx(), v.actor, id)
	default:
		err = d.Receptions.Note(v.ctx(), v.actor, v.r.PostForm.Get("appointment"), reception.State(do))
	}
	if code := petition.CodeOf(err); err != nil && (code == petition.Invalid || code == petition.Conflict) {
		return d.showSheet(v, id, func(p *sheetPage) { p.Error = v.names.Error(err) })
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/reception/"+url.PathEscape(id), http.StatusSeeOther)
	return nil
}

// writeVisitor writes down who came without an appointment.
func (d *Door) writeVisitor(v *visit) error {
	if d.Receptions == nil {
		return d.missing(v)
	}
	if err := d.receptionForm(v); err != nil {
		return err
	}
	id, f := v.r.PathValue("id"), filing(v, v.r.PostForm.Get)
	if f.Key = v.r.PostForm.Get("key"); f.Key == "" {
		f.Key = d.NewID()
	}
	t, err := d.Receptions.WalkIn(v.ctx(), v.actor, id, f)
	if code := petition.CodeOf(err); err != nil && (code == petition.Invalid || code == petition.Conflict) {
		return d.showSheet(v, id, func(p *sheetPage) { p.Error, p.Visit, p.Key = v.names.Error(err), &f, f.Key })
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/reception/"+url.PathEscape(id)+"?visit="+t.Number, http.StatusSeeOther)
	return nil
}
