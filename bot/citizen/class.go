package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

func askClass(t *step) {
	t.say(t.text("class.ask"),
		[]bot.Button{t.btn("class.claim", "is:claim"), t.btn("class.suggestion", "is:suggestion")},
		[]bot.Button{t.btn("class.report", "is:report"), t.btn("button.unsure", "unsure")},
		t.common(false))
}

func pressClass(t *step, action, arg string) bool {
	switch {
	case action == "is" && isClass(arg):
		t.setClass(petition.Class(arg), "told")
	case action == "unsure":
		t.note("class.unsure")
		t.setClass(petition.Claim, "guess")
	default:
		return t.pressCommon(action)
	}
	return true
}

// classWords are how people say it.
var classWords = map[petition.Class][]string{
	petition.Report:     {"举报", "检举", "控告", "揭发", "贪污", "report"},
	petition.Suggestion: {"建议", "意见", "suggest"},
	petition.Claim:      {"投诉", "求决", "请求", "申诉", "解决", "claim", "complain"},
}

func textClass(t *step) bool {
	if looksLikeQuestion(t.e.Text) {
		return false
	}
	text := strings.ToLower(t.e.Text)
	if isUnsure(text) {
		return pressClass(t, "unsure", "")
	}
	for _, c := range []petition.Class{petition.Report, petition.Suggestion, petition.Claim} {
		for _, w := range classWords[c] {
			if strings.Contains(text, w) {
				t.setClass(c, "told")
				return true
			}
		}
	}
	return t.moreStory(longAnswer)
}

// setClass settles the class. A report takes the sealed path, which is said at once,
// by the card or before the next question.
func (t *step) setClass(c petition.Class, how string) {
	f := &t.s.Draft.Filing
	f.Class = c
	if c == petition.Report {
		f.Public = false
	}
	t.s.Draft.Known[string(stateClass)] = how
	if c == petition.Report && len(t.missing()) > 0 {
		t.note("report.sealed")
	}
	t.settled(how)
}

func isUnsure(text string) bool {
	return oneOf(text, []string{"不确定", "不知道", "不清楚", "说不准", "说不清", "随便", "not sure", "don't know", "i don't know"})
}
