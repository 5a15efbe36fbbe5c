package web

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"
	"dengwen/petition/reception"
)

// The page /reception shows when leaders receive people. With number and query code a time is
// booked there, moved and given back, as in the conversation; reminders come into the conversation
// of the page.

// receptionPage is what the page shows.
type receptionPage struct {
	form
	Name, Assets string
	Example      bool
	Notice, Done string // why not, or what was done
	Days         []dayLine
	Number, Code string // of the case that is looked at, "" = none was
	Open         bool   // the case was found
	Booking      *bookingLines
	Times        []receptionTime
	People       []int
	Helps        []helpChoice
	Max          int
	Figures      []string
}

type dayLine struct {
	ID, When, Leader, Charge, Where, State string
	Cancelled                              bool
}

type bookingLines struct {
	When, Leader, Queue, Where, Link string
	Lines                            []string
	People                           int
}

// receptionTime is a free time; Value is <day>:<slot>.
type receptionTime struct{ Value, Label string }

type helpChoice struct {
	Value, Label string
	On           bool
}

// maxTimesShown is how many free times the page offers.
const maxTimesShown = 40

// visitorOf is whose page beside the conversation this is, within the address's budget; false where it said that
// there can't be one now.
func (d *Door) visitorOf(w http.ResponseWriter, r *http.Request) (visitor, bool) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return visitor{}, false
	}
	v, _, err := d.ensureSession(w, r)
	switch {
	case errors.Is(err, errCrowd):
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
	case err != nil:
		d.Log.Error("web: session not made", "err", err)
		d.unavailable(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("away"))
	}
	return v, err == nil
}

// receptionTimetable shows the timetable.
func (d *Door) receptionTimetable(w http.ResponseWriter, r *http.Request) {
	if v, ok := d.visitorOf(w, r); ok {
		d.showReception(w, r, http.StatusOK, d.newReception(r, v))
	}
}

func (d *Door) newReception(r *http.Request, v visitor) *receptionPage {
	w := d.words(r, &thread{})
	return &receptionPage{form: form{w, v.csrf, randomID(12)}, Name: d.Name, Assets: d.page.assets.Prefix, Example: d.Example, Max: reception.MaxPeople, Number: strings.ToUpper(clean(typed(r, "number")))}
}

// maxReceptionForm is how many bytes the form of the page has.
const maxReceptionForm = 4 << 10

// receptionAsked answers a form of the page.
func (d *Door) receptionAsked(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxReceptionForm)
	v, err := d.visitor(r)
	page := d.newReception(r, v)
	if status, notice := d.turnedAway(w, r, v, err); status != 0 {
		page.Notice = notice
		d.showReception(w, r, status, page)
		return
	}
	page.Code = clean(typed(r, "code"))
	a := d.actor(r.Context(), v.conv)
	a.Address, a.Staff, a.Unit, a.Roles = d.addressName(v), "", "", nil // whoever works for the office books as a citizen too
	status := d.changeReception(r, a, page)
	if page.Notice != "" && !page.Open {
		page.Code = ""
	}
	d.showReception(w, r, status, page)
}

// changeReception does what the form asks, and fills in how the case stands then.
func (d *Door) changeReception(r *http.Request, a petition.Actor, page *receptionPage) int {
	ctx := r.Context()
	day, slot, _ := strings.Cut(typed(r, "at"), ":")
	asked := reception.Request{Key: "page:" + typed(r, "id"), Number: page.Number, Code: page.Code, Day: day, Lang: page.W.Lang}
	asked.Slot, _ = strconv.Atoi(slot)
	people, _ := strconv.Atoi(typed(r, "people"))
	var b reception.Booking
	var err error
	switch do := typed(r, "do"); do {
	case "book", "move":
		act := map[string]func(context.Context, petition.Actor, reception.Request) (reception.Booking, error){"book": d.Receptions.Book, "move": d.Receptions.Move}[do]
		if b, err = act(ctx, a, asked); err == nil {
			page.Done = page.W.Say("reception.done." + do)
			if !b.Asked {
				page.Done = page.W.catalog.Say(page.W.Lang, "reception.next")
			}
		}
	case "back":
		if _, err = d.Receptions.GiveBack(ctx, a, page.Number, page.Code); err == nil {
			page.Done = page.W.Say("reception.done.back")
		}
	case "tell":
		if _, err = d.Receptions.Tell(ctx, a, page.Number, page.Code, people, typed(r, "help")); err == nil {
			page.Done = page.W.Say("reception.done.tell")
		}
	}
	if err != nil {
		status := d.refuseReception(ctx, err, page)
		if petition.CodeOf(err) != petition.Conflict {
			return status
		}
	}
	if status := d.fillReception(ctx, a, page); status != http.StatusOK {
		return status
	}
	if err != nil {
		return http.StatusConflict
	}
	return http.StatusOK
}

// fillReception looks up the appointment of the case, and the times that are free.
func (d *Door) fillReception(ctx context.Context, a petition.Actor, page *receptionPage) int {
	b, err := d.Receptions.Mine(ctx, a, page.Number, page.Code)
	none := errors.Is(err, petition.Fail(petition.NotFound, "reception.no_booking"))
	if err != nil && !none {
		return d.refuseReception(ctx, err, page)
	}
	page.Open = true
	if !none {
		page.Booking = page.lines(d, b)
	}
	offers, err := d.Receptions.Offers(ctx, 8)
	for _, o := range offers {
		times, e := d.Receptions.Times(ctx, o.Day.ID)
		err = errors.Join(err, e)
		for _, at := range times {
			if len(page.Times) < maxTimesShown {
				page.Times = append(page.Times, receptionTime{o.Day.ID + ":" + strconv.Itoa(at.Slot), d.when(page.W, o.Day.Date, at.At.In(d.Zone).Format("15:04")) + " " + o.Day.Leader})
			}
		}
	}
	if err != nil {
		return d.refuseReception(ctx, err, page)
	}
	return http.StatusOK
}

func (p *receptionPage) lines(d *Door, b reception.Booking) *bookingLines {
	out := &bookingLines{When: d.when(p.W, b.Day.Date, b.At.In(d.Zone).Format("15:04")), Leader: b.Day.Leader, Queue: strconv.Itoa(b.Queue), Where: b.Day.Place, Link: b.Day.Link, People: b.Appointment.People}
	say := func(key string, args ...any) string { return p.W.catalog.Say(p.W.Lang, key, args...) }
	out.Lines = []string{say("reception.bring"), p.W.Say("reception.rights", "Max", reception.MaxPeople)}
	for n := 1; n <= reception.MaxPeople; n++ {
		p.People = append(p.People, n)
	}
	for _, h := range reception.Helps() {
		c := helpChoice{h, say("reception.help." + h), slices.Contains(b.Appointment.Help, h)}
		if c.On {
			c.Value, c.Label = "-"+h, say("reception.help.off", "Help", c.Label)
		}
		p.Helps = append(p.Helps, c)
	}
	return out
}

func (d *Door) when(w words, date, clock string) string {
	return d.Locales.Day(w.Lang, date, petition.Day(d.Now())) + " " + clock
}

// refuseReception says why not.
func (d *Door) refuseReception(ctx context.Context, err error, page *receptionPage) int {
	var known *petition.Error
	switch code := petition.CodeOf(err); {
	case errors.Is(err, petition.Fail(petition.NotFound, "reception.no_booking")), errors.Is(err, petition.Fail(petition.NotFound, "reception.none")):
		page.Notice = d.Locales.Say(page.W.Lang, "reception.no_booking")
		return http.StatusNotFound
	case code == petition.NotFound:
		page.Notice = page.W.Say("verify.no_match", "Office", d.Name)
		return http.StatusNotFound
	case errors.As(err, &known) && code == petition.Limited && known.Args["minutes"] != "":
		page.Notice = page.W.Say("verify.locked", "Office", d.Name, "Minutes", known.Args["minutes"])
		return http.StatusTooManyRequests
	case known != nil && known.Key == "reception.full":
		page.Notice = page.W.Say("reception.full")
		return http.StatusConflict
	case known != nil && strings.HasPrefix(known.Key, "reception."):
		args := map[string]string{}
		maps.Copy(args, known.Args)
		page.Notice = d.Locales.Say(page.W.Lang, known.Key, args)
		return http.StatusConflict
	}
	if ctx.Err() == nil {
		d.Log.Error("web: reception not answered", "err", err)
	}
	page.Notice = page.W.Say("away")
	return http.StatusServiceUnavailable
}

func (d *Door) showReception(w http.ResponseWriter, r *http.Request, status int, page *receptionPage) {
	days, err := d.Receptions.Timetable(r.Context())
	if err != nil {
		d.Log.Error("web: timetable not read", "err", err)
		d.unavailable(w, r, http.StatusServiceUnavailable, page.W.Say("away"))
		return
	}
	for _, day := range days {
		page.Days = append(page.Days, d.dayLine(page.W, day))
	}
	if f, err := d.Receptions.Public(r.Context()); err != nil {
		d.Log.Error("web: figures of reception days not counted", "err", err) // the timetable is shown all the same
	} else {
		page.Figures = figureLines(page.W, f)
	}
	var buf bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&buf, "reception", page); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, page.W.Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buf.Bytes())
}

// figureLines say what everybody may read; what is too small to be told is left out.
func figureLines(w words, f reception.Public) (lines []string) {
	if f.Days > 0 {
		lines = append(lines, w.Say("reception.figures.days", "Days", f.Days))
	}
	if f.People > 0 {
		lines = append(lines, w.Say("reception.figures.people", "People", f.People))
	}
	if f.Kept.Of > 0 {
		lines = append(lines, w.Say("reception.figures.kept", "Kept", f.Kept.N, "Of", f.Kept.Of))
	}
	return lines
}

func (d *Door) dayLine(w words, day reception.Day) dayLine {
	l := dayLine{ID: day.ID, When: d.when(w, day.Date, day.At(0).In(d.Zone).Format("15:04")+"–"+day.End().In(d.Zone).Format("15:04")), Leader: day.Leader, Charge: day.Charge, Where: day.Place}
	if day.Online {
		l.Where = strings.TrimSpace(w.Say("reception.online") + " " + day.Place)
	}
	left := day.Seats() - day.Booked
	switch {
	case day.State == reception.Cancelled:
		l.Cancelled, l.State = true, w.Say("reception.cancelled", "Why", day.Why)
	case left <= 0 || day.State != reception.Planned || !day.At(day.Slots-1).After(d.Now()):
		l.State = w.Say("reception.none_left")
	default:
		l.State = w.Say("reception.left", "Count", left)
	}
	return l
}
