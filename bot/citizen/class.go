package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/internal/officials"
	"dengwen/petition"
)

// classOnCard reports that it is open whether a story is a claim or a report: the card offers
// both, and what is lodged without an answer is sealed until it has been sorted.
func (t *step) classOnCard() bool {
	d := t.s.Draft
	return d.Filing.Class == "" && doubtfulReport(d.Reading) && !d.Guided
}

// likelyClasses are the two on the card's row.
func (t *step) likelyClasses() []bot.Button {
	if !t.classOnCard() {
		return nil
	}
	return []bot.Button{t.btn("class.own", "is:claim"), t.btn("class.is_report", "is:report")}
}

func (t *step) pressLikelyClass(arg string) bool {
	if !hasButton(t.likelyClasses(), "is:"+arg) {
		return false
	}
	t.setClass(petition.Class(arg), "told")
	return true
}

func askClass(t *step) {
	if doubtfulReport(t.s.Draft.Reading) {
		t.say(t.text("class.maybe_report"),
			[]bot.Button{t.btn("class.own", "is:claim"), t.btn("class.report", "is:report")},
			[]bot.Button{t.btn("button.unsure", "unsure")}, t.common(false))
		return
	}
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
		t.classUnsure()
	default:
		return t.pressCommon(action)
	}
	return true
}

// classUnsure seals what may be a report until an officer named for reports has sorted it.
func (t *step) classUnsure() {
	if doubtfulReport(t.s.Draft.Reading) {
		t.note("class.unsure_sealed")
		t.setClass(petition.Report, "guess")
		return
	}
	t.note("class.unsure")
	t.setClass(petition.Claim, "guess")
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
		t.classUnsure()
		return true
	}
	return t.classSaid(text) || t.moreStory(longAnswer)
}

// classSaid takes a class named in a few words.
func (t *step) classSaid(text string) bool {
	if t.s.State == Card && lettersIn(text) > shortClass {
		return false
	}
	for _, c := range []petition.Class{petition.Report, petition.Suggestion, petition.Claim} {
		for _, w := range classWords[c] {
			if strings.Contains(strings.ToLower(text), w) {
				t.setClass(c, "told")
				return true
			}
		}
	}
	return false
}

// shortClass is how many letters such words have in front of the card, where others are more of
// the story.
const shortClass = 12

// setClass settles the class. A report takes the sealed path, which is said at once,
// by the card or before the next question.
func (t *step) setClass(c petition.Class, how string) {
	f := &t.s.Draft.Filing
	f.Class = c
	if c == petition.Report {
		f.Public = false
	} else {
		f.About, f.AboutText = "", ""
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

// maybeReport reports whether the card offers the sealed path: words alone can't tell a
// complaint in which an official appears from a report on them, and a report that goes
// in as a claim may be read by those it is about (Art 30).
func (t *step) maybeReport() bool {
	d := t.s.Draft
	if d.Filing.Class != petition.Claim || d.Known[string(stateClass)] == "told" {
		return false
	}
	i, _ := officials.Find(strings.ToLower(d.Filing.Facts))
	return i >= 0
}
