package turn

import (
	"context"
	"time"

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

// untold are the open tasks that are for an officer, after what was asked for was done.
func (r *Runner) untold(ctx context.Context, me petition.Actor, q *bot.UntoldQuery) ([]telling.Untold, error) {
	if r.p.Untold == nil {
		return nil, petition.Fail(petition.Unavailable, "told.away")
	}
	var err error
	switch q.Want {
	case bot.UntoldTake:
		err = r.p.Untold.Take(ctx, me, q.ID)
	case bot.UntoldDone:
		err = r.p.Untold.Done(ctx, me, q.ID, q.Words)
	}
	if err != nil {
		return nil, err
	}
	return r.p.Untold.List(ctx, me)
}

// changeTold changes one thing of where an officer is told.
func changeTold(w *telling.Wishes, c bot.ToldChange, now time.Time) {
	switch at := (telling.Place{Address: c.Address, At: now}); {
	case c.Hours:
		w.From, w.To = c.From, c.To
	case c.Kind != "":
		w.Toggle(c.Kind)
	case c.Address == "" && c.Way == telling.RobotKey:
		w.Robot = telling.Robot{}
	case c.Address == "":
		at = telling.Place{}
		fallthrough
	case c.Way == telling.SMS, c.Way == telling.Mail:
		*map[string]*telling.Place{telling.SMS: &w.Phone, telling.Mail: &w.Mail}[c.Way] = at
	}
}
