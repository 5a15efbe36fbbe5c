package officer

import (
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// whyValid is how long one reason serves for the same case or the same words.
const whyValid = 30 * time.Minute

// whyChoices are the likely reasons, named desk.why.<name>. Anything else is written.
var whyChoices = []string{"handle", "call", "verify", "supervise"}

const findPrefix = "find:" // of what a reason is for, where it is a search

// askWhy asks once why the officer wants something. then is the kind of what is asked for when
// they have said it, about a case or "find:" and the words of a search.
func (t *step) askWhy(about, then string) {
	t.closeQuestion()
	t.openQuestion("why")
	t.s.Why = &bot.Why{About: about, Then: then}
	key, name := "desk.why.report", about
	if words, search := strings.CutPrefix(about, findPrefix); search {
		key, name = "desk.why.find", words
	} else if then == "contact" {
		key = "desk.why.contact"
	}
	var buttons []bot.Button
	for _, c := range whyChoices {
		buttons = append(buttons, t.btn(t.text("desk.why."+c), "why:"+c))
	}
	t.say(t.text(key, "Number", name), buttons[:2], append(buttons[2:], t.btn(t.text("desk.why.leave"), "leave")))
}

// whyPress takes the press of a likely reason.
func (t *step) whyPress(action, arg string) bool {
	switch {
	case action == "leave":
		t.s.Why = nil
		t.menu()
	case action == "why" && t.s.Why != nil && t.conv.locales.Has("desk.why."+arg):
		t.reasonGiven(t.text("desk.why." + arg))
	default:
		return false
	}
	return true
}

// reasonGiven goes on with what was asked for.
func (t *step) reasonGiven(text string) {
	w := t.s.Why
	if text = strings.TrimSpace(text); text == "" || w == nil {
		t.again()
		return
	}
	t.closeQuestion()
	t.s.Why = &bot.Why{About: w.About, Text: naming.Clip(text, 200), At: t.now}
	if words, search := strings.CutPrefix(w.About, findPrefix); search {
		t.list(petition.Query{Words: words, Order: "new"})
		return
	}
	kind := w.Then
	if kind == "contact" {
		kind = "full"
	}
	t.do(kind, bot.Effect{Look: &bot.Look{Number: w.About}})
}

// reasonFor is what the officer said lately of a case or search.
func (t *step) reasonFor(about string) string {
	if w := t.s.Why; w != nil && w.About == about && t.now.Sub(w.At) < whyValid {
		return w.Text
	}
	return ""
}

// contact shows who petitions, having asked why.
func (t *step) contact(number string) {
	if t.inGroup() {
		t.say(t.text("desk.why.private"))
		return
	}
	if t.reasonFor(number) == "" {
		t.askWhy(number, "contact")
		return
	}
	t.lookup(number, "full")
}
