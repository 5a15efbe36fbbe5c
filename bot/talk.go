package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// talk is one step being taken: a session that is ours to change, the event, and
// the effects so far. Notes gather until the next message carries them, so that a
// person gets one message where one is enough.
type talk struct {
	b     *Bot
	s     *Session
	e     Event
	now   time.Time
	out   []Effect
	notes []string
	edit  string // the next message changes this one instead of being new
	lead  string // begins the next message, in its first line
	asked bool   // the open question has been put in this step
	first bool   // this is the first we hear of the person
}

// w is a sentence in the person's language.
// Sentences without arguments of their own may name the office's telephone numbers.
func (t *talk) w(key string, args ...any) string {
	if len(args) == 0 {
		args = []any{t.b.lines}
	}
	return t.b.words.Say(t.s.Lang, key, args...)
}

// note says something ahead of the next message.
func (t *talk) note(key string, args ...any) { t.noteText(t.w(key, args...)) }

func (t *talk) noteText(text string) { t.notes = append(t.notes, text) }

// say sends a message with what was noted before it.
func (t *talk) say(text string, rows ...[]Button) {
	text = strings.Join(append(t.notes, t.lead+text), "\n")
	t.notes, t.lead = nil, ""
	parts := split(text, MaxText)
	defer func() { t.edit = "" }()
	for i, p := range parts {
		m := &Say{Text: p}
		if len(parts) == 1 {
			m.Edit = t.edit
		}
		if i == len(parts)-1 {
			m.Rows = rows
		}
		t.out = append(t.out, Effect{Say: m})
	}
}

// flush sends notes that no message has carried.
func (t *talk) flush() {
	if len(t.notes) == 0 {
		return
	}
	text := strings.Join(t.notes, "\n")
	t.notes = nil
	t.say(text)
}

// do asks for an effect. Its outcome finds the way back by its tag, the kind of
// question and the step it belongs to.
func (t *talk) do(kind string, e Effect) {
	e.Tag = fmt.Sprintf("%s:%d", kind, t.s.Step)
	t.out = append(t.out, e)
}

// enter opens a question and asks it. Buttons of earlier questions are stale from
// here on.
func (t *talk) enter(st State) {
	t.s.State = st
	t.s.Step++
	t.s.Misses = 0
	t.set("rewrite", "")
	t.set("asked", "")
	t.ask()
}

// wait goes to a state without asking: an outcome will go on from here.
func (t *talk) wait(st State) {
	t.s.State = st
	t.s.Step++
}

// ask puts the open question.
func (t *talk) ask() {
	t.asked = true
	t.state().ask(t)
}

// again puts the open question once more, after something else was said.
func (t *talk) again() {
	if t.asked || t.state().quiet {
		return
	}
	if len(t.notes) > 0 || len(t.out) > 0 {
		t.lead = t.w("again")
	}
	t.ask()
}

// state is the declaration of the open question.
func (t *talk) state() state { return t.b.states[t.s.State] }

// miss explains what could not be used, asks again, and by the third time offers a
// person.
func (t *talk) miss() {
	t.s.Misses++
	t.noteText(t.unused())
	if t.first && t.s.State == Home {
		t.greet()
		return
	}
	switch {
	case t.s.Misses == 2 && (t.s.State == AskNumber || t.s.State == AskCode):
		t.note("miss.receipt", "Office", t.officeName(), "Hours", t.b.office.Hours)
	case t.s.Misses == 2 && t.needsWords():
		t.note("miss.words")
	case t.s.Misses == 2:
		t.note("miss.second")
	case t.s.Misses >= 3:
		t.noteText(t.person3())
	}
	if t.s.State != Home && t.s.State != Card { // they say how things stand themselves
		t.lead = t.w("again")
	}
	t.ask()
}

// needsWords reports a question that no button answers.
func (t *talk) needsWords() bool {
	switch t.s.State {
	case Telling, AskFacts, AskPhone, Supplement:
		return true
	}
	return t.state().free
}

// unused says why this kind of message is no answer here.
func (t *talk) unused() string {
	switch {
	case t.e.Location != nil:
		return t.w("miss.location")
	case t.e.Contact != nil:
		return t.w("miss.contact")
	case len(t.e.Media) > 0:
		return t.w("miss.media")
	case t.e.Text != "":
		return t.w("miss.text")
	}
	return t.w("miss.kind")
}

// person3 names the people behind the bot.
func (t *talk) person3() string {
	o := t.b.office
	key, office := "office.window", t.officeName()
	if o.Phone != "" {
		key = "office.call"
	}
	return t.w(key, "Office", office, "Hours", o.Hours, "Phone", o.Phone, "Address", o.Address)
}

// officeName is the petition office's name in the person's language.
func (t *talk) officeName() string { return officeIn(t.b.office, t.s.Lang) }

func officeIn(o *petition.Office, lang string) string {
	if lang == locales.English {
		if u, ok := o.Find(o.Unit); ok && u.NameEn != "" {
			return u.NameEn
		}
	}
	return o.Name
}

// meet settles the session's shape and language on the first event of a person.
func (t *talk) meet() {
	if t.s.State == "" {
		t.s.State = Home
	}
	t.s.Lang = t.hearLang()
	if door, _, ok := strings.Cut(t.e.ID, ":"); ok {
		t.set("door", door)
	}
}

// hearLang is the language to speak: the one chosen, else that of the words, else
// what the client says.
func (t *talk) hearLang() string {
	switch {
	case t.s.Lang != "" && t.get("chosen") != "":
	case latin(t.e.Text):
		return locales.English
	case t.s.Lang == "" || han(t.e.Text) && !strings.HasPrefix(strings.ToLower(t.e.Lang), "en"):
		return LangOf(t.e)
	}
	return t.s.Lang
}

// LangOf follows what the client says it speaks, else the letters typed.
func LangOf(e Event) string {
	switch l := strings.ToLower(e.Lang); {
	case strings.HasPrefix(l, "zh"):
		return locales.Chinese
	case strings.HasPrefix(l, "en"):
		return locales.English
	}
	if latin(e.Text) {
		return locales.English
	}
	return locales.Chinese
}

func (t *talk) get(key string) string { return t.s.Data[key] }

func (t *talk) set(key, value string) {
	if value == "" {
		delete(t.s.Data, key)
		return
	}
	if t.s.Data == nil {
		t.s.Data = map[string]string{}
	}
	t.s.Data[key] = value
}

func (t *talk) num(key string) int {
	v := t.get(key)
	if v == "" {
		return 0
	}
	n, _ := strconv.Atoi(v)
	return n
}
