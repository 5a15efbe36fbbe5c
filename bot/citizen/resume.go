package citizen

import (
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// draftPause is how long somebody may be away before we ask whether to go on.
const draftPause = 12 * time.Hour

// draftPaused reports a draft that was left alone for long.
func (t *step) draftPaused(last time.Time) bool {
	d := t.s.Draft
	return d != nil && !d.Sent && !last.IsZero() && t.now.Sub(last) > draftPause && t.s.State != stateResume
}

// resume asks whether to go on. What was just said is kept and used after the answer.
func (t *step) resume() {
	if t.e.Text != "" || len(t.e.Media) > 0 || t.e.Location != nil {
		e := t.e
		e.Text, _ = truncate(e.Text, maxFacts)
		t.s.Kept = &e
	}
	t.interrupt(stateResume)
}

// interrupt opens an action; the question of the form is asked again after it.
func (t *step) interrupt(st bot.State) {
	if t.state().form || t.s.State == stateFiling {
		t.s.Return = t.s.State
	}
	t.enter(st)
}

// resumeQuestion goes back to the question that was interrupted, or to where nothing is
// open.
func (t *step) resumeQuestion() {
	switch {
	case t.state().form:
		t.again()
	case t.s.Return != "" && t.s.Draft != nil:
		st := t.s.Return
		t.s.Return = ""
		t.wait(st)
		t.asked = false
		t.again()
	case t.s.Draft != nil && !t.s.Draft.Sent:
		t.wait(Card)
		t.forward()
	case t.s.Case != "":
		t.wait(bot.Looking)
	default:
		t.wait(bot.Home)
	}
}

func askResume(t *step) {
	d := t.s.Draft
	about := clip(strings.Join(strings.Fields(d.Filing.Facts), " "), 40)
	if d.Filing.Title != "" {
		about = d.Filing.Title
	}
	t.say(t.text("resume.ask", "Date", t.day(petition.Day(d.Began)), "About", about),
		[]bot.Button{t.btn("resume.on", "on"), t.btn("resume.anew", "anew")})
}

func pressResume(t *step, action, _ string) bool {
	kept := t.s.Kept
	switch action {
	case "on":
		t.s.Kept = nil
		if kept == nil {
			t.resumeQuestion()
			return true
		}
		t.replay(t.s.Return, *kept)
	case "anew":
		t.s.Kept, t.s.Draft, t.s.Return = nil, nil, ""
		if kept == nil {
			t.enter(stateTelling)
			return true
		}
		t.replay(bot.Home, *kept)
	default:
		return false
	}
	return true
}

// replay gives what was said before the break's question to the question it was
// meant for. The event keeps the id of the press: a draft begun now is a new one.
func (t *step) replay(st bot.State, kept bot.Event) {
	if st == "" {
		st = Card
	}
	t.s.Return = ""
	t.set("album", "")
	t.wait(st)
	kept.ID, kept.Edited = t.e.ID, false
	t.e = kept
	t.answer()
}

// dropDraft asks once when something would be lost.
func (t *step) dropDraft() {
	d := t.s.Draft
	if len(d.Parts) == 0 && len(d.Filing.Attachments) == 0 && len(d.Trail) == 0 {
		t.s.Draft = nil
		t.home("cancel.done")
		return
	}
	t.interrupt(stateCancel)
}

func askCancel(t *step) {
	t.say(t.text("cancel.ask"), []bot.Button{t.btn("cancel.yes", "yes"), t.btn("cancel.no", "no")})
}

func pressCancel(t *step, action, _ string) bool {
	switch action {
	case "yes":
		t.s.Draft, t.s.Return = nil, ""
		if t.note("cancel.done"); t.takeLater() {
			return true
		}
		t.notes = nil
		t.home("cancel.done")
		t.resumeRefused()
	case "no":
		t.resumeQuestion()
	default:
		return false
	}
	return true
}
