package turn

import (
	"context"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// telling is where a chat is told besides, after the change that was asked for.
func (r *Runner) telling(ctx context.Context, conv string, q *bot.TellingQuery) (*telling.Wishes, error) {
	if r.p.Citizens == nil {
		return nil, petition.Fail(petition.Unavailable, "told.away")
	}
	w, err := AnswerTelling(ctx, r.p.Citizens, conv, *q)
	return &w, err
}

// AnswerTelling answers a query about where a chat is told besides.
func AnswerTelling(ctx context.Context, s *telling.Citizens, conv string, q bot.TellingQuery) (telling.Wishes, error) {
	switch {
	case q.Want == bot.TellingAgree && q.Number != "":
		return s.AgreeOf(ctx, conv, q.Lang, q.Way, q.Number)
	case q.Want == bot.TellingAgree:
		return s.Agree(ctx, conv, q.Lang, q.Way, q.Address)
	case q.Want == bot.TellingStop:
		return s.Stop(ctx, conv, q.Way)
	case q.Want == bot.TellingWant:
		return s.Want(ctx, conv, q.Answers)
	case q.Want == bot.TellingQuiet:
		return s.Quiet(ctx, conv, q.From, q.To)
	}
	return s.Look(ctx, conv)
}
