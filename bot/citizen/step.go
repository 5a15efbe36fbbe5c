package citizen

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/locales"
)

// step is the working state of one step: a copy of the session, the event, and the effects
// so far. Notes are sent with the next message, so that a person gets one
// message where one is enough.
type step struct {
	conv   *Conversation
	s      *bot.Session
	e      bot.Event
	now    time.Time
	out    []bot.Effect
	notes  []string
	edit   string // the next message changes this one instead of being new
	leadIn string // begins the next message, in its first line
	asked  bool   // the open question has been put in this step
	first  bool   // this is the first we hear of the person
}

// text is a sentence in the person's language.
// Sentences without arguments of their own may name the office's telephone numbers.
func (t *step) text(key string, args ...any) string {
	if len(args) == 0 {
		args = []any{t.conv.phones}
	}
	return t.conv.locales.Say(t.s.Lang, key, args...)
}

// note says something ahead of the next message.
func (t *step) note(key string, args ...any) { t.noteText(t.text(key, args...)) }

func (t *step) noteText(text string) { t.notes = append(t.notes, text) }

// say sends a message with what was noted before it.
func (t *step) say(text string, rows ...[]bot.Button) {
	text = strings.Join(append(t.notes, t.leadIn+text), "\n")
	t.notes, t.leadIn = nil, ""
	parts := bot.Split(text)
	defer func() { t.edit = "" }()
	for i, p := range parts {
		m := &bot.Say{Text: p}
		if len(parts) == 1 {
			m.Edit = t.edit
		}
		if i == len(parts)-1 {
			m.Rows = rows
		}
		t.out = append(t.out, bot.Effect{Say: m})
	}
}

// flush sends the notes that are left as a message of their own.
func (t *step) flush() {
	if len(t.notes) == 0 {
		return
	}
	text := strings.Join(t.notes, "\n")
	t.notes = nil
	t.say(text)
}

// do asks for an effect. Its outcome is dispatched by its tag, the kind of
// question and the step it belongs to.
func (t *step) do(kind string, e bot.Effect) {
	e.Tag = fmt.Sprintf("%s:%d", kind, t.s.Step)
	t.out = append(t.out, e)
}

// enter opens a question and asks it. Buttons of earlier questions are stale from
// here on.
func (t *step) enter(st bot.State) {
	t.s.State = st
	t.s.Step++
	t.s.Misses = 0
	t.set("rewrite", "")
	t.set("asked", "")
	t.ask()
}

// wait goes to a state without asking: an outcome will go on from here.
func (t *step) wait(st bot.State) {
	t.s.State = st
	t.s.Step++
}

// ask puts the open question.
func (t *step) ask() {
	t.asked = true
	t.state().ask(t)
}

// again puts the open question once more, after something else was said.
func (t *step) again() {
	if t.asked || t.state().idle {
		return
	}
	if len(t.notes) > 0 || len(t.out) > 0 {
		t.leadIn = t.text("again")
	}
	t.ask()
}

// state is the declaration of the open question.
func (t *step) state() state { return t.conv.states[t.s.State] }

// miss explains what could not be used, asks again, and by the third time offers a
// person.
func (t *step) miss() {
	t.s.Misses++
	t.noteText(t.unused())
	if t.first && t.s.State == bot.Home {
		t.greet()
		return
	}
	switch {
	case t.s.Misses == 2 && (t.s.State == stateNumber || t.s.State == stateCode):
		t.note("miss.receipt", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang))
	case t.s.Misses == 2 && t.needsWords():
		t.note("miss.words")
	case t.s.Misses == 2:
		t.note("miss.second")
	case t.s.Misses >= 3:
		t.noteText(t.officeContact())
	}
	if t.s.State != bot.Home && t.s.State != Card { // they say how things stand themselves
		t.leadIn = t.text("again")
	}
	t.ask()
}

// needsWords reports a question that no button answers.
func (t *step) needsWords() bool {
	switch t.s.State {
	case stateTelling, stateFacts, statePhone, stateSupplement:
		return true
	}
	return t.state().free
}

// unused says why this kind of message is no answer here.
func (t *step) unused() string {
	switch {
	case t.e.Location != nil:
		return t.text("miss.location")
	case t.e.Contact != nil:
		return t.text("miss.contact")
	case len(t.e.Media) > 0:
		return t.text("miss.media")
	case t.e.Text != "":
		return t.text("miss.text")
	}
	return t.text("miss.kind")
}

// officeContact names the people behind the bot.
func (t *step) officeContact() string {
	o := t.conv.office
	key, office := "office.window", t.officeName()
	if o.Phone != "" {
		key = "office.call"
	}
	return t.text(key, "Office", office, "Hours", o.HoursIn(t.s.Lang), "Phone", o.Phone, "Address", o.Address)
}

// officeName is the petition office's name in the person's language.
func (t *step) officeName() string { return t.conv.office.NameIn(t.s.Lang) }

// initLanguage settles the session's shape and language on the first event of a person.
func (t *step) initLanguage() {
	if t.s.State == "" {
		t.s.State = bot.Home
	}
	t.s.Lang = t.language()
}

// language is the language to speak: the one chosen, else that of the words, else
// what the client says.
func (t *step) language() string {
	switch {
	case t.s.Lang != "" && t.get("chosen") != "":
	case t.conv.locales.Written(t.e.Text) != "":
		return t.conv.locales.Written(t.e.Text)
	case t.s.Lang == "" || hasHan(t.e.Text) && cmp.Or(t.conv.locales.Match(t.e.Lang), locales.Default) == locales.Default:
		return bot.LangOf(t.conv.locales, t.e)
	}
	return t.s.Lang
}

func (t *step) get(key string) string { return t.s.Data[key] }

func (t *step) set(key, value string) {
	if value == "" {
		delete(t.s.Data, key)
		return
	}
	if t.s.Data == nil {
		t.s.Data = map[string]string{}
	}
	t.s.Data[key] = value
}

func (t *step) num(key string) int {
	v := t.get(key)
	if v == "" {
		return 0
	}
	n, _ := strconv.Atoi(v)
	return n
}
