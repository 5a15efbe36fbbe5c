package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

func askFacts(t *step) {
	key := "facts.ask"
	row := t.common(false)
	switch d := t.s.Draft; {
	case t.get("rewrite") != "":
		key = "facts.rewrite"
	case len(d.Parts) > 0:
		key = "facts.more"
		row = append([]bot.Button{t.btn("facts.anew", "rewrite")}, row...)
	case len(d.Filing.Attachments) > 0:
		row = append([]bot.Button{t.btn("facts.listen", "listen")}, row...)
	}
	t.say(t.text(key), row)
}

// pressFacts takes the story anew, or lets somebody who cannot write leave a
// recording: a person listens.
func pressFacts(t *step, action, _ string) bool {
	switch action {
	case "rewrite":
		t.set("rewrite", "1")
		t.ask()
		return true
	case "listen":
	default:
		return t.pressCommon(action)
	}
	d := t.s.Draft
	if len(d.Filing.Attachments) == 0 {
		return false
	}
	d.Filing.Facts = t.text("facts.recorded")
	t.settled("told")
	return true
}

func askRequest(t *step) { t.say(t.text("request.ask"), t.common(true)) }

// pressRequest skips it; what was there is taken out again.
func pressRequest(t *step, action, _ string) bool {
	if action == "skip" {
		t.s.Draft.Filing.Request = ""
	}
	return t.pressCommon(action)
}

func textRequest(t *step) bool {
	text, ok := t.answerText(maxAnswer)
	if !ok {
		return false
	}
	t.s.Draft.Filing.Request = text
	t.settled("told")
	return true
}

func askUsed(t *step) {
	t.say(t.text("used.ask"),
		[]bot.Button{t.btn("used.yes", "is:yes"), t.btn("used.no", "is:no"), t.btn("button.unsure", "is:unsure")},
		t.common(false))
}

func pressUsed(t *step, action, arg string) bool {
	if action != "is" {
		return t.pressCommon(action)
	}
	t.setUsed(petition.Used(arg), "")
	return true
}

// textUsed takes yes, no, or what was tried in the person's own words.
func textUsed(t *step) bool {
	text, ok := t.answerText(maxAnswer)
	if !ok || looksLikeQuestion(text) {
		return false
	}
	switch s := strings.ToLower(text); {
	case isUnsure(text):
		t.setUsed(petition.UsedUnsure, "")
	case strings.HasPrefix(s, "没") || strings.HasPrefix(s, "无") || strings.HasPrefix(s, "no") || strings.HasPrefix(s, "不"):
		t.setUsed(petition.UsedNo, "")
	default:
		t.setUsed(petition.UsedYes, text)
	}
	return true
}

// setUsed settles it. Where another procedure runs, its limits go on running, which
// is said here and once.
func (t *step) setUsed(u petition.Used, text string) {
	f := &t.s.Draft.Filing
	f.Used, f.UsedText = u, text
	t.settled("told")
}
