package officer

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// A letter, a visit or a call is recorded as it came (Art 19, 22): how, when, what was said,
// and who it was if they said so. Then everything is shown for confirmation.

// letterStep is one question of it.
type letterStep struct {
	key      string
	choices  []string
	optional bool
	put      func(f *petition.Filing, value string)
}

var letterSteps = []letterStep{
	{"channel", []string{"letter", "visit", "call"}, false, func(f *petition.Filing, v string) { f.Channel = v }},
	{"received", nil, false, func(f *petition.Filing, v string) { f.Received = v }},
	{"class", []string{string(petition.Claim), string(petition.Suggestion)}, false, func(f *petition.Filing, v string) { f.Class = petition.Class(v) }},
	{"facts", nil, false, func(f *petition.Filing, v string) { f.Facts = v }},
	{"request", nil, true, func(f *petition.Filing, v string) { f.Request = v }},
	{"name", nil, true, func(f *petition.Filing, v string) { f.Contact.Name = v }},
	{"phone", nil, true, func(f *petition.Filing, v string) { f.Contact.Phone = v }},
	{"address", nil, true, func(f *petition.Filing, v string) { f.Contact.Address = v }},
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

func (t *step) askLetter() {
	leave := t.btn(t.text("desk.button.leave"), "leave")
	if t.s.Field >= len(letterSteps) {
		t.say(t.letterSummary(), []bot.Button{t.btn(t.text("desk.button.do"), "do"), t.btn(t.text("desk.button.prev"), "prev"), leave})
		return
	}
	s := letterSteps[t.s.Field]
	var buttons []bot.Button
	for _, c := range s.choices {
		buttons = append(buttons, t.btn(t.text("desk.letter."+c), "is:"+c))
	}
	if s.key == "received" {
		buttons = append(buttons, t.btn(t.text("desk.letter.today"), "is:"+petition.Day(t.now)))
	}
	last := []bot.Button{leave}
	if s.optional {
		last = append([]bot.Button{t.btn(t.text("desk.button.skip"), "skip")}, last...)
	}
	if t.s.Field > 0 {
		last = append(last, t.btn(t.text("desk.button.prev"), "prev"))
	}
	t.say(t.text("desk.letter.ask."+s.key), append(slices.Collect(slices.Chunk(buttons, 3)), last)...)
}

func (t *step) letterSummary() string {
	f := t.s.Filing
	lines := []string{t.text("desk.letter.over")}
	for _, l := range []struct{ key, value string }{
		{"channel", t.text("desk.letter." + f.Channel)}, {"received", t.names().Day(f.Received)}, {"class", t.text("desk.letter." + string(f.Class))},
		{"facts", naming.Clip(f.Facts, 1500)}, {"request", f.Request}, {"name", f.Contact.Name}, {"phone", f.Contact.Phone}, {"address", f.Contact.Address},
	} {
		if l.value != "" {
			lines = append(lines, t.text("desk.over.line", "Name", t.text("desk.letter.name."+l.key), "Value", l.value))
		}
	}
	return strings.Join(lines, "\n")
}

func (t *step) letterPress(action, arg string) bool {
	atEnd := t.s.Field >= len(letterSteps)
	switch {
	case action == "leave":
		t.closeQuestion()
		t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	case action == "prev":
		t.s.Field = max(0, t.s.Field-1)
		t.s.Step++
		t.askLetter()
	case action == "do" && atEnd:
		f := *t.s.Filing
		t.do("letter", bot.Effect{File: &f})
	case action == "skip" && !atEnd && letterSteps[t.s.Field].optional:
		t.letterNext("")
	case action == "is" && !atEnd && (slices.Contains(letterSteps[t.s.Field].choices, arg) || letterSteps[t.s.Field].key == "received"):
		t.letterNext(arg)
	default:
		return false
	}
	return true
}

func (t *step) letterNext(value string) {
	letterSteps[t.s.Field].put(t.s.Filing, value)
	t.s.Field++
	t.s.Step++
	t.askLetter()
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
	case s.key == "received":
		day, ok := pastDay(text, t.now)
		if !ok {
			t.say(t.text("desk.miss.past"))
			t.askLetter()
			return
		}
		text = day
	case s.choices != nil:
		t.say(t.text("desk.miss.choice"))
		t.askLetter()
		return
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

// pastDay parses a day not after today: 11月20日 is the last such day.
func pastDay(text string, now time.Time) (string, bool) {
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
