package citizen

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
)

// Button data is `<step>:<action>[:arg]`. Step 0 is never asked and marks buttons
// that stay good for ever: looking at a case, help, another language.

// btn is a button of the open question.
func (t *step) btn(key, action string, args ...any) bot.Button {
	return bot.Button{Text: t.text(key, args...), Data: strconv.Itoa(t.s.Step) + ":" + action}
}

// mainBtn is btn for what most people do next.
func (t *step) mainBtn(key, action string) bot.Button {
	b := t.btn(key, action)
	b.Main = true
	return b
}

// opt is a button of the open question with a text of its own.
func (t *step) opt(text, action string) bot.Button {
	return bot.Button{Text: clip(text, 40), Data: strconv.Itoa(t.s.Step) + ":" + action}
}

// hasButton reports whether one of the buttons does that.
func hasButton(buttons []bot.Button, action string) bool {
	return slices.ContainsFunc(buttons, func(b bot.Button) bool {
		_, does, _ := strings.Cut(b.Data, ":")
		return does == action
	})
}

// link is a button that never goes stale.
func (t *step) link(key, action string, args ...any) bot.Button {
	return bot.Button{Text: t.text(key, args...), Data: "0:" + action}
}

// press does what a button stands for.
func (t *step) press(p *bot.Press) {
	step, action, arg := parsePress(p.Data)
	switch {
	case step == 0 && t.navigate(action, arg):
	case step == t.s.Step && step != 0 && t.state().press != nil && t.state().press(t, action, arg):
		t.s.Misses = 0
	case action == "send" && t.sentAlready():
	default:
		t.note("stale")
		t.ask()
	}
}

// inPlace makes the next message change the one the pressed button hangs on: pages
// are turned where they are.
func (t *step) inPlace() {
	if t.e.Press != nil {
		t.edit = t.e.Press.Ref
	}
}

// sentAlready answers the second tap on the send button.
func (t *step) sentAlready() bool {
	switch {
	case t.s.State == stateFiling || t.s.State == bot.Home && len(t.s.Filed) > 0:
		t.say(t.text("send.twice_waiting"))
	case (t.s.State == bot.Looking || t.s.State == stateWhere) && t.s.Case != "":
		t.say(t.text("send.twice", "Number", t.s.Case), t.caseRow(t.s.Case))
	default:
		return false
	}
	return true
}

func parsePress(data string) (step int, action, arg string) {
	head, rest, _ := strings.Cut(data, ":")
	step, err := strconv.Atoi(head)
	if err != nil {
		return -1, "", ""
	}
	action, arg, _ = strings.Cut(rest, ":")
	return step, action, arg
}

// typedButton finds the button of the open question whose text was typed: for doors
// without buttons and people who prefer to type.
func (t *step) typedButton() (*bot.Press, bool) {
	text := strings.TrimSpace(t.e.Text)
	if text == "" || len(text) > 120 || len(t.e.Media) > 0 {
		return nil, false
	}
	text = strings.ToLower(strings.Trim(text, "[]［］【】"))
	copied := t.conv.migrate(*t.s)
	probe := &step{conv: t.conv, s: &copied, e: t.e, now: t.now}
	probe.ask()
	for _, e := range probe.out {
		for _, row := range rows(e.Say) {
			for _, b := range row {
				if b.Data != "" && strings.ToLower(b.Text) == text {
					return &bot.Press{Data: b.Data}, true
				}
			}
		}
	}
	return nil, false
}

func rows(s *bot.Say) [][]bot.Button {
	if s == nil {
		return nil
	}
	return s.Rows
}
