package officer

import "strings"

// typedButtons are the actions of an open question whose labels may be typed instead of
// pressed, with the keys of the labels: a typed "skip" must not reach a citizen as text.
var typedButtons = map[string][][2]string{
	"move":      {{"leave", "desk.button.leave"}, {"prev", "desk.button.prev"}, {"skip", "desk.button.skip"}, {"do", "desk.button.do"}},
	"letter":    {{"leave", "desk.button.leave"}, {"prev", "desk.button.prev"}, {"skip", "desk.button.skip"}, {"do", "desk.button.do"}},
	"relay":     {{"citizen", "desk.button.citizen"}, {"note", "desk.button.note"}, {"leave", "desk.button.leave"}},
	"broadcast": {{"send", "desk.broadcast.send"}, {"change", "desk.broadcast.change"}, {"leave", "desk.button.leave"}},
	"find":      {{"leave", "desk.button.leave"}},
	"why":       {{"leave", "desk.why.leave"}},
}

// typedPress takes typed words of a button as a press on it. "Skip" where nothing can be
// skipped is no answer either.
func (t *step) typedPress() bool {
	text := strings.ToLower(strings.Trim(strings.TrimSpace(t.e.Text), "[]［］【】"))
	if text == "" || len(t.e.Media) > 0 || t.e.ReplyTo != "" && !t.inGroup() {
		return false
	}
	for _, b := range typedButtons[t.s.Open] {
		if text != strings.ToLower(t.text(b[1])) && !(b[0] == "skip" && (text == "跳过" || text == "skip")) {
			continue
		}
		if t.answerPress(b[0], "") {
			return true
		}
		if b[0] == "skip" {
			t.say(t.text("desk.miss.words"))
			t.again()
			return true
		}
	}
	return false
}
