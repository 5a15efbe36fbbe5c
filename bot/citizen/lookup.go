package citizen

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

func lookStates() map[bot.State]state {
	return map[bot.State]state{
		stateNumber: {ask: askNumber, press: pressNumber, text: textNumber, next: []bot.State{bot.Home, bot.Looking, stateUnderstanding}},
		stateCode:   {ask: askCode, press: pressNumber, text: textCode, next: []bot.State{bot.Looking, stateNumber, bot.Home, stateUnderstanding}},
		bot.Looking: {
			ask: askLooking, press: pressLooking, text: lookingText, media: lookingMedia, idle: true,
			next: []bot.State{stateDanger, stateWhich, stateSupplement, stateNumber},
		},
		stateWhere: {
			ask: askWhere, press: pressWhere, text: whereText, media: lookingMedia, location: wherePlace, idle: true,
			next: []bot.State{bot.Looking, stateSupplement, stateNumber},
		},
		stateWhich: {ask: askWhich, press: pressWhich, text: whichText, media: lookingMedia, next: []bot.State{stateSupplement, stateUnderstanding, bot.Looking}},
	}
}

// codeValid is how long another's query code serves for further looks and moves.
const codeValid = 30 * time.Minute

// noteCode keeps the code of a case opened with it for codeValid; forgetCode removes it.
func (t *step) noteCode(number, code string) {
	t.set("code", code)
	t.set("code_for", number)
	t.set("code_at", strconv.FormatInt(t.now.Unix(), 10))
}

func (t *step) forgetCode() {
	if at := t.num("code_at"); at > 0 && t.now.Sub(time.Unix(int64(at), 0)) > codeValid {
		t.set("code", "")
		t.set("code_for", "")
		t.set("code_at", "")
	}
}

func (t *step) codeOf(number string) string {
	if t.get("code_for") == number {
		return t.get("code")
	}
	return ""
}

// numberShaped is what looks like one of our numbers though its check characters may not
// fit.
var numberShaped = regexp.MustCompile(`(?i)(^|[^a-z0-9])[a-z]{2}\s*-?\s*[0-9]{2}\s*-\s*[0-9a-z]{3,8}`)

// lookIn looks up the number that stands in a text. A number that cannot be one gets
// the answer of a wrong one.
func (t *step) lookIn(text string) bool {
	if number, ok := petition.FindNumber(text); ok {
		code, _ := petition.FindCode(text)
		t.look(number, code)
		return true
	}
	if len(text) < 60 && numberShaped.MatchString(text) {
		t.noMatch(petition.Fail(petition.NotFound, "lookup.no_match"))
		return true
	}
	return false
}

// captionLooks reports a picture sent for the number and code written beside it, as one of a
// receipt: nothing else is said there.
func (t *step) captionLooks() bool {
	number, found := petition.FindNumber(t.e.Text)
	code, coded := petition.FindCode(t.e.Text)
	rest := lettersIn(t.e.Text) - lettersIn(number) - lettersIn(code)
	switch {
	case t.s.State == stateNumber || t.s.State == stateCode:
		return found || coded
	case t.state().idle && found && number != t.s.Case:
		return rest <= captionRest
	}
	return false
}

// captionRest is how many letters stand beside number and code: their names.
const captionRest = 8

// look asks for a case: with the code given or kept, else as this chat's own.
func (t *step) look(number, code string) {
	kind := "look"
	if code == "" {
		code = t.codeOf(number)
	}
	if code == "" {
		kind = "own"
	}
	t.set("seek", number)
	t.set("tried", code)
	t.do(kind, bot.Effect{Look: &bot.Look{Number: number, Code: code}})
}

// caseLooked shows the case, asks for its code, or says that the two do not match.
func (t *step) caseLooked(kind string, o *bot.Outcome) {
	number, code := t.get("seek"), t.get("tried")
	t.set("tried", "")
	switch {
	case o.View != nil:
		if code != "" {
			t.noteCode(o.View.Number, code)
		}
		t.show(o.View)
	case kind == "own" && o.Err != nil && o.Err.Code == petition.NotFound && number != "":
		t.interrupt(stateCode)
	default:
		t.noMatch(o.Err)
	}
}

// noMatch is the one answer to a wrong number and a wrong code.
func (t *step) noMatch(err *petition.Error) {
	t.noteText(t.sorry(err))
	if t.s.State == stateCode || t.s.State == stateNumber || t.state().idle {
		if t.s.State != stateNumber {
			t.interrupt(stateNumber)
			return
		}
		t.ask()
		return
	}
	t.again()
}

func askNumber(t *step) {
	t.say(t.text("number.ask"), []bot.Button{t.link("home.my", "my"), t.btn("button.leave", "leave")})
}

func pressNumber(t *step, action, _ string) bool {
	if action != "leave" {
		return false
	}
	t.note("leave.done")
	t.resumeQuestion()
	return true
}

// mistyped is what was meant for a number and is none: a letter of it is wrong.
var mistyped = regexp.MustCompile(`[A-Za-z]{2} ?[0-9]{2} ?[-－—] ?[0-9]{3,7} ?[-－—] ?[A-Za-z0-9]{1,2}`)

func textNumber(t *step) bool {
	number, numbered := petition.FindNumber(t.e.Text)
	code, coded := petition.FindCode(t.e.Text)
	switch half := t.get("half"); {
	case numbered && !coded && half != "": // the code came first
		t.set("half", "")
		t.look(number, half)
		return true
	case coded && !numbered && mistyped.MatchString(t.e.Text): // a number of ours would not be answered otherwise
		t.set("half", "")
		t.look(mistyped.FindString(t.e.Text), code)
		return true
	case coded && !numbered && t.s.State == stateNumber:
		t.set("half", code)
		t.say(t.text("number.half"), []bot.Button{t.btn("button.leave", "leave")})
		return true
	}
	if t.lookIn(t.e.Text) {
		return true
	}
	if looksLikeQuestion(t.e.Text) {
		t.question(t.e.Text)
		return true
	}
	if t.s.Return == "" && hasHan(t.e.Text) && lettersIn(t.e.Text) >= longAnswer {
		t.tell("") // not a number at all, but something to tell
		return true
	}
	return false
}

func askCode(t *step) {
	t.say(t.text("code.ask", "Number", t.get("seek")), []bot.Button{t.btn("button.leave", "leave")})
}

func textCode(t *step) bool {
	if number, ok := petition.FindNumber(t.e.Text); ok {
		code, _ := petition.FindCode(t.e.Text)
		t.look(number, code)
		return true
	}
	code, ok := petition.FindCode(t.e.Text)
	if !ok { // it was asked for: letters alone are no plain word here
		code, ok = petition.NormaliseCode(t.e.Text)
	}
	if ok {
		t.look(t.get("seek"), code)
		return true
	}
	if n := lettersIn(t.e.Text); n >= 6 && n <= 12 && !looksLikeQuestion(t.e.Text) {
		t.noMatch(petition.Fail(petition.NotFound, "lookup.no_match"))
		return true
	}
	return textNumber(t)
}

// list asks for the chat's own petitions.
func (t *step) list(kind, after string) {
	limit := 5
	if kind == "mydata" {
		limit = 20
	}
	t.do(kind, bot.Effect{List: &petition.Query{After: after, Limit: limit, Order: "new"}})
}

// listed shows one's own petitions, one button each.
func (t *step) listed(o *bot.Outcome) {
	switch {
	case o.Err != nil || o.Page == nil:
		t.noteText(t.sorry(o.Err))
	case len(o.Page.Items) == 0:
		t.say(t.text("my.none"), []bot.Button{t.link("home.tell", "new"), t.link("my.number", "number")})
	default:
		t.showPage(o.Page)
	}
	t.flush()
	t.again()
}

func (t *step) showPage(p *petition.Page) {
	lines := []string{t.text("my.head")}
	for _, v := range p.Items {
		lines = append(lines, t.text("my.line", "Number", v.Number, "Title", t.titleOf(v), "Status", t.text("status."+string(v.Status)), "When", t.dueLine(v)))
	}
	rows := t.caseButtons(p, "look:")
	t.set("after", p.After)
	if p.After != "" {
		rows = append(rows, []bot.Button{t.link("my.more", "more")})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

func (t *step) titleOf(v petition.Item) string {
	if v.Title != "" {
		return v.Title
	}
	return t.className(v.Class)
}
