package reception

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// Service is reception days over a Store. Who may see a case the case service says. It is safe for
// concurrent use.
type Service struct {
	store  Store
	cases  petition.Cases
	office *petition.Office
	now    func() time.Time
	newID  func() string
	public publicFigures
}

// New builds the service on the office and clock of the case service.
func New(s Store, c petition.Cases, o *petition.Office, now func() time.Time, newID func() string) *Service {
	return &Service{store: s, cases: c, office: o, now: now, newID: newID}
}

// maxDays bounds how many days a list shows.
const maxDays = 60

// Timetable is the days from today on, the cancelled among them, by date: what everybody may read,
// without the addresses of meetings and who changed what.
func (s *Service) Timetable(ctx context.Context) ([]Day, error) {
	now := s.now()
	all, err := s.store.ReceptionDays(ctx, petition.Day(now), petition.Day(now.AddDate(0, 0, maxAhead)), maxDays)
	for i := range all {
		all[i] = all[i].public()
	}
	return all, petition.Wrap(err, "read timetable")
}

func (d Day) public() Day {
	d.Link, d.By, d.Staff = "", "", ""
	return d
}

// Offer is the first time that is free on a day.
type Offer struct {
	Day  Day       `json:"day"`
	Slot int       `json:"slot"`
	At   time.Time `json:"at"`
	Left int       `json:"left"` // seats of the day that are free
}

// Offers are the first free times of the next days, at most limit.
func (s *Service) Offers(ctx context.Context, limit int) ([]Offer, error) {
	now := s.now()
	days, err := s.store.ReceptionDays(ctx, petition.Day(now), petition.Day(now.AddDate(0, 0, maxAhead)), maxDays)
	var all []Offer
	for _, d := range days {
		if len(all) >= limit || err != nil {
			break
		}
		var times []Offer
		if times, err = s.times(ctx, d, now); err == nil && len(times) > 0 {
			all = append(all, times[0])
		}
	}
	return all, petition.Wrap(err, "read free times")
}

// Times are the free times of a day.
func (s *Service) Times(ctx context.Context, day string) ([]Offer, error) {
	d, err := s.store.ReceptionDay(ctx, day)
	if err != nil {
		return nil, petition.Wrap(err, "read reception day")
	}
	all, err := s.times(ctx, d, s.now())
	return all, petition.Wrap(err, "read free times")
}

func (s *Service) times(ctx context.Context, d Day, now time.Time) (all []Offer, err error) {
	if d.State != Planned || d.Booked >= d.Seats() || !d.At(d.Slots-1).After(now) {
		return nil, nil
	}
	sheet, err := s.store.Sheet(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	taken := TakenOf(sheet)
	left := 0
	for slot := range d.Slots {
		if at, _, ok := d.Free(taken, slot, now); ok && at == slot {
			all = append(all, Offer{Day: d.public(), Slot: slot, At: d.At(slot)})
			left += d.Each - len(taken[slot])
		}
	}
	for i := range all {
		all[i].Left = left
	}
	return all, nil
}

// TakenOf are the seats that appointments of a day take.
func TakenOf(sheet []Appointment) Taken {
	t := Taken{}
	for _, a := range sheet {
		if a.Slot >= 0 {
			t[a.Slot] = append(t[a.Slot], a.Seat)
		}
	}
	return t
}

// PutDay makes a day, or changes one whose Version is the one that was read. Those who booked are
// told of another time, place or leader. Forbidden "reception.who" for all who do not keep the timetable.
func (s *Service) PutDay(ctx context.Context, a petition.Actor, d Day) (Day, error) {
	if !s.office.KeepsReception(a) {
		return d, petition.Fail(petition.Forbidden, "reception.who")
	}
	if err := d.check(s.now()); err != nil {
		return d, err
	}
	var was Day
	if d.Version == 0 {
		d.ID = cmp.Or(d.ID, s.newID())
	} else {
		var err error
		if was, err = s.store.ReceptionDay(ctx, d.ID); err != nil {
			return d, petition.Wrap(err, "read reception day")
		}
		if was.State != Planned {
			return d, petition.Fail(petition.Conflict, "reception.over")
		}
		if err := s.holds(ctx, d); err != nil {
			return d, err
		}
	}
	d.State, d.Why, d.By, d.Changed = Planned, "", a.Staff, s.now()
	if err := s.meet(&d); err != nil {
		return d, err
	}
	tell := time.Time{}
	if was.Booked > 0 && (was.Date != d.Date || was.Time != d.Time || was.Minutes != d.Minutes || was.Place != d.Place || was.Leader != d.Leader || was.Link != d.Link) {
		tell = awake(s.now())
	}
	out, err := s.store.PutDay(ctx, d, tell)
	return out, petition.Wrap(err, "write reception day")
}

// meet gives an online reception its address, by the office's template where none is given.
func (s *Service) meet(d *Day) error {
	switch {
	case !d.Online:
		d.Link = ""
	case d.Link == "":
		d.Link = strings.NewReplacer("{date}", d.Date, "{id}", d.ID).Replace(s.office.Reception.Meeting)
	}
	if d.Online && d.Link == "" {
		return petition.Fail(petition.Invalid, "reception.no_meeting")
	}
	return checkLink(d.Link)
}

// holds refuses a day that has become too short for who has booked.
func (s *Service) holds(ctx context.Context, d Day) error {
	sheet, err := s.store.Sheet(ctx, d.ID)
	for _, a := range sheet {
		if a.Slot >= d.Slots || a.Seat >= d.Each {
			return petition.Fail(petition.Conflict, "reception.short")
		}
	}
	return petition.Wrap(err, "read sheet")
}

// Cancel cancels a day. Everybody who booked is told why, and offered the next days. Cancelled
// again, it stays as it is.
func (s *Service) Cancel(ctx context.Context, a petition.Actor, id, why string) (Day, error) {
	if !s.office.KeepsReception(a) {
		return Day{}, petition.Fail(petition.Forbidden, "reception.who")
	}
	why = strings.TrimSpace(why)
	if why == "" || !utf8.ValidString(why) || utf8.RuneCountInString(why) > maxWhy {
		return Day{}, petition.Fail(petition.Invalid, "reception.why", "max", strconv.Itoa(maxWhy))
	}
	d, err := s.store.ReceptionDay(ctx, id)
	if err != nil || d.State == Cancelled {
		return d, petition.Wrap(err, "read reception day")
	}
	if d.State != Planned {
		return d, petition.Fail(petition.Conflict, "reception.over")
	}
	d.State, d.Why, d.By, d.Changed = Cancelled, why, a.Staff, s.now()
	out, err := s.store.PutDay(ctx, d, awake(s.now()))
	return out, petition.Wrap(err, "cancel reception day")
}

// Hold notes that a day was held: where nobody came, nothing else says so.
func (s *Service) Hold(ctx context.Context, a petition.Actor, id string) (Day, error) {
	d, err := s.keeps(ctx, a, id)
	if err != nil || d.State == Held {
		return d, err
	}
	return s.held(ctx, a, d)
}

func (s *Service) held(ctx context.Context, a petition.Actor, d Day) (Day, error) {
	switch {
	case d.State == Held:
		return d, nil
	case d.State != Planned:
		return d, petition.Fail(petition.Conflict, "reception.over")
	case petition.Day(s.now()) < d.Date:
		return d, petition.Fail(petition.Invalid, "reception.early")
	}
	d.State, d.By, d.Changed = Held, a.Staff, s.now()
	out, err := s.store.PutDay(ctx, d, time.Time{})
	return out, petition.Wrap(err, "note that a reception day was held")
}

// keeps reads a day for somebody who keeps the timetable.
func (s *Service) keeps(ctx context.Context, a petition.Actor, id string) (Day, error) {
	if !s.office.KeepsReception(a) {
		return Day{}, petition.Fail(petition.Forbidden, "reception.who")
	}
	d, err := s.store.ReceptionDay(ctx, id)
	return d, petition.Wrap(err, "read reception day")
}

// Days are the days between two dates as the actor keeps them, or receives on them themselves;
// the address of the meeting and who changed it included.
func (s *Service) Days(ctx context.Context, a petition.Actor, from, to string) ([]Day, error) {
	all, err := s.store.ReceptionDays(ctx, from, to, 400)
	all = slices.DeleteFunc(all, func(d Day) bool { return !s.seesSheet(a, d) })
	return all, petition.Wrap(err, "read reception days")
}

// seesSheet: who keeps the timetable, and the leader of the day.
func (s *Service) seesSheet(a petition.Actor, d Day) bool {
	return s.office.KeepsReception(a) || len(a.Roles) > 0 && a.Staff != "" && a.Staff == d.Staff
}
