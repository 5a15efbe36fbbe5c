package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// WithReplyCheck is the same office's side with answers read over before they go out: what
// is found stands under the answer, and the officer decides.
func (c *Conversation) WithReplyCheck(g petition.ReplyCheck) *Conversation {
	gated := *c
	gated.check = g
	return &gated
}

// answersCitizen reports whether a move carries words to the citizen that must be there.
func answersCitizen(s petition.MoveSpec) bool {
	return s.Public && slices.ContainsFunc(s.Fields, func(f petition.Field) bool {
		return f.Key == "text" && !f.Inner && !f.Optional
	})
}

// startReplyCheck fetches the case that an answer is to be held against; false when the
// move can be shown at once.
func (t *step) startReplyCheck(s petition.MoveSpec) bool {
	if t.conv.check == nil || !answersCitizen(s) {
		return false
	}
	t.do("over:"+itoa(t.s.Step), bot.Effect{Look: &bot.Look{Number: t.s.Case}})
	return true
}

// replyChecked goes on once the case is here, or without it when it could not be had. By then
// the officer may have gone elsewhere.
func (t *step) replyChecked(step string, v *petition.View) {
	s, ok := t.spec()
	if !ok || t.s.Open != "move" || t.s.Field < len(s.Fields) || step != itoa(t.s.Step) {
		return
	}
	if v == nil {
		t.sayConfirmation(s, "")
		return
	}
	t.sayConfirmation(s, t.findings(t.conv.check(*v, *t.s.Move)))
}

func (t *step) findings(found []petition.Finding) string {
	if len(found) == 0 {
		return ""
	}
	lines := []string{"", t.text("gate.head")}
	for _, f := range found {
		args := map[string]string{}
		for k, v := range f.Args {
			if k == "field" && t.conv.locales.Has("desk.name."+v) {
				v = t.text("desk.name." + v)
			}
			args[k] = clip(v, 80)
		}
		lines = append(lines, t.text("gate.line", "Text", t.text(f.Key, args)))
	}
	return strings.Join(lines, "\n")
}
