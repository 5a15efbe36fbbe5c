package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// WithReplyCheck is a copy of c that checks every answer to a citizen before it is confirmed:
// findings stand under the answer, and the officer decides.
func (c *Conversation) WithReplyCheck(g petition.ReplyCheck) *Conversation {
	checked := *c
	checked.check = g
	return &checked
}

// answersCitizen reports whether a move has a required text that the citizen gets.
func answersCitizen(s petition.MoveSpec) bool {
	return s.Public && slices.ContainsFunc(s.Fields, func(f petition.Field) bool {
		return f.Key == "text" && !f.Inner && !f.Optional
	})
}

// startReplyCheck asks for the case that an answer is checked against; false when the move
// needs no check.
func (t *step) startReplyCheck(s petition.MoveSpec) bool {
	if t.conv.check == nil || !answersCitizen(s) {
		return false
	}
	t.do("over:"+itoa(t.s.Step), bot.Effect{Look: &bot.Look{Number: t.s.Case}})
	return true
}

// replyChecked asks for confirmation with the findings, or without them when the case could
// not be had. An outcome that no longer belongs to the open question is dropped.
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
		lines = append(lines, t.text("gate.line", "Text", t.names().Finding(f)))
	}
	return strings.Join(lines, "\n")
}
