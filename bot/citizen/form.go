package citizen

import (
	"slices"

	"dengwen/bot"
	"dengwen/petition"
)

// field is one question of the form. The form is data: which questions there are,
// which a plain story must answer, which are asked step by step.
type field struct {
	name   bot.State
	must   bool                     // asked whenever the story leaves it open
	guided bool                     // asked in the step by step form
	card   []line                   // of the card, from here on
	likely func(*step) []bot.Button // on the card while it is open: likely answers, a press each
	state
}

// line is a line of the card; "" is left out.
type line = func(*step) string

// form is in the order in which people are asked, the lines of the card with it: class and
// subject stand behind the request, whether it is public at the end.
func form() []field {
	story := []bot.State{stateForm, stateUnderstanding} // a long answer is read as more of the story
	on := []bot.State{stateForm}
	return []field{
		{name: stateFacts, must: true, card: []line{(*step).cardFacts, (*step).cardTitle}, state: state{
			ask: askFacts, press: pressFacts, text: tellText, media: storyMedia, location: storyPlace,
			next: []bot.State{stateUnderstanding, stateForm, bot.Home},
		}},
		{name: stateClass, must: true, likely: (*step).likelyClasses, state: state{ask: askClass, press: pressClass, text: textClass, next: story}},
		{name: statePlace, guided: true, card: []line{(*step).cardPlace}, likely: (*step).likelyPlaces, state: state{
			ask: askPlace, press: pressPlace, text: textPlace, location: sharedPlace, next: story,
		}},
		{name: stateSubject, guided: true, likely: (*step).likelySubjects, state: state{ask: askSubject, press: pressSubject, text: textSubject, next: story}},
		{name: stateRequest, guided: true, card: []line{(*step).cardRequest, (*step).cardTried, (*step).cardClass}, state: state{
			ask: askRequest, press: pressRequest, text: textRequest, free: true, next: on,
		}},
		{name: stateAbout, must: true, card: []line{(*step).cardAbout}, state: state{ask: askAbout, press: pressAbout, text: textAbout, next: on}},
		{name: stateUsed, guided: true, card: []line{(*step).cardUsed}, state: state{ask: askUsed, press: pressUsed, text: textUsed, next: on}},
		{name: statePeople, card: []line{(*step).cardPeople}, state: state{ask: askPeople, press: pressPeople, text: textPeople}},
		{name: stateFiles, guided: true, card: []line{(*step).cardFiles}, state: state{ask: askFiles, press: pressFiles, text: textFiles, next: story}},
		{name: statePublic, state: state{ask: askPublic, press: pressPublic}},
		{name: stateName, guided: true, card: []line{(*step).cardContact}, state: state{
			ask: askName, press: pressContact, text: textContact, contact: sharedCard, free: true, next: on,
		}},
		{name: stateAddress, state: state{ask: askAddress, press: pressContact, text: textContact, contact: sharedCard, free: true, next: on}},
		{name: statePhone, card: []line{(*step).cardPublic}, state: state{ask: askPhone, press: pressContact, text: textContact, contact: sharedCard, next: on}},
	}
}

// applies leaves out what a class does not need: a report is never published, and
// its subject is sorted by those it is sealed to; whom it is about is asked of a report only.
func (f field) applies(d *bot.Draft) bool {
	if d.Filing.Class == petition.Report {
		return f.name != statePublic && f.name != stateSubject
	}
	return f.name != stateAbout
}

// missing lists what is still to be asked.
func (t *step) missing() []bot.State {
	d := t.s.Draft
	var open []bot.State
	for _, f := range t.conv.form {
		if f.name == stateClass && t.classOnCard() {
			continue
		}
		if d.Known[string(f.name)] == "" && (f.must || d.Guided && f.guided) && f.applies(d) {
			open = append(open, f.name)
		}
	}
	return open
}

func formStates() map[bot.State]state {
	m := map[bot.State]state{}
	for _, f := range form() {
		st := f.state
		st.form = true
		if st.media == nil {
			st.media = formMedia
		}
		st.next = slices.Concat(st.next, []bot.State{Card, stateCancel})
		m[f.name] = st
	}
	return m
}

// settled settles the open question of the form and goes on.
func (t *step) settled(how string) {
	d := t.s.Draft
	d.Known[string(t.s.State)], d.Undo = how, nil
	d.Trail = append(slices.DeleteFunc(d.Trail, func(st bot.State) bool { return st == t.s.State }), t.s.State)
	t.set("asked", "")
	t.forward()
}

// forward asks the next thing that is missing, or shows the card.
func (t *step) forward() {
	if next := t.chained(); next != "" {
		t.enter(next)
		return
	}
	if open := t.missing(); len(open) > 0 {
		t.enter(open[0])
		return
	}
	t.s.Draft.Guided, t.s.Draft.Trail = false, nil
	t.enter(Card)
}

// chained leads through name, address and phone when all three were offered at once.
func (t *step) chained() bot.State {
	if t.get("chain") == "" {
		return ""
	}
	switch t.s.State {
	case stateName:
		return stateAddress
	case stateAddress:
		return statePhone
	case statePhone:
		t.set("chain", "")
	}
	return ""
}

// back goes to the question before, or to the card.
func (t *step) back() bool {
	d := t.s.Draft
	t.set("chain", "")
	for len(d.Trail) > 0 {
		st := d.Trail[len(d.Trail)-1]
		d.Trail = d.Trail[:len(d.Trail)-1]
		if st != t.s.State {
			delete(d.Known, string(st))
			t.enter(st)
			return true
		}
	}
	t.forward()
	return true
}

// common are the buttons every question of the form has.
func (t *step) common(optional bool) []bot.Button {
	var row []bot.Button
	if t.get("asked") != "" && t.state().free {
		row = append(row, t.btn("button.mine", "mine"))
	}
	if optional {
		row = append(row, t.btn("button.skip", "skip"))
	}
	if d := t.s.Draft; len(d.Trail) > 0 || len(t.missing()) == 0 {
		row = append(row, t.btn("button.back", "back"))
	}
	return append(row, t.btn("button.drop", "drop"))
}

// pressCommon handles those buttons.
func (t *step) pressCommon(action string) bool {
	switch action {
	case "back":
		return t.back()
	case "skip":
		t.settled("skipped")
	case "drop":
		t.dropDraft()
	case "mine":
		if t.get("asked") == "" {
			return false
		}
		t.e.Text = t.get("asked")
		t.set("asked", "")
		return t.state().text(t)
	default:
		return false
	}
	return true
}

// Words longer than an answer would be are more of the story.
const (
	longPlace  = 25
	longAnswer = 12
)

// moreStory adds them to it and has it read again; the question comes back if it is
// still open.
func (t *step) moreStory(long int) bool {
	if !hasHan(t.e.Text) {
		long *= 4 // letters of an alphabet say less than characters
	}
	if lettersIn(t.e.Text) < long || looksLikeQuestion(t.e.Text) {
		return false
	}
	t.note("story.added")
	t.tell("told")
	return true
}

// answerText takes the words typed as an answer, within the limit.
func (t *step) answerText(max int) (string, bool) {
	text, cut := truncate(t.e.Text, max)
	if lettersIn(text) == 0 {
		return "", false
	}
	if cut {
		t.note("answer.long", "Max", max)
	}
	return text, true
}
