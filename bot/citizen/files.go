package citizen

import (
	"fmt"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// captionTells reports a question that words of the story answer: they are read with it.
func (t *step) captionTells() bool {
	switch t.s.State {
	case stateFacts, stateUnderstanding, Card, stateEditing:
		return t.get("rewrite") == ""
	}
	return false
}

// albumFollower reports a further file of an album that has had its answer: it is stored
// without another answer.
func (t *step) albumFollower() bool {
	album := ""
	if len(t.e.Media) > 0 {
		album = t.e.Media[0].Album
	}
	if album == "" {
		return false
	}
	if album != t.get("album") {
		t.set("album", album)
		return false
	}
	switch {
	case t.s.State == stateSupplement:
		t.addNote()
	case t.s.State == bot.Looking && t.s.Reply != nil:
		t.gather(&t.s.Reply.Note)
		return true
	case t.s.Draft != nil && !t.s.Draft.Sent && t.state().form:
		t.addFiles()
		if lettersIn(t.e.Text) >= 2 && t.captionTells() {
			if len(t.s.Draft.Parts) > 0 { // else they are the story
				t.note("story.caption")
			}
			t.tell("told")
			return true
		}
		if lettersIn(t.e.Text) > 0 {
			t.addPart(t.e.Text)
			t.note("story.caption")
		}
	default:
		return false
	}
	if lettersIn(t.e.Text) > 0 || len(t.notes) > 0 {
		t.asked = false
		t.ask()
	}
	return true
}

// addFiles takes the event's files into the draft and reports whether any was taken.
func (t *step) addFiles() bool {
	f := &t.s.Draft.Filing
	had := len(f.Attachments)
	f.Attachments = t.addAttachments(f.Attachments)
	return len(f.Attachments) > had
}

// addAttachments adds the event's files to a list within the limits and has their bytes
// fetched.
func (t *step) addAttachments(list []petition.Attachment) []petition.Attachment {
	o := t.conv.office.Settings
	for i, m := range t.e.Media {
		if o.MaxFiles > 0 && len(list) >= o.MaxFiles {
			t.note("files.many", "Max", o.MaxFiles)
			break
		}
		if o.MaxFileMB > 0 && m.Size > int64(o.MaxFileMB)<<20 {
			t.note("files.big", "Max", o.MaxFileMB)
			continue
		}
		if max := t.e.Door.MaxFileMB; max > 0 && m.Size > int64(max)<<20 {
			t.note("files.big_here", "Max", max, "Page", t.conv.set.PublicURL)
			continue
		}
		if m.ID == "" {
			m.ID = fileID(t.e.ID, i)
		}
		list = append(list, petition.Attachment{ID: m.ID, Kind: m.Kind, Name: clip(m.Name, maxField), Type: m.Type, Size: m.Size, Album: m.Album, Stored: m.Stored})
		if !m.Stored {
			fetch := m
			t.out = append(t.out, bot.Effect{Tag: "fetch:" + m.ID, Fetch: &fetch})
		}
	}
	return list
}

// fileID names a file after the event it came with: letters, digits, "-", "." and
// "_", as every blob store takes them.
func fileID(event string, i int) string {
	safe := strings.Map(func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_') {
			return r
		}
		return '-'
	}, event)
	return fmt.Sprintf("f%s-%d", safe[max(0, len(safe)-100):], i)
}

// notesHeld are the words and files to a case that have not gone yet.
func (t *step) notesHeld() []*bot.Note {
	var list []*bot.Note
	if t.s.Note != nil {
		list = append(list, t.s.Note)
	}
	if t.s.Reply != nil {
		list = append(list, &t.s.Reply.Note)
	}
	return list
}

// fileLost takes out a file whose bytes could not be had, and says so and why.
func (t *step) fileLost(id string, err *petition.Error) {
	gone := func(a petition.Attachment) bool { return a.ID == id }
	found := false
	if d := t.s.Draft; d != nil {
		n := len(d.Filing.Attachments)
		d.Filing.Attachments = slices.DeleteFunc(d.Filing.Attachments, gone)
		found = n != len(d.Filing.Attachments)
	}
	for _, note := range t.notesHeld() {
		n := len(note.Files)
		note.Files = slices.DeleteFunc(note.Files, gone)
		found = found || n != len(note.Files)
	}
	key := "files.lost_later"
	if found {
		key = "files.lost"
	}
	t.note(key, "Why", t.whyLost(err))
	t.again()
}

// whyLost is the sentence of a file's refusal; of one that has none of its own, what can be done.
func (t *step) whyLost(err *petition.Error) string {
	if err != nil && strings.HasPrefix(err.Key, "file.") && t.conv.locales.Has(err.Key) {
		return t.sorry(err)
	}
	return t.text("file.unreachable")
}

// formMedia takes files at any question of the form, then asks it again.
func formMedia(t *step) bool {
	t.evidence(t.addFiles())
	if lettersIn(t.e.Text) > 0 {
		t.addPart(t.e.Text)
		t.note("story.caption")
	}
	t.ask()
	return true
}

func askFiles(t *step) {
	o := t.conv.office.Settings
	row := []bot.Button{t.btn("files.done", "done")}
	t.say(t.text("files.ask", "Max", o.MaxFiles, "MB", o.MaxFileMB, "Count", len(t.s.Draft.Filing.Attachments)), append(row, t.common(false)...))
}

func pressFiles(t *step, action, _ string) bool {
	if action != "done" {
		return t.pressCommon(action)
	}
	t.settled("told")
	return true
}

func textFiles(t *step) bool {
	if oneOf(t.e.Text, []string{"没有", "没", "无", "完了", "好了", "发完了", "none", "no", "done"}) {
		t.settled("told")
		return true
	}
	return t.moreStory(longAnswer)
}
