package clerk

import (
	"dengwen/bot"
	"dengwen/petition"
)

// hold keeps words and files said beside a case until it is clear where they go.
func (t *turn) hold() {
	t.d.Words = clip2(t.e.Text, maxAnswer)
	t.d.Files = nil
	for _, m := range t.e.Media {
		t.d.Files = append(t.d.Files, petition.Attachment{ID: m.ID, Kind: m.Kind, Name: m.Name, Type: m.Type, Size: m.Size, Album: m.Album, Stored: m.Stored})
		if !m.Stored {
			t.out = append(t.out, bot.Effect{Fetch: &m, Staff: true})
		}
	}
}

// clip2 cuts without folding line ends.
func clip2(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// relay asks where words go: to the citizen, or into the file. Nothing said beside a
// case reaches the citizen without this press.
func (t *turn) relay() {
	t.open("relay")
	t.say(t.w("desk.relay.ask", "Number", t.d.Case),
		[]bot.Button{t.btn(t.w("desk.button.citizen"), "citizen"), t.btn(t.w("desk.button.note"), "note"), t.btn(t.w("desk.button.leave"), "leave")})
}

func (t *turn) relayPress(action string) bool {
	words, files := t.d.Words, t.d.Files
	name := map[string]petition.MoveName{"citizen": petition.MoveTell, "note": petition.MoveNote}[action]
	switch {
	case action == "leave":
		t.say(t.w("desk.left"), []bot.Button{t.link(t.d.Case, "case:"+t.d.Case)})
	case name == "":
		return false
	default:
		t.do("made:"+string(name), bot.Effect{Do: &bot.Do{Number: t.d.Case, Move: petition.Move{Name: name, Text: words, Files: files}}})
	}
	t.d.Open, t.d.Words, t.d.Files = "", "", nil
	return true
}
