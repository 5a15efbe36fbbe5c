package officer

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// Disputes in an officer's own chat: one message reports one, a list shows those of the unit, and each
// move is asked for field by field from the table of moves of mediation.

// disputes lists what is open.
func (t *step) disputes() {
	if t.inGroup() {
		t.say(t.text("desk.papers.private"))
		return
	}
	t.closeQuestion()
	t.do("dispute-list", bot.Effect{Dispute: &bot.DisputeQuery{List: true}})
}

// dispute shows the one of a number, or takes words as a report.
func (t *step) dispute(text string) {
	if t.inGroup() {
		t.say(t.text("desk.papers.private"))
		return
	}
	t.closeQuestion()
	if number, ok := mediation.FindNumber(text); ok {
		t.do("dispute-look", bot.Effect{Dispute: &bot.DisputeQuery{Look: number}})
		return
	}
	t.openQuestion("dispute")
	t.s.Reporting = &mediation.Report{Lang: t.lang}
	if strings.TrimSpace(text) != "" {
		t.disputeSaid(text)
		return
	}
	t.askDispute()
}

// beginDispute begins a move, "match:TJ-…".
func (t *step) beginDispute(arg string) {
	name, number, _ := strings.Cut(arg, ":")
	t.closeQuestion()
	if _, err := mediation.SpecOf(mediation.MoveName(name)); err != nil || t.inGroup() {
		t.menu()
		return
	}
	t.openQuestion("dispute")
	t.s.Dispute, t.s.Settling, t.s.Field = number, &mediation.Move{Name: mediation.MoveName(name), Args: map[string]string{}}, 0
	t.lookAtDispute()
}

// lookAtDispute reads the dispute for the next question: what can be chosen depends on it.
func (t *step) lookAtDispute() {
	t.do("dispute-field", bot.Effect{Dispute: &bot.DisputeQuery{Look: t.s.Dispute}})
}

// askDispute puts the open question once more.
func (t *step) askDispute() {
	leave := []bot.Button{t.btn(t.text("desk.button.leave"), "leave")}
	switch {
	case t.s.Settling != nil:
		t.lookAtDispute()
	case t.s.Reporting != nil && t.s.Reporting.Words == "":
		t.say(t.text("desk.dispute.tell"), leave)
	case t.s.Reporting != nil:
		t.readBack()
	default:
		t.menu()
	}
}

// disputeSaid takes words: of a report, or for the open field.
func (t *step) disputeSaid(text string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		t.askDispute()
	case t.s.Settling != nil:
		t.answerField(text)
	case t.s.Reporting != nil:
		t.s.Reporting.Words = strings.TrimSpace(t.s.Reporting.Words + "\n" + text)
		t.do("dispute-read", bot.Effect{Read: &bot.Read{Text: t.s.Reporting.Words, Lang: t.lang}})
	default:
		t.menu()
	}
}

// readBack shows what was understood of a report, with the one press that sends it.
func (t *step) readBack() {
	r, n := t.s.Reporting, t.names()
	d := mediation.Dispute{Place: r.Place, Village: r.Village}
	t.s.Step++
	t.say(t.text("desk.dispute.card", "Words", r.Words, "Place", n.DisputePlace(d), "Kind", n.DisputeKind(r.Kind)),
		[]bot.Button{t.btn(t.text("desk.dispute.report"), "report")}, []bot.Button{t.btn(t.text("desk.dispute.danger"), "danger"), t.btn(t.text("desk.button.leave"), "leave")})
}

func (t *step) disputePress(action, arg string) bool {
	switch {
	case action == "leave":
		t.closeQuestion()
		t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.disputes"), "disputes")})
	case action == "is" && t.s.Settling != nil:
		t.answerField(arg)
	case t.s.Reporting == nil || t.s.Reporting.Words == "":
		return false
	case action == "danger":
		var rows [][]bot.Button
		t.s.Step++
		for _, u := range petition.Urgencies() {
			rows = append(rows, []bot.Button{t.btn(t.names().Urgency(u), "urgent:"+string(u))})
		}
		t.say(t.text("desk.dispute.which_danger"), rows...)
	case action == "urgent" || action == "report":
		t.s.Reporting.Urgency = petition.Urgency(arg)
		t.do("dispute-reported", bot.Effect{Dispute: &bot.DisputeQuery{Report: t.s.Reporting}})
	default:
		return false
	}
	return true
}

// answerField keeps an answer and goes on.
func (t *step) answerField(value string) {
	row, err := mediation.SpecOf(t.s.Settling.Name)
	if err != nil || t.s.Field >= len(row.Fields) {
		t.menu()
		return
	}
	f := row.Fields[t.s.Field]
	if f.Optional && value == skipWord {
		value = ""
	}
	if err := mediation.Check(row.Name, f, value); err != nil {
		t.say(t.names().Error(err))
		t.lookAtDispute()
		return
	}
	m := mediation.Move{Name: t.s.Settling.Name, Args: map[string]string{}}
	for key, v := range t.s.Settling.Args {
		m.Args[key] = v
	}
	m.Args[f.Key] = value
	t.s.Settling = &m
	t.s.Field++
	t.lookAtDispute()
}

// skipWord leaves an optional field empty.
const skipWord = "-"

// disputeAnswered goes on with what an effect yielded.
func (t *step) disputeAnswered(kind string, o *bot.Outcome) {
	if o.Err != nil && kind != "read" {
		t.disputeFailed(kind, o.Err)
		return
	}
	switch {
	case kind == "read":
		t.disputeRead(o.Reading)
		return
	case kind == "list":
		t.disputeList(o.Disputes)
		return
	case len(o.Disputes) == 0:
		t.menu()
		return
	}
	switch kind {
	case "field":
		t.nextField(o.Disputes[0])
	case "look":
		t.showDispute(o.Disputes[0])
	case "reported", "made":
		t.closeQuestion()
		t.say(t.text("desk.dispute.done"))
		t.showDispute(o.Disputes[0])
	}
}

// disputeFailed says why not. A refused answer is asked for again.
func (t *step) disputeFailed(kind string, err *petition.Error) {
	text := t.names().Error(err)
	if kind == "made" && t.s.Settling != nil && err.Code == petition.Invalid {
		t.s.Step++
		t.s.Field = max(0, t.s.Field-1)
		t.say(text)
		t.lookAtDispute()
		return
	}
	t.closeQuestion()
	t.say(text, []bot.Button{t.link(t.text("desk.button.disputes"), "disputes")})
}

func (t *step) disputeRead(r *bot.Reading) {
	if t.s.Reporting == nil {
		return
	}
	report, o, subject := *t.s.Reporting, t.conv.office, ""
	if r != nil {
		if r.Place.Conf >= surePlace {
			report.Place.Code = r.Place.Value
		}
		subject = r.Subject.Value
	}
	report.Village, report.Kind = o.VillageIn(report.Place.Code, report.Words), o.KindOfDispute(report.Words, subject)
	t.s.Reporting = &report
	t.readBack()
}

// surePlace is how sure the reader must be of a place.
const surePlace = 0.6

func (t *step) disputeList(all []mediation.Dispute) {
	if len(all) == 0 {
		t.say(t.text("desk.dispute.none"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
		return
	}
	n, lines, rows := t.names(), []string{t.text("desk.dispute.list", "Count", len(all))}, [][]bot.Button{}
	for _, d := range all {
		lines = append(lines, t.text("desk.dispute.line", "Number", d.Number, "Status", n.DisputeStatus(d.Status), "Words", naming.Clip(strings.Join(strings.Fields(d.Words), " "), 30), "Next", t.due(&d)))
		rows = append(rows, []bot.Button{t.link(d.Number, "dispute:"+d.Number)})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

// due is by when the next thing is to be done, "" for none.
func (t *step) due(d *mediation.Dispute) string {
	if next := d.NextDay(t.conv.office); next != "" {
		return t.names().Day(next)
	}
	return ""
}

// showDispute is the card of a dispute with what can be done.
func (t *step) showDispute(d mediation.Dispute) {
	n := t.names()
	lines := []string{
		t.text("desk.dispute.head", "Number", d.Number, "Status", n.DisputeStatus(d.Status), "Next", t.due(&d)),
		t.text("desk.dispute.facts", "Place", n.DisputePlace(d), "Kind", n.DisputeKind(d.Kind), "A", n.Party(d, mediation.PartyA), "B", n.Party(d, mediation.PartyB), "Mediator", n.Mediator(d.Mediator)),
		naming.Clip(d.Words, 600),
	}
	if a := d.Agreement; a != nil {
		lines = append(lines, naming.Clip(a.Terms, 400))
		for _, p := range a.Promises {
			lines = append(lines, n.Party(d, p.Party)+" "+n.Promise(p)+" "+naming.Clip(p.Words, 80))
		}
		if a.Confirmation == "" && d.Status == mediation.Agreed {
			lines = append(lines, n.Text("desk.page.dispute.confirm", "Day", n.Day(a.ConfirmUntil)))
		}
	}
	if d.Handed != nil {
		lines = append(lines, n.Text("desk.page.dispute.handed", "To", n.DisputeChoice(d.Handed.To))+" "+d.Handed.Case)
	}
	if d.Status == mediation.Refused || d.Status == mediation.Unsettled {
		lines = append(lines, n.OtherWays())
	}
	var rows [][]bot.Button
	if t.e.Officer != nil && t.e.Officer.Unit == d.Unit && t.conv.office.WorksDisputes(t.e.Officer.Actor()) {
		for pair := range slices.Chunk(d.Can(t.conv.office), 2) {
			var row []bot.Button
			for _, s := range pair {
				row = append(row, t.link(n.DisputeMove(s.Name), "settle:"+string(s.Name)+":"+d.Number))
			}
			rows = append(rows, row)
		}
	}
	t.say(strings.Join(lines, "\n"), append(rows, []bot.Button{t.link(t.text("desk.button.disputes"), "disputes")})...)
}

// nextField asks for the open field, or makes the move after the last one.
func (t *step) nextField(d mediation.Dispute) {
	m := t.s.Settling
	if m == nil {
		t.showDispute(d)
		return
	}
	row, err := mediation.SpecOf(m.Name)
	if err != nil {
		t.menu()
		return
	}
	if t.s.Field >= len(row.Fields) {
		t.do("dispute-made", bot.Effect{Dispute: &bot.DisputeQuery{Number: d.Number, Move: m, Seen: len(d.Log)}})
		return
	}
	f, n := row.Fields[t.s.Field], t.names()
	t.s.Step++
	var rows [][]bot.Button
	for _, value := range d.Options(t.conv.office, f) {
		rows = append(rows, []bot.Button{t.btn(n.DisputeOption(d, f, value), "is:"+value)})
	}
	text := n.DisputeField(m.Name, f.Key)
	if f.Optional {
		rows = append(rows, []bot.Button{t.btn(t.text("desk.dispute.skip"), "is:"+skipWord)})
	}
	if f.Key == "text" && m.Name == mediation.MoveStep {
		text += t.form(m.Args["step"])
	}
	t.say(text, append(rows, []bot.Button{t.btn(t.text("desk.button.leave"), "leave")})...)
}

// form are the questions of a step of the office's method, a line each.
func (t *step) form(code string) (text string) {
	for _, s := range t.conv.office.Disputes.Method {
		if s.Code == code {
			for i, q := range s.Form {
				text += "\n" + strconv.Itoa(i+1) + ". " + q
			}
		}
	}
	return text
}

// disputeNews tells of a dispute that came in, or of a promise that falls due.
func (t *step) disputeNews(news *mediation.News) {
	if t.e.Officer == nil {
		return
	}
	key, args := "desk.dispute.new", []any{"Number", news.Dispute.Number, "Words", naming.Clip(news.Dispute.Words, 200)}
	if p := news.Promise; p != nil {
		key = "desk.dispute.promise"
		args = append(args, "Day", t.names().Day(p.Due), "Party", t.names().Party(news.Dispute, p.Party), "Promise", p.Words)
	}
	t.say(t.text(key, args...), []bot.Button{t.link(news.Dispute.Number, "dispute:"+news.Dispute.Number)})
}
