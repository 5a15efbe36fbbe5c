package turn

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/reception"
)

// maxOffers is how many days with a free time are offered at once.
const maxOffers = 4

// reception answers a query about reception days.
func (r *Runner) reception(ctx context.Context, me petition.Actor, key string, q *bot.ReceptionQuery, out *bot.Outcome) error {
	if r.p.Receptions == nil {
		return petition.Fail(petition.Unavailable, "reception.away")
	}
	got, err := AnswerReception(ctx, r.p.Receptions, me, key, *q, r.p.Now())
	out.Reception = &got
	return err
}

// AnswerReception answers a query about reception days. key is that of the question: asked again
// after a crash it books, moves and makes nothing a second time.
func AnswerReception(ctx context.Context, s *reception.Service, me petition.Actor, key string, q bot.ReceptionQuery, now time.Time) (got bot.Reception, err error) {
	booked := func(b reception.Booking, err error) (bot.Reception, error) { return bot.Reception{Booking: &b}, err }
	asked := reception.Request{Key: key, Number: q.Number, Code: q.Code, Day: q.Day, Slot: q.Slot, Lang: q.Lang}
	switch q.Want {
	case bot.ReceptionTimetable:
		got.Days, err = s.Timetable(ctx)
	case bot.ReceptionOffers:
		b, err := s.Mine(ctx, me, q.Number, q.Code)
		if err == nil {
			got.Booking = &b
		} else if !errors.Is(err, petition.Fail(petition.NotFound, "reception.no_booking")) {
			return got, err
		}
		got.Offers, err = s.Offers(ctx, maxOffers)
		return got, err
	case bot.ReceptionTimes:
		got.Offers, err = s.Times(ctx, q.Day)
	case bot.ReceptionBook:
		return booked(s.Book(ctx, me, asked))
	case bot.ReceptionMove:
		return booked(s.Move(ctx, me, asked))
	case bot.ReceptionBack:
		return booked(s.GiveBack(ctx, me, q.Number, q.Code))
	case bot.ReceptionTell:
		return booked(s.Tell(ctx, me, q.Number, q.Code, q.People, q.Help))
	case bot.ReceptionDays:
		got.Days, err = s.Days(ctx, me, petition.Day(now), petition.Day(now.AddDate(1, 0, 0)))
	case bot.ReceptionPut, bot.ReceptionCancel:
		d, err := changeDay(ctx, s, me, key, q)
		return bot.Reception{Day: &d}, err
	default:
		err = errUnknownKind
	}
	return got, err
}

// changeDay makes, changes or cancels a day. The id of a new one is a hash of the key.
func changeDay(ctx context.Context, s *reception.Service, me petition.Actor, key string, q bot.ReceptionQuery) (reception.Day, error) {
	if q.Want == bot.ReceptionCancel || q.Put == nil {
		return s.Cancel(ctx, me, q.Day, q.Why)
	}
	d := *q.Put
	if d.Version == 0 {
		sum := sha256.Sum256([]byte(key))
		d.ID = hex.EncodeToString(sum[:16])
	}
	return s.PutDay(ctx, me, d)
}

// TellReception hands a notice of an appointment to its chat, once for each Notice.ID. One of a
// conversation that lives elsewhere is that process's to hand over.
func (r *Runner) TellReception(ctx context.Context, chat string, n reception.Notice) error {
	err := r.Accept(ctx, chat, bot.Event{ID: n.ID, At: r.p.Now(), Reception: &n})
	if errors.Is(err, ErrEvent) { // it would be refused again
		r.p.Log.Error("reminder cannot be handed on", "notice", n.ID, "err", err)
		return nil
	}
	return err
}
