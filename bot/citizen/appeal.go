package citizen

import (
	"dengwen/petition"
)

// askAppeal asks why the person disagrees. When the thirty days are over it says so
// and that a good reason for being late may be given (Art 35, 36).
func askAppeal(t *step) {
	key := "appeal." + t.get("move")
	if key != "appeal.rereview" {
		key = "appeal.review"
	}
	text := t.text(key, "Number", t.s.Case)
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
	name := petition.MoveReview
	if t.get("move") == string(petition.MoveRereview) {
		name = petition.MoveRereview
	}
	t.move(t.s.Case, petition.Move{Name: name, Text: text})
	return true
}
