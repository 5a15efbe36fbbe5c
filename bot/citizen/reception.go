package citizen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/reception"
)

// Leaders' reception days: the timetable, and an appointment for a case in two presses. Its buttons
// never become stale: the service answers what is there when they are pressed.

// receptionRow offers a time with a leader for a case; none for a report on misconduct, which its
// named officers receive.
func (t *step) receptionRow(number string, class petition.Class) [][]bot.Button {
	if !t.conv.set.Reception || class == petition.Report {
		return nil
	}
	return [][]bot.Button{{t.link("reception.book", "receive:"+number)}}
}

func (t *step) receptionTimetable() {
	t.reception("timetable", bot.ReceptionQuery{Want: bot.ReceptionTimetable})
}

// reception asks something of the reception days.
func (t *step) reception(kind string, q bot.ReceptionQuery) {
	q.Lang = t.s.Lang
	if q.Number != "" {
		q.Code = t.codeOf(q.Number)
		t.set("reception", q.Number)
	}
	t.do("reception-"+kind, bot.Effect{Reception: &q})
}

// pressReception does the buttons. The data of those about a time is <day>:<slot>:<number>.
func (t *step) pressReception(action, arg string) bool {
	parts := strings.Split(arg, ":")
	number, ok := petition.ParseNumber(parts[len(parts)-1])
	if !ok {
		return false
	}
	q := bot.ReceptionQuery{Number: number}
	switch {
	case action == "receive":
		q.Want = bot.ReceptionOffers
	case action == "remove":
		q.Want = bot.ReceptionOffers
	case action == "unbook":
		q.Want = bot.ReceptionBack
	case action == "rpeople" && len(parts) == 1:
		t.askReceptionPeople(number)
		return true
	case len(parts) == 2 && action == "rpeople":
		q.Want, q.People = bot.ReceptionTell, atoi(parts[0])
	case len(parts) == 2 && action == "rhelp":
		q.Want, q.Help = bot.ReceptionTell, parts[0]
	case len(parts) == 3 && action == "rt":
		q.Want, q.Day = bot.ReceptionTimes, parts[0]
		action += parts[1]
	case len(parts) == 3 && action == "book":
		q.Want, q.Day, q.Slot = bot.ReceptionBook, parts[0], atoi(parts[1])
	case len(parts) == 3 && action == "rbk":
		q.Want, q.Day, q.Slot = bot.ReceptionMove, parts[0], atoi(parts[1])
	default:
		return false
	}
	t.reception(action, q)
	return true
}

func (t *step) askReceptionPeople(number string) {
	var row []bot.Button
	for n := 1; n <= reception.MaxPeople; n++ {
		row = append(row, bot.Button{Text: itoa(n), Data: "0:rpeople:" + itoa(n) + ":" + number})
	}
	t.say(t.text("reception.people.ask", "Max", reception.MaxPeople), row)
	t.again()
}

// receptionAnswered says what a query came to.
func (t *step) receptionAnswered(kind string, o *bot.Outcome) {
	number := t.get("reception")
	t.set("reception", "")
	switch {
	case o.Err != nil && o.Err.Key == "reception.no_booking" && kind == "unbook": // done by the same press before
		t.say(t.text("reception.back.none"))
	case o.Err != nil && o.Err.Key == "reception.has":
		t.reception("receive", bot.ReceptionQuery{Want: bot.ReceptionOffers, Number: number})
		return
	case o.Err != nil || o.Reception == nil:
		t.noteText(t.sorry(o.Err))
		t.flush()
	case kind == "timetable":
		t.timetable(o.Reception.Days)
	case kind == "receive" && o.Reception.Booking != nil:
		t.booked("reception.have", *o.Reception.Booking)
	case kind == "receive":
		t.offers("book", "reception.offers", number, o.Reception.Offers)
	case kind == "remove" && o.Reception.Booking == nil:
		t.offers("book", "reception.offers", number, o.Reception.Offers)
	case kind == "remove":
		t.offers("rbk", "reception.move", number, o.Reception.Offers)
	case strings.HasPrefix(kind, "rt"):
		t.receptionTimes(strings.TrimPrefix(kind, "rt"), number, o.Reception.Offers)
	case o.Reception.Booking == nil:
		t.noteText(t.sorry(nil))
		t.flush()
	case kind == "unbook":
		t.say(t.text("reception.back", t.bookingArgs(*o.Reception.Booking)...), t.receptionRow(number, "")...)
	default:
		b := *o.Reception.Booking
		if !b.Asked {
			t.note("reception.next")
		}
		t.booked(map[string]string{"book": "reception.booked", "rbk": "reception.moved"}[kind], b)
	}
	t.again()
}

// timetable says when who receives.
func (t *step) timetable(days []reception.Day) {
	if len(days) == 0 {
		t.say(t.text("reception.none_planned", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang)), t.homeRows()...)
		return
	}
	lines := []string{t.text("reception.timetable")}
	for _, d := range days[:min(len(days), maxDaysSaid)] {
		lines = append(lines, t.dayLine(d))
	}
	var rows [][]bot.Button
	if t.s.Case != "" && t.s.State == bot.Looking {
		rows = t.receptionRow(t.s.Case, "")
	}
	if len(rows) == 0 {
		lines = append(lines, t.text("reception.first"))
		rows = t.homeRows()
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

// maxDaysSaid is how many days of the timetable are said in a chat.
const maxDaysSaid = 12

func (t *step) dayLine(d reception.Day) string {
	key := "reception.day"
	if d.State == reception.Cancelled {
		key = "reception.day.cancelled"
	}
	return t.text(key, "Day", t.day(d.Date), "From", clock(d.At(0)), "To", clock(d.End()), "Leader", d.Leader, "Charge", d.Charge,
		"Place", d.Place, "Online", d.Online, "Left", d.Seats()-d.Booked, "Why", d.Why)
}

func clock(at time.Time) string { return at.In(zone).Format("15:04") }

// offers offers the first free time of the next days, and the other times of each.
func (t *step) offers(action, key, number string, all []reception.Offer) {
	if len(all) == 0 {
		t.say(t.text("reception.full", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang)))
		return
	}
	t.say(t.text(key, "Number", number), t.offerRows(action, number, all)...)
}

func (t *step) offerRows(action, number string, all []reception.Offer) (rows [][]bot.Button) {
	for _, o := range all {
		row := []bot.Button{{Text: clip(t.shortDay(o.Day.Date)+" "+clock(o.At)+" "+o.Day.Leader, 40), Data: "0:" + action + ":" + o.Day.ID + ":" + itoa(o.Slot) + ":" + number}}
		if o.Left > 1 {
			row = append(row, t.link("reception.times", "rt:"+o.Day.ID+":"+action+":"+number))
		}
		rows = append(rows, row)
	}
	return rows
}

// receptionTimes offers the free times of a day.
func (t *step) receptionTimes(action, number string, all []reception.Offer) {
	if len(all) == 0 {
		t.say(t.text("reception.full", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang)))
		return
	}
	var buttons []bot.Button
	for _, o := range all[:min(len(all), maxTimes)] {
		buttons = append(buttons, bot.Button{Text: clock(o.At), Data: "0:" + action + ":" + o.Day.ID + ":" + itoa(o.Slot) + ":" + number})
	}
	d := all[0].Day
	t.say(t.text("reception.times.ask", "Day", t.day(d.Date), "Leader", d.Leader), slices.Collect(slices.Chunk(buttons, 4))...)
}

// maxTimes is how many times of a day are offered at once.
const maxTimes = 24

// booked says what is booked: when, where, what to bring, what rights there are. key "" = what
// they told us was noted.
func (t *step) booked(key string, b reception.Booking) {
	args := t.bookingArgs(b)
	lines := []string{t.text(cmp.Or(key, "reception.noted"), args...), t.text("reception.where", args...)}
	if key == "reception.booked" {
		lines = append(lines, t.text("reception.bring", args...), t.text("reception.rights", "Max", reception.MaxPeople))
	}
	if b.Appointment.Owner == "" {
		lines = append(lines, t.text("reception.unreminded"))
	}
	t.say(strings.Join(lines, "\n"), t.bookingRows(b)...)
}

func (t *step) bookingArgs(b reception.Booking) []any {
	var help []string
	for _, h := range b.Appointment.Help {
		help = append(help, t.text("reception.help."+h))
	}
	day, time := "", ""
	if !b.At.IsZero() {
		day, time = t.moment(b.At), clock(b.At)
	}
	return []any{
		"Number", b.Appointment.Number, "Day", day, "Time", time, "Leader", b.Day.Leader, "Queue", b.Queue, "Place", b.Day.Place, "Online", b.Day.Online,
		"Link", b.Day.Link, "People", b.Appointment.People, "Help", strings.Join(help, t.text("reception.and")), "Why", b.Day.Why,
	}
}

func (t *step) bookingRows(b reception.Booking) [][]bot.Button {
	number := b.Appointment.Number
	rows := [][]bot.Button{{t.link("reception.change", "remove:"+number), t.link("reception.giveback", "unbook:"+number), t.link("reception.people", "rpeople:"+number)}}
	var helps []bot.Button
	for _, h := range reception.Helps() {
		mark, text := "", t.text("reception.help."+h)
		if slices.Contains(b.Appointment.Help, h) {
			mark, text = "-", t.text("reception.help.off", "Help", text)
		}
		helps = append(helps, bot.Button{Text: clip(text, 40), Data: "0:rhelp:" + mark + h + ":" + number})
	}
	return append(rows, helps)
}

// receptionNotice reminds of an appointment, or tells that its day is another or cancelled. It
// disturbs no open question: that is asked again.
func (t *step) receptionNotice(n *reception.Notice) {
	t.initSession(n.Booking.Appointment.Lang)
	b, args := n.Booking, t.bookingArgs(n.Booking)
	number := b.Appointment.Number
	if b.Appointment.Say == reception.SayCancelled {
		text := t.text("reception.cancelled", append(args, "On", t.day(b.Day.Date))...)
		if len(n.Offers) == 0 {
			t.say(text + "\n" + t.text("reception.full", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang)))
		} else {
			t.say(text+"\n"+t.text("reception.offers.next"), t.offerRows("book", number, n.Offers)...)
		}
		t.again()
		return
	}
	t.say(t.text("reception.remind."+b.Appointment.Say, args...)+"\n"+t.text("reception.where", args...),
		[]bot.Button{t.link("reception.change", "remove:"+number), t.link("reception.giveback", "unbook:"+number)})
	t.again()
}
