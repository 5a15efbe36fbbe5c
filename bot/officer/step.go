package officer

import (
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// step is the working state of one step.
type step struct {
	conv *Conversation
	e    bot.Event
	s    *bot.OfficerSession
	id   string
	now  time.Time
	lang string
	data map[string]string // Session.Data: copied on write, the session given must not change
	out  []bot.Effect
}

func (t *step) text(key string, args ...any) string {
	return t.conv.locales.Say(t.lang, key, args...)
}

func (t *step) names() naming.Names {
	return naming.Names{Locales: t.conv.locales, Office: t.conv.office, Lang: t.lang, Now: t.now}
}

// unitOf is who has a case.
func (t *step) unitOf(v *petition.View) string {
	if name := t.names().Holder(v.Unit, v.Since); name != v.Unit {
		return name
	}
	return v.UnitName
}

// inGroup reports whether the chat is a group's: others read what is said.
func (t *step) inGroup() bool { return t.e.From != "" || t.e.Group != nil }

func (t *step) say(text string, rows ...[]bot.Button) { t.sayAt("", nil, text, rows...) }

// sayAt says something with a place in the group, see bot.Say.Place.
func (t *step) sayAt(at string, topic *bot.Topic, text string, rows ...[]bot.Button) {
	parts := bot.Split(text)
	for i, p := range parts {
		m := &bot.Say{Text: p, About: t.s.Case, ForOffice: t.s.Case != "", Place: at, Topic: topic}
		if len(parts) > 1 {
			m.Place = ""
		}
		if i == len(parts)-1 {
			m.Rows = rows
		}
		t.out = append(t.out, bot.Effect{Say: m})
	}
}

// do asks for an effect with this officer's permissions. kind is in the tag that its outcome
// is dispatched by.
func (t *step) do(kind string, e bot.Effect) {
	e.Staff = true
	switch {
	case e.Look != nil:
		t.s.Seek, e.Reason = e.Look.Number, t.reasonFor(e.Look.Number)
	case e.List != nil:
		e.Reason = t.reasonFor(findPrefix + e.List.Words)
	}
	e.Tag = tagPrefix + t.id + ":" + kind
	t.out = append(t.out, e)
}

// buttonStep is the prefix of the open question's buttons: they become stale with the next
// question, and in a group only this officer may press them.
func (t *step) buttonStep() string {
	head := strconv.Itoa(t.s.Step)
	if t.inGroup() {
		head += "@" + t.id[max(0, len(t.id)-4):]
	}
	return head
}

// btn is a button of the open question.
func (t *step) btn(text, action string) bot.Button {
	return bot.Button{Text: naming.Clip(text, 40), Data: dataPrefix + t.buttonStep() + ":" + action}
}

// link is a button that never becomes stale: looking at a case, a list, beginning a move.
func (t *step) link(text, action string) bot.Button {
	return bot.Button{Text: naming.Clip(text, 40), Data: dataPrefix + ":" + action}
}

// press does what a button stands for, or says that its question is over.
func (t *step) press(data string) {
	head, rest, _ := strings.Cut(strings.TrimPrefix(data, dataPrefix), ":")
	action, arg, _ := strings.Cut(rest, ":")
	_, owner, _ := strings.Cut(head, "@")
	switch {
	case t.e.Officer == nil:
		t.say(t.text("desk.no_access"))
	case head == "" && t.navigate(action, arg):
	case head != "" && head == t.buttonStep() && t.answerPress(action, arg):
	case owner != "" && !strings.HasSuffix(t.id, owner):
		t.say(t.text("desk.not_yours"))
	default:
		t.say(t.text("desk.stale"))
		t.again()
	}
}

func (t *step) navigate(action, arg string) bool {
	switch action {
	case "menu":
		t.menu()
	case "mine":
		t.list(petition.Query{Officer: t.id, Open: true, Order: "due"})
	case "unit":
		t.list(petition.Query{Unit: t.e.Officer.Unit, Open: true, Order: "due"})
	case "led":
		t.list(petition.Query{Led: true, Open: true, Order: "due"})
	case "week":
		of, after, _ := strings.Cut(arg, ":")
		t.askWeek(of, after)
	case "all":
		t.list(petition.Query{Open: true, Order: "due"})
	case "find":
		t.openQuestion("find")
		t.say(t.text("desk.find.ask"), []bot.Button{t.btn(t.text("desk.button.leave"), "leave")})
	case "more":
		t.more()
	case "access":
		number, after, _ := strings.Cut(arg, ":")
		t.askAccesses(petition.AccessQuery{Number: number, After: after})
	case "told":
		return t.pressTold(arg)
	case "untold":
		return t.pressUntold(arg)
	case "desk":
		t.deskLink()
	case "papers":
		if t.inGroup() {
			t.say(t.text("desk.papers.private"))
			return true
		}
		t.lookup(arg, action)
	case "paper":
		return t.sendDocument(arg)
	case "case", "full", "moves":
		t.lookup(arg, action)
	case "contact":
		t.contact(arg)
	case "do":
		name, number, _ := strings.Cut(arg, ":")
		t.begin(petition.MoveName(name), number)
	case "over":
		t.takeOver(arg)
	case "tosign":
		t.draftList("sign")
	case "drafts":
		t.draftList("write")
	case "paperdraft", string(petition.MoveSign), string(petition.MoveSendBack), string(petition.MoveSubmit), string(petition.MoveDraft),
		string(petition.MoveTakeBack), string(petition.MoveDropDraft):
		if t.inGroup() {
			t.say(t.text("desk.papers.private"))
			return true
		}
		t.pressDraft(action, arg)
	case "letter":
		t.letter()
	case "disputes":
		t.disputes()
	case "dispute":
		t.dispute(arg)
	case "settle":
		t.beginDispute(arg)
	case "broadcast":
		t.broadcast()
	case "rdays":
		t.receptions()
	case "rday", "rcancel":
		t.pressReception(action, arg)
	case "stop":
		t.do("stopped", bot.Effect{Roster: &bot.RosterQuery{Bulletin: &bot.BulletinQuery{Stop: arg}}})
	case "sample":
		t.say(t.text("desk.broadcast.sample"))
		t.again()
	case "related":
		t.do("related:"+arg, bot.Effect{Related: arg})
	case "link":
		t.linkTo(arg)
	case "quit":
		t.do("leave", bot.Effect{Roster: &bot.RosterQuery{Leave: true}})
	case "away":
		t.do("away", bot.Effect{Roster: &bot.RosterQuery{Away: &bot.Away{On: arg == "on"}}})
	default:
		return false
	}
	return true
}

// openQuestion opens a question that belongs to no move.
func (t *step) openQuestion(question string) {
	t.s.Step++
	t.s.Open = question
}

// closeQuestion leaves whatever question is open.
func (t *step) closeQuestion() {
	t.s.Open, t.s.Move, t.s.Filing, t.s.Dissolve, t.s.Again = "", nil, nil, nil, false
	t.s.Dispute, t.s.Settling, t.s.Reporting = "", nil, nil
}

// again puts the open question once more.
func (t *step) again() {
	switch {
	case t.s.Open == "move" && t.s.Move != nil:
		t.ask()
	case t.s.Open == "letter" && t.s.Filing != nil:
		t.askLetter()
	case t.s.Open == "broadcast":
		t.askBroadcast()
	case t.s.Open == "rcancel":
		t.askReceptionWhy()
	case t.s.Open == "dissolve" && t.s.Dissolve != nil:
		t.askDissolve()
	case t.s.Open == "dispute":
		t.askDispute()
	case t.s.Open == "why" && t.s.Why != nil:
		t.askWhy(t.s.Why.About, t.s.Why.Then)
	case t.inGroup():
	default:
		t.menu()
	}
}
