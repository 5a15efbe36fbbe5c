package mediation

import (
	"context"
	"slices"
	"strconv"

	"dengwen/petition"
)

// News is something about a dispute that somebody is told of: an entry of its log, or a promise that
// falls due.
type News struct {
	Dispute Dispute  `json:"dispute"`
	Entry   Entry    `json:"entry"`
	Promise *Promise `json:"promise,omitempty"` // that falls due
	Unit    string   `json:"unit,omitempty"`    // its people are told; "" = who reported the dispute
	ID      string   `json:"id"`                // the same news has the same one
}

// remindDays is how many days before a promise falls due its unit is told.
const remindDays = 3

// told are the moves of which who reported a dispute hears.
var told = []MoveName{MoveMatch, MoveAsk, MoveMeet, MoveAgree, MoveFail, MoveSelves, MoveHand, MoveKeep, MoveVoid}

// Tell hands over what is new, each piece once it has been taken, and answers how many there were.
// deliver must be safe to repeat: after a crash it is handed the same news again, under the same ID.
func (s *Service) Tell(ctx context.Context, deliver func(context.Context, News) error) (int, error) {
	today := petition.Day(s.now())
	due, err := s.store.DueDisputes(ctx, later(today, remindDays), 100)
	if err != nil {
		return 0, petition.Wrap(err, "read what is due of disputes")
	}
	n := 0
	for _, d := range due {
		news := d.news(later(today, remindDays))
		for _, x := range news {
			if err := deliver(ctx, x); err != nil {
				return n, petition.Wrap(err, "tell of a dispute")
			}
			n++
		}
		if d.Told == len(d.Log) && len(news) == 0 {
			continue
		}
		next := d.toldOf(later(today, remindDays))
		if err := s.store.SaveDispute(ctx, next, next.NextDay(s.office)); petition.CodeOf(err) != petition.Conflict && err != nil {
			return n, petition.Wrap(err, "note what was told of a dispute")
		}
	}
	return n, nil
}

// news is what is to be told of a dispute, reminders of promises that fall due until a day included.
func (d *Dispute) news(until string) (all []News) {
	for i, e := range d.Log[min(d.Told, len(d.Log)):] {
		n := News{Dispute: *d, Entry: e, ID: "dispute:" + d.Number + ":" + strconv.Itoa(d.Told+i)}
		switch {
		case e.Move == MoveReport || e.Move == MovePass:
			n.Unit = d.Unit
		case d.Owner == "" || !slices.Contains(told, e.Move) && !(e.Move == MoveAnswer && d.Status == Refused):
			continue
		}
		all = append(all, n)
	}
	for i, p := range d.promisesDue(until) {
		all = append(all, News{Dispute: *d, Promise: &p, Unit: d.Unit, ID: "dispute:" + d.Number + ":" + p.Due + ":" + strconv.Itoa(i)})
	}
	return all
}

// promisesDue are the promises that fall due until a day and of which nobody was reminded.
func (d *Dispute) promisesDue(until string) map[int]Promise {
	all := map[int]Promise{}
	if d.Agreement == nil || d.Status != Agreed {
		return all
	}
	for i, p := range d.Agreement.Promises {
		if p.State == Running && p.Due <= until && p.Told != p.Due {
			all[i] = p
		}
	}
	return all
}

func (d *Dispute) toldOf(until string) Dispute {
	next := d.clone()
	for i, p := range d.promisesDue(until) {
		next.Agreement.Promises[i].Told = p.Due
	}
	next.Told = len(next.Log)
	next.Version++
	return next
}
