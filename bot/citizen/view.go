package citizen

import (
	"cmp"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// show makes a case the current one and shows it: who has it, since when, until when, what can be
// done now, and what has happened.
func (t *step) show(v *petition.View) {
	t.noteView(v)
	t.say(t.viewText(v), t.caseRows(v)...)
	if t.state().form || t.s.Return != "" && t.s.Draft != nil {
		if t.s.Return != "" {
			t.s.Case = v.Number
			t.resumeQuestion()
			return
		}
		t.again()
		return
	}
	t.s.Case = v.Number
	t.wait(bot.Looking)
}

func (t *step) viewText(v *petition.View) string {
	lines := []string{
		t.text("view.head", "Number", v.Number, "Title", t.titleOf(v.Item())),
		t.text("view.status", "Status", t.text("status."+string(v.Status))),
	}
	if v.Unit != "" || v.UnitName != "" {
		key := "view.unit"
		if v.Status.Ended() {
			key = "view.was"
		}
		lines = append(lines, t.text(key, "Unit", t.unitOf(v), "Since", t.moment(v.Since)))
	}
	if v.Urgency != "" {
		taken := ""
		if !v.Taken.IsZero() {
			taken = t.moment(v.Taken)
		}
		lines = append(lines, t.text("view.urgent", "Taken", taken))
	}
	lines = append(lines, t.dates(v)...)
	if seen := t.seenBy(v.Seen); seen != "" {
		lines = append(lines, seen)
	}
	if past := t.timeline(v.Timeline); len(past) > 0 {
		lines = append(append(lines, t.text("view.past")), past...)
	}
	return strings.Join(lines, "\n")
}

// seenBy says how many officers of which units have seen the case, and when. It names
// nobody.
func (t *step) seenBy(all []petition.Viewers) string {
	var units []string
	for _, v := range all {
		units = append(units, t.text("view.seen_unit", "Unit", t.unitOf(&petition.View{Unit: v.Unit, UnitName: v.UnitName}), "Count", v.Officers, "First", t.shortDay(v.First), "Last", t.shortDay(v.Last)))
	}
	if len(units) == 0 {
		return ""
	}
	return t.text("view.seen", "Units", strings.Join(units, t.text("view.seen_comma")))
}

// shortDay is a date without its day of the week, where the language puts that in brackets.
func (t *step) shortDay(date string) string {
	day, _, _ := strings.Cut(t.day(date), "（")
	return day
}

// dates are the period that comes first and the person's own windows.
func (t *step) dates(v *petition.View) []string {
	var lines []string
	if due := t.dueLine(v.Item()); due != "" {
		lines = append(lines, due)
	}
	for _, c := range v.Clocks {
		if c.Party == "citizen" && c.State == "running" && c.Rule != v.Rule && t.conv.locales.Has("until."+c.Rule) {
			lines = append(lines, t.text("until."+c.Rule, "Due", t.dueDay(c.Due, c.Provisional)))
		}
	}
	return lines
}

// dueDay is a last day, marked where it rests on a year whose holidays are not published.
func (t *step) dueDay(date string, provisional bool) string {
	if !provisional {
		return t.day(date)
	}
	return t.text("day.provisional", "Day", t.day(date))
}

// noteView remembers of a case what the next question about it needs: what can be done
// and until when review may be asked for.
func (t *step) noteView(v *petition.View) {
	can := make([]string, len(v.Can))
	for i, m := range v.Can {
		can[i] = string(m)
	}
	t.set("can", strings.Join(can, " "))
	t.set("can_for", v.Number)
	var bodies []string
	for _, b := range v.Bodies {
		bodies = append(bodies, b.Code)
	}
	t.set("bodies", strings.Join(bodies, " "))
	t.set("case_unit", v.Unit)
	t.set("case_subject", v.Subject)
	t.set("case_place", v.Place.Code)
	if v.Rule == "review_window" || v.Rule == "rereview_window" {
		t.set("window", v.Due)
		t.set("window_provisional", map[bool]string{true: "yes"}[v.Provisional])
		t.set("window_for", v.Number)
	}
}

// dueLine is the running period and its colour as a word; "" when none runs.
func (t *step) dueLine(v petition.Item) string {
	if v.Paused != "" {
		return t.text("until.paused", "Days", v.Left) + t.text("article", "Article", v.Article)
	}
	if v.Due == "" {
		return ""
	}
	key := "until." + v.Rule
	if !t.conv.locales.Has(key) {
		key = "until.any"
	}
	line := t.text(key, "Due", t.dueDay(v.Due, v.Provisional))
	if v.Article != "" {
		line += t.text("article", "Article", v.Article)
	}
	if v.Colour != "" {
		line += " · " + t.text("colour."+v.Colour)
	}
	return line
}

// caseRows are the buttons for what can be done now. They never become stale: the service
// refuses a move that is no longer possible.
func (t *step) caseRows(v *petition.View) [][]bot.Button {
	var buttons []bot.Button
	for _, m := range v.Can {
		if t.offered(m) {
			buttons = append(buttons, t.link("do."+string(m), "do:"+string(m)+":"+v.Number))
		}
	}
	rows := slices.Collect(slices.Chunk(buttons, 3))
	rows = slices.AppendSeq(rows, slices.Chunk(t.documentButtons(v.Number, v.Timeline), 2))
	rows = append(rows, t.receptionRow(v.Number, v.Class)...)
	return append(rows, []bot.Button{t.link("home.rights", "rights:0")})
}

func (t *step) offered(m petition.MoveName) bool {
	_, ok := actions[m]
	return ok
}

func askLooking(t *step) {
	t.say(t.text("looking", "Number", t.s.Case), t.caseRow(t.s.Case))
}

// lookingText takes words said at the current case.
func lookingText(t *step) bool {
	text := t.e.Text
	switch {
	case t.lookIn(text):
	case t.s.Reply != nil && oneOf(text, takeBackWords):
		t.pressReply("unsay", t.s.Reply.ID)
	case t.officeAsks() && lettersIn(text) > 0 && (politeReply(text) != "" || lettersIn(text) < 2):
		t.holdReply()
	case politeReply(text) != "":
		t.say(t.text(politeReply(text)))
	case isGreeting(text) || lettersIn(text) < 2:
		t.ask()
	case t.reviewMove(text) != "":
		t.beginReview(t.reviewMove(text), text)
	case asksProgress(text):
		t.look(t.s.Case, "")
	case moveAsked(text) != "":
		t.begin(moveAsked(text), t.s.Case)
	case looksLikeQuestion(text) && t.answersOffice():
		t.officeQuestion(text)
	case looksLikeQuestion(text):
		t.question(text)
	default:
		kept, _ := truncate(text, maxFacts)
		t.set("text", kept)
		t.wait(bot.Looking)
		t.do("hear", bot.Effect{Read: &bot.Read{Text: kept, Lang: t.s.Lang}})
	}
	return true
}

// takeBackWords are how people take back what they have just sent.
var takeBackWords = []string{"取回", "撤回", "收回", "别发", "不发了", "发错了", "take it back", "take back", "undo"}

// heard goes on with words said in front of a case once they have been read: danger comes
// first, what follows words from the office answers them, else it is asked where they belong.
func (t *step) heard(tag string, o *bot.Outcome) {
	text := t.get("text")
	if t.s.State != bot.Looking || tag != itoa(t.s.Step) || text == "" {
		return
	}
	if o.Reading == nil || !o.Reading.Danger || seeming(text) != "" {
		if !t.answersOffice() || t.aboutAnother(text, o.Reading) {
			t.enter(stateWhich)
			return
		}
		t.set("text", "")
		t.e.Text = text
		t.holdReply()
		return
	}
	t.set("text", "")
	t.dangerDraft()
	t.addPart(text)
	kind, despair := dangerIn(text)
	t.endanger(cmp.Or(kind, petition.UrgentLife), despair)
}

// moveAsked is the move that a few plain words ask for.
func moveAsked(text string) petition.MoveName {
	switch {
	case oneOf(text, []string{"催", "催办", "催一下", "催催", "帮我催一下", "remind them"}):
		return petition.MoveNudge
	case oneOf(text, []string{"撤回", "撤销", "我要撤回", "不告了", "withdraw"}):
		return petition.MoveWithdraw
	case oneOf(text, []string{"评价", "我要评价", "rate"}):
		return petition.MoveRate
	case oneOf(text, []string{"补充", "我要补充", "add"}):
		return petition.MoveSupplement
	}
	return ""
}

// asksProgress reports a question on how a case is going.
func asksProgress(text string) bool {
	if asked, sure := statusAsked(text); asked && sure {
		return true
	}
	if lettersIn(text) > 40 {
		return false
	}
	for _, w := range []string{"怎么样了", "办得怎么样", "到哪了", "到哪一步", "有结果", "有消息", "有进展", "进度", "办好了吗", "progress", "any news"} {
		if strings.Contains(strings.ToLower(text), w) {
			return true
		}
	}
	return false
}

// lookingMedia takes files as the answer to the office, else as a supplement to the current
// case, which a press sends.
func lookingMedia(t *step) bool {
	if t.answersOffice() {
		t.holdReply()
		return true
	}
	t.s.Note = &bot.Note{}
	t.addNote()
	t.enter(stateSupplement)
	return true
}

// askWhich asks where words belong that were said in front of a case.
func askWhich(t *step) {
	t.say(t.text("which.ask", "Number", t.s.Case),
		[]bot.Button{t.btn("which.add", "add"), t.btn("which.new", "new")},
		[]bot.Button{t.btn("which.answer", "answer"), t.btn("button.leave", "leave")})
}

func pressWhich(t *step, action, _ string) bool {
	text := t.get("text")
	if text == "" && action != "leave" {
		return false
	}
	t.set("text", "")
	t.e.Text = text
	switch action {
	case "add":
		t.s.Note = &bot.Note{}
		t.addNote()
		t.enter(stateSupplement)
	case "new":
		t.s.Case = ""
		t.tell("told")
	case "answer":
		t.wait(bot.Looking)
		t.question(text)
	case "leave":
		t.note("leave.done")
		t.resumeQuestion()
	default:
		return false
	}
	return true
}

// whichText adds to what was said.
func whichText(t *step) bool {
	if t.lookIn(t.e.Text) {
		return true
	}
	if asksProgress(t.e.Text) {
		t.set("text", "")
		t.wait(bot.Looking)
		t.look(t.s.Case, "")
		return true
	}
	if m := t.reviewMove(t.e.Text); m != "" {
		t.set("text", "")
		t.wait(bot.Looking)
		t.lookFirst(m, t.s.Case)
		return true
	}
	text, _ := truncate(t.get("text")+"\n"+t.e.Text, maxFacts)
	t.set("text", text)
	t.ask()
	return true
}
