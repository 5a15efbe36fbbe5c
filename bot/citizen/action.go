package citizen

import (
	"cmp"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// actions are what a citizen can do with a petition. State "" needs no question: the
// move is made at once.
var actions = map[petition.MoveName]bot.State{
	petition.MoveSupplement: stateSupplement,
	petition.MoveWithdraw:   stateWithdraw,
	petition.MoveNudge:      "",
	petition.MoveRate:       stateRateOffice,
	petition.MoveSettle:     stateSettle,
	petition.MoveReview:     stateAppeal,
	petition.MoveRereview:   stateAppeal,
	petition.MoveReopen:     stateReopen,
	petition.MoveReceive:    "",
}

func actionStates() map[bot.State]state {
	after := []bot.State{bot.Looking}
	return map[bot.State]state{
		stateSupplement: {action: true, ask: askSupplement, press: pressSupplement, text: supplementText, media: supplementMedia, location: supplementPlace, next: after},
		stateWithdraw:   {action: true, ask: askWithdraw, press: pressWithdraw, next: after},
		stateRateOffice: {action: true, ask: askRateOffice, press: pressRateOffice, next: []bot.State{stateRateUnit, bot.Looking}},
		stateRateUnit:   {action: true, ask: askRateUnit, press: pressRateUnit, next: after},
		stateSettle:     {action: true, ask: askSettle, press: pressSettle, next: after},
		stateBody:       {action: true, ask: askBody, press: pressBody, text: bodyText, next: []bot.State{stateAppeal, bot.Looking}},
		stateAppeal:     {action: true, ask: askAppeal, press: pressReason, text: appealText, free: true, next: after},
		stateReopen:     {action: true, ask: askReopen, press: pressReason, text: reopenText, free: true, next: after},
		stateTellTo:     {action: true, ask: askTellTo, press: pressTellTo, text: tellToText, contact: tellToCard, next: []bot.State{bot.Home, bot.Looking}},
		stateForget:     {action: true, ask: askForget, press: pressForget, next: []bot.State{bot.Home, bot.Looking}},
	}
}

// begin opens an action on a petition. Unless it is known to be possible, the case is looked
// up first: nobody shall write a page for a move that is refused.
func (t *step) begin(m petition.MoveName, number string) bool {
	st, ok := actions[m]
	if !ok || number == "" {
		return false
	}
	if st != "" && !t.allows(number, m) {
		t.lookFirst(m, number)
		return true
	}
	t.openAction(m, number, st)
	return true
}

// lookFirst looks a case up for an action on it.
func (t *step) lookFirst(m petition.MoveName, number string) {
	t.set("seek", number)
	t.do("begin-"+string(m), bot.Effect{Look: &bot.Look{Number: number, Code: t.codeOf(number)}})
}

// allows reports that a case was last seen to allow a move.
func (t *step) allows(number string, m petition.MoveName) bool {
	return t.get("can_for") == number && slices.Contains(strings.Fields(t.get("can")), string(m))
}

// begun opens the action if the case allows it, else shows what it allows.
func (t *step) begun(m petition.MoveName, o *bot.Outcome) {
	if o.View == nil || !slices.Contains(o.View.Can, m) {
		t.set("reason", "")
	}
	switch {
	case o.View == nil:
		t.caseLooked("own", o)
	case slices.Contains(o.View.Can, m):
		t.noteView(o.View)
		t.openAction(m, o.View.Number, actions[m])
	case o.View.ByCode && filersOnly(m):
		t.noteText(t.sorry(petition.Fail(petition.Forbidden, "move.by_code", "Unit", t.unitOf(o.View), "Phone", t.phoneOf(o.View.Unit))))
		t.show(o.View)
	default:
		t.note("move.status")
		t.show(o.View)
	}
}

// filersOnly reports a move that number and query code do not allow.
func filersOnly(m petition.MoveName) bool {
	rows, err := petition.SpecsOf(m)
	return err == nil && slices.ContainsFunc(rows, func(s petition.MoveSpec) bool {
		return slices.ContainsFunc(s.Who, func(w petition.Who) bool { return w.Role == petition.Filer })
	})
}

// phoneOf is a unit's telephone, or the office's; "" where neither is known.
func (t *step) phoneOf(unit string) string {
	u, _ := t.conv.office.Find(unit)
	return cmp.Or(u.Phone, t.conv.office.Phone)
}

func (t *step) openAction(m petition.MoveName, number string, st bot.State) {
	if st == "" {
		t.move(number, petition.Move{Name: m})
		return
	}
	if n := t.s.Note; n != nil && (n.Text != "" || len(n.Files) > 0) {
		t.note("supplement.dropped", "Number", t.s.Case)
	}
	t.s.Case, t.s.Note = number, nil
	t.set("move", string(m))
	t.set("body", "")
	if st == stateAppeal && len(t.reviewBodies()) > 1 {
		st = stateBody
	}
	t.interrupt(st)
}

// move asks for a move on a case.
func (t *step) move(number string, m petition.Move) {
	m.Code = t.codeOf(number)
	t.do("move-"+string(m.Name), bot.Effect{Do: &bot.Do{Number: number, Move: m}})
}

// moved tells what a move came to. A move that is done later, when the service is
// back, is told, and the question open by then stays open.
func (t *step) moved(name petition.MoveName, tag string, o *bot.Outcome) {
	here := tag == itoa(t.s.Step) && t.state().action
	if here && t.chooseBody(name, o) {
		return
	}
	if here {
		t.s.Note = nil
	}
	switch {
	case o.View != nil:
		t.noteView(o.View)
		t.note("done."+string(name), "Unit", t.unitOf(o.View))
		t.say(t.shortView(o.View), t.caseRows(o.View)...)
	case o.Pending:
		t.note("move.pending")
	default:
		t.noteText(t.sorry(o.Err))
	}
	switch {
	case here:
		t.resumeQuestion()
		t.offerCase()
	case t.state().idle && o.View != nil:
		t.s.Case = o.View.Number
		t.wait(bot.Looking)
	default:
		t.offerCase()
		t.again()
	}
}

// offerCase offers the case again after an action that ended without showing it.
func (t *step) offerCase() {
	if t.s.State == bot.Looking && len(t.notes) > 0 {
		t.say(t.text("looking", "Number", t.s.Case), t.caseRow(t.s.Case))
	}
}

func (t *step) shortView(v *petition.View) string {
	line := t.text("view.short", "Number", v.Number, "Status", t.text("status."+string(v.Status)))
	if due := t.dueLine(v.Item()); due != "" {
		line += "\n" + due
	}
	return line
}

func (t *step) leave(action string) bool {
	if action != "leave" {
		return false
	}
	t.s.Note = nil
	t.note("leave.done")
	t.resumeQuestion()
	t.flush()
	return true
}

func askSupplement(t *step) {
	n := t.s.Note
	if n == nil || n.Text == "" && len(n.Files) == 0 {
		t.say(t.text("supplement.ask", "Number", t.s.Case), []bot.Button{t.btn("button.leave", "leave")})
		return
	}
	t.say(t.text("supplement.have", "Number", t.s.Case, "Words", len([]rune(n.Text)), "Files", len(n.Files)),
		[]bot.Button{t.mainBtn("supplement.send", "send"), t.btn("button.leave", "leave")})
}

// addNote gathers words and files of the event for a supplement.
func (t *step) addNote() {
	if t.s.Note == nil {
		t.s.Note = &bot.Note{}
	}
	t.gather(t.s.Note)
}

// gather adds words and files of the event to a note.
func (t *step) gather(n *bot.Note) {
	if lettersIn(t.e.Text) > 0 {
		text, cut := truncate(strings.TrimPrefix(n.Text+"\n"+t.e.Text, "\n"), maxFacts)
		n.Text = text
		if cut {
			t.note("story.long", "Max", maxFacts)
		}
	}
	n.Files = t.addAttachments(n.Files)
}

func supplementText(t *step) bool {
	if lettersIn(t.e.Text) == 0 {
		return false
	}
	t.addNote()
	t.ask()
	return true
}

func supplementMedia(t *step) bool {
	t.addNote()
	t.ask()
	return true
}

func supplementPlace(t *step) bool {
	l := t.e.Location
	t.e.Text = strings.TrimSpace(t.text("supplement.point", "Lat", l.Lat, "Lon", l.Lon, "Name", clip(l.Name, maxField)))
	return supplementText(t)
}

func pressSupplement(t *step, action, _ string) bool {
	n := t.s.Note
	if action != "send" || n == nil {
		return t.leave(action)
	}
	t.move(t.s.Case, petition.Move{Name: petition.MoveSupplement, Text: n.Text, Files: n.Files})
	return true
}

func askWithdraw(t *step) {
	t.say(t.text("withdraw.ask", "Number", t.s.Case), []bot.Button{t.btn("withdraw.yes", "yes"), t.btn("withdraw.no", "leave")})
}

func pressWithdraw(t *step, action, _ string) bool {
	if action != "yes" {
		return t.leave(action)
	}
	t.move(t.s.Case, petition.Move{Name: petition.MoveWithdraw})
	return true
}

func askReopen(t *step) {
	t.say(t.text("reopen.ask", "Number", t.s.Case), t.reasonRow())
}

func (t *step) reasonRow() []bot.Button {
	row := []bot.Button{t.btn("button.leave", "leave")}
	if t.get("asked") != "" {
		row = append([]bot.Button{t.btn("button.mine", "mine")}, row...)
	}
	return row
}

func pressReason(t *step, action, _ string) bool {
	if action == "mine" && t.get("asked") != "" {
		t.e.Text = t.get("asked")
		t.set("asked", "")
		return t.state().text(t)
	}
	t.set("asked", "")
	return t.leave(action)
}

func reopenText(t *step) bool {
	text, ok := t.answerText(maxFacts)
	if !ok {
		return false
	}
	t.move(t.s.Case, petition.Move{Name: petition.MoveReopen, Text: text})
	return true
}
