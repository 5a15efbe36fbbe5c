package api

import (
	"context"
	"net/http"
	"time"

	"dengwen/petition"
	"dengwen/petition/reception"
)

// ReceptionDay is a leaders' reception day as everybody may know it.
type ReceptionDay struct {
	ID      string `json:"id"`
	State   string `json:"state" enum:"planned,held,cancelled"`
	Leader  string `json:"leader"`
	Charge  string `json:"charge,omitempty" doc:"What they are in charge of."`
	Date    string `json:"date" example:"2026-12-02"`
	Time    string `json:"time" doc:"When the first appointment begins, in the office's time." example:"09:00"`
	Minutes int    `json:"minutes" doc:"Of one appointment."`
	Slots   int    `json:"slots" doc:"Appointments one after the other."`
	Each    int    `json:"each" doc:"Petitions received in one appointment."`
	Place   string `json:"place"`
	Online  bool   `json:"online,omitempty"`
	Why     string `json:"why,omitempty" doc:"Why it is cancelled."`
	Booked  int    `json:"booked"`
}

// ReceptionTime is a free time.
type ReceptionTime struct {
	Day  string    `json:"day" doc:"Id of its day."`
	Slot int       `json:"slot"`
	At   time.Time `json:"at"`
	Left int       `json:"left" doc:"Seats of the day that are free."`
}

// ReceptionBooking is an appointment as who booked it sees it.
type ReceptionBooking struct {
	Number string       `json:"number" doc:"Of the case."`
	Day    ReceptionDay `json:"day"`
	Slot   int          `json:"slot"`
	At     time.Time    `json:"at"`
	Queue  int          `json:"queue" doc:"Number that is called."`
	Link   string       `json:"link,omitempty" doc:"Address of an online meeting."`
	People int          `json:"people"`
	Help   []string     `json:"help,omitempty"`
	Asked  bool         `json:"asked" doc:"It is the time that was asked for; else somebody was faster and this is the next one."`
}

// ReceptionRow is a line of a day's sheet.
type ReceptionRow struct {
	Number string         `json:"number,omitempty" doc:"Of the case; absent where a report on misconduct was written down."`
	State  string         `json:"state"`
	Queue  int            `json:"queue,omitempty" doc:"Absent: came without an appointment."`
	At     *time.Time     `json:"at,omitempty"`
	Matter string         `json:"matter,omitempty"`
	People int            `json:"people,omitempty"`
	Help   []string       `json:"help,omitempty"`
	WalkIn bool           `json:"walk_in,omitempty"`
	Case   *petition.View `json:"case,omitempty" doc:"As the officer may see it; absent: they may not."`
}

type receptionDaysOutput struct {
	Body struct {
		Days []ReceptionDay `json:"days"`
	}
}

type receptionDayInput struct {
	ID string `path:"id" maxLength:"100"`
}

type receptionTimesOutput struct {
	Body struct {
		Times []ReceptionTime `json:"times"`
	}
}

type receptionSheetInput struct {
	ActorInput
	ID string `path:"id" maxLength:"100"`
}

type receptionSheetOutput struct {
	Body struct {
		Day  ReceptionDay   `json:"day"`
		Rows []ReceptionRow `json:"rows"`
	}
}

// BookingInput names a case and proves whose it is. Exported, as the framework reads no fields of an embedded type that is not.
type BookingInput struct {
	ActorInput
	NumberInput
	Code string `header:"Query-Code" maxLength:"2000" doc:"As for the case itself."`
}

type bookInput struct {
	BookingInput
	OnceInput
	Body struct {
		Day  string `json:"day" minLength:"1" maxLength:"100" doc:"Id of the day."`
		Slot int    `json:"slot" minimum:"0" maximum:"1000"`
		Lang string `json:"lang,omitempty" maxLength:"20" doc:"In which the citizen is told."`
	}
}

type bookingOutput struct{ Body ReceptionBooking }

func (s *server) receptionOperations() {
	if s.Receptions == nil {
		return
	}
	add(s, operation{
		id: "reception-days", method: http.MethodGet, path: "/v1/reception/days", tag: "reception", summary: "The timetable of reception days",
		about: "Leaders' reception days from today on, those that are cancelled among them. No key needed.",
	}, s.receptionDays)
	add(s, operation{
		id: "reception-times", method: http.MethodGet, path: "/v1/reception/days/{id}/times", tag: "reception", summary: "Free times of a day", about: "No key needed.",
	}, s.receptionTimes)
	add(s, operation{
		id: "reception-sheet", method: http.MethodGet, path: "/v1/reception/days/{id}/sheet", tag: "reception", scopes: []Scope{Staff}, summary: "The sheet of a day",
		about: "For who keeps the timetable and the leader of the day. Each case is read with the officer's own permissions, and the access log has a line of it.",
	}, s.receptionSheet)
	add(s, operation{
		id: "booking", method: http.MethodGet, path: "/v1/cases/{number}/appointment", tag: "reception", scopes: []Scope{Citizens}, summary: "The appointment of a case", about: "For its petitioner.",
	}, s.booking)
	add(s, operation{
		id: "book", method: http.MethodPost, path: "/v1/cases/{number}/appointment", tag: "reception", status: http.StatusCreated, scopes: []Scope{Citizens}, summary: "Book a time for a case",
		about: "The time that is asked for, else the next one of the day, of the same leader, of the others: *asked* says which. The same Idempotency-Key answers the same appointment. A report on misconduct is received by its named officers and not on these days (reception.report).",
	}, s.book)
	add(s, operation{
		id: "move-booking", method: http.MethodPut, path: "/v1/cases/{number}/appointment", tag: "reception", scopes: []Scope{Citizens}, summary: "Move the appointment of a case", about: "As it is booked.",
	}, s.moveBooking)
	add(s, operation{
		id: "give-back", method: http.MethodDelete, path: "/v1/cases/{number}/appointment", tag: "reception", status: http.StatusNoContent, scopes: []Scope{Citizens}, summary: "Give the appointment of a case back",
		about: "The case goes on all the same, and nothing follows from it.",
	}, s.giveBack)
}

func receptionDay(d reception.Day) ReceptionDay {
	return ReceptionDay{
		ID: d.ID, State: string(d.State), Leader: d.Leader, Charge: d.Charge, Date: d.Date, Time: d.Time, Minutes: d.Minutes, Slots: d.Slots, Each: d.Each,
		Place: d.Place, Online: d.Online, Why: d.Why, Booked: d.Booked,
	}
}

func receptionBooking(b reception.Booking) *bookingOutput {
	a := b.Appointment
	return &bookingOutput{ReceptionBooking{Number: a.Number, Day: receptionDay(b.Day), Slot: a.Slot, At: b.At, Queue: b.Queue, Link: b.Day.Link, People: a.People, Help: a.Help, Asked: b.Asked}}
}

func (s *server) receptionDays(ctx context.Context, _ *struct{}) (*receptionDaysOutput, error) {
	out := &receptionDaysOutput{}
	out.Body.Days = []ReceptionDay{}
	all, err := s.Receptions.Timetable(ctx)
	for _, d := range all {
		out.Body.Days = append(out.Body.Days, receptionDay(d))
	}
	return out, err
}

func (s *server) receptionTimes(ctx context.Context, in *receptionDayInput) (*receptionTimesOutput, error) {
	out := &receptionTimesOutput{}
	out.Body.Times = []ReceptionTime{}
	all, err := s.Receptions.Times(ctx, in.ID)
	for _, o := range all {
		out.Body.Times = append(out.Body.Times, ReceptionTime{o.Day.ID, o.Slot, o.At, o.Left})
	}
	return out, err
}

func (s *server) receptionSheet(ctx context.Context, in *receptionSheetInput) (*receptionSheetOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	d, rows, err := s.Receptions.Sheet(ctx, a, in.ID)
	out := &receptionSheetOutput{}
	out.Body.Day, out.Body.Rows = receptionDay(d), []ReceptionRow{}
	for _, r := range rows {
		row := ReceptionRow{Number: r.Number, State: string(r.State), Queue: r.Queue, Matter: r.Matter, People: r.People, Help: r.Help, WalkIn: r.WalkIn, Case: r.View}
		if r.Queue > 0 {
			row.At = &r.At
		}
		out.Body.Rows = append(out.Body.Rows, row)
	}
	return out, err
}

// petitioner is who asks about an appointment, with the code that proves it.
func (s *server) petitioner(ctx context.Context, in BookingInput) (a petition.Actor, code string, err error) {
	if a, err = s.actor(ctx, in.ActorInput); err == nil {
		code, err = callerOf(ctx).key.code(in.Code)
	}
	return a, code, err
}

func (s *server) booking(ctx context.Context, in *BookingInput) (*bookingOutput, error) {
	a, code, err := s.petitioner(ctx, *in)
	if err != nil {
		return nil, err
	}
	b, err := s.Receptions.Mine(ctx, a, in.Number, code)
	return receptionBooking(b), err
}

// asked reads what a booking asks for.
func (s *server) asked(ctx context.Context, in *bookInput) (petition.Actor, reception.Request, error) {
	a, code, err := s.petitioner(ctx, in.BookingInput)
	if err != nil {
		return a, reception.Request{}, err
	}
	key, err := in.key("")
	return a, reception.Request{Key: key, Number: in.Number, Code: code, Day: in.Body.Day, Slot: in.Body.Slot, Lang: in.Body.Lang}, err
}

func (s *server) book(ctx context.Context, in *bookInput) (*bookingOutput, error) {
	a, r, err := s.asked(ctx, in)
	switch {
	case err != nil:
		return nil, err
	case r.Key == "":
		return nil, missing("Idempotency-Key")
	}
	b, err := s.Receptions.Book(ctx, a, r)
	return receptionBooking(b), err
}

func (s *server) moveBooking(ctx context.Context, in *bookInput) (*bookingOutput, error) {
	a, r, err := s.asked(ctx, in)
	if err != nil {
		return nil, err
	}
	b, err := s.Receptions.Move(ctx, a, r)
	return receptionBooking(b), err
}

func (s *server) giveBack(ctx context.Context, in *BookingInput) (*struct{}, error) {
	a, code, err := s.petitioner(ctx, *in)
	if err != nil {
		return nil, err
	}
	_, err = s.Receptions.GiveBack(ctx, a, in.Number, code)
	return nil, err
}
