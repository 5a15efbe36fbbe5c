package citizen

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// What follows words from the office is the answer to them. It goes to the case by itself
// after replyHeld seconds; until then one press takes it back, and no officer has been told.

// replyHeld is how long an answer can be taken back, in seconds.
const replyHeld = 60

// replyValid is how long after words from the office what is written counts as the answer.
const replyValid = 14 * 24 * time.Hour

// officeSpoke remembers that the office told something that can be answered.
func (t *step) officeSpoke(n *petition.Notice) {
	if n.Entry.By == "citizen" || n.Entry.By == "system" || !t.allows(n.Number, petition.MoveSupplement) {
		return
	}
	t.set("spoke", n.Number)
	t.set("spoke_at", strconv.FormatInt(t.now.Unix(), 10))
	t.set("spoke_asks", "")
	if n.Entry.Move == petition.MoveAsk || n.Entry.Move == petition.MoveTell {
		t.set("spoke_asks", "yes")
	}
}

// answersOffice reports that words said now are the answer to what the office told last.
func (t *step) answersOffice() bool {
	return t.s.Case != "" && t.get("spoke") == t.s.Case && t.now.Sub(time.Unix(int64(t.num("spoke_at")), 0)) <= replyValid
}

// officeAsks reports that the office asked or wrote in its own words: a plain "yes" is an answer.
func (t *step) officeAsks() bool { return t.answersOffice() && t.get("spoke_asks") != "" }

// aboutAnother reports words, read by themselves, that tell of something else than the
// current case does.
func (t *step) aboutAnother(text string, r *bot.Reading) bool {
	if sayOther.MatchString(strings.ToLower(text)) {
		return true
	}
	if r == nil || r.Kind != "story" || lettersIn(text) < shortestMatter {
		return false
	}
	elsewhere := r.Place.Value != "" && r.Place.Conf >= surePlace && t.get("case_place") != "" && r.Place.Value != t.get("case_place")
	subject := r.Subject.Conf >= otherSubject && t.get("case_subject") != "" && t.firstLevel(r.Subject.Value) != t.firstLevel(t.get("case_subject"))
	asks := r.Request.Value != "" && !r.Derived
	return elsewhere && (subject || asks) || subject && asks
}

// holdReply takes the event's words and files as the answer to the office.
func (t *step) holdReply() {
	if r := t.s.Reply; r != nil && r.Number != t.s.Case {
		t.sendReply()
	}
	if t.s.Reply == nil {
		t.s.Reply = &bot.Reply{Number: t.s.Case}
	}
	r := t.s.Reply
	more := r.Text != "" || len(r.Files) > 0
	t.gather(&r.Note)
	if r.Text == "" && len(r.Files) == 0 { // why has been said
		t.s.Reply = nil
		t.ask()
		return
	}
	t.wait(bot.Looking)
	r.ID = itoa(t.s.Step)
	t.out = append(t.out, bot.Effect{Tag: "reply:" + r.ID, Wait: replyHeld})
	rows := [][]bot.Button{{t.link("reply.back", "unsay:"+r.ID), t.link("reply.now", "saynow:"+r.ID)}}
	if r.Text != "" {
		rows = append(rows, []bot.Button{t.link("which.new", "sayother:"+r.ID)})
	}
	said := clip(strings.Join(strings.Fields(t.e.Text), " "), 60)
	t.say(t.text("reply.held", "Number", r.Number, "Unit", t.spokenUnit(), "Text", said, "More", more, "Files", len(r.Files)), rows...)
}

// spokenUnit is who has the current case.
func (t *step) spokenUnit() string {
	return cmp.Or(t.unitName(t.get("case_unit")), t.officeName())
}

// replyDue sends an answer that nobody took back.
func (t *step) replyDue(id string) {
	if r := t.s.Reply; r != nil && r.ID == id {
		t.sendReply()
	}
}

// sendReply passes the answer on.
func (t *step) sendReply() {
	r := t.s.Reply
	t.s.Reply = nil
	t.do("replied", bot.Effect{Do: &bot.Do{Number: r.Number, Move: petition.Move{
		Name: petition.MoveSupplement, Code: t.codeOf(r.Number), Text: r.Text, Files: r.Files,
	}}})
}

// replied tells what became of an answer. The open question stays open.
func (t *step) replied(o *bot.Outcome) {
	switch {
	case o.View != nil:
		t.noteView(o.View)
		t.note("reply.sent", "Number", o.View.Number)
	case o.Pending:
		t.note("move.pending")
	default:
		t.noteText(t.sorry(o.Err))
	}
	t.flush()
	t.again()
}

// pressReply does the buttons under a held answer: they are good until it has gone.
func (t *step) pressReply(action, id string) bool {
	r := t.s.Reply
	if r == nil || r.ID != id {
		t.note("reply.gone")
		t.flush()
		t.again()
		return true
	}
	switch action {
	case "unsay":
		t.s.Reply = nil
		t.note("reply.taken")
		t.flush()
		t.again()
	case "saynow":
		t.sendReply()
	case "sayother":
		return t.replyIsOther(r)
	}
	return true
}

// replyIsOther begins a petition with what was taken for an answer.
func (t *step) replyIsOther(r *bot.Reply) bool {
	if r.Text == "" || !t.state().idle || t.s.Draft != nil && !t.s.Draft.Sent {
		return false
	}
	t.s.Reply, t.s.Case = nil, ""
	t.set("spoke", "")
	t.newDraft().Filing.Attachments = r.Files
	t.e.Text = r.Text
	t.tell("told")
	return true
}

// officeQuestion takes a question that follows words from the office: what the rules answer
// is answered, the rest goes to those who spoke.
func (t *step) officeQuestion(text string) {
	text, _ = truncate(text, maxFacts)
	t.set("to_office", text)
	t.question(text)
}

// officeAnswered goes on with such a question; false where there is none. What the rules
// answer can be passed on all the same.
func (t *step) officeAnswered(a *bot.Answer) bool {
	text := t.get("to_office")
	if text == "" || t.s.State != bot.Looking {
		return false
	}
	if a == nil || !a.Known || a.Confidence < sureUnasked {
		t.set("to_office", "")
		t.e.Text = text
		t.holdReply()
		return true
	}
	t.say(a.Text, []bot.Button{t.btn("reply.ask", "pass", "Unit", t.spokenUnit())})
	return true
}

// pressLooking passes a question on to those who have the case.
func pressLooking(t *step, action, _ string) bool {
	text := t.get("to_office")
	if action != "pass" || text == "" || !t.answersOffice() {
		return false
	}
	t.set("to_office", "")
	t.e.Text = text
	t.holdReply()
	return true
}
