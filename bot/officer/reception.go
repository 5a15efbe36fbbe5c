package officer

import (
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition/reception"
)

// The timetable of leaders' reception days: the list, a day planned or changed by one message of
// lines with labels, a day cancelled with why.

// dayLabels are the lines of such a message, each with how it is read and written.
var dayLabels = []struct {
	key  string
	get  func(d reception.Day) string
	into func(d *reception.Day, value string)
}{
	{"leader", func(d reception.Day) string { return d.Leader }, func(d *reception.Day, v string) { d.Leader = v }},
	{"charge", func(d reception.Day) string { return d.Charge }, func(d *reception.Day, v string) { d.Charge = v }},
	{"date", func(d reception.Day) string { return d.Date }, func(d *reception.Day, v string) { d.Date = v }},
	{"time", func(d reception.Day) string { return d.Time }, func(d *reception.Day, v string) { d.Time = v }},
	{"minutes", func(d reception.Day) string { return strconv.Itoa(d.Minutes) }, func(d *reception.Day, v string) { d.Minutes = whole(v) }},
	{"slots", func(d reception.Day) string { return strconv.Itoa(d.Slots) }, func(d *reception.Day, v string) { d.Slots = whole(v) }},
	{"each", func(d reception.Day) string { return strconv.Itoa(d.Each) }, func(d *reception.Day, v string) { d.Each = whole(v) }},
	{"place", func(d reception.Day) string { return d.Place }, func(d *reception.Day, v string) { d.Place = v }},
	{"link", func(d reception.Day) string { return d.Link }, func(d *reception.Day, v string) { d.Link, d.Online = v, v != "" }},
}

// whole reads a number; 0, which the service refuses, where there is none.
func whole(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s))
	return n
}

// receptions lists the days.
func (t *step) receptions() {
	switch {
	case t.inGroup():
		t.say(t.text("desk.private_only"))
	case !t.conv.office.KeepsReception(t.e.Officer.Actor()):
		t.say(t.text("reception.who"))
	default:
		t.closeQuestion()
		t.s.Case = ""
		t.do("rdays", bot.Effect{Reception: &bot.ReceptionQuery{Want: bot.ReceptionDays}})
	}
}

func (t *step) pressReception(action, arg string) {
	switch {
	case t.inGroup():
		t.say(t.text("desk.private_only"))
	case action == "rcancel":
		t.openQuestion("rcancel")
		t.s.Key = arg
		t.askReceptionWhy()
	case arg == "":
		t.openQuestion("rday")
		t.s.Key = ""
		t.askReceptionDay(reception.Day{Time: "09:00", Minutes: 20, Slots: 9, Each: 1, Place: t.conv.office.Reception.Place})
	default:
		t.do("rload:"+arg, bot.Effect{Reception: &bot.ReceptionQuery{Want: bot.ReceptionDays}})
	}
}

// receptionAnswered says what a query came to.
func (t *step) receptionAnswered(kind, arg string, o *bot.Outcome) {
	switch {
	case o.Reception == nil:
		t.menu()
	case kind == "rdays":
		t.listReceptions(o.Reception.Days)
	case kind == "rload":
		for _, d := range o.Reception.Days {
			if d.ID == arg {
				t.openQuestion("rday")
				t.s.Key = strings.Join([]string{d.ID, strconv.FormatInt(d.Version, 10), d.Staff}, ":") // whose account it is, is chosen at the desk
				t.askReceptionDay(d)
				return
			}
		}
		t.say(t.text("reception.none"))
	case o.Reception.Day != nil:
		t.closeQuestion()
		t.s.Key = ""
		d := *o.Reception.Day
		t.say(t.text("desk.reception.done."+string(d.State))+"\n"+t.receptionLine(d), t.receptionButtons(d))
	}
}

func (t *step) listReceptions(days []reception.Day) {
	lines := []string{t.text("desk.reception.head")}
	var rows [][]bot.Button
	for _, d := range days[:min(len(days), maxReceptions)] {
		lines = append(lines, t.receptionLine(d))
		if d.State == reception.Planned {
			rows = append(rows, t.receptionButtons(d))
		}
	}
	if len(days) == 0 {
		lines = append(lines, t.text("desk.page.reception.none"))
	}
	t.say(strings.Join(lines, "\n"), append(rows, []bot.Button{t.link(t.text("desk.page.reception.new"), "rday"), t.link(t.text("desk.button.menu"), "menu")})...)
}

// maxReceptions is how many days the list says.
const maxReceptions = 12

func (t *step) receptionLine(d reception.Day) string {
	return t.text("desk.reception.day", "Day", t.names().Day(d.Date), "From", d.Time, "Leader", d.Leader, "Charge", d.Charge, "Place", d.Place,
		"Online", d.Online, "Booked", d.Booked, "Seats", d.Seats(), "State", string(d.State), "Why", d.Why)
}

func (t *step) receptionButtons(d reception.Day) []bot.Button {
	if d.State != reception.Planned {
		return []bot.Button{t.link(t.text("desk.page.reception"), "rdays")}
	}
	day := t.names().Day(d.Date)
	return []bot.Button{t.link(t.text("desk.reception.edit", "Day", day), "rday:"+d.ID), t.link(t.text("desk.reception.cancel", "Day", day), "rcancel:"+d.ID)}
}

// askReceptionDay shows the lines of a day, to be sent back filled in.
func (t *step) askReceptionDay(d reception.Day) {
	lines := []string{t.text("desk.reception.ask")}
	for _, l := range dayLabels {
		lines = append(lines, t.text("desk.reception.label."+l.key)+"："+l.get(d))
	}
	t.say(strings.Join(lines, "\n"), []bot.Button{t.btn(t.text("desk.button.leave"), "leave")})
}

func (t *step) askReceptionWhy() {
	t.say(t.text("desk.reception.why"), []bot.Button{t.btn(t.text("desk.button.leave"), "leave")})
}

// receptionDaySaid reads the lines. Labels count in the language that they were asked in.
func (t *step) receptionDaySaid() {
	var d reception.Day
	if part := strings.SplitN(t.s.Key, ":", 3); len(part) == 3 {
		d.ID, d.Version, d.Staff = part[0], int64(whole(part[1])), part[2]
	}
	read := 0
	for line := range strings.Lines(t.e.Text) {
		label, value, ok := strings.Cut(strings.Replace(strings.TrimSpace(line), "：", ":", 1), ":")
		for _, l := range dayLabels {
			if ok && strings.EqualFold(seen(strings.TrimSpace(label)), seen(t.text("desk.reception.label."+l.key))) {
				l.into(&d, strings.TrimSpace(value))
				read++
			}
		}
	}
	if read < 3 {
		t.say(t.text("desk.reception.unread"))
		return
	}
	t.do("rput", bot.Effect{Reception: &bot.ReceptionQuery{Want: bot.ReceptionPut, Put: &d}})
}

func (t *step) receptionWhySaid() {
	t.do("rput", bot.Effect{Reception: &bot.ReceptionQuery{Want: bot.ReceptionCancel, Day: t.s.Key, Why: t.e.Text}})
}

func (t *step) receptionPress(action string) bool {
	if action != "leave" {
		return false
	}
	t.closeQuestion()
	t.s.Key = ""
	t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	return true
}
