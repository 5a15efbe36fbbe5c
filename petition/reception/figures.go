package reception

import (
	"context"
	"sync"
	"time"

	"dengwen/petition"
)

// Figures are what became of the reception days between two dates. They are of the office's days and promises;
// who came, and how often, is in none of them.
type Figures struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	Held      petition.Share `json:"held"`      // of the days that were planned and not cancelled, up to today
	Cancelled int            `json:"cancelled"` // days
	Came      petition.Share `json:"came"`      // of the appointments that held: who came
	WalkIns   int            `json:"walk_ins"`  // petitions without an appointment
	People    int            `json:"people"`    // received, with and without an appointment
	Promised  int            `json:"promised"`  // promises made to those who were received, from the day they were
	Kept      petition.Share `json:"kept"`      // in time, of those that are kept, or whose day is over
	Late      int            `json:"late"`      // kept after their day
	Explained int            `json:"explained"` // explained instead; not among Kept.Of where their day was not over
}

// Figures counts days between two dates, both included, at most 400 of them. Forbidden
// "reception.who" for who neither keeps the timetable nor heads a unit.
func (s *Service) Figures(ctx context.Context, a petition.Actor, from, to string) (Figures, error) {
	if !s.office.KeepsReception(a) && !a.Leads() {
		return Figures{}, petition.Fail(petition.Forbidden, "reception.who")
	}
	return s.count(ctx, from, to)
}

func (s *Service) count(ctx context.Context, from, to string) (Figures, error) {
	f := Figures{From: from, To: to}
	days, err := s.store.ReceptionDays(ctx, from, to, 400)
	if err != nil {
		return f, petition.Wrap(err, "read reception days")
	}
	today, counted := petition.Day(s.now()), map[string]bool{}
	for _, d := range days {
		if d.State == Cancelled {
			f.Cancelled++
			continue
		}
		if d.Date > today || d.Date == today && d.State == Planned {
			continue
		}
		f.Held.Of++
		if d.State == Held {
			f.Held.N++
		}
		sheet, err := s.store.Sheet(ctx, d.ID)
		if err != nil {
			return f, petition.Wrap(err, "read sheet")
		}
		for _, ap := range sheet {
			f.received(ap)
			if ap.State != Came || ap.Number == "" || counted[ap.Number] {
				continue
			}
			counted[ap.Number] = true
			r, err := s.store.Load(ctx, ap.Number)
			if petition.CodeOf(err) == petition.NotFound { // it was kept as long as the law asks
				continue
			}
			if err != nil {
				return f, petition.Wrap(err, "read case of an appointment")
			}
			f.promises(r.Case, d.Date, today)
		}
	}
	return f, nil
}

// received counts an appointment whose day is over.
func (f *Figures) received(a Appointment) {
	switch {
	case a.State == Came && a.WalkIn:
		f.WalkIns++
	case a.State == Came:
		f.Came.N++
		f.Came.Of++
	case a.State == Absent || a.State == Booked: // nobody wrote down that they came
		f.Came.Of++
	}
	if a.State == Came {
		f.People += max(1, a.People)
	}
}

// promises counts what was promised in a case since the day it was received.
func (f *Figures) promises(c petition.Case, since, today string) {
	for _, k := range c.Clocks {
		if k.Rule != "promise" || k.From < since {
			continue
		}
		f.Promised++
		switch {
		case k.State == petition.ClockMet:
			f.Kept.N++
			f.Kept.Of++
		case k.State == petition.ClockStopped:
			f.Explained++
		case k.State == petition.ClockLate:
			f.Kept.Of++
			f.Late++
		case today > k.Due: // neither kept nor explained
			f.Kept.Of++
		}
	}
}

// smallest is the smallest count of people or promises that is said outside the office: a smaller one might tell of
// a person.
const smallest = 5

// Public is what everybody may read of the figures: counts under five are -1, with whatever would
// tell them.
type Public struct {
	Days   int
	People int
	Kept   petition.Share
}

// publicFor is how long what everybody may read stands before it is counted again: anybody may ask.
const publicFor = 10 * time.Minute

// publicFigures are the last that were counted, and when.
type publicFigures struct {
	mu sync.Mutex
	at time.Time
	Public
}

// Public is what everybody may read of the last twelve months, as of the last ten minutes.
func (s *Service) Public(ctx context.Context) (Public, error) {
	p := &s.public
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := s.now(); p.at.IsZero() || now.Sub(p.at).Abs() >= publicFor {
		counted, err := s.countPublic(ctx, now)
		if err != nil {
			return Public{}, err
		}
		p.Public, p.at = counted, now
	}
	return p.Public, nil
}

func (s *Service) countPublic(ctx context.Context, now time.Time) (Public, error) {
	f, err := s.count(ctx, petition.Day(now.AddDate(-1, 0, 1)), petition.Day(now))
	p := Public{Days: f.Held.N, People: f.People, Kept: f.Kept}
	if p.People < smallest {
		p.People = -1
	}
	if p.Kept.Of < smallest || p.Kept.Of-p.Kept.N < smallest && p.Kept.N != p.Kept.Of {
		p.Kept = petition.Share{N: -1, Of: -1}
	}
	return p, err
}
