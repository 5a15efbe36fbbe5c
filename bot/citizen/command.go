package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// command does what a command says, in any state. The open question is asked again
// unless the command leads elsewhere.
func (t *step) command(name, args string) {
	switch name {
	case "start":
		t.start(args)
	case "new":
		t.anew()
	case "help":
		t.help()
	case "my", "status":
		t.lookupOwn(args)
	case "rights":
		t.rights(0)
	case "privacy":
		t.privacy()
	case "mydata":
		t.do("agreed", bot.Effect{Notices: &bot.Notices{Want: "look"}})
	case "notices":
		t.do("notices-look", bot.Effect{Notices: &bot.Notices{Want: "look"}})
	case "told":
		t.told(args)
	case "forget":
		t.interrupt(stateForget)
	case "language":
		t.askLanguage()
	case "cancel":
		t.cancel()
	case "quiz":
		t.quiz()
	case "reception":
		t.receptionTimetable()
	case "dispute":
		t.openDispute(args)
	case "resume":
		t.resumeDraft()
	default:
		t.note("command.unknown")
		t.help()
	}
}

// start greets, at the place of a deep link too, or looks up the case of one.
func (t *step) start(args string) {
	if number, ok := petition.FindNumber(args); ok {
		t.look(number, "")
		return
	}
	if t.openAt(args) {
		return
	}
	if d := t.s.Draft; d != nil && !d.Sent {
		t.interrupt(stateResume)
		return
	}
	t.s.Return, t.s.Note = "", nil
	t.wait(bot.Home)
	t.greet()
}

// anew opens a new petition, after asking when one is begun.
func (t *step) anew() {
	if d := t.s.Draft; d != nil && !d.Sent && (len(d.Parts) > 0 || len(d.Filing.Attachments) > 0) {
		t.interrupt(stateResume)
		return
	}
	if d := t.s.Draft; d != nil && !d.Sent {
		t.s.Draft = nil
	}
	if t.s.State == stateFiling {
		t.note("send.wait")
		return
	}
	t.s.Return, t.s.Note = "", nil
	t.enter(stateTelling)
}

// lookupOwn looks up a number, or lists one's own petitions.
func (t *step) lookupOwn(args string) {
	if args != "" && t.lookIn(args) {
		return
	}
	t.list("my", "")
}

// cancel leaves what is open: an action at once, a draft after asking.
func (t *step) cancel() {
	st := t.state()
	switch {
	case t.s.State == stateCancel || t.s.State == stateResume:
		t.ask()
	case st.form:
		t.dropDraft()
	case st.idle && t.s.Draft == nil:
		t.say(t.text("cancel.nothing"), t.homeRows()...)
	case t.s.State == stateFiling:
		t.say(t.text("send.wait"))
	case t.s.State == stateTelling:
		t.home("cancel.nothing")
	default:
		t.leave("leave")
	}
}

// resumeDraft goes back to the draft.
func (t *step) resumeDraft() {
	switch {
	case t.state().form:
		t.ask()
	case t.s.Draft != nil && !t.s.Draft.Sent:
		t.resumeQuestion()
	default:
		t.greet()
	}
}

// navigate does the buttons that never go stale.
func (t *step) navigate(action, arg string) bool {
	switch action {
	case "look":
		return t.lookIn(arg)
	case "do":
		move, number, _ := strings.Cut(arg, ":")
		number, ok := petition.ParseNumber(number)
		return ok && t.begin(petition.MoveName(move), number)
	case "rights":
		page, _, _ := strings.Cut(arg, ":")
		t.rights(atoi(page))
	case "lang":
		return t.setLanguage(arg)
	case "more":
		t.list("my", t.get("after"))
	case "paper":
		return t.sendDocument(arg)
	case "quiz":
		return t.pressQuiz(arg)
	case "unsay", "saynow", "sayother":
		return t.pressReply(action, arg)
	case "number":
		t.interrupt(stateNumber)
	case "notices":
		return t.pressNotices(arg)
	case "told":
		return t.pressTold(arg)
	case "receive", "remove", "rt", "book", "rbk", "unbook", "rhelp", "rpeople":
		return t.pressReception(action, arg)
	case "new", "my", "mydata", "forget", "privacy", "help", "language":
		t.command(action, "")
	default:
		return false
	}
	return true
}
