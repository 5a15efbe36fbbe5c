package citizen

import (
	"cmp"
	"regexp"

	"dengwen/bot"
	"dengwen/petition"
)

// How sure a reader must be before the card shows its guess instead of a question.
// The person sees and confirms either way, but few correct a card: a subject goes on it
// as read only where 97 of 100 are right (docs/understanding.md). Below that it stands
// there marked as a guess, with the second likeliest a press away; below fairSubject it is asked.
const (
	sureClass        = 0.6
	sureSubject      = 0.95
	fairSubject      = 0.5
	surePlace        = 0.6
	sureQuestion     = 0.7
	sureWithQuestion = 0.6 // where the words themselves read like a question
)

// understood goes on with what a reader made of the story; nil means that it could
// not be read, and the form asks for everything.
func (t *step) understood(r *bot.Reading) {
	d := t.s.Draft
	if notes := t.get("notes"); notes != "" {
		t.noteText(notes)
		t.set("notes", "")
	}
	if r == nil {
		if d.Known["kind"] == "" && lettersIn(d.Filing.Facts) < 10 {
			t.s.Draft = nil
			t.enter(stateTelling)
			return
		}
		t.note("read.failed")
		t.factsWithoutReader()
		t.placeOfCode()
		t.forward()
		return
	}
	d.Reading = r
	if kind, _ := dangerIn(d.Filing.Facts); (r.Danger || kind != "") && d.Known[knownDanger] == "" {
		if key := seeming(d.Filing.Facts); key != "" {
			d.Known[knownDanger] = "no"
			t.note(key)
		}
	}
	if r.Danger && d.Known[knownDanger] == "" && !everydayWords(d.Filing.Facts) {
		t.minorHint(r)
		kind, despair := dangerIn(d.Filing.Facts)
		t.apply(r)
		t.endanger(cmp.Or(kind, petition.UrgentLife), despair)
		return
	}
	t.minorHint(r)
	if isThanks(d) && !thanks(d.Filing.Facts) { // more was said, and it asks for something
		t.notThanks()
		return
	}
	if t.takeThanks() {
		t.applyPlace(r)
		t.forward()
		return
	}
	if d.Known["kind"] != "told" && t.notStory(r) {
		return
	}
	if d.Known["kind"] == "" {
		d.Known["kind"] = "told"
		if r.Kind != "story" {
			d.Known["kind"] = "maybe"
		}
	}
	t.apply(r)
	if !hasHan(d.Filing.Facts) { // the offline reader finds places and numbers in Chinese alone
		t.factsWithoutReader()
	}
	if n := len(t.missing()); n > 0 {
		if len(t.notes) == 0 {
			t.note("read.kept")
		}
		t.noteMissing(n)
	}
	t.forward()
}

var mobile = regexp.MustCompile(`(?:^|[^0-9])(1[3-9][0-9]{9})(?:[^0-9]|$)`)

// factsWithoutReader takes from the words what needs no reader: the one town of the office's
// list that is named, a mobile number.
func (t *step) factsWithoutReader() {
	d := t.s.Draft
	if towns := t.townsIn(d.Filing.Facts); len(towns) == 1 && d.Known[string(statePlace)] == "" {
		d.Filing.Place.Code = towns[0]
		d.Known[string(statePlace)] = "read"
	}
	if m := mobile.FindStringSubmatch(d.Filing.Facts); m != nil && d.Known[string(statePhone)] == "" {
		d.Filing.Contact.Phone = m[1]
		d.Known[string(statePhone)] = "read"
	}
}

// minorHint says whom a child can turn to.
func (t *step) minorHint(r *bot.Reading) {
	if r.Minor && t.s.Draft.Known["minor"] == "" {
		t.s.Draft.Known["minor"] = "said"
		t.say(t.text("minor"))
	}
}

// notStory handles words that are something else than a matter to lodge.
func (t *step) notStory(r *bot.Reading) bool {
	enough := sureQuestion
	if looksLikeQuestion(t.s.Draft.Filing.Facts) {
		enough = sureWithQuestion
	}
	switch {
	case r.Kind == "own_case":
		t.s.Draft = nil
		t.wait(bot.Home)
		if !t.lookIn(r.Number) {
			t.status("", true)
		}
	case r.Kind == "question" && r.KindConf >= enough && len(t.s.Draft.Filing.Attachments) == 0:
		t.dropAsQuestion()
	default:
		return false
	}
	return true
}

// noteMissing says how much is still missing.
func (t *step) noteMissing(n int) {
	if n == 1 {
		t.note("missing.1")
		return
	}
	t.note("missing.n", "Count", n)
}

// question has the knowledge base answer; the open question is asked again after.
func (t *step) question(text string) {
	text, _ = truncate(text, maxAnswer)
	t.set("asked", text)
	t.do("ask", bot.Effect{Ask: &bot.Ask{Question: text, Lang: t.s.Lang}})
}

// How sure the knowledge base must be.
const (
	sureAnswer  = 0.4
	sureUnasked = 0.6 // before anybody has said that it is a question
)

// answered brings the answer, then the open question again. Where any words are an
// answer, words that were no question are taken as one.
func (t *step) answered(a *bot.Answer) {
	if t.officeAnswered(a) {
		return
	}
	st := t.state()
	first, ref := t.get("first"), t.get("ref")
	t.set("first", "")
	t.set("ref", "")
	if first != "" && t.s.State == bot.Home && (a == nil || !a.Known || a.Confidence < sureUnasked) {
		t.e.ID, t.e.Ref, t.e.Text = first, ref, t.get("asked")
		t.tell("")
		return
	}
	if a == nil || !a.Known || a.Confidence < sureAnswer {
		if t.doubted() {
			return
		}
		if st.free && t.get("asked") != "" {
			t.e.Text = t.get("asked")
			t.set("asked", "")
			t.handle(st.text)
			return
		}
		t.noteText(t.text("answer.unknown") + "\n" + t.officeContact())
	} else {
		t.set("doubt", "")
		t.noteText(a.Text)
	}
	if st.idle {
		t.say(t.text("answer.after"), t.afterAnswer()...)
		return
	}
	t.again()
}

func (t *step) afterAnswer() [][]bot.Button {
	row := []bot.Button{t.link("home.rights", "rights:0")}
	if t.s.State == bot.Home && lettersIn(t.get("asked")) >= 4 {
		row = append([]bot.Button{t.btn("kind.lodge", "lodge")}, row...)
	}
	return [][]bot.Button{row}
}

// limits is what to say on other clocks: where the subject has another route, its
// sentence; where a decision is fought or another procedure runs, that petitioning
// stops no time limit.
func (t *step) limits() string {
	d := t.s.Draft
	if d.Filing.Class == petition.Report {
		return ""
	}
	if c, ok := t.category(d.Filing.Subject); ok && c.Hint != "" && t.conv.locales.Has(c.Hint) {
		return t.text(c.Hint)
	}
	if d.Reading != nil && d.Reading.Decision || d.Filing.Used == petition.UsedYes {
		return t.text("limits")
	}
	return ""
}
