package petition

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Digest is what a unit reads in the morning of a working day, and its leaders once a
// week: what is due, what is over, what came, what was answered, what was reopened.
// It speaks of cases and dates and never of persons.
type Digest struct {
	Unit     string       `json:"unit"`
	Sealed   bool         `json:"sealed,omitempty"` // reports on misconduct, for named officers: numbers and dates only
	Weekly   bool         `json:"weekly,omitempty"`
	Day      string       `json:"day"`  // made on
	From     string       `json:"from"` // new, answered and reopened: between these two days, both included
	To       string       `json:"to"`
	DueSoon  []DigestItem `json:"due_soon,omitempty"`
	Overdue  []DigestItem `json:"overdue,omitempty"`
	New      []DigestItem `json:"new,omitempty"`
	Answered []DigestItem `json:"answered,omitempty"`
	Reopened []DigestItem `json:"reopened,omitempty"`
	Led      *LedWeek     `json:"led,omitempty"` // of one leader, whom it is for; it has no unit then and nothing else
}

// DigestItem is one case in a digest. Rule and Due name the period that is near or
// over, "" in the other lists; Title is "" for a sealed report.
type DigestItem struct {
	Number string `json:"number"`
	Title  string `json:"title,omitempty"`
	Rule   string `json:"rule,omitempty"`
	Due    string `json:"due,omitempty"`
	Left   int    `json:"left,omitempty"` // calendar days to Due; negative = overdue

	Provisional bool `json:"provisional,omitempty"` // Due rests on a year whose holidays are not published
}

// ID is the same for one digest of one unit, whoever makes it and when.
func (d Digest) ID() string {
	kind := "day"
	if d.Weekly {
		kind = "week"
	}
	if d.Sealed {
		kind += "-sealed"
	}
	if d.Led != nil {
		return "digest:led:" + d.Day + ":" + d.Led.Leader
	}
	return "digest:" + kind + ":" + d.Day + ":" + d.Unit
}

// Empty reports whether there is nothing to say.
func (d Digest) Empty() bool {
	return d.Led == nil && len(d.DueSoon)+len(d.Overdue)+len(d.New)+len(d.Answered)+len(d.Reopened) == 0
}

// DigestsDue says what is to be made on the day of a moment: nothing on a day off or
// before opening time; a weekly one besides on the first working day of a week.
func (l *Law) DigestsDue(now time.Time) (daily, weekly bool) {
	from, _, ok := l.openOn(now)
	if !ok || now.Before(from) {
		return false, false
	}
	return true, l.lastWorkday(Day(now)) < weekStart(Day(now))
}

// weekStart is the Monday of the day's week.
func weekStart(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return day
	}
	return addDays(day, -(int(t.Weekday())+6)%7)
}

// lastWorkday is the working day before the day.
func (l *Law) lastWorkday(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return day
	}
	return l.Calendar.onOrBefore(t.AddDate(0, 0, -1)).Format(dateLayout)
}

// Digest makes the digests that are due at a moment, one for each unit that has
// something to read, in the order of the office's data. A daily one looks back to the
// working day before, so that a Monday's holds the week-end; a weekly one at the
// seven days before this week's Monday, of leaders with hard cases as well. Make it as often as you like: it writes
// nothing, and Digest.ID keeps it from being sent twice.
func (s *Service) Digest(ctx context.Context, now time.Time) ([]Digest, error) {
	var out []Digest
	daily, weekly := s.law.DigestsDue(now)
	today := Day(now)
	if daily {
		d, err := s.digestBetween(ctx, now, s.law.lastWorkday(today), addDays(today, -1), false)
		if err != nil {
			return nil, err
		}
		out = append(out, d...)
	}
	if weekly {
		monday := weekStart(today)
		d, err := s.digestBetween(ctx, now, addDays(monday, -7), addDays(monday, -1), true)
		if err != nil {
			return nil, err
		}
		out = append(out, d...)
		led, err := s.ledWeeks(ctx, Scope{Units: []string{hardKey}}, System(), addDays(monday, -7), addDays(monday, -1))
		if err != nil {
			return nil, failed(err, "read hard cases for the digest")
		}
		for _, w := range led {
			out = append(out, Digest{Weekly: true, Day: today, From: w.From, To: w.To, Led: &w})
		}
	}
	return out, nil
}

// lookBack is how many days a closed case is read back for what happened to it of
// late. Open ones are read whatever their age.
const lookBack = 400

// digestBetween is Digest between two days, both included, whatever day it is now.
func (s *Service) digestBetween(ctx context.Context, now time.Time, from, to string, weekly bool) ([]Digest, error) {
	g := digests{law: s.law, today: Day(now), from: from, to: to, weekly: weekly, of: map[string]*Digest{}, seen: map[string]bool{}}
	oldest := addDays(g.today, -lookBack)
	err := s.each(ctx, Query{Open: true, Order: "due"}, func(c Case) bool {
		g.add(c)
		return true
	})
	for _, end := range ends {
		if err != nil {
			return nil, failed(err, "read cases for the digest")
		}
		err = s.each(ctx, Query{Status: end, Order: "new"}, func(c Case) bool {
			g.add(c)
			return Day(c.Received) >= oldest
		})
	}
	if err != nil {
		return nil, failed(err, "read cases for the digest")
	}
	return g.list(), nil
}

// digests are those of all units being made.
type digests struct {
	law      *Law
	today    string
	from, to string
	weekly   bool
	of       map[string]*Digest // by unit, sealed ones by "sealed:" and unit
	seen     map[string]bool
}

func (g *digests) unit(unit string, sealed bool) *Digest {
	key := unit
	if sealed {
		key = "sealed:" + unit
	}
	if g.of[key] == nil {
		g.of[key] = &Digest{Unit: unit, Sealed: sealed, Weekly: g.weekly, Day: g.today, From: g.from, To: g.to}
	}
	return g.of[key]
}

func (g *digests) add(c Case) {
	if g.seen[c.Number] {
		return
	}
	g.seen[c.Number] = true
	sealed := c.Filing.Class == Report
	item := DigestItem{Number: c.Number, Title: c.Filing.Title}
	if sealed {
		item.Title = ""
	}
	for _, k := range c.Clocks {
		g.clock(&c, k, item, sealed)
	}
	g.events(&c, item, sealed)
}

// clock puts a running period of the office where it belongs. Of a sealed report only
// who has it now is told.
func (g *digests) clock(c *Case, k Clock, item DigestItem, sealed bool) {
	if k.State != ClockRunning || noColour(k.Rule) {
		return
	}
	unit := c.owes(k, g.today)
	if sealed {
		unit = c.Unit
	}
	item.Rule, item.Due, item.Left, item.Provisional = k.Rule, k.last(), daysBetween(g.today, k.last()), k.Provisional
	d := g.unit(unit, sealed)
	switch k.Colour(g.today, g.law.Office.Settings) {
	case "red":
		d.Overdue = append(d.Overdue, item)
	case "yellow":
		d.DueSoon = append(d.DueSoon, item)
	}
}

// events finds what came to a unit, what it answered and which of its answers did not
// hold. Of a sealed report only what concerns who has it now is told.
func (g *digests) events(c *Case, item DigestItem, sealed bool) {
	holder, answered := "", ""
	for _, e := range c.Timeline {
		came, answers := e.Unit != holder, slices.Contains(answerMoveNames, e.Move)
		holder = e.Unit
		if answers {
			answered = e.By
		}
		if day := Day(e.At); day < g.from || day > g.to || sealed && e.Unit != c.Unit {
			continue
		}
		if came {
			d := g.unit(e.Unit, sealed)
			d.New = appendOnce(d.New, item)
		}
		if answers {
			d := g.unit(e.By, sealed)
			d.Answered = appendOnce(d.Answered, item)
		}
		if e.Move == MoveReopen && answered != "" {
			d := g.unit(answered, sealed)
			d.Reopened = appendOnce(d.Reopened, item)
		}
	}
}

// answerMoveNames are the moves that are a written answer to the citizen.
var answerMoveNames = []MoveName{MoveReply, MoveAgreement, MoveReviewReply, MoveReviewRedo, MoveRereviewReply}

// appendOnce adds a case once.
func appendOnce(list []DigestItem, item DigestItem) []DigestItem {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// list orders what was found: units as the office's data has them, the nearest date
// first.
func (g *digests) list() []Digest {
	var out []Digest
	for _, u := range g.law.Office.AllUnits() {
		for _, key := range []string{u.Code, "sealed:" + u.Code} {
			d := g.of[key]
			if d == nil || d.Empty() {
				continue
			}
			for _, l := range [][]DigestItem{d.DueSoon, d.Overdue, d.New, d.Answered, d.Reopened} {
				slices.SortFunc(l, func(a, b DigestItem) int {
					return strings.Compare(a.Due+a.Number+a.Rule, b.Due+b.Number+b.Rule)
				})
			}
			out = append(out, *d)
		}
	}
	return out
}
