package citizen

import (
	"slices"

	"dengwen/bot"
	"dengwen/petition"
)

// transcribed goes on with what a recording seems to say: it is shown and taken as the
// person's words, which they can change like any others. The recording stays as it is.
// Where nothing could be made out, one line of text is asked for.
func (t *step) transcribed(id string, h *bot.Heard) {
	switch {
	case h == nil || !t.hasFile(id):
	case h.Text == "":
		t.note("voice.unheard")
		t.again()
	default:
		text, _ := truncate(h.Text, maxFacts)
		t.note("voice.heard", "Text", text)
		t.e.Text, t.e.Ref = text, "heard:"+id
		t.useTranscript()
	}
}

// useTranscript puts words that were heard where typed ones would go.
func (t *step) useTranscript() {
	switch t.s.State {
	case stateSupplement:
		supplementText(t)
	case bot.Looking:
		t.holdReply()
	case stateFacts, stateUnderstanding, Card, stateEditing:
		t.tell("told")
	default: // another question is open: the words belong to the story, not to it
		if t.s.Draft != nil {
			t.addPart(t.e.Text)
		}
		t.again()
	}
}

// hasFile reports that the file belongs to what is being told.
func (t *step) hasFile(id string) bool {
	is := func(a petition.Attachment) bool { return a.ID == id }
	if d := t.s.Draft; d != nil && !d.Sent && slices.ContainsFunc(d.Filing.Attachments, is) {
		return true
	}
	return t.s.State == stateSupplement && t.s.Note != nil && slices.ContainsFunc(t.s.Note.Files, is) || t.replyHas(is)
}

func (t *step) replyHas(is func(petition.Attachment) bool) bool {
	return t.s.State == bot.Looking && t.s.Reply != nil && slices.ContainsFunc(t.s.Reply.Files, is)
}

// transcribes reports whether a file will be transcribed.
func (t *step) transcribes(m bot.Media) bool {
	return t.conv.set.Hears && m.Audible() && !m.Stored
}
