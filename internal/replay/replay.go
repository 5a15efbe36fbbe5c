package replay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// Office is what a conversation is held with: the parts of the program, without doors and
// stores.
type Office struct {
	Step   turn.Step
	Reader turn.Reader
	Answer turn.Answer
	Cases  petition.Cases
	Now    func() time.Time
}

// Run is how one message fared.
type Run struct {
	ID       string
	Messages int           // of the citizen, until the ticket; of those sent when there is none
	Ticket   string        // number; "" = none
	Asked    []bot.State   // questions that stood open on the way, the card excepted
	End      bot.State     // where it ended without a ticket
	Slowest  time.Duration // longest wait for an answer
}

// mostMessages is when a simulated citizen gives up.
const mostMessages = 8

// Replay tells the message and presses on until a ticket is there, no button helps, or
// mostMessages have been sent.
func (h Office) Replay(ctx context.Context, id, text string) (Run, error) {
	t := &conversation{h: h, conv: "term:" + id}
	run := Run{ID: id}
	e := bot.Event{Text: text, Lang: "zh-CN"}
	for run.Messages < mostMessages {
		run.Messages++
		e.ID, e.At = fmt.Sprintf("%s:%d", t.conv, run.Messages), h.Now()
		began := time.Now()
		if err := t.event(ctx, e); err != nil {
			return run, fmt.Errorf("message %s: %w", id, err)
		}
		run.Slowest = max(run.Slowest, time.Since(began))
		if t.ticket != "" {
			run.Ticket = t.ticket
			return run, nil
		}
		if t.s.State != citizen.Card {
			run.Asked = append(run.Asked, t.s.State)
		}
		data := choose(t.said)
		if data == "" {
			break
		}
		e = bot.Event{Press: &bot.Press{Data: data}, Lang: "zh-CN"}
	}
	run.End = t.s.State
	return run, nil
}

// conversation is one being replayed.
type conversation struct {
	h      Office
	conv   string
	s      bot.Session
	said   []bot.Say
	ticket string
}

// event steps an event and the outcomes of what it asks, as a turn does.
func (t *conversation) event(ctx context.Context, e bot.Event) error {
	t.said = nil
	queue := []bot.Event{e}
	for len(queue) > 0 {
		var effects []bot.Effect
		t.s, effects = t.h.Step(t.s, queue[0], t.h.Now())
		queue = queue[1:]
		for _, f := range effects {
			if f.Say != nil {
				t.said = append(t.said, *f.Say)
				continue
			}
			o, err := t.outcome(ctx, f)
			if err != nil {
				return err
			}
			queue = append(queue, bot.Event{ID: e.ID + "/" + f.Tag, At: e.At, Lang: e.Lang, Outcome: &o})
		}
	}
	return nil
}

func (t *conversation) outcome(ctx context.Context, f bot.Effect) (o bot.Outcome, err error) {
	o.Effect = f.Tag
	me := petition.Actor{Owner: t.conv, Asker: t.conv}
	switch {
	case f.Read != nil:
		var r bot.Reading
		r, err = t.h.Reader.Read(ctx, f.Read.Text, f.Read.Lang, t.h.Now())
		o.Reading = &r
	case f.Ask != nil:
		a := t.h.Answer(f.Ask.Question, f.Ask.Lang, t.h.Now())
		o.Answer = &a
	case f.List != nil:
		var p petition.Page
		p, err = t.h.Cases.List(ctx, me, *f.List)
		o.Page = &p
	case f.File != nil:
		filing := *f.File
		filing.Key, filing.Owner, filing.Channel = t.conv+"/"+filing.Key, t.conv, "terminal"
		var k petition.Ticket
		k, err = t.h.Cases.File(ctx, me, filing)
		o.Ticket, t.ticket = &k, k.Number
	default:
		err = errors.New("an effect that no first message leads to")
	}
	return o, err
}
