package citizen

import (
	"strings"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/locales"
	"dengwen/petition"
)

func storyStates() map[bot.State]state {
	return map[bot.State]state{
		bot.Home: {
			ask: askHome, press: pressHome, text: homeText, media: storyMedia, location: storyPlace,
			idle: true, sortsQuestions: true, next: []bot.State{stateUnderstanding, stateTelling, stateForm, stateNumber, stateDispute, stateDisputeRead},
		},
		stateTelling: {
			ask: askTelling, press: pressTelling, text: tellText, media: storyMedia, location: storyPlace, sortsQuestions: true,
			next: []bot.State{stateUnderstanding, stateForm, stateNumber, bot.Home},
		},
		stateUnderstanding: {
			ask: askUnderstanding, text: tellText, media: storyMedia, location: storyPlace, form: true,
			next: []bot.State{stateForm, Card, stateMore, bot.Home, stateTelling},
		},
	}
}

// Welcome is what a first message begins with: who reads this and what is kept. Callers
// add the emergency numbers and, for the example office, that it is one.
func Welcome(words *locales.Catalog, o *petition.Office, lang string) string {
	return words.Say(lang, "start", "Office", o.NameIn(lang), "Days", o.Settings.KeepDraftDays)
}

// greet is the first message, with where emergencies go.
func (t *step) greet() {
	o := t.conv.office
	text := Welcome(t.conv.locales, o, t.s.Lang) + "\n" + t.text("start.danger")
	if t.e.Door.Abroad {
		text += "\n" + t.text("start.telegram")
	}
	if o.Example {
		text += "\n" + t.text("start.example")
	}
	if at := t.at(); at != nil && at.Place != "" {
		text += "\n" + t.text("start.at", "Place", at.Name(o, t.s.Lang))
	}
	t.say(text, t.homeRows()...)
	t.asked = true
}

func (t *step) homeRows() [][]bot.Button {
	return [][]bot.Button{
		{t.link("home.tell", "new"), t.link("home.my", "my")},
		{t.link("home.rights", "rights:0"), t.otherLanguage()},
	}
}

func askHome(t *step) { t.say(t.text("home"), t.homeRows()...) }

// pressHome takes the buttons under an answer given while nothing was open.
func pressHome(t *step, action, _ string) bool {
	if action != "lodge" || t.get("asked") == "" {
		return false
	}
	t.e.Text = t.get("asked")
	t.set("asked", "")
	t.tell("told")
	return true
}

// homeText is the first thing somebody says: a greeting, a number, or the matter
// itself.
func homeText(t *step) bool {
	text := t.e.Text
	switch {
	case t.lookIn(text):
	case politeReply(text) != "":
		t.say(t.text(politeReply(text)))
	case lettersIn(text) < 2 || !hasHan(text) && lettersIn(text) < 4 || isGreeting(text):
		t.greet()
	case wantsToTell(text):
		t.enter(stateTelling)
	case t.asksOwn(text):
	case looksLikeQuestion(text) && lettersIn(text) <= shortQuestion && !t.e.Forward:
		// The knowledge base decides whether it is one; if not, this event begins
		// the petition after all.
		t.set("first", t.e.ID)
		t.set("ref", t.e.Ref)
		t.question(text)
	default:
		t.tell("")
	}
	return true
}

// asksOwn takes words about a petition lodged before: how it stands, or its review.
func (t *step) asksOwn(text string) bool {
	if t.e.Forward || len(t.e.Media) > 0 {
		return false
	}
	if asked, sure := statusAsked(text); asked {
		t.status(text, sure)
		return true
	}
	if reviewAsked.MatchString(strings.ToLower(text)) && lettersIn(text) <= shortQuestion && !looksLikeQuestion(text) {
		t.reviewOfWhich()
		return true
	}
	return false
}

// shortQuestion is how long a question may be to be tried as one before it is read.
const shortQuestion = 20

func askTelling(t *step) {
	t.say(t.text("telling"), []bot.Button{t.btn("telling.guided", "guided"), t.btn("button.cancel", "cancel")})
}

func pressTelling(t *step, action, _ string) bool {
	switch action {
	case "guided":
		t.newDraft().Guided = true
		t.forward()
	case "cancel":
		t.home("polite.ok")
	default:
		return false
	}
	return true
}

// home ends what was open with one sentence.
func (t *step) home(key string) {
	t.s.Return, t.s.Case = "", ""
	t.wait(bot.Home)
	t.say(t.text(key), t.homeRows()...)
}

// tellText takes words of the story where one was asked for.
func tellText(t *step) bool {
	if lettersIn(t.e.Text) < 2 {
		return false
	}
	if t.s.State == stateTelling && (t.lookIn(t.e.Text) || t.asksOwn(t.e.Text)) {
		return true
	}
	why := "told"
	if d := t.s.Draft; looksLikeQuestion(t.e.Text) && (d == nil || len(d.Parts) == 0) {
		why = ""
	}
	if t.s.State == stateUnderstanding && t.s.Draft != nil {
		why = t.s.Draft.Known["kind"]
	}
	t.tell(why)
	return true
}

// tell adds words to the story, as they are, and has them read. kind "told" means
// the person said that this is a matter to lodge.
func (t *step) tell(kind string) {
	d := t.s.Draft
	if d == nil || d.Sent {
		d = t.newDraft()
	}
	if kind != "" {
		d.Known["kind"] = kind
	}
	if more := t.get("more"); more != "" { // said at the card and not yet read
		t.set("more", "")
		t.addPart(more)
	}
	t.addPart(t.e.Text)
	if t.e.Forward {
		t.note("story.forwarded")
	}
	t.read()
}

// addPart keeps a message of the story. What is over the limit is not kept, and that
// is said.
func (t *step) addPart(text string) {
	d := t.s.Draft
	if t.get("rewrite") != "" && lettersIn(text) > 0 {
		d.Parts = nil
		t.set("rewrite", "")
	}
	used := 0
	for _, p := range d.Parts {
		used += len([]rune(p.Text)) + 1 // and the line end between
	}
	text, cut := truncate(text, max(0, maxFacts-used))
	if cut {
		t.note("story.long", "Max", maxFacts)
	}
	if text == "" {
		return
	}
	if n := len(d.Parts); n >= maxParts {
		d.Parts[n-1].Text += "\n" + text
	} else {
		d.Parts = append(d.Parts, bot.Part{Ref: t.e.Ref, Text: text})
	}
	joinParts(d)
}

// joinParts puts the messages of the story together, a line each. Clients split a text that is too
// long for a message in the middle of a sentence: such parts follow each other as they were written.
func joinParts(d *bot.Draft) {
	var facts strings.Builder
	for i, p := range d.Parts {
		if i > 0 && !splitByClient(d.Parts[i-1].Text) {
			facts.WriteString("\n")
		}
		facts.WriteString(p.Text)
	}
	d.Filing.Facts = facts.String()
	d.Known[string(stateFacts)] = "told"
}

// splitByClient reports a message that is as long as one can be and ends within a sentence.
func splitByClient(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	n := bot.Units(text)
	return n > bot.MaxText-100 && n <= bot.MaxText && !strings.ContainsRune("。！？.!?", last)
}

// read has the whole story read.
func (t *step) read() {
	t.wait(stateUnderstanding)
	t.set("notes", strings.Join(t.notes, "\n"))
	t.notes = nil
	t.do("read", bot.Effect{Read: &bot.Read{Text: t.s.Draft.Filing.Facts, Lang: t.s.Lang}})
}

func askUnderstanding(t *step) { t.say(t.text("understanding")) }

// storyMedia takes a photo, voice or file as the beginning of a story. Without words
// it is kept as evidence and one line of text is asked for.
func storyMedia(t *step) bool {
	d := t.s.Draft
	if d == nil {
		d = t.newDraft()
		d.Known["kind"] = "told"
	}
	kept := t.addFiles()
	if lettersIn(t.e.Text) >= 2 {
		return tellText(t)
	}
	t.evidence(kept)
	if len(d.Parts) > 0 {
		t.read()
		return true
	}
	t.enter(stateFacts)
	return true
}

// evidence says what files are there, and whether a recording is transcribed.
func (t *step) evidence(kept bool) {
	if !kept { // why has been said
		return
	}
	t.note("files.kept", "Count", len(t.s.Draft.Filing.Attachments))
	for _, m := range t.e.Media {
		if t.transcribes(m) {
			t.note("voice.listening")
			return
		}
		if m.Kind == "voice" || m.Kind == "audio" || m.Kind == "video" {
			t.note("files.deaf")
			return
		}
	}
}

// storyPlace takes a location as the beginning of a story.
func storyPlace(t *step) bool {
	d := t.s.Draft
	if d == nil {
		d = t.newDraft()
		d.Known["kind"] = "told"
	}
	t.locate(t.e.Location)
	if len(d.Parts) > 0 {
		t.read()
		return true
	}
	t.enter(stateFacts)
	return true
}

// dropAsQuestion drops the draft of a story that was a question and has that answered.
func (t *step) dropAsQuestion() {
	text := t.s.Draft.Filing.Facts
	t.s.Draft = nil
	t.wait(bot.Home)
	t.question(text)
}
