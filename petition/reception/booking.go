package reception

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Request is what a citizen asks for: the case is their chat's, or proved by its query code.
type Request struct {
	Key    string // idempotency key
	Number string
	Code   string
	Day    string // and the slot wanted: the first free one from there is given, then those of the days after it
	Slot   int
	Lang   string
}

// Booking is an appointment with its day, as who booked it sees it: the address of the meeting included.
type Booking struct {
	Appointment Appointment `json:"appointment"`
	Day         Day         `json:"day"`
	Queue       int         `json:"queue"` // number that is called
	At          time.Time   `json:"at"`
	Asked       bool        `json:"asked"` // it is the time that was asked for; false = the next one
}

func (s *Service) booking(ctx context.Context, a Appointment) (Booking, error) {
	d, err := s.store.ReceptionDay(ctx, a.Day)
	link := d.Link
	d = d.public()
	b := Booking{Appointment: a, Day: d, Asked: true}
	b.Appointment.By, b.Appointment.Key = "", ""
	if a.Slot >= 0 {
		b.Day.Link, b.Queue, b.At = link, d.Queue(a), d.At(a.Slot)
	}
	return b, petition.Wrap(err, "read reception day")
}

// Book books for a case. Who asks must see it as its petitioner; a report on misconduct is received
// by its named officers and not on these days: Conflict "reception.report".
func (s *Service) Book(ctx context.Context, a petition.Actor, r Request) (Booking, error) {
	v, err := s.own(ctx, a, r.Number, r.Code)
	if err != nil {
		return Booking{}, err
	}
	places, err := s.places(ctx, r.Day, r.Slot)
	if err != nil {
		return Booking{}, err
	}
	got, err := s.store.Book(ctx, Appointment{
		ID: s.newID(), Key: a.Caller + "/" + v.Number + "/" + r.Key, Number: v.Number, Owner: a.Owner, Lang: r.Lang, Matter: v.Item().Title, People: 1, Made: s.now(),
	}, places, s.now())
	return s.given(ctx, got, r, err)
}

func (s *Service) given(ctx context.Context, got Appointment, r Request, err error) (Booking, error) {
	if err != nil {
		return Booking{}, petition.Wrap(err, "book")
	}
	b, err := s.booking(ctx, got)
	b.Asked = got.Day == r.Day && got.Slot == r.Slot
	return b, err
}

// own is the case as its petitioner sees it.
func (s *Service) own(ctx context.Context, a petition.Actor, number, code string) (petition.View, error) {
	if len(a.Roles) > 0 {
		return petition.View{}, petition.Fail(petition.Forbidden, "reception.citizens")
	}
	v, err := s.cases.Look(ctx, a, number, code)
	if err != nil {
		return v, err
	}
	if v.Class == petition.Report {
		return v, petition.Fail(petition.Conflict, "reception.report")
	}
	return v, nil
}

// places are a place and those to try after it: the rest of its day, the days after it, those of the same leader
// first.
func (s *Service) places(ctx context.Context, day string, slot int) ([]Place, error) {
	d, err := s.store.ReceptionDay(ctx, day)
	if err != nil {
		return nil, petition.Wrap(err, "read reception day")
	}
	if d.State == Cancelled {
		return nil, petition.Fail(petition.Conflict, "reception.cancelled_day")
	}
	later, err := s.store.ReceptionDays(ctx, d.Date, petition.Day(s.now().AddDate(0, 0, maxAhead)), maxDays)
	later = slices.DeleteFunc(later, func(o Day) bool { return o.ID == d.ID || o.State != Planned })
	slices.SortStableFunc(later, func(x, y Day) int { return boolOrder(x.Leader == d.Leader, y.Leader == d.Leader) })
	places := []Place{{Day: d.ID, Slot: slot}}
	for _, o := range later {
		places = append(places, Place{Day: o.ID})
	}
	places = append(places, Place{Day: d.ID}) // before what was asked for
	return places, petition.Wrap(err, "read timetable")
}

// boolOrder sorts what holds first.
func boolOrder(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

// Mine is the appointment of a case, for its petitioner. NotFound "reception.no_booking".
func (s *Service) Mine(ctx context.Context, a petition.Actor, number, code string) (Booking, error) {
	got, err := s.mine(ctx, a, number, code)
	if err != nil {
		return Booking{}, err
	}
	return s.booking(ctx, got)
}

func (s *Service) mine(ctx context.Context, a petition.Actor, number, code string) (Appointment, error) {
	v, err := s.own(ctx, a, number, code)
	if err != nil {
		return Appointment{}, err
	}
	got, err := s.store.AppointmentOf(ctx, v.Number)
	return got, petition.Wrap(err, "read appointment")
}

// Move moves the appointment of a case.
func (s *Service) Move(ctx context.Context, a petition.Actor, r Request) (Booking, error) {
	got, err := s.mine(ctx, a, r.Number, r.Code)
	if err != nil {
		return Booking{}, err
	}
	places, err := s.places(ctx, r.Day, r.Slot)
	if err != nil {
		return Booking{}, err
	}
	got, err = s.store.MoveAppointment(ctx, got.ID, places, s.now())
	return s.given(ctx, got, r, err)
}

// GiveBack gives the appointment of a case back. One that was given back is NotFound
// "reception.no_booking".
func (s *Service) GiveBack(ctx context.Context, a petition.Actor, number, code string) (Booking, error) {
	got, err := s.mine(ctx, a, number, code)
	if err != nil {
		return Booking{}, err
	}
	b, err := s.booking(ctx, got)
	if err != nil {
		return b, err
	}
	got.State, got.Slot, got.Seat, got.Say, got.Tell = Back, -1, 0, "", time.Time{}
	return b, petition.Wrap(s.store.PutAppointment(ctx, got, Booked), "give appointment back")
}

// Tell says how many come to the appointment of a case and what help they need; people 0 and help
// "" change nothing, "-" before a help takes it back.
func (s *Service) Tell(ctx context.Context, a petition.Actor, number, code string, people int, help string) (Booking, error) {
	if people < 0 || people > MaxPeople {
		return Booking{}, petition.Fail(petition.Invalid, "reception.people_few")
	}
	what, off := strings.CutPrefix(help, "-")
	if help != "" && !slices.Contains(Helps(), what) {
		return Booking{}, petition.Fail(petition.Invalid, "reception.help")
	}
	got, err := s.mine(ctx, a, number, code)
	if err != nil {
		return Booking{}, err
	}
	if people > 0 {
		got.People = people
	}
	if help != "" {
		got.Help = slices.DeleteFunc(slices.Clone(got.Help), func(h string) bool { return h == what })
		if !off {
			got.Help = append(got.Help, what)
		}
	}
	if err := s.store.PutAppointment(ctx, got, Booked); err != nil {
		return Booking{}, petition.Wrap(err, "change appointment")
	}
	return s.booking(ctx, got)
}

// Notice tells a chat of its appointment by itself. Offers are the next free times, with SayCancelled.
type Notice struct {
	ID      string  `json:"id"` // equal when it is handed over again
	Booking Booking `json:"booking"`
	Offers  []Offer `json:"offers,omitempty"`
}

// tellAtOnce is how many notices one round hands over.
const tellAtOnce = 200

// Remind hands over what is due, and answers how many. deliver must be safe to repeat: after a
// crash it gets the same notice again. What can't be delivered is passed over: the next
// reminder is tried again.
func (s *Service) Remind(ctx context.Context, deliver func(ctx context.Context, chat string, n Notice) error) (int, error) {
	due, err := s.store.ToTell(ctx, s.now(), tellAtOnce)
	var faults []error
	told := 0
	for _, a := range due {
		if err := s.tellOne(ctx, a, deliver); err != nil {
			faults = append(faults, err)
			continue
		}
		told++
	}
	return told, errors.Join(append(faults, petition.Wrap(err, "read whom to tell"))...)
}

func (s *Service) tellOne(ctx context.Context, a Appointment, deliver func(context.Context, string, Notice) error) error {
	b, err := s.booking(ctx, a)
	if err != nil {
		return err
	}
	n := Notice{ID: "reception:" + a.ID + ":" + a.Say + ":" + a.Tell.UTC().Format(time.RFC3339), Booking: b}
	if a.Say == SayCancelled {
		if n.Offers, err = s.Offers(ctx, 3); err != nil {
			return err
		}
	}
	was := a.Tell
	if a.State == Booked && (a.Say != SayTomorrow && a.Say != SaySoon || b.At.After(s.now())) || a.Say == SayCancelled {
		if err := deliver(ctx, a.Owner, n); err != nil {
			return err
		}
	}
	d, err := s.store.ReceptionDay(ctx, a.Day)
	if err != nil {
		return petition.Wrap(err, "read reception day")
	}
	if a.Say, a.Tell = "", (time.Time{}); b.Appointment.State == Booked {
		a.remind(d, s.now())
	}
	return petition.Wrap(s.store.NoteTold(ctx, a, was), "note what was told")
}

// keepFor is how long after a day its appointments say whose they were.
const keepFor = 30 * 24 * time.Hour

// Cleanup forgets whose the appointments of old days were, and answers of how many.
func (s *Service) Cleanup(ctx context.Context) (int, error) {
	n, err := s.store.ForgetBefore(ctx, petition.Day(s.now().Add(-keepFor)), 500)
	return n, petition.Wrap(err, "forget old appointments")
}

// Forget cuts a chat from its appointments; those that hold are given back.
func (s *Service) Forget(ctx context.Context, chat string) error {
	return petition.Wrap(s.store.ForgetChat(ctx, chat), "forget appointments")
}
