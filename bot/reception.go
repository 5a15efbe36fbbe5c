package bot

import "dengwen/petition/reception"

// What a ReceptionQuery wants.
const (
	ReceptionTimetable = "timetable" // → Days
	ReceptionOffers    = "offers"    // → Offers, and Booking where the case has an appointment
	ReceptionTimes     = "times"     // of Day → Offers
	ReceptionBook      = "book"      // → Booking
	ReceptionMove      = "move"      // → Booking
	ReceptionBack      = "back"      // → Booking: what was given back
	ReceptionTell      = "tell"      // → Booking
	ReceptionDays      = "days"      // an officer's → Days
	ReceptionPut       = "put"       // an officer's → Day
	ReceptionCancel    = "cancel"    // an officer's → Day
)

// ReceptionQuery asks or changes something of the leaders' reception days.
type ReceptionQuery struct {
	Want   string         `json:"want"`
	Number string         `json:"number,omitempty"` // the case
	Code   string         `json:"code,omitempty"`
	Day    string         `json:"day,omitempty"` // id
	Slot   int            `json:"slot,omitempty"`
	People int            `json:"people,omitempty"`
	Help   string         `json:"help,omitempty"` // see reception.Service.Tell
	Lang   string         `json:"lang,omitempty"`
	Put    *reception.Day `json:"put,omitempty"`
	Why    string         `json:"why,omitempty"` // a day is cancelled
}

// Reception is what a ReceptionQuery came to.
type Reception struct {
	Days    []reception.Day    `json:"days,omitempty"`
	Offers  []reception.Offer  `json:"offers,omitempty"`
	Booking *reception.Booking `json:"booking,omitempty"`
	Day     *reception.Day     `json:"day,omitempty"`
}
