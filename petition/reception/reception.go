// Package reception is the leaders' reception days (公开接访, Art 18, 20): the timetable, the
// appointments that citizens book for their cases, the sheet of a day, and what is told to whom
// when. Sentences, doors and storage are elsewhere. No person is counted or listed here: figures
// are of days and promises alone.
package reception

import (
	"context"
	"time"

	"dengwen/petition"
)

// DayState is where a reception day stands.
type DayState string

// The states of a day.
const (
	Planned   DayState = "planned"
	Held      DayState = "held"
	Cancelled DayState = "cancelled"
)

// Day is one day on which a leader receives people, as it is published.
type Day struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"` // 1, 2, 3 …; 0 = not stored yet
	State   DayState `json:"state"`
	Leader  string   `json:"leader"`           // name and post
	Staff   string   `json:"staff,omitempty"`  // the leader's id in the roster: they see this day's sheet. "" = nobody beside the petition office
	Charge  string   `json:"charge,omitempty"` // what they are in charge of
	Date    string   `json:"date"`             // 2006-01-02
	Time    string   `json:"time"`             // when the first appointment begins, 15:04
	Minutes int      `json:"minutes"`          // length of an appointment
	Slots   int      `json:"slots"`            // appointments one after the other
	Each    int      `json:"each"`             // petitions received in one appointment
	Place   string   `json:"place"`
	Online  bool     `json:"online,omitempty"`
	Link    string   `json:"link,omitempty"` // address of the meeting, Online alone: told to who booked and to nobody else
	Why     string   `json:"why,omitempty"`  // why it is cancelled, as citizens are told

	By      string    `json:"by,omitempty"` // the officer who changed it last
	Changed time.Time `json:"changed"`

	Booked int `json:"booked"` // appointments that hold; counted by the store
}

// Place is an appointment of a day: the first one, by its slot from 0, that somebody asks for.
type Place struct {
	Day  string `json:"day"`
	Slot int    `json:"slot"`
}

// State is where an appointment stands.
type State string

// The states of an appointment.
const (
	Booked State = "booked"
	Back   State = "back"      // given back
	Gone   State = "cancelled" // the day was cancelled
	Came   State = "came"
	Absent State = "absent"
)

// What an appointment's chat is told, by itself.
const (
	SayTomorrow  = "tomorrow"  // the day before
	SaySoon      = "soon"      // two hours before
	SayCancelled = "cancelled" // the day is cancelled; the next ones are offered
	SayChanged   = "changed"   // another time, place or leader
)

// Appointment is that somebody comes about a case, booked or, with WalkIn, written down when they came.
type Appointment struct {
	ID     string    `json:"id"`
	Day    string    `json:"day"`
	Slot   int       `json:"slot"` // from 0; -1 = none: given back, cancelled, or came without an appointment
	Seat   int       `json:"seat"` // from 0, among those of one slot
	State  State     `json:"state"`
	Number string    `json:"number,omitempty"` // of the case; "" where a report on misconduct was written down
	Made   time.Time `json:"made"`

	Key     string    `json:"key,omitempty"`    // idempotency key of the booking
	Owner   string    `json:"owner,omitempty"`  // chat that is told; "" = none is
	Lang    string    `json:"lang,omitempty"`   // of that chat
	Matter  string    `json:"matter,omitempty"` // one line on what it is about
	Name    string    `json:"name,omitempty"`   // as who came without an appointment wants to be called
	People  int       `json:"people,omitempty"` // how many come, 1–5 (Art 20)
	Help    []string  `json:"help,omitempty"`   // of Helps
	WalkIn  bool      `json:"walk_in,omitempty"`
	Moves   int       `json:"moves,omitempty"` // how often it was moved
	Say     string    `json:"say,omitempty"`   // what is told next, "" = nothing
	Tell    time.Time `json:"tell,omitzero"`   // and when
	Settled time.Time `json:"settled,omitzero"`
	By      string    `json:"by,omitempty"` // officer who wrote down who came
}

// Helps are what somebody who comes may ask for.
func Helps() []string { return []string{"interpreter", "sign", "access"} }

// MaxPeople is how many representatives may be received for a common matter (Art 20).
const MaxPeople = 5

// Limits on bookings, against hoarding: a chat holds so many at most, a chat or a case makes so
// many in 24 hours, and one is moved so often.
const (
	MaxHeld  = 3
	MaxMade  = 6
	MaxMoves = 10
)

// Store keeps days and appointments. SQLite, PostgreSQL and the store in memory pass one
// conformance suite. What people wrote, chats and names are sealed; a chat is found by a keyed hash. Errors as
// those of petition.Store.
type Store interface {
	// PutDay writes a day whose stored version is d.Version; Conflict "reception.changed"
	// otherwise. With tell, every appointment that holds is to be told SayChanged then. A
	// day that is Cancelled ends its appointments: they are Gone, and told SayCancelled at tell.
	PutDay(ctx context.Context, d Day, tell time.Time) (Day, error)

	// ReceptionDay reads one. NotFound "reception.none".
	ReceptionDay(ctx context.Context, id string) (Day, error)

	// ReceptionDays reads those between two dates, both included, by date and time, at most limit.
	ReceptionDays(ctx context.Context, from, to string, limit int) ([]Day, error)

	// Book takes the first free seat that Day.Free finds in the places, tried in their order, and writes the
	// appointment there. The same key again answers the appointment it made. a.Tell and a.Say
	// are set by when is at that place. Conflict "reception.full" where nothing is free,
	// "reception.has" when the case has one that holds; Limited "reception.many" beyond MaxHeld
	// or MaxMade.
	Book(ctx context.Context, a Appointment, places []Place, now time.Time) (Appointment, error)

	// MoveAppointment moves one that holds to the first free seat in the places, as Book; its own seat is free to
	// it. Conflict "reception.over" when it does not hold any more, "reception.full", Limited "reception.moves".
	MoveAppointment(ctx context.Context, id string, places []Place, now time.Time) (Appointment, error)

	// PutAppointment writes one whose stored state is from; Conflict "reception.over" otherwise.
	// One that does not hold gives its seat free, unless they came or were absent.
	PutAppointment(ctx context.Context, a Appointment, from State) error

	// AddWalkIn writes down somebody who came without an appointment; the same key again changes nothing.
	AddWalkIn(ctx context.Context, a Appointment) (Appointment, error)

	// Appointment reads one. NotFound "reception.no_booking".
	Appointment(ctx context.Context, id string) (Appointment, error)

	// AppointmentOf reads the one of a case that holds. NotFound "reception.no_booking".
	AppointmentOf(ctx context.Context, number string) (Appointment, error)

	// AppointmentsBy reads those of a chat that hold.
	AppointmentsBy(ctx context.Context, owner string) ([]Appointment, error)

	// Sheet reads the appointments of a day but those given back, by slot and seat, those
	// without a slot last.
	Sheet(ctx context.Context, day string) ([]Appointment, error)

	// ToTell reads appointments whose Tell is not after now, the earliest first, at most limit.
	ToTell(ctx context.Context, now time.Time, limit int) ([]Appointment, error)

	// NoteTold writes what is told next, where Tell is still what was read.
	NoteTold(ctx context.Context, a Appointment, was time.Time) error

	// ForgetChat cuts a chat from its appointments; those that hold are given back.
	ForgetChat(ctx context.Context, owner string) error

	// ForgetBefore takes out of appointments of days before a date what Appointment.Forget does,
	// at most limit of them, and answers how many.
	ForgetBefore(ctx context.Context, date string, limit int) (int, error)

	// NoteAccess and Load are those of petition.Store: a sheet shows cases, and figures count
	// what became of promises.
	NoteAccess(ctx context.Context, x petition.Access) error
	Load(ctx context.Context, number string) (petition.Record, error)
}
