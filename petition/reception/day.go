package reception

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// zone is that of every date and time of a day: UTC+8, no summer time.
var zone = time.FixedZone("UTC+8", 8*3600)

// Limits on what a day holds.
const (
	maxLine  = 100 // characters
	maxWhy   = 300
	maxLink  = 300
	maxSlots = 60
	maxEach  = 10
	maxAhead = 400 // days
)

// At is when an appointment begins.
func (d Day) At(slot int) time.Time {
	first, _ := time.ParseInLocation("2006-01-02 15:04", d.Date+" "+d.Time, zone) // checked before it was stored
	return first.Add(time.Duration(slot*d.Minutes) * time.Minute)
}

// End is when the last appointment ends.
func (d Day) End() time.Time { return d.At(d.Slots) }

// Seats is how many petitions are received at most.
func (d Day) Seats() int { return d.Slots * d.Each }

// Queue is the number of an appointment in the day, from 1, as it is called.
func (d Day) Queue(a Appointment) int { return a.Slot*d.Each + a.Seat + 1 }

// Taken are the seats of a day that are taken, by slot.
type Taken map[int][]int

// Free is the first seat that is free at a slot or after it and has not begun; false when none is.
func (d Day) Free(taken Taken, from int, now time.Time) (slot, seat int, ok bool) {
	if d.State != Planned {
		return 0, 0, false
	}
	for slot = max(from, 0); slot < d.Slots; slot++ {
		if !d.At(slot).After(now) {
			continue
		}
		for seat = range d.Each {
			if !slices.Contains(taken[slot], seat) {
				return slot, seat, true
			}
		}
	}
	return 0, 0, false
}

// check says what a day lacks. Its State, Version and Booked are not looked at.
func (d *Day) check(now time.Time) error {
	for _, s := range []*string{&d.Leader, &d.Charge, &d.Place, &d.Link, &d.Date, &d.Time, &d.Staff} {
		*s = strings.TrimSpace(*s)
	}
	if d.Each == 0 {
		d.Each = 1
	}
	for _, s := range []string{d.Leader, d.Charge, d.Place, d.Staff} {
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxLine || strings.ContainsAny(s, "\n\r") {
			return petition.Fail(petition.Invalid, "reception.long", "max", strconv.Itoa(maxLine))
		}
	}
	first, err := time.ParseInLocation("2006-01-02 15:04", d.Date+" "+d.Time, zone)
	switch {
	case d.Leader == "":
		return petition.Fail(petition.Invalid, "reception.leader")
	case d.Place == "" && !d.Online:
		return petition.Fail(petition.Invalid, "reception.place")
	case err != nil || first.Format("2006-01-02 15:04") != d.Date+" "+d.Time:
		return petition.Fail(petition.Invalid, "reception.when")
	case d.Minutes < 5 || d.Minutes > 240 || d.Slots < 1 || d.Slots > maxSlots || d.Each < 1 || d.Each > maxEach:
		return petition.Fail(petition.Invalid, "reception.slots", "slots", strconv.Itoa(maxSlots), "each", strconv.Itoa(maxEach))
	case petition.Day(d.End().Add(-time.Minute)) != d.Date:
		return petition.Fail(petition.Invalid, "reception.midnight")
	case first.Before(now) || first.After(now.AddDate(0, 0, maxAhead)):
		return petition.Fail(petition.Invalid, "reception.past")
	}
	return checkLink(d.Link)
}

// checkLink takes addresses of meetings only: https, without a name or password in it.
func checkLink(link string) error {
	rest, https := strings.CutPrefix(link, "https://")
	host, _, _ := strings.Cut(rest, "/")
	if link != "" && (!https || host == "" || strings.Contains(host, "@") || len(link) > maxLink || strings.ContainsAny(link, " \n\r\t<>\"'{}")) {
		return petition.Fail(petition.Invalid, "reception.link")
	}
	return nil
}

// Citizens are told of their appointments between these hours only.
const (
	firstHour = 8
	lastHour  = 21
)

// awake is the moment itself, or the next morning where people sleep.
func awake(t time.Time) time.Time {
	local := t.In(zone)
	morning := time.Date(local.Year(), local.Month(), local.Day(), firstHour, 0, 0, 0, zone)
	switch {
	case local.Before(morning):
		return morning
	case local.Hour() >= lastHour:
		return morning.AddDate(0, 0, 1)
	}
	return t
}

// When reminders are due: at ten of the day before, and two hours before, or when people are awake. One that
// would come less than half an hour before is not sent.
const (
	dayBeforeHour = 10
	soonBefore    = 2 * time.Hour
	soonAtLeast   = 30 * time.Minute
)

// Remind says what an appointment is told next after a moment, "" = nothing.
func (d Day) Remind(slot int, after time.Time) (say string, at time.Time) {
	begins := d.At(slot)
	before := begins.AddDate(0, 0, -1)
	before = time.Date(before.Year(), before.Month(), before.Day(), dayBeforeHour, 0, 0, 0, zone)
	soon := awake(begins.Add(-soonBefore))
	switch {
	case before.After(after):
		return SayTomorrow, before
	case soon.After(after) && begins.Sub(soon) >= soonAtLeast:
		return SaySoon, soon
	}
	return "", time.Time{}
}

// Put seats an appointment and says what is told next.
func (a *Appointment) Put(d Day, slot, seat int, now time.Time) {
	a.Day, a.Slot, a.Seat, a.State = d.ID, slot, seat, Booked
	a.remind(d, now)
}

func (a *Appointment) remind(d Day, after time.Time) {
	a.Say, a.Tell = "", time.Time{}
	if a.Owner != "" {
		a.Say, a.Tell = d.Remind(a.Slot, after)
	}
}

// Personal reports whether an appointment says who can be told, what it is about or how somebody wants to be called.
func (a Appointment) Personal() bool { return a.Owner != "" || a.Name != "" || a.Matter != "" }

// Forget takes out of an appointment who can be told and what it is about; one that holds is given back.
func (a *Appointment) Forget() {
	a.Owner, a.Lang, a.Name, a.Matter, a.Key, a.Say, a.Tell = "", "", "", "", "", "", time.Time{}
	if a.State == Booked {
		a.State, a.Slot, a.Seat = Back, -1, 0
	}
}

// Change is what an appointment that holds becomes when its day is changed or cancelled: told at a
// moment, where somebody can be told.
func (a *Appointment) Change(d Day, tell time.Time) {
	a.Say, a.Tell = SayChanged, tell
	if d.State == Cancelled {
		a.State, a.Say, a.Slot, a.Seat = Gone, SayCancelled, -1, 0
	}
	if a.Owner == "" {
		a.Say, a.Tell = "", time.Time{}
	}
}
