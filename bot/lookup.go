package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

func lookStates() map[State]state {
	return map[State]state{
		AskNumber: {ask: askNumber, press: pressNumber, text: textNumber, next: []State{Home, Looking, Understanding}},
		AskCode:   {ask: askCode, press: pressNumber, text: textCode, next: []State{Looking, AskNumber, Home, Understanding}},
		Looking: {
			ask: askLooking, text: lookingText, media: lookingMedia, quiet: true,
			next: []State{Which, Supplement, AskNumber},
		},
		Which: {ask: askWhich, press: pressWhich, text: whichText, media: lookingMedia, next: []State{Supplement, Understanding, Looking}},
	}
}

// codeKept is how long another's query code serves for further looks and moves.
const codeKept = 30 * time.Minute

// remember keeps the code of a case opened with it; forgetCode lets it go.
func (t *talk) remember(number, code string) {
	t.set("code", code)
	t.set("code_for", number)
	t.set("code_at", strconv.FormatInt(t.now.Unix(), 10))
}

func (t *talk) forgetCode() {
	if at := t.num("code_at"); at > 0 && t.now.Sub(time.Unix(int64(at), 0)) > codeKept {
		t.set("code", "")
		t.set("code_for", "")
		t.set("code_at", "")
	}
}

func (t *talk) codeOf(number string) string {
	if t.get("code_for") == number {
		return t.get("code")
	}
	return ""
}

// shaped is what looks like one of our numbers though its check characters may not
// fit.
var shaped = regexp.MustCompile(`(?i)(^|[^a-z0-9])[a-z]{2}\s*-?\s*[0-9]{2}\s*-\s*[0-9a-z]{3,8}`)

// lookIn looks up the number that stands in a text. A number that cannot be one gets
// the answer of a wrong one.
func (t *talk) lookIn(text string) bool {
	if number, ok := petition.FindNumber(text); ok {
		code, _ := petition.FindCode(text)
		t.look(number, code)
		return true
	}
	if len(text) < 60 && shaped.MatchString(text) {
		t.noMatch(petition.Fail(petition.NotFound, "lookup.no_match"))
		return true
	}
	return false
}

// look asks for a case: with the code given or kept, else as this chat's own.
func (t *talk) look(number, code string) {
	kind := "look"
	if code == "" {
		code = t.codeOf(number)
	}
	if code == "" {
		kind = "own"
	}
	t.set("seek", number)
	t.set("tried", code)
	t.do(kind, Effect{Look: &Look{Number: number, Code: code}})
}

// looked shows the case, asks for its code, or says that the two do not match.
func (t *talk) looked(kind string, o *Outcome) {
	number, code := t.get("seek"), t.get("tried")
	t.set("tried", "")
	switch {
	case o.View != nil:
		if code != "" {
			t.remember(o.View.Number, code)
		}
		t.show(o.View)
	case kind == "own" && o.Err != nil && o.Err.Code == petition.NotFound && number != "":
		t.breakIn(AskCode)
	default:
		t.noMatch(o.Err)
	}
}

// noMatch is the one answer to a wrong number and a wrong code.
func (t *talk) noMatch(err *petition.Error) {
	t.noteText(t.sorry(err))
	if t.s.State == AskCode || t.s.State == AskNumber || t.state().quiet {
		if t.s.State != AskNumber {
			t.breakIn(AskNumber)
			return
		}
		t.ask()
		return
	}
	t.again()
}

func askNumber(t *talk) {
	t.say(t.w("number.ask"), []Button{t.link("home.my", "my"), t.btn("button.leave", "leave")})
}

func pressNumber(t *talk, action, _ string) bool {
	if action != "leave" {
		return false
	}
	t.note("leave.done")
	t.returning()
	return true
}

func textNumber(t *talk) bool {
	if t.lookIn(t.e.Text) {
		return true
	}
	if asking(t.e.Text) {
		t.question(t.e.Text)
		return true
	}
	if t.s.Return == "" && han(t.e.Text) && runes(t.e.Text) >= longAnswer {
		t.tell("") // not a number at all, but something to tell
		return true
	}
	return false
}

func askCode(t *talk) {
	t.say(t.w("code.ask", "Number", t.get("seek")), []Button{t.btn("button.leave", "leave")})
}

func textCode(t *talk) bool {
	if number, ok := petition.FindNumber(t.e.Text); ok {
		code, _ := petition.FindCode(t.e.Text)
		t.look(number, code)
		return true
	}
	if code, ok := petition.FindCode(t.e.Text); ok {
		t.look(t.get("seek"), code)
		return true
	}
	if n := runes(t.e.Text); n >= 6 && n <= 12 && !asking(t.e.Text) {
		t.noMatch(petition.Fail(petition.NotFound, "lookup.no_match"))
		return true
	}
	return textNumber(t)
}

// list asks for the chat's own petitions.
func (t *talk) list(kind, after string) {
	limit := 5
	if kind == "mydata" {
		limit = 20
	}
	t.do(kind, Effect{List: &petition.Query{After: after, Limit: limit, Order: "new"}})
}

// listed shows one's own petitions, one button each.
func (t *talk) listed(o *Outcome) {
	switch {
	case o.Err != nil || o.Page == nil:
		t.noteText(t.sorry(o.Err))
	case len(o.Page.Views) == 0:
		t.say(t.w("my.none"), []Button{t.link("home.tell", "new"), t.link("my.number", "number")})
	default:
		t.showPage(o.Page)
	}
	t.flush()
	t.again()
}

func (t *talk) showPage(p *petition.Page) {
	lines := []string{t.w("my.head")}
	var rows [][]Button
	for _, v := range p.Views {
		lines = append(lines, t.w("my.line", "Number", v.Number, "Title", t.titleOf(&v), "Status", t.w("status."+string(v.Status)), "When", t.dueLine(&v)))
		rows = append(rows, []Button{{Text: v.Number + " " + clip(t.titleOf(&v), 12), Data: "0:look:" + v.Number}})
	}
	t.set("after", p.After)
	if p.After != "" {
		rows = append(rows, []Button{t.link("my.more", "more")})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

func (t *talk) titleOf(v *petition.View) string {
	if v.Title != "" {
		return v.Title
	}
	if v.Facts != "" {
		return clip(strings.Join(strings.Fields(v.Facts), " "), 30)
	}
	return t.className(v.Class)
}
