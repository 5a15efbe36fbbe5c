package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dengwen/assist"
	"dengwen/assist/answer"
	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

// talker is the citizen's side with the offline reader and the answers, of the example office.
type talker struct {
	office *petition.Office
	conv   *citizen.Conversation
	reader *assist.Reader
	answer func(question, lang string, now time.Time) bot.Answer
	now    time.Time
}

func newTalker() (*talker, error) {
	words, err := locales.New()
	if err != nil {
		return nil, fmt.Errorf("read sentences: %w", err)
	}
	o := office.Example()
	book, err := answer.New(o, words)
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	reader, err := assist.NewReader(o, book)
	if err != nil {
		return nil, fmt.Errorf("prepare the reader: %w", err)
	}
	return &talker{
		office: o, conv: citizen.New(o, words, citizen.Settings{}), reader: reader, answer: assist.Answers(book),
		now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CST", 8*3600)),
	}, nil
}

// talk is one conversation: its session and what was said last.
type talk struct {
	bot.Session
	k    *talker
	n    int
	said []*bot.Say // since the last message
	asks int        // questions that the answers knew, since the last message
}

func (k *talker) begin() *talk { return &talk{k: k} }

func (k *talker) tell(text string) bot.Session {
	t := k.begin()
	t.say(text)
	return t.Session
}

func (t *talk) say(text string) {
	t.n++
	t.said, t.asks = nil, 0
	t.step(bot.Event{ID: fmt.Sprintf("t:%d", t.n), Ref: fmt.Sprint(t.n), Text: text})
}

// step steps an event and all that follows from it.
func (t *talk) step(e bot.Event) {
	e.At = t.k.now
	after, effects := t.k.conv.Step(t.Session, e, t.k.now)
	t.Session = after
	for _, f := range effects {
		o := &bot.Outcome{Effect: f.Tag}
		switch {
		case f.Say != nil:
			t.said = append(t.said, f.Say)
			continue
		case f.Read != nil:
			r, err := t.k.reader.Read(context.Background(), f.Read.Text, f.Read.Lang, t.k.now)
			if err == nil {
				o.Reading = &r
			}
		case f.Ask != nil:
			a := t.k.answer(f.Ask.Question, f.Ask.Lang, t.k.now)
			o.Answer = &a
			if a.Known {
				t.asks++
			}
		case f.List != nil:
			o.Page = &petition.Page{}
		default:
			continue
		}
		t.step(bot.Event{ID: e.ID + "/" + f.Tag, Outcome: o})
	}
}

func emptyDraft() *bot.Draft { return &bot.Draft{Known: map[string]string{}} }

func (k *talker) townName(code string) string {
	for _, l := range k.office.Places {
		if l.Code == code {
			return l.Name
		}
	}
	return ""
}

// neutral reports that no request is claimed for the person: none, or one marked as ours.
func (k *talker) neutral(s bot.Session) bool {
	return s.Draft.Filing.Request == "" || s.Draft.Reading != nil && s.Draft.Reading.Derived
}

// asked reports whether a question is answered by the first message, and with what.
func (k *talker) asked(text string) (answered bool, said string) {
	t := k.begin()
	t.say(text)
	for _, s := range t.said {
		said += s.Text + " "
	}
	return t.asks > 0 && t.Draft == nil, strings.Join(strings.Fields(said), " ")
}

// readBack tells what words in front of the card did, and whether it is what they were meant to.
func (k *talker) readBack(r row) (figure string, right bool, seen string) {
	t := k.begin()
	t.say(r.Before)
	for range 3 { // to the card, whatever is asked before
		if t.State == "card" || t.Draft == nil {
			break
		}
		for _, press := range []string{"is:claim", "not"} {
			t.step(bot.Event{ID: fmt.Sprintf("u:%d", t.n), Press: &bot.Press{Data: fmt.Sprintf("%d:%s", t.Step, press)}})
		}
	}
	if t.State != "card" {
		return r.Kind, false, "no card: " + string(t.State)
	}
	before := t.Draft.Clone()
	t.say(r.Text)
	var did string
	switch d := t.Draft; {
	case t.State == "cancel":
		did = "stop"
	case t.State == "more":
		did = "other"
	case t.State == "mend":
		did = "asked"
	case d == nil:
		did = "gone"
	case t.asks > 0:
		did = "question"
	case d.Filing.Facts == before.Filing.Facts+"\n"+r.Text:
		did = "addition"
	case d.Undo != nil && strings.HasPrefix(d.Filing.Facts, before.Filing.Facts+"\n"):
		did = "kept" // as a correction after the story
	case d.Undo != nil:
		did = "correction"
	default:
		did = "yes"
		if len(t.said) > 0 && (strings.Contains(t.said[0].Text, "答不准") || strings.Contains(t.said[0].Text, "will not guess")) {
			did = "question"
		}
	}
	seen = did
	switch {
	case did == "asked":
		for _, row := range t.said[0].Rows {
			seen += " [" + row[0].Text + "]"
		}
	case did == "correction":
		value := k.held(r, before, t.Draft)
		if r.Kind == did {
			return r.Kind, matches(r, value), did + " " + value
		}
		return r.Kind, false, did + " " + value
	}
	return r.Kind, did == r.Kind, seen
}
