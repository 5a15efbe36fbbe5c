// Package citizen is the citizen's side of the conversation, a pure Step: telling a petition,
// the form, filing it, looking it up, and what can be done with it afterwards. It contains no
// rules of petitions, no I/O and no sentences (locales).
package citizen

import (
	"time"

	"dengwen/bot"
	"dengwen/locales"
	"dengwen/petition"
)

// Settings are the settings that sentences depend on: what people are told about their data
// is built from these and the office's data, so that it is true of this installation.
type Settings struct {
	Telegram  bool     // the Telegram door is open: its caution is part of the privacy text
	PublicURL string   // address citizens see, without a slash at the end; "" = none
	Verify    string   // address where a receipt's mark is compared with the record; "" = none
	Quiz      bot.Quiz // questions of the quiz; nil = there is none
	Hears     bool     // recordings are transcribed: the person is told to wait for the words
	Reception bool     // leaders receive people, and times are booked here
	Ways      []string // telling.SMS, telling.Mail: by what people are told besides the chat, where they agree
	Mediation bool     // disputes are taken here, and mediation is offered
	Model     string   // language model that reads stories; "" = stories are sent to none
}

// Conversation is the conversation of one office. It holds no state: everything a
// conversation remembers is in its Session.
type Conversation struct {
	office  *petition.Office
	locales *locales.Catalog
	phones  map[string]string // telephone numbers that sentences name
	set     Settings
	form    []field
	states  map[bot.State]state
}

// New makes the conversation of an office.
func New(office *petition.Office, words *locales.Catalog, s Settings) *Conversation {
	o := *office
	o.Settings, o.Lines = o.Settings.Filled(), o.Lines.Filled()
	return &Conversation{office: &o, locales: words, set: s, form: form(), states: table(), phones: phonesOf(o.Lines)}
}

// zone is where every civil date of a case belongs: no daylight saving.
var zone = time.FixedZone("CST", 8*3600)

// Step is the conversation: pure and total. It answers every event of a person with
// at least one Say, or with an effect whose outcome says something, followers of an
// album and somebody's leaving excepted. The session it was given is not changed.
func (b *Conversation) Step(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
	next := b.migrate(s)
	t := &step{conv: b, s: &next, e: e, now: now}
	switch {
	case e.Outcome != nil:
		t.outcome(e.Outcome)
	case e.Notice != nil:
		t.notice(e.Notice)
	case e.Bulletin != nil:
		t.bulletin(e.Bulletin)
	case e.Reception != nil:
		t.receptionNotice(e.Reception)
	case e.Dispute != nil:
		t.disputeNews(e.Dispute)
	case e.Left:
		t.left()
	default:
		t.person()
	}
	t.flush()
	bot.Speak(t.out, next.Lang)
	return next, t.out
}

// person takes what a person did: first what is the same in every state, then what
// the open question makes of it.
func (t *step) person() {
	t.initLanguage()
	last := t.s.Last
	t.s.Last, t.first = t.now, last.IsZero()
	t.forgetCode()
	t.filingTimeout()
	if name, args := bot.CommandOf(t.e); name != "" {
		t.command(name, args)
		return
	}
	if t.e.Press != nil {
		t.press(t.e.Press)
		return
	}
	if lang := t.conv.locales.Named(t.e.Text); lang != "" && len(t.e.Media) == 0 && !t.e.Edited {
		t.setLanguage(lang)
		return
	}
	if t.typedTold() {
		return
	}
	if t.draftPaused(last) {
		t.resume()
		return
	}
	if t.e.Edited {
		t.edited()
		return
	}
	if t.alarmed() || t.wantsMediation() {
		return
	}
	t.answer()
}

// answer hands the event to the open question; what it cannot use is explained and
// the question asked again.
func (t *step) answer() {
	if t.albumFollower() {
		return
	}
	if p, ok := t.typedButton(); ok {
		t.press(p)
		return
	}
	st := t.state()
	switch {
	case t.e.Location != nil:
		t.handle(st.location)
	case t.e.Contact != nil:
		t.handle(st.contact)
	case len(t.e.Media) > 0 && t.captionLooks():
		t.handleText(st)
	case len(t.e.Media) > 0:
		t.handle(st.media)
	case t.e.Text != "":
		t.handleText(st)
	default:
		t.handle(nil)
	}
}

// handleText takes words. Where any words are an answer, what reads like a question is
// taken to the knowledge base first; elsewhere, what is no answer is.
func (t *step) handleText(st state) {
	ask := looksLikeQuestion(t.e.Text) && !st.sortsQuestions
	switch {
	case st.form && t.submitTyped():
		t.s.Misses = 0
	case ask && st.free:
		t.question(t.e.Text)
	case st.text != nil && st.text(t):
		t.s.Misses = 0
	case ask:
		t.question(t.e.Text)
	default:
		t.miss()
	}
}

// handle runs one handler of the open question. A nil handler, or one that finds
// nothing it can use, is a miss.
func (t *step) handle(f func(*step) bool) {
	if f == nil || !f(t) {
		t.miss()
		return
	}
	t.s.Misses = 0
}
