package petition

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"
)

// Overview is what a head reads about the cases of their unit, and the head of the petition office
// about all. Reports on misconduct are in none of its figures, and nothing in it is about persons.
type Overview struct {
	At     time.Time // when it was counted, zero = it is being counted: ask again in some seconds
	Unit   string    // whose cases: those it has, sent on or answered; "" = all
	From   string    // first day counted
	To     string    // last
	Open   int       // cases that Query.Open finds
	Weeks  []WeekFigures
	Steps  []StepFigures
	Months []Span
	// Subjects, Fields and Places count what was received in each of Months. Fields are the
	// first-level subjects. In the order of the office's data, those it lacks last.
	Subjects []Series
	Fields   []Series
	Places   []Series

	Received Counted // in all weeks
	Repeated Counted // of these: linked as the repetition of another

	Answers   int // given in all weeks
	Rated     Share
	Satisfied Share
	Good      Counted
	Fair      Counted
	Bad       Counted
	Entered   int // answers with marks that an officer entered alone: in no share

	Answered int   // cases with an answer in these weeks
	Settled  Share // of the petitioners who said so themselves: resolved, or in part
	Resolved Counted
	Partly   Counted
	Not      Counted
	Told     int // cases where an officer wrote down what the petitioner said: in no share

	Units []UnitFigures // over these weeks
}

// Span is a time in whole days, both included, as 2026-08-03.
type Span struct{ From, To string }

func (s Span) has(day string) bool { return day >= s.From && day <= s.To }

// WeekFigures are the cases of one week, Monday to Sunday.
type WeekFigures struct {
	Span
	Received int
	Done     Counted // came to an end
	Late     Counted // a period of an office ran out, see UnitFigures
	Open     int     // had not come to an end when the week did
}

// StepFigures are how many days cases were with one unit in one status, of the times that
// ended within the weeks. Status "" is from the day received to the first answer.
type StepFigures struct {
	Status Status
	Count  int
	Median int
	P90    int // nine of ten took no longer
}

// Series is what was received of one subject or in one place, for each of Overview.Months.
type Series struct {
	Code   string // "" = not stated
	Counts []int
}

// Counted is a count of cases that names the first of them.
type Counted struct {
	N       int
	Numbers []string // at most MaxNamed
}

// MaxNamed is how many cases one figure names.
const MaxNamed = 500

func (c *Counted) add(number string) {
	if c.N++; c.N <= MaxNamed {
		c.Numbers = append(c.Numbers, number)
	}
}

const overviewWeeks, overviewMonths = 26, 6

// Leads reports whether somebody heads a unit or the petition office: they may read Overview and Report.
func (a Actor) Leads() bool { return slices.ContainsFunc(a.Roles, Role.Leads) }

// figuresOf is whose cases somebody reads figures of, "" = all. Forbidden "figures.who" for
// who heads nothing.
func (l *Law) figuresOf(a Actor) (unit string, err error) {
	a = l.normal(a)
	sight := l.sight(a)
	switch {
	case a.Leads() && sight == allCases:
		return "", nil
	case a.Leads() && sight == unitCases && a.Unit != "":
		return a.Unit, nil
	}
	return "", Fail(Forbidden, "figures.who")
}

// HeadsOffice reports whether somebody heads the petition office: reads the figures of all cases and signs its reports.
func (l *Law) HeadsOffice(a Actor) bool {
	unit, err := l.figuresOf(a)
	return a.Staff != "" && a.Unit == l.Office.Unit && (err == nil && unit == "" || a.has(ActingHead))
}

// Overview answers the figures that somebody may read, at most ten minutes old. They are
// counted in the background, in one pass for every unit. Forbidden "figures.who".
func (s *Service) Overview(ctx context.Context, a Actor) (Overview, error) {
	unit, err := s.law.figuresOf(a)
	if err != nil {
		return Overview{}, err
	}
	all, ready, err := s.overviews.get(ctx, "", s.now, s.countOverviews)
	if err != nil || !ready {
		return Overview{Unit: unit}, failed(err, "count figures")
	}
	if o, ok := all.units[unit]; ok {
		return o, nil
	}
	none := newOverview(unit, all.count) // no unit's figures are those of one that has no case
	none.At = all.units[""].At
	return all.count.finish(none), nil
}

// Named answers the cases of a figure that a list cannot select: of is done or late with
// the Monday of a week, or without one repeated, good, fair, bad, resolved, partly or not. NotFound
// "figures.none", Conflict "figures.counting" before they were counted.
func (s *Service) Named(ctx context.Context, a Actor, of, week string) (Counted, error) {
	o, err := s.Overview(ctx, a)
	if err != nil {
		return Counted{}, err
	}
	if o.At.IsZero() {
		return Counted{}, Fail(Conflict, "figures.counting")
	}
	c, ok := o.named(of, week)
	if !ok {
		return c, Fail(NotFound, "figures.none")
	}
	return c, s.noteRead(ctx, s.law.normal(a), ActList, "", c.Numbers...)
}

func (o Overview) named(of, week string) (Counted, bool) {
	for _, w := range o.Weeks {
		switch {
		case w.From != week:
		case of == "done":
			return w.Done, true
		case of == "late":
			return w.Late, true
		}
	}
	c, ok := map[string]Counted{
		"repeated": o.Repeated, "good": o.Good, "fair": o.Fair, "bad": o.Bad, "resolved": o.Resolved, "partly": o.Partly, "not": o.Not,
	}[of]
	return c, ok && week == ""
}

// overviews are those of all units, and what they were counted by.
type overviews struct {
	units map[string]Overview
	count *overviewCount
	week  *weekCount
}

// overviewCount counts every case for each unit that sees it, and for all.
type overviewCount struct {
	office *Office
	today  string
	weeks  []Span
	months []Span
	units  map[string]*overviewOf
	shares *comparison
	week   *weekCount
}

// overviewOf is an overview while it is counted.
type overviewOf struct {
	Overview
	subjects, fields, places map[string][]int
	days                     map[Status][]int
}

func newOverviewCount(o *Office, now time.Time) (*overviewCount, error) {
	today, err := parseDay(Day(now))
	if err != nil {
		return nil, err
	}
	c := &overviewCount{office: o, today: Day(now), units: map[string]*overviewOf{}}
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	for i := range overviewWeeks {
		from := monday.AddDate(0, 0, -7*(overviewWeeks-1-i))
		c.weeks = append(c.weeks, Span{from.Format(dateLayout), from.AddDate(0, 0, 6).Format(dateLayout)})
	}
	first := today.AddDate(0, 0, 1-today.Day())
	for i := range overviewMonths {
		from := first.AddDate(0, i-overviewMonths+1, 0)
		c.months = append(c.months, Span{from.Format(dateLayout), from.AddDate(0, 1, -1).Format(dateLayout)})
	}
	c.shares = newComparison(o, c.weeks[0].From, c.today, c.today)
	c.week = newWeekCount(o, c.today)
	c.units[""] = newOverview("", c)
	return c, nil
}

func newOverview(unit string, c *overviewCount) *overviewOf {
	o := &overviewOf{subjects: map[string][]int{}, fields: map[string][]int{}, places: map[string][]int{}, days: map[Status][]int{}}
	o.Unit, o.From, o.To, o.Months = unit, c.weeks[0].From, c.today, c.months
	for _, w := range c.weeks {
		o.Weeks = append(o.Weeks, WeekFigures{Span: w})
	}
	return o
}

func (s *Service) countOverviews(ctx context.Context) (overviews, error) {
	now := s.now()
	c, err := newOverviewCount(s.law.Office, now)
	if err != nil {
		return overviews{}, err
	}
	if err := s.each(ctx, Query{Order: "new"}, func(k Case) bool { c.add(&k); return true }); err != nil {
		return overviews{}, err
	}
	all := overviews{units: map[string]Overview{}, count: c, week: c.week}
	for unit, o := range c.units {
		o.At = now
		all.units[unit] = c.finish(o)
	}
	return all, nil
}

func (c *overviewCount) add(k *Case) {
	if k.Filing.Class == Report {
		return
	}
	c.shares.add(*k)
	life := lifeOf(k)
	units := append(k.unitsSeeing(c.office), "")
	c.week.add(k, life, units)
	for _, unit := range units {
		if c.units[unit] == nil {
			c.units[unit] = newOverview(unit, c)
		}
		c.units[unit].add(k, life, c)
	}
}

// stay is a time that a case spent with one unit in one status; Until is "" while it lasts.
type stay struct {
	status      Status
	unit        string
	from, until string
}

// lifeOf are the stays of a case, the first from the day it was received.
func lifeOf(k *Case) []stay {
	var all []stay
	for _, e := range k.Timeline {
		day := Day(e.At)
		if len(all) > 0 {
			last := &all[len(all)-1]
			if last.status == e.To && last.unit == e.Unit {
				continue
			}
			last.until = day
		} else {
			day = Day(k.Received)
		}
		all = append(all, stay{status: e.To, unit: e.Unit, from: day})
	}
	return all
}

func (o *overviewOf) add(k *Case, life []stay, c *overviewCount) {
	if k.open() {
		o.Open++
	}
	o.addWeeks(k, life, c.today)
	o.addReceived(k, c.office)
	o.addDays(k, life)
	o.addOpinion(k)
}

func (o *overviewOf) span() Span { return Span{o.From, o.To} }

func (o *overviewOf) addWeeks(k *Case, life []stay, today string) {
	received := Day(k.Received)
	for i := range o.Weeks {
		w := &o.Weeks[i]
		if w.has(received) {
			w.Received++
		}
		if received <= w.To && !endedOn(life, w.To) {
			w.Open++
		}
		for j, s := range life {
			if j > 0 && s.status.Ended() && !life[j-1].status.Ended() && w.has(s.from) {
				w.Done.add(k.Number)
				break
			}
		}
		if k.lateIn(w.Span, today) {
			w.Late.add(k.Number)
		}
	}
}

// endedOn reports whether a case had come to an end by the end of a day.
func endedOn(life []stay, day string) bool {
	for _, s := range slices.Backward(life) {
		if s.from <= day {
			return s.status.Ended()
		}
	}
	return false
}

// lateIn reports whether a period that an office owes ran out unkept within a time.
func (c *Case) lateIn(in Span, today string) bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool {
		day, kept, counts := k.judged(today)
		return counts && !kept && in.has(day) && (slices.Contains(noticeRules, k.Rule) || slices.Contains(answerRules, k.Rule))
	})
}

func (o *overviewOf) addReceived(k *Case, office *Office) {
	day := Day(k.Received)
	for i, m := range o.Months {
		if m.has(day) {
			countAt(o.subjects, k.Filing.Subject, i, len(o.Months))
			countAt(o.fields, office.field(k.Filing.Subject), i, len(o.Months))
			countAt(o.places, k.Filing.Place.Code, i, len(o.Months))
		}
	}
	if !o.span().has(day) {
		return
	}
	o.Received.add(k.Number)
	if slices.ContainsFunc(k.Timeline, func(e Entry) bool { return e.Move == MoveLink && e.Args["kind"] == "repeated" }) {
		o.Repeated.add(k.Number)
	}
}

func countAt(all map[string][]int, code string, i, n int) {
	if all[code] == nil {
		all[code] = make([]int, n)
	}
	all[code][i]++
}

func (o *overviewOf) addDays(k *Case, life []stay) {
	for _, s := range life {
		if s.until != "" && o.span().has(s.until) && (o.Unit == "" || s.unit == o.Unit) {
			o.days[s.status] = append(o.days[s.status], daysFrom(s.from, s.until))
		}
	}
	if all := k.answers(); len(all) > 0 && o.span().has(all[0].day) {
		o.days[""] = append(o.days[""], daysFrom(Day(k.Received), all[0].day))
	}
}

func daysFrom(from, to string) int {
	a, _ := time.Parse(dateLayout, from) // Day wrote both
	b, _ := time.Parse(dateLayout, to)
	return max(0, int(b.Sub(a)/(24*time.Hour)))
}

func (o *overviewOf) addOpinion(k *Case) {
	answered := false
	for _, g := range k.answers() {
		if !o.span().has(g.day) {
			continue
		}
		answered = true
		if o.Unit == "" || g.unit == o.Unit {
			o.rate(g, k.Number)
		}
	}
	if !answered {
		return
	}
	o.Answered++
	said := k.fact(factSettled)
	if said == "" {
		return
	}
	if k.fact(factHeard) != "" {
		o.Told++
		return
	}
	o.Settled.count(said != "not")
	switch said {
	case "resolved":
		o.Resolved.add(k.Number)
	case "partly":
		o.Partly.add(k.Number)
	default:
		o.Not.add(k.Number)
	}
}

func (o *overviewOf) rate(g givenAnswer, number string) {
	o.Answers++
	mark := g.ofUnit.own
	o.Rated.count(mark != "")
	if mark == "" {
		if g.ofUnit.entered != "" {
			o.Entered++
		}
		return
	}
	o.Satisfied.count(mark == "good" || mark == "fair")
	switch mark {
	case "good":
		o.Good.add(number)
	case "fair":
		o.Fair.add(number)
	default:
		o.Bad.add(number)
	}
}

// stepsShown are the statuses in which somebody owes the next step, and "" for the way to
// the first answer.
var stepsShown = append(slices.Concat(inStage(entering, handling, asking, reviewing)), "")

func (c *overviewCount) finish(o *overviewOf) Overview {
	for _, s := range stepsShown {
		if days := o.days[s]; len(days) > 0 {
			slices.Sort(days)
			o.Steps = append(o.Steps, StepFigures{Status: s, Count: len(days), Median: atRank(days, 0.5), P90: atRank(days, 0.9)})
		}
	}
	o.Subjects = series(c.office, subjectCodes, o.subjects)
	o.Fields = series(c.office, FieldCodes, o.fields)
	o.Places = series(c.office, PlaceCodes, o.places)
	for _, u := range c.shares.list() {
		if o.Unit == "" || u.Unit == o.Unit {
			o.Units = append(o.Units, u)
		}
	}
	return o.Overview
}

// atRank is the value that a part of sorted values does not exceed (nearest rank).
func atRank(sorted []int, part float64) int {
	return sorted[max(0, int(math.Ceil(part*float64(len(sorted))))-1)]
}

// subjectCodes are the codes of all subjects, each field's together.
func subjectCodes(o *Office) (codes []string) {
	for _, field := range FieldCodes(o) {
		for _, c := range slices.Concat(o.Categories, o.Retired.Categories) {
			if o.field(c.Code) == field {
				codes = append(codes, c.Code)
			}
		}
	}
	return codes
}

func series(o *Office, codes Codes, have map[string][]int) []Series {
	var all []Series
	for _, code := range append(InOrder(o, codes, have), "") {
		if counts := have[code]; counts != nil {
			all = append(all, Series{code, counts})
		}
	}
	return all
}

// ReportFigures are the figures of times beside one another.
type ReportFigures struct {
	At      time.Time // when they were counted, zero = they are being counted
	Unit    string    // whose cases, "" = all
	Periods []PeriodFigures
}

// PeriodFigures are those of one time.
type PeriodFigures struct {
	Year  YearFigures
	Units []UnitFigures
}

// maxPeriods is how many times one report has.
const maxPeriods = 3

// Report answers the figures of times, at most three, for who heads a unit about its cases and
// for the head of the petition office about all, at most ten minutes old. Forbidden
// "figures.who", Invalid "due.date".
func (s *Service) Report(ctx context.Context, a Actor, times ...Span) (ReportFigures, error) {
	unit, err := s.law.figuresOf(a)
	if err != nil {
		return ReportFigures{}, err
	}
	return s.report(ctx, unit, times...)
}

// PublicReport answers the figures of times, at most three, about all cases, as Report does. Whoever shows them to
// everybody hides what is too small: PublicCounts, PublicShare.
func (s *Service) PublicReport(ctx context.Context, times ...Span) (ReportFigures, error) {
	return s.report(ctx, "", times...)
}

func (s *Service) report(ctx context.Context, unit string, times ...Span) (ReportFigures, error) {
	key := []string{unit}
	for _, t := range times[:min(len(times), maxPeriods)] {
		key = append(key, t.From, t.To)
	}
	r, ready, err := s.reports.get(ctx, strings.Join(key, "/"), s.now, func(ctx context.Context) (ReportFigures, error) {
		at := s.now()
		periods, err := s.periods(ctx, unit, times[:min(len(times), maxPeriods)])
		return ReportFigures{At: at, Unit: unit, Periods: periods}, err
	})
	if err != nil || !ready {
		return ReportFigures{Unit: unit}, failed(err, "count the report")
	}
	return r, nil
}

// periods reads every case once and counts it in each of times; of a unit those that it sees.
func (s *Service) periods(ctx context.Context, unit string, times []Span) ([]PeriodFigures, error) {
	var years []*yearReport
	var shares []*comparison
	for _, t := range times {
		for _, day := range []string{t.From, t.To} {
			if _, err := parseDay(day); err != nil {
				return nil, err
			}
		}
		years = append(years, newYear(s.law.Office, t.From, t.To))
		shares = append(shares, newComparison(s.law.Office, t.From, t.To, Day(s.now())))
	}
	err := s.each(ctx, Query{Order: "new"}, func(c Case) bool {
		seen := unit == "" || c.Filing.Class != Report && c.seenBy(s.law.Office, unit)
		for i := range times {
			if seen {
				years[i].add(c)
			}
			shares[i].add(c)
		}
		return true
	})
	if err != nil {
		return nil, failed(err, "read the figures")
	}
	var all []PeriodFigures
	for i := range times {
		p := PeriodFigures{Year: years[i].YearFigures}
		for _, u := range shares[i].list() {
			if unit == "" || u.Unit == unit {
				p.Units = append(p.Units, u)
			}
		}
		all = append(all, p)
	}
	return all, nil
}
