package officer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// What did not come by a door is recorded as it came (Art 19, 22): how, when, who passed it on,
// what was said, and who it was if they said so. A reader offers what it finds in the words; then
// everything is shown for confirmation, and what is wrong is changed there. Without a reader it is asked.

// letterStep is one question of it.
type letterStep struct {
	key      string
	choices  []string
	optional bool
	day      dayOf    // what day it asks for
	of       []string // channels it is asked of; nil = all
	found    bool     // the reader offers it: it is asked only where there is none
	field    func(f *petition.Filing) *string
}

// dayOf is what day a question asks for.
type dayOf int

const (
	noDay   dayOf = iota
	pastDay       // one that is not ahead
	anyDay
)

var letterSteps = []letterStep{
	{key: "channel", choices: staffChannels(), field: func(f *petition.Filing) *string { return &f.Channel }},
	{key: "origin_name", of: []string{"above"}, field: func(f *petition.Filing) *string { return &f.Origin.Name }},
	{key: "origin_name", of: []string{"mailbox"}, optional: true, field: func(f *petition.Filing) *string { return &f.Origin.Name }},
	{key: "origin_number", of: []string{"hotline", "portal"}, field: func(f *petition.Filing) *string { return &f.Origin.Number }},
	{key: "origin_number", of: []string{"above"}, optional: true, field: func(f *petition.Filing) *string { return &f.Origin.Number }},
	{key: "received", day: pastDay, field: func(f *petition.Filing) *string { return &f.Received }},
	{key: "origin_date", of: []string{"above"}, optional: true, day: pastDay, field: func(f *petition.Filing) *string { return &f.Origin.Date }},
	{key: "origin_due", of: []string{"above", "hotline", "portal"}, optional: true, day: anyDay, field: func(f *petition.Filing) *string { return &f.Origin.Due }},
	{key: "class", choices: []string{string(petition.Claim), string(petition.Suggestion)}, field: func(f *petition.Filing) *string { return (*string)(&f.Class) }},
	{key: "facts", field: func(f *petition.Filing) *string { return &f.Facts }},
	{key: "title", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Title }},
	{key: "place", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Place.Text }},
	{key: "subject", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Subject }},
	{key: "request", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Request }},
	{key: "name", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Contact.Name }},
	{key: "phone", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Contact.Phone }},
	{key: "address", optional: true, found: true, field: func(f *petition.Filing) *string { return &f.Contact.Address }},
}

// staffChannels are the ways in which something comes that an officer writes down.
func staffChannels() []string {
	return slices.DeleteFunc(petition.Channels(), func(c string) bool { return !petition.ByStaff(c) })
}

func (t *step) letter() {
	if t.inGroup() {
		t.say(t.text("desk.private_only"))
		return
	}
	t.closeQuestion()
	t.s.Case, t.s.Field = "", 0
	t.s.Filing = &petition.Filing{Lang: t.lang}
	t.s.Open = "letter"
	t.s.Step++
	t.askLetter()
}

// letterKeys are the questions as they stood when Field alone said which one was open.
var letterKeys = []string{"channel", "received", "class", "facts", "request", "name", "phone", "address"}

// atEnd is Key where everything was asked and is shown for confirmation.
const atEnd = "end"

// findQuestion sets Field to the question that is open, whatever stood before it when it was asked.
func (t *step) findQuestion() {
	key := t.s.Key
	if key == "" {
		key = atEnd
		if t.s.Field < len(letterKeys) {
			key = letterKeys[t.s.Field]
		}
	}
	t.s.Field = slices.IndexFunc(letterSteps, func(s letterStep) bool { return s.key == key && s.asked(t.s.Filing) })
	if t.s.Field < 0 {
		t.s.Field, key = len(letterSteps), atEnd
	}
	t.s.Key = key
}

func (t *step) askLetter() {
	t.s.Key = atEnd
	if t.s.Field < len(letterSteps) {
		t.s.Key = letterSteps[t.s.Field].key
	}
	leave := t.btn(t.text("desk.button.leave"), "leave")
	if t.s.Field >= len(letterSteps) {
		t.say(t.letterSummary(), append(t.letterChanges(), []bot.Button{t.btn(t.text("desk.button.do"), "do"), t.btn(t.text("desk.button.prev"), "prev"), leave})...)
		return
	}
	s := letterSteps[t.s.Field]
	var buttons []bot.Button
	for _, c := range s.choices {
		buttons = append(buttons, t.btn(t.text("desk.letter."+c), "is:"+c))
	}
	if s.key == "subject" {
		buttons = t.subjects("")
	}
	if s.key == "received" {
		buttons = append(buttons, t.btn(t.text("desk.letter.today"), "is:"+petition.Day(t.now)))
	}
	key := "desk.letter.ask." + s.key
	if own := key + "." + t.s.Filing.Channel; t.conv.locales.Has(own) {
		key = own
	}
	last := []bot.Button{leave}
	if s.optional {
		last = append([]bot.Button{t.btn(t.text("desk.button.skip"), "skip")}, last...)
	}
	if t.s.Field > 0 {
		last = append(last, t.btn(t.text("desk.button.prev"), "prev"))
	}
	t.say(t.text(key), append(slices.Collect(slices.Chunk(buttons, 3)), last)...)
}

func (t *step) letterSummary() string {
	f := t.s.Filing
	over := "desk.letter.over"
	if petition.PassedOn(f.Channel) {
		over = "desk.letter.over.passed"
	}
	lines := []string{t.text(over)}
	for _, s := range letterSteps {
		value := *s.field(f)
		if s.key == "place" && f.Place.Code != "" {
			value = t.names().Place(f.Place, f.Received)
		}
		if value == "" || !s.asked(f) {
			continue
		}
		switch {
		case s.key == "subject":
			value = t.names().Subject(value, f.Received)
		case s.choices != nil:
			value = t.text("desk.letter." + value)
		case s.day != noDay:
			value = t.names().Day(value)
		}
		lines = append(lines, t.text("desk.over.line", "Name", t.text("desk.letter.name."+s.key), "Value", naming.Clip(value, 1500)))
	}
	return strings.Join(lines, "\n")
}

func (t *step) letterPress(action, arg string) bool {
	over := t.s.Field >= len(letterSteps)
	switch {
	case action == "leave":
		t.closeQuestion()
		t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	case action == "prev":
		for t.s.Field = max(0, t.s.Field-1); t.s.Field > 0 && !letterSteps[t.s.Field].asked(t.s.Filing); {
			t.s.Field--
		}
		t.s.Step++
		t.askLetter()
	case action == "at" && over:
		i := slices.IndexFunc(letterSteps, func(s letterStep) bool { return s.found && s.key == arg })
		if i < 0 {
			return false
		}
		t.s.Field, t.s.Again = i, true
		t.s.Step++
		t.askLetter()
	case action == "in" && !over && letterSteps[t.s.Field].key == "subject":
		t.s.Step++
		t.say(t.text("desk.letter.ask.subject"), append(slices.Collect(slices.Chunk(t.subjects(arg), 3)), []bot.Button{t.btn(t.text("desk.button.skip"), "skip"), t.btn(t.text("desk.button.leave"), "leave")})...)
	case action == "is" && !over && letterSteps[t.s.Field].key == "subject":
		if _, ok := t.conv.office.Category(arg); !ok {
			return false
		}
		t.letterNext(arg)
	case action == "do" && over:
		f := *t.s.Filing
		t.do("letter", bot.Effect{File: &f})
	case action == "skip" && !over && letterSteps[t.s.Field].optional:
		t.letterNext("")
	case action == "is" && !over && (slices.Contains(letterSteps[t.s.Field].choices, arg) || letterSteps[t.s.Field].key == "received"):
		t.letterNext(arg)
	default:
		return false
	}
	return true
}

func (t *step) letterNext(value string) {
	s := letterSteps[t.s.Field]
	*s.field(t.s.Filing) = value
	if s.key == "place" {
		t.s.Filing.Place = t.locality(value)
	}
	if s.key == "channel" && !petition.PassedOn(value) {
		t.s.Filing.Origin = petition.Origin{}
	}
	if s.key == "facts" {
		t.s.Step++
		t.do("read", bot.Effect{Read: &bot.Read{Text: value, Lang: t.lang}})
		return
	}
	t.s.Field++
	if t.s.Again {
		t.s.Field, t.s.Again = len(letterSteps), false
	}
	t.nextLetter()
}

// nextLetter goes to the next question that is asked of what came this way.
func (t *step) nextLetter() {
	for t.s.Field < len(letterSteps) && !letterSteps[t.s.Field].asked(t.s.Filing) {
		t.s.Field++
	}
	t.s.Step++
	t.askLetter()
}

// sureOf is how sure the reader must be of a subject or a place to offer it.
const sureOf = 0.5

// letterRead puts what the reader found where the officer has written nothing, and shows everything;
// without a reading the questions go on. A request is the petitioner's own or none.
func (t *step) letterRead(r *bot.Reading) {
	if t.s.Open != "letter" || t.s.Filing == nil || t.s.Field >= len(letterSteps) || letterSteps[t.s.Field].key != "facts" {
		return
	}
	t.s.Field++
	if r != nil {
		t.s.Field = len(letterSteps)
		f := t.s.Filing
		for to, found := range map[*string]string{&f.Title: r.Title, &f.Contact.Name: r.Name, &f.Contact.Phone: r.Phone, &f.Contact.Address: r.Address} {
			*to = cmp.Or(*to, found)
		}
		if !r.Derived {
			f.Request = cmp.Or(f.Request, r.Request.Value)
		}
		if r.Subject.Conf >= sureOf {
			f.Subject = cmp.Or(f.Subject, r.Subject.Value)
		}
		if f.Place == (petition.Place{}) && (r.Place.Conf >= sureOf || r.PlaceText != "") {
			f.Place.Text = r.PlaceText
			if r.Place.Conf >= sureOf {
				f.Place.Code = r.Place.Value
			}
		}
		t.say(t.text("desk.letter.read"))
		if r.Danger {
			t.say(t.text("desk.letter.danger"))
		}
	}
	t.nextLetter()
}

// letterChanges are the buttons that change what the reader offers, or add what it did not find.
func (t *step) letterChanges() [][]bot.Button {
	var all []bot.Button
	for _, s := range letterSteps {
		if !s.found || !s.asked(t.s.Filing) {
			continue
		}
		label := "desk.draft.change"
		if *s.field(t.s.Filing) == "" && (s.key != "place" || t.s.Filing.Place.Code == "") {
			label = "desk.button.add"
		}
		all = append(all, t.btn(t.text(label, "Field", t.text("desk.letter.name."+s.key)), "at:"+s.key))
	}
	return slices.Collect(slices.Chunk(all, 3))
}

// subjects are those of the first level, or one of them and what lies beneath it.
func (t *step) subjects(of string) []bot.Button {
	var all []bot.Button
	for _, c := range t.conv.office.Categories {
		if c.Parent != of && c.Code != of {
			continue
		}
		action := "is:"
		if c.Code != of && slices.ContainsFunc(t.conv.office.Categories, func(k petition.Category) bool { return k.Parent == c.Code }) {
			action = "in:"
		}
		all = append(all, t.btn(c.NameIn(t.lang), action+c.Code))
	}
	return all
}

// locality is a place in the officer's words, with the code of the town that they name.
func (t *step) locality(text string) petition.Place {
	p := petition.Place{Text: text}
	for _, l := range t.conv.office.Places {
		for _, name := range append(l.AllNames(), l.Short...) {
			if name != "" && strings.Contains(text, name) {
				p.Code = l.Code
				return p
			}
		}
	}
	return p
}

// asked reports whether a question is asked of what came this way.
func (s letterStep) asked(f *petition.Filing) bool {
	return s.of == nil || slices.Contains(s.of, f.Channel)
}

// letterSaid takes words and files: a letter may be photographed.
func (t *step) letterSaid() {
	t.s.Filing.Attachments = append(slices.Clip(t.s.Filing.Attachments), t.files()...)
	text := strings.TrimSpace(t.e.Text)
	if t.s.Field >= len(letterSteps) || text == "" {
		if len(t.e.Media) > 0 {
			t.say(t.text("desk.card.files", "Count", len(t.s.Filing.Attachments)))
		}
		t.askLetter()
		return
	}
	s := letterSteps[t.s.Field]
	switch {
	case s.day != noDay:
		day, ok := parsePastDay(text, t.now)
		miss := "desk.miss.past"
		if s.day == anyDay {
			day, ok = parseDay(text, t.now)
			miss = "desk.miss.date"
		}
		if !ok {
			t.say(t.text(miss))
			t.askLetter()
			return
		}
		text = day
	case s.choices != nil:
		t.say(t.text("desk.miss.choice"))
		t.askLetter()
		return
	case s.key == "subject":
		i := slices.IndexFunc(t.conv.office.Categories, func(c petition.Category) bool { return slices.Contains(c.AllNames(), text) })
		if i < 0 {
			t.say(t.text("desk.miss.choice"))
			t.askLetter()
			return
		}
		text = t.conv.office.Categories[i].Code
	}
	t.letterNext(cut(text, maxAnswer))
}

// letterFiled shows the number, and where the receipt is. The query code is printed there
// for the petitioner and shown to nobody here.
func (t *step) letterFiled(k *petition.Ticket) {
	t.closeQuestion()
	t.s.Case, t.s.Class = k.Number, k.View.Class
	t.say(t.text("desk.letter.done", "Number", k.Number, "Due", t.names().Due(k.Next.Due, k.Next.Provisional)),
		[]bot.Button{t.documentButton(k.Number, 1, "receipt", "pdf")},
		[]bot.Button{t.link(t.text("desk.button.look"), "case:"+k.Number), t.link(t.text("desk.button.menu"), "menu")})
}

// parsePastDay parses a day not after today: 11月20日 is the last such day.
func parsePastDay(text string, now time.Time) (string, bool) {
	today := petition.Day(now)
	day, ok := parseDay(text, now)
	if ok && day > today && shortDay.MatchString(strings.ReplaceAll(text, " ", "")) {
		day, ok = parseDay(strconv.Itoa(now.In(zone).Year())+"-"+strings.TrimRight(shortDay.ReplaceAllString(strings.ReplaceAll(text, " ", ""), "$1-$2"), "-"), now)
		if ok && day > today {
			at, _ := time.Parse(time.DateOnly, day)
			day = at.AddDate(-1, 0, 0).Format(time.DateOnly)
		}
	}
	return day, ok && day <= today
}
