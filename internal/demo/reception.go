package demo

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"dengwen/petition"
	"dengwen/petition/reception"

	"go.yaml.in/yaml/v3"
)

// leaders receive people on the invented days, in turns.
var leaders = []struct{ name, charge string }{
	{"王某某 副县长", "教育、卫生"}, {"李某某 副县长", "交通、住建"}, {"赵某某 副县长", "农业、水利"}, {"陈某某 副县长", "人社、民政"},
}

// How the invented days lie: every fifteen days, so many behind the moment and ahead of it.
const (
	receptionsPast  = 20
	receptionsAhead = 4
	receptionEvery  = 15
	bookedEach      = 3
)

// Receptions fills a year of reception days: twenty that were held, or cancelled, with some of the
// invented petitioners, and four to come. clock is that of both services; it stands at now afterwards.
func Receptions(ctx context.Context, s *reception.Service, cases petition.Cases, clock *Clock, clerk petition.Actor, filed []Filed, now time.Time) error {
	var all visits
	if err := yaml.Unmarshal(visitsYAML, &all); err != nil {
		return fmt.Errorf("read invented visits: %w", err)
	}
	defer clock.Set(now)
	clock.Set(now)
	var waiting []petition.View
	codes := map[string]string{}
	for _, f := range filed {
		if f.Code == "" {
			continue
		}
		v, err := cases.Look(ctx, petition.Actor{Asker: "demo:" + f.Number}, f.Number, f.Code)
		if err != nil {
			return fmt.Errorf("look at an invented case: %w", err)
		}
		if codes[f.Number] = f.Code; v.Class != petition.Report {
			waiting = append(waiting, v)
		}
	}
	for i := -receptionsPast; i < receptionsAhead; i++ {
		on := now.AddDate(0, 0, i*receptionEvery+1)
		if rest := (8 - int(on.Weekday())) % 7; rest < 3 && on.Weekday()%6 == 0 { // a Saturday or Sunday: the Monday after it
			on = on.AddDate(0, 0, rest)
		}
		l := leaders[(i+receptionsPast)%len(leaders)]
		clock.Set(on.AddDate(0, 0, -10))
		if on.After(now) {
			clock.Set(now)
		}
		d, err := s.PutDay(ctx, clerk, reception.Day{Leader: l.name, Charge: l.charge, Date: petition.Day(on), Time: "09:00", Minutes: 20, Slots: 9, Each: 1, Place: "县信访局一楼接访室"})
		switch {
		case err != nil:
			return fmt.Errorf("plan an invented day: %w", err)
		case on.After(now):
		case i == -receptionsPast/2:
			_, err = s.Cancel(ctx, clerk, d.ID, "防汛值班")
		default:
			if waiting, err = hold(ctx, s, clock, clerk, d, waiting, codes); err == nil && i%2 == 0 {
				err = visit(ctx, s, cases, clock, clerk, d, all.Visits[(i+receptionsPast)/2%len(all.Visits)], all.Gone, now)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

//go:embed visits.yaml
var visitsYAML []byte

// visits are what people come for without an appointment, and what they are promised. Outcome is kept, late or explained.
type visits struct {
	Visits []invented
	Gone   string // what they say in the end
}

type invented struct{ Title, Facts, Promise, Said, Outcome string }

// promisedFor is how many days a promise has.
const promisedFor = 10

// visit lets somebody come without an appointment to a day that is held: written down, promised something, and told what came
// of it; then the matter is at its end for them.
func visit(ctx context.Context, s *reception.Service, cases petition.Cases, clock *Clock, clerk petition.Actor, d reception.Day, v invented, gone string, now time.Time) error {
	clock.Set(d.End())
	k, err := s.WalkIn(ctx, clerk, d.ID, petition.Filing{Key: "demo-visit-" + d.Date, Class: petition.Claim, Title: v.Title, Facts: v.Facts, People: 1})
	if err != nil {
		return fmt.Errorf("write an invented visitor down: %w", err)
	}
	due := d.End().AddDate(0, 0, promisedFor)
	ended := due.AddDate(0, 0, -2)
	if v.Outcome == "late" {
		ended = due.AddDate(0, 0, 2)
	}
	if ended.After(now) {
		return nil
	}
	move, closing := petition.MoveKept, petition.Move{Name: petition.MoveWithdraw, Text: gone, Args: map[string]string{"how": "call_back"}}
	if v.Outcome == "explained" {
		move = petition.MoveExplained
	}
	promise := petition.Move{Name: petition.MovePromise, Text: v.Promise, Date: petition.Day(due), Args: map[string]string{"who": d.Leader}}
	for _, m := range []struct {
		at time.Time
		by petition.Actor
		petition.Move
	}{{d.End(), clerk, promise}, {ended, clerk, petition.Move{Name: move, Text: v.Said}}, {ended, clerk, closing}} {
		clock.Set(m.at)
		if m.Move.Key = fmt.Sprint("demo ", m.Name); err == nil {
			_, err = cases.Do(ctx, m.by, k.Number, m.Move)
		}
	}
	if err != nil {
		return fmt.Errorf("keep an invented promise: %w", err)
	}
	return nil
}

// hold lets the next petitioners who wait come to a day, and answers those left.
func hold(ctx context.Context, s *reception.Service, clock *Clock, clerk petition.Actor, d reception.Day, waiting []petition.View, codes map[string]string) (left []petition.View, err error) {
	clock.Set(d.At(0).AddDate(0, 0, -1))
	var came []string
	for _, v := range waiting {
		if len(came) == bookedEach || v.Received.After(clock.Now()) {
			left = append(left, v)
			continue
		}
		b, err := s.Book(ctx, petition.Actor{Asker: "demo:" + v.Number}, reception.Request{Key: "demo", Number: v.Number, Code: codes[v.Number], Day: d.ID})
		if err != nil {
			return nil, fmt.Errorf("book an invented appointment: %w", err)
		}
		came = append(came, b.Appointment.ID)
	}
	clock.Set(d.End())
	for i, id := range came {
		state := reception.Came
		if i == bookedEach-1 {
			state = reception.Absent
		}
		if err := s.Note(ctx, clerk, id, state); err != nil {
			return nil, fmt.Errorf("note an invented visit: %w", err)
		}
	}
	_, err = s.Hold(ctx, clerk, d.ID)
	return left, err
}
