package reception

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// Row is a line of a day's sheet. View is the case, nil where the reader may not see it: then the
// appointment alone is shown.
type Row struct {
	Appointment
	Queue int // number that is called, 0 = came without an appointment
	At    time.Time
	View  *petition.View
}

// Sheet is a day with its appointments, for who keeps the timetable and the leader of the day:
// NotFound "reception.none" for all others. Showing it is a line of the access log. Cases are
// read with the reader's own permissions.
func (s *Service) Sheet(ctx context.Context, a petition.Actor, id string) (Day, []Row, error) {
	d, err := s.store.ReceptionDay(ctx, id)
	if err == nil && !s.seesSheet(a, d) {
		err = petition.Fail(petition.NotFound, "reception.none")
	}
	if err != nil {
		return Day{}, nil, petition.Wrap(err, "read reception day")
	}
	all, err := s.store.Sheet(ctx, id)
	if err != nil {
		return d, nil, petition.Wrap(err, "read sheet")
	}
	if err := s.noteSheet(ctx, a, d, all); err != nil {
		return d, nil, err
	}
	rows := make([]Row, 0, len(all))
	for _, ap := range all {
		row := Row{Appointment: ap}
		if ap.Slot >= 0 {
			row.Queue, row.At = d.Queue(ap), d.At(ap.Slot)
		}
		if ap.Number != "" {
			v, err := s.cases.Look(ctx, a, ap.Number, "")
			if err == nil {
				row.View = &v
			} else if c := petition.CodeOf(err); c != petition.NotFound && c != petition.Forbidden {
				return d, nil, petition.Wrap(err, "read case of an appointment")
			}
		}
		rows = append(rows, row)
	}
	return d, rows, nil
}

// noteSheet writes down who is shown whose lines.
func (s *Service) noteSheet(ctx context.Context, a petition.Actor, d Day, all []Appointment) error {
	var numbers []string
	for _, ap := range all {
		if ap.Number != "" {
			numbers = append(numbers, ap.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	door, _, ok := strings.Cut(cmp.Or(a.Asker, a.Owner), ":")
	if !ok {
		door = "program"
	}
	return petition.Wrap(s.store.NoteAccess(ctx, petition.Access{
		At: s.now(), Act: petition.ActList, Numbers: numbers, What: "reception " + d.Date, Staff: a.Staff, Unit: a.Unit, Key: a.Caller, Door: door,
	}), "write access log")
}

// Note writes down that somebody who booked came, or did not; it may be put right afterwards. The
// day has been held then.
func (s *Service) Note(ctx context.Context, a petition.Actor, id string, state State) error {
	if state != Came && state != Absent {
		return petition.Fail(petition.Invalid, "reception.state")
	}
	got, err := s.store.Appointment(ctx, id)
	if err != nil {
		return petition.Wrap(err, "read appointment")
	}
	d, err := s.keeps(ctx, a, got.Day)
	if err != nil {
		return err
	}
	was := got.State
	if was != Booked && was != Came && was != Absent {
		return petition.Fail(petition.Conflict, "reception.over")
	}
	if d.State == Planned {
		if _, err := s.held(ctx, a, d); err != nil {
			return err
		}
	}
	got.State, got.By, got.Settled, got.Say, got.Tell = state, a.Staff, s.now(), "", time.Time{}
	return petition.Wrap(s.store.PutAppointment(ctx, got, was), "note who came")
}

// maxName is how many characters what somebody wants to be called has.
const maxName = 60

// WalkIn lodges what somebody came for without an appointment, as every visit is (Art 19), and
// writes it on the day's sheet. f.Contact.Name is how they want to be called, "" = not said; the
// same f.Key again does it once. A report on misconduct is lodged like any, and the sheet says
// of it that somebody came.
func (s *Service) WalkIn(ctx context.Context, a petition.Actor, day string, f petition.Filing) (petition.Ticket, error) {
	d, err := s.keeps(ctx, a, day)
	if err != nil {
		return petition.Ticket{}, err
	}
	switch {
	case d.State == Cancelled:
		return petition.Ticket{}, petition.Fail(petition.Conflict, "reception.cancelled_day")
	case petition.Day(s.now()) < d.Date:
		return petition.Ticket{}, petition.Fail(petition.Invalid, "reception.early")
	case utf8.RuneCountInString(f.Contact.Name) > maxName:
		return petition.Ticket{}, petition.Fail(petition.Invalid, "reception.long", "max", "60")
	}
	f.Channel, f.Received = "visit", d.Date
	a.Owner = "" // it is the visitor's matter, not the officer's own
	t, err := s.cases.File(ctx, a, f)
	if err != nil {
		return t, err
	}
	if d.State == Planned {
		if _, err := s.held(ctx, a, d); err != nil {
			return t, err
		}
	}
	w := Appointment{ID: s.newID(), Key: "visit:" + f.Key, Day: d.ID, Slot: -1, State: Came, WalkIn: true, Made: s.now(), Settled: s.now(), By: a.Staff, People: max(1, f.People)}
	if f.Class != petition.Report {
		w.Number, w.Matter, w.Name = t.Number, f.Title, f.Contact.Name
	}
	_, err = s.store.AddWalkIn(ctx, w)
	return t, petition.Wrap(err, "write visitor on the sheet")
}
