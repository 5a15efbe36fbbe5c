package citizen

import (
	"slices"

	"dengwen/bot"
	"dengwen/petition"
)

// field is one question of the form. The form is data: which questions there are,
// which a plain story must answer, which are asked step by step.
type field struct {
	state    bot.State
	must     bool // asked whenever the story leaves it open
	guided   bool // asked in the step by step form
	optional bool // may be skipped with one press
}

// form is in the order in which people are asked.
var form = []field{
	{state: stateFacts, must: true},
	{state: stateClass, must: true},
	{state: statePlace, must: true},
	{state: stateSubject, must: true},
	{state: stateRequest, guided: true, optional: true},
	{state: stateUsed, guided: true},
	{state: statePeople},
	{state: stateFiles, guided: true, optional: true},
	{state: statePublic},
	{state: stateName, guided: true, optional: true},
	{state: stateAddress, optional: true},
	{state: statePhone, optional: true},
}

// applies leaves out what a class does not need: a report is never published, and
// its subject is sorted by those it is sealed to.
func (f field) applies(d *bot.Draft) bool {
	if d.Filing.Class == petition.Report {
		return f.state != statePublic && f.state != stateSubject
	}
	return true
}

// missing lists what is still to be asked.
func missing(d *bot.Draft) []bot.State {
	var open []bot.State
	for _, f := range form {
		if d.Known[string(f.state)] == "" && (f.must || d.Guided && f.guided) && f.applies(d) {
			open = append(open, f.state)
		}
	}
	return open
}

func formStates() map[bot.State]state {
	m := map[bot.State]state{
		stateFacts: {
			ask: askFacts, press: pressFacts, text: tellText, media: storyMedia, location: storyPlace,
			next: []bot.State{stateUnderstanding, stateForm, bot.Home},
		},
		stateClass:   {ask: askClass, press: pressClass, text: textClass, next: []bot.State{stateForm, stateUnderstanding}},
		stateSubject: {ask: askSubject, press: pressSubject, text: textSubject, next: []bot.State{stateForm, stateUnderstanding}},
		statePlace:   {ask: askPlace, press: pressPlace, text: textPlace, location: sharedPlace, next: []bot.State{stateForm, stateUnderstanding}},
		stateRequest: {ask: askRequest, press: pressRequest, text: textRequest, free: true, next: []bot.State{stateForm}},
		stateUsed:    {ask: askUsed, press: pressUsed, text: textUsed, next: []bot.State{stateForm}},
		statePeople:  {ask: askPeople, press: pressPeople, text: textPeople},
		stateFiles:   {ask: askFiles, press: pressFiles, text: textFiles, next: []bot.State{stateForm, stateUnderstanding}},
		statePublic:  {ask: askPublic, press: pressPublic},
		stateName:    {ask: askName, press: pressContact, text: textContact, contact: sharedCard, free: true, next: []bot.State{stateForm}},
		stateAddress: {ask: askAddress, press: pressContact, text: textContact, contact: sharedCard, free: true, next: []bot.State{stateForm}},
		statePhone:   {ask: askPhone, press: pressContact, text: textContact, contact: sharedCard, next: []bot.State{stateForm}},
	}
	for name, st := range m {
		st.form = true
		if st.media == nil {
			st.media = formMedia
		}
		st.next = append(st.next, Card, stateCancel)
		m[name] = st
	}
	return m
}

// settled settles the open question of the form and goes on.
func (t *step) settled(how string) {
	d := t.s.Draft
	d.Known[string(t.s.State)] = how
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
	if open := missing(t.s.Draft); len(open) > 0 {
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
	if d := t.s.Draft; len(d.Trail) > 0 || len(missing(d)) == 0 {
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
