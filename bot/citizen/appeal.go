package citizen

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// reviewBodies are those that may be asked for the review of the current case, as it was last
// seen; see petition.View.Bodies.
func (t *step) reviewBodies() []petition.Unit {
	if t.get("can_for") != t.s.Case {
		return nil
	}
	var all []petition.Unit
	for _, code := range strings.Fields(t.get("bodies")) {
		if u, ok := t.conv.office.Find(code); ok {
			all = append(all, u)
		}
	}
	return all
}

// askBody asks which body is to review, where the petitioner chooses of several (Art 35, 36).
func askBody(t *step) {
	var rows [][]bot.Button
	for _, u := range t.reviewBodies() {
		rows = append(rows, []bot.Button{t.opt(u.NameIn(t.s.Lang), "is:"+u.Code)})
	}
	t.say(t.text("appeal.body."+string(t.appealMove()), "Number", t.s.Case), append(rows, []bot.Button{t.btn("button.leave", "leave")})...)
}

func pressBody(t *step, action, arg string) bool {
	if action != "is" {
		t.set("reason", "")
		return t.leave(action)
	}
	if !slices.ContainsFunc(t.reviewBodies(), func(u petition.Unit) bool { return u.Code == arg }) {
		return false
	}
	t.set("body", arg)
	t.enter(stateAppeal)
	return true
}

// shortestName is how many letters of a body's name tell it: 县政府.
const shortestName = 3

// bodyText takes a body by its name or its place in the list. Words that say why are kept as the
// reason.
func bodyText(t *step) bool {
	text := strings.Trim(bare(t.e.Text), ".。 ")
	var named []petition.Unit
	for i, u := range t.reviewBodies() {
		if text == strconv.Itoa(i+1) {
			return pressBody(t, "is", u.Code)
		}
		if slices.ContainsFunc(append(u.AllNames(), u.Short...), func(name string) bool {
			name = strings.ToLower(name)
			return strings.Contains(text, name) || lettersIn(text) >= shortestName && strings.Contains(name, text)
		}) {
			named = append(named, u)
		}
	}
	if len(named) == 1 {
		return pressBody(t, "is", named[0].Code)
	}
	if len(named) == 0 && lettersIn(text) >= shortReason && !looksLikeQuestion(text) {
		reason, _ := truncate(t.e.Text, maxFacts)
		t.set("reason", reason)
		t.note("appeal.body_first")
		t.ask()
		return true
	}
	return false
}

func (t *step) appealMove() petition.MoveName {
	if t.get("move") == string(petition.MoveRereview) {
		return petition.MoveRereview
	}
	return petition.MoveReview
}

// askAppeal asks why the person disagrees. When the thirty days are over it says so
// and that a good reason for being late may be given (Art 35, 36).
func askAppeal(t *step) {
	body := t.get("body")
	if all := t.reviewBodies(); body == "" && len(all) == 1 {
		body = all[0].Code
	}
	if body != "" {
		body = t.unitName(body)
	}
	text := t.text("appeal."+string(t.appealMove()), "Number", t.s.Case, "Body", body)
	if due := t.get("window"); due != "" && t.get("window_for") == t.s.Case {
		last := "appeal.until"
		if due < petition.Day(t.now) {
			last = "appeal.late"
		}
		text += "\n" + t.text(last, "Due", t.dueDay(due, t.get("window_provisional") != ""))
	}
	if reason := t.get("reason"); reason != "" {
		t.set("asked", reason)
		t.set("reason", "")
	}
	t.say(text, t.reasonRow())
}

func appealText(t *step) bool {
	text, ok := t.answerText(maxFacts)
	if !ok {
		return false
	}
	if t.get("body") == "" { // it may turn out that there are several to choose from
		t.set("reason", text)
	}
	t.move(t.s.Case, petition.Move{Name: t.appealMove(), Text: text, Unit: t.get("body")})
	return true
}

// chooseBody looks at the case again where a request was refused because several bodies may review
// it and none was chosen, as by a question of an earlier version: what was said is kept as the reason.
func (t *step) chooseBody(name petition.MoveName, o *bot.Outcome) bool {
	reason := t.get("reason")
	if t.s.State == stateAppeal {
		t.set("reason", "")
	}
	if o.Err == nil || o.Err.Key != "need.review_body_chosen" {
		return false
	}
	t.set("reason", reason)
	t.lookFirst(name, t.s.Case)
	return true
}
