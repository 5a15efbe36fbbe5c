package officer

import (
	"maps"

	"dengwen/bot"
	"dengwen/petition"
)

// addWords stores words and files until their destination is known. The files of an album
// arrive one by one and are gathered.
func (t *step) addWords() {
	if !t.sameAlbum() {
		t.s.Words, t.s.Files, t.s.Ref = "", nil, t.e.Ref
	}
	if t.e.Text != "" {
		t.s.Words = cut(t.e.Text, maxAnswer)
	}
	t.s.Files = append(t.s.Files, t.files()...)
}

func (t *step) sameAlbum() bool {
	n := len(t.s.Files)
	return len(t.e.Media) > 0 && n > 0 && t.e.Media[0].Album != "" && t.s.Files[n-1].Album == t.e.Media[0].Album
}

// files are the event's attachments; those not stored yet are fetched.
func (t *step) files() []petition.Attachment {
	var out []petition.Attachment
	for _, m := range t.e.Media {
		out = append(out, petition.Attachment{ID: m.ID, Kind: m.Kind, Name: m.Name, Type: m.Type, Size: m.Size, Album: m.Album, Stored: m.Stored})
		if !m.Stored {
			t.out = append(t.out, bot.Effect{Fetch: &m, Staff: true, Tag: tagPrefix + t.id + ":file"})
		}
	}
	return out
}

// cut shortens without folding line ends.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// relayKey is where a conversation keeps how words beside a case are meant.
const relayKey = "relay"

// relay asks where words go: to the citizen, or into the file. Without this press, or
// an earlier /relay, nothing said beside a case reaches the citizen.
func (t *step) relay() {
	switch t.data[relayKey] {
	case "citizen":
		t.relayAs(petition.MoveTell)
		return
	case "note":
		t.relayAs(petition.MoveNote)
		return
	}
	t.openQuestion("relay")
	t.say(t.text("desk.relay.ask", "Number", t.s.Case),
		[]bot.Button{t.btn(t.text("desk.button.citizen"), "citizen"), t.btn(t.text("desk.button.note"), "note"), t.btn(t.text("desk.button.leave"), "leave")})
}

func (t *step) relayPress(action string) bool {
	switch action {
	case "leave":
		t.say(t.text("desk.left"), []bot.Button{t.link(t.s.Case, "case:"+t.s.Case)})
		t.s.Open, t.s.Words, t.s.Files = "", "", nil
	case "citizen":
		t.relayAs(petition.MoveTell)
	case "note":
		t.relayAs(petition.MoveNote)
	default:
		return false
	}
	return true
}

// relayAs submits words and files as a move, so that they are in the timeline.
func (t *step) relayAs(name petition.MoveName) {
	words := t.s.Words
	if words == "" {
		words = t.text("desk.relay.files")
	}
	t.do("passed:"+string(name), bot.Effect{Do: &bot.Do{Number: t.s.Case, Move: petition.Move{Name: name, Text: words, Files: t.s.Files}}})
	t.s.Open, t.s.Words, t.s.Files = "", "", nil
}

// relayed confirms it, and records which message it was for a later edit.
func (t *step) relayed(name petition.MoveName, v *petition.View) {
	t.s.Case, t.s.Class = v.Number, v.Class
	if name == petition.MoveTell && t.s.Ref != "" {
		t.s.Sent = append(t.s.Sent, bot.Sent{Ref: t.s.Ref, Case: v.Number})
		t.s.Sent = t.s.Sent[max(0, len(t.s.Sent)-20):]
	}
	t.s.Ref = ""
	t.say(t.text("desk.passed."+string(name), "Number", v.Number))
}

// sentFrom is the case whose citizen was sent a message, "" when none was.
func sentFrom(d *bot.OfficerSession, ref string) string {
	for _, s := range d.Sent {
		if s.Ref == ref && ref != "" {
			return s.Case
		}
	}
	return ""
}

// edited passes a changed message on as a correction; other changes come too late.
func (t *step) edited() {
	number := sentFrom(t.s, t.e.Ref)
	if number == "" || t.e.Text == "" {
		t.say(t.text("desk.edited"))
		t.again()
		return
	}
	text := t.text("desk.correction", "Text", cut(t.e.Text, maxAnswer-20))
	t.do("passed:"+string(petition.MoveTell), bot.Effect{Do: &bot.Do{Number: number, Move: petition.Move{Name: petition.MoveTell, Text: text}}})
}

// setRelay sets how words beside a case are meant in this chat or topic from now on.
func (t *step) setRelay(how string) {
	if how != "citizen" && how != "note" && how != "ask" {
		t.say(t.text("desk.relay.usage"))
		return
	}
	data := maps.Clone(t.data)
	if data == nil {
		data = map[string]string{}
	}
	data[relayKey] = how
	t.data = data
	t.say(t.text("desk.relay." + how + "_set"))
}
