package citizen

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

func cardStates() map[bot.State]state {
	return map[bot.State]state{
		Card: {
			ask: askCard, press: pressCard, text: cardText, media: cardMedia, location: cardPlace, contact: cardContact,
			form: true, next: []bot.State{stateForm, stateEditing, stateFiling, stateUnderstanding, stateMend, stateCancel, stateDisputeCard, bot.Home},
		},
		stateMend: {ask: askMend, press: pressMend, text: mendText, form: true, next: []bot.State{Card, stateUnderstanding}},
		stateMore: {ask: askMore, press: pressMore, text: moreText, form: true, next: []bot.State{Card, stateUnderstanding}},
		stateEditing: {
			ask: askEditing, press: pressEditing, text: cardText, media: cardMedia, location: cardPlace, contact: cardContact, form: true,
			next: []bot.State{stateForm, Card, stateUnderstanding, stateMend, stateCancel},
		},
		stateFiling: {ask: askFiling, next: []bot.State{bot.Looking, stateWhere, Card, stateAbout, bot.Home, stateResume, stateUnderstanding}},
		stateResume: {ask: askResume, press: pressResume, next: []bot.State{stateTelling}},
		stateCancel: {ask: askCancel, press: pressCancel, next: []bot.State{bot.Home, stateResume, stateUnderstanding}},
	}
}

// askCard shows everything that would be filed, what a reader proposed marked as such.
func askCard(t *step) {
	if isThanks(t.s.Draft) {
		t.askThanks()
		return
	}
	lines := []string{t.cardHead()}
	for _, f := range t.conv.form {
		for _, l := range f.card {
			lines = append(lines, l(t))
		}
	}
	lines = slices.DeleteFunc(append(lines, t.limits()), func(l string) bool { return l == "" })
	rows := [][]bot.Button{
		{t.mainBtn("card.send", "send"), t.btn("card.edit", "edit")},
		{t.btn("card.files", "files"), t.btn("card.contact", "contact")},
	}
	rows = append(rows, t.cardAnswers()...)
	if row := t.mediationRow(); row != nil {
		rows = append(rows, row)
	}
	if t.s.Draft.Known["kind"] == "maybe" {
		rows = append(rows, []bot.Button{t.btn("card.question", "question")})
	}
	if t.s.Draft.Undo != nil {
		rows = append(rows, []bot.Button{t.btn("card.undo", "undo")})
	}
	if t.maybeReport() {
		rows = append(rows, []bot.Button{t.btn("card.report", "report")})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

// guessed reports whether the subject on the card is only the likelier of two.
func (t *step) guessed() bool {
	d := t.s.Draft
	return d.Known[string(stateSubject)] == "guessed" && d.Filing.Class != petition.Report
}

// cardAnswers are rows of likely answers to what the story leaves open. Pressing one is
// optional: the petition office sorts what stays open.
func (t *step) cardAnswers() [][]bot.Button {
	var rows [][]bot.Button
	for _, f := range t.conv.form {
		if f.likely == nil || !f.applies(t.s.Draft) {
			continue
		}
		if row := f.likely(t); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// cardHead says once that what follows was read; after that, how things stand.
func (t *step) cardHead() string {
	d := t.s.Draft
	if d.Reading == nil || d.Known["card"] != "" {
		return t.text("card.now")
	}
	d.Known["card"] = "shown"
	return t.text("card.head")
}

func (t *step) cardFacts() string {
	f := t.s.Draft.Filing.Facts
	if f == t.text("facts.recorded") {
		return t.text("card.recorded")
	}
	if n := len([]rune(f)); t.s.Draft.Reading == nil || t.s.Draft.Reading.Title == "" || n > 200 {
		return t.text("card.facts", "Text", clip(strings.Join(strings.Fields(f), " "), 120), "Count", n)
	}
	return ""
}

func (t *step) cardTitle() string {
	if t.s.Draft.Filing.Title == "" {
		return ""
	}
	return t.text("card.title", "Text", t.s.Draft.Filing.Title)
}

// isOutside reports a place that lies in another county.
func (t *step) isOutside() bool {
	r := t.s.Draft.Reading
	return r != nil && r.Outside != ""
}

func (t *step) cardPlace() string {
	p := t.s.Draft.Filing.Place
	name := t.placeName(p)
	switch {
	case name == "" && t.s.Draft.Known[string(statePlace)] == "":
		return t.text("card.place_open")
	case name == "":
		return t.text("card.place_none")
	case t.s.Draft.Known[string(statePlace)] == "" && t.isOutside():
		return t.text("card.place_outside", "Place", name)
	case t.s.Draft.Known[string(statePlace)] == "":
		return t.text("card.place_text", "Place", name)
	case t.s.Draft.Known[string(statePlace)] == "read" && p.Text == "":
		return t.text("card.place_town", "Place", name)
	}
	return t.text("card.place", "Place", name)
}

func (t *step) cardRequest() string {
	d := t.s.Draft
	switch {
	case d.Filing.Request == "", d.Filing.Class == petition.Report && requestDerived(d):
		return t.text("card.request_none")
	case requestDerived(d):
		return t.text("card.request_ours", "Text", d.Filing.Request)
	}
	return t.text("card.request", "Text", clip(d.Filing.Request, 300))
}

func (t *step) cardTried() string {
	if r := t.s.Draft.Reading; r != nil && r.Tried != "" {
		return t.text("card.tried", "Text", clip(r.Tried, 100))
	}
	return ""
}

func (t *step) cardClass() string {
	if t.classOnCard() {
		return t.text("card.class_doubt")
	}
	f := t.s.Draft.Filing
	name := t.className(f.Class)
	if s := t.subjectName(f.Subject); s != "" && f.Class != petition.Report {
		name += " · " + s
	}
	line := t.text("card.class", "Class", name)
	switch {
	case t.guessed():
		line = t.text("card.class_guess", "Class", name)
	case f.Subject == "" && f.Class != petition.Report:
		line = t.text("card.class_open", "Class", name)
	}
	switch {
	case f.Class == petition.Report:
		line += "\n" + t.text("report.sealed")
	case t.maybeReport():
		line += "\n" + t.text("card.maybe_report")
	}
	return line
}

func (t *step) className(c petition.Class) string { return t.text("class." + string(c)) }

func (t *step) cardUsed() string {
	f := t.s.Draft.Filing
	switch {
	case f.UsedText != "":
		return t.text("card.used", "Text", clip(f.UsedText, 100))
	case f.Used == petition.UsedYes:
		return t.text("card.used_yes")
	}
	return ""
}

func (t *step) cardFiles() string {
	if n := len(t.s.Draft.Filing.Attachments); n > 0 {
		return t.text("card.attached", "Count", n)
	}
	return ""
}

func (t *step) cardContact() string {
	c := t.s.Draft.Filing.Contact
	var left []string
	for _, v := range []string{c.Name, c.Address, c.Phone} {
		if v != "" {
			left = append(left, v)
		}
	}
	switch {
	case len(left) == 0:
		return t.text("card.chat_only")
	case c.Name == "" || c.Address == "":
		return t.text("card.contact_part", "Left", strings.Join(left, t.text("list.and")))
	}
	return t.text("card.contact_left", "Left", strings.Join(left, t.text("list.and")))
}

func (t *step) cardPublic() string {
	f := t.s.Draft.Filing
	switch {
	case f.Class == petition.Report:
		return ""
	case f.Public:
		return t.text("card.public")
	}
	return t.text("card.private")
}

func pressCard(t *step, action, arg string) bool {
	t.set("chain", "")
	switch action {
	case "send":
		t.send()
	case "edit":
		t.enter(stateEditing)
	case "question":
		if t.s.Draft.Known["kind"] != "maybe" {
			return false
		}
		t.dropAsQuestion()
	case "mediate":
		return t.mediateToo()
	case "undo":
		return t.undo()
	case "nothanks":
		if !isThanks(t.s.Draft) {
			return false
		}
		t.notThanks()
	case "drop":
		t.dropDraft()
	case "is":
		return t.pressLikelyClass(arg)
	case "rather":
		return t.pressLikelySubject(arg)
	case "at":
		return t.pressLikelyPlace(arg)
	case "where":
		t.s.Draft.Trail = nil // back leads to the card
		t.enter(statePlace)
	case "report":
		if !t.maybeReport() {
			return false
		}
		t.setClass(petition.Report, "told")
	case "files":
		t.enter(stateFiles)
	case "contact":
		t.set("chain", "contact")
		t.enter(stateName)
	default:
		return false
	}
	return true
}

func cardMedia(t *step) bool {
	t.evidence(t.addFiles())
	if lettersIn(t.e.Text) >= 2 {
		return cardText(t)
	}
	t.ask()
	return true
}

func cardPlace(t *step) bool {
	t.locate(t.e.Location)
	t.enter(Card)
	return true
}

func cardContact(t *step) bool {
	st := t.s.State
	t.s.State = statePhone
	if sharedCard(t) {
		return true
	}
	t.s.State = st
	return false
}

func askEditing(t *step) {
	d := t.s.Draft
	var buttons []bot.Button
	for _, f := range t.conv.form {
		if f.applies(d) {
			buttons = append(buttons, t.btn("field."+string(f.name), "field:"+string(f.name)))
		}
	}
	rows := slices.Collect(slices.Chunk(buttons, 3))
	t.say(t.text("edit.ask"), append(rows, []bot.Button{t.btn("edit.none", "back"), t.btn("button.drop", "drop")})...)
}

func pressEditing(t *step, action, arg string) bool {
	switch action {
	case "field":
		form := t.conv.form
		i := slices.IndexFunc(form, func(f field) bool { return string(f.name) == arg })
		if i < 0 || !form[i].applies(t.s.Draft) {
			return false
		}
		t.s.Draft.Trail = nil // back leads to the card
		t.enter(form[i].name)
	case "back":
		t.enter(Card)
	case "drop":
		t.dropDraft()
	default:
		return false
	}
	return true
}
