package petition

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// Week is how things stand in the week of today, Monday to Sunday: of the cases of a unit, or of all
// for who heads the petition office. It is about cases and periods and names nobody; reports on
// misconduct are in none of its figures.
type Week struct {
	At     time.Time   `json:"at,omitzero"` // when it was counted, some ten minutes ago at most; zero = it is being counted: ask again in some seconds
	From   string      `json:"from"`
	To     string      `json:"to"`
	Unit   string      `json:"unit,omitempty"` // "" = all
	Counts []WeekCount `json:"counts"`         // in the order of WeekFiguresOf
	Notice Share       `json:"notice"`         // of the notices owed this week, those in time
	Answer Share       `json:"answer"`         // of the answers owed this week, those in time
	Items  []Item      `json:"views,omitempty"`
	After  string      `json:"after,omitempty"`
	Led    *LedWeek    `json:"led,omitempty"` // of who leads hard cases: theirs, from Monday to today
}

// WeekCount is one of the figures, and how many cases it counts.
type WeekCount struct {
	Of string `json:"of"`
	N  int    `json:"n"`
}

// WeekQuery asks for the figures, and with Of for the cases of one of them, page by page.
type WeekQuery struct {
	Of    string `json:"of,omitempty"`
	After string `json:"after,omitempty"` // cursor of the page before
	Limit int    `json:"limit,omitempty"` // 1–100, default 20
}

// The figures of a week. Came is what came to the unit in the week, of all what was received; Open, Soon
// and Late are of now, and of a unit what it has: with a period of the office that ends within the week,
// or that is over. Done came to an end and Answered got an answer in the week, by the unit.
const (
	WeekCame     = "came"
	WeekOpen     = "open"
	WeekSoon     = "soon"
	WeekLate     = "late"
	WeekDone     = "done"
	WeekAnswered = "answered"
)

// WeekFiguresOf are all, in the order in which they are read.
func WeekFiguresOf() []string {
	return []string{WeekCame, WeekOpen, WeekSoon, WeekLate, WeekDone, WeekAnswered}
}

// weekOf is whose week somebody reads, "" = all. Forbidden "week.who" for who sees no cases of a unit.
func (l *Law) weekOf(a Actor) (unit string, err error) {
	sight := l.sight(a)
	switch {
	case a.Leads() && sight == allCases:
		return "", nil
	case sight >= unitCases && a.Unit != "":
		return a.Unit, nil
	}
	return "", Fail(Forbidden, "week.who")
}

// weekCount counts the week of every unit, and of all ("").
type weekCount struct {
	Span
	today  string
	units  map[string]map[string]*Counted
	shares *comparison
}

func newWeekCount(o *Office, today string) *weekCount {
	monday := weekStart(today)
	return &weekCount{
		Span: Span{monday, addDays(monday, 6)}, today: today, units: map[string]map[string]*Counted{},
		shares: newComparison(o, monday, today, today),
	}
}

// add counts a case for each of the units, "" = for all.
func (w *weekCount) add(k *Case, life []stay, units []string) {
	w.shares.add(*k)
	for _, unit := range units {
		if w.units[unit] == nil {
			w.units[unit] = map[string]*Counted{}
		}
		for _, of := range WeekFiguresOf() {
			if !w.counts(of, unit, k, life) {
				continue
			}
			if w.units[unit][of] == nil {
				w.units[unit][of] = new(Counted)
			}
			w.units[unit][of].add(k.Number)
		}
	}
}

func (w *weekCount) counts(of, unit string, k *Case, life []stay) bool {
	has := unit == "" || k.Unit == unit
	switch of {
	case WeekCame:
		return w.came(unit, k, life)
	case WeekOpen:
		return has && k.open()
	case WeekSoon:
		return has && slices.ContainsFunc(k.Clocks, func(c Clock) bool {
			return c.State == ClockRunning && !noColour(c.Rule) && c.last() >= w.today && c.last() <= w.To
		})
	case WeekLate:
		return has && k.overdue(w.today)
	case WeekDone:
		return w.done(unit, life)
	}
	return slices.ContainsFunc(k.Timeline, func(e Entry) bool {
		return slices.Contains(answerMoveNames, e.Move) && w.has(Day(e.At)) && (unit == "" || e.By == unit)
	})
}

func (w *weekCount) came(unit string, k *Case, life []stay) bool {
	if unit == "" {
		return w.has(Day(k.Received))
	}
	for i, s := range life {
		if s.unit == unit && w.has(s.from) && (i == 0 || life[i-1].unit != unit) {
			return true
		}
	}
	return false
}

func (w *weekCount) done(unit string, life []stay) bool {
	for i, s := range life {
		if i > 0 && s.status.Ended() && !life[i-1].status.Ended() && w.has(s.from) && (unit == "" || life[i-1].unit == unit) {
			return true
		}
	}
	return false
}

// of is the week of a unit, without its cases.
func (w *weekCount) of(unit string, at time.Time) Week {
	week := Week{At: at, From: w.From, To: w.To, Unit: unit}
	for _, of := range WeekFiguresOf() {
		week.Counts = append(week.Counts, WeekCount{of, w.named(unit, of).N})
	}
	for code, u := range w.shares.units {
		if unit == "" || code == unit {
			week.Notice.N, week.Notice.Of = week.Notice.N+u.Notice.N, week.Notice.Of+u.Notice.Of
			week.Answer.N, week.Answer.Of = week.Answer.N+u.Answer.N, week.Answer.Of+u.Answer.Of
		}
	}
	return week
}

func (w *weekCount) named(unit, of string) Counted {
	if c := w.units[unit][of]; c != nil {
		return *c
	}
	return Counted{}
}

// Week answers the figures of the week; see Cases.
func (s *Service) Week(ctx context.Context, a Actor, q WeekQuery) (Week, error) {
	a = s.law.normal(a)
	unit, err := s.law.weekOf(a)
	led, ledErr := s.ownLedWeek(ctx, a)
	switch {
	case ledErr != nil:
		return Week{}, ledErr
	case err != nil && led != nil: // a leader of no unit's cases
		return Week{At: s.now(), From: led.From, To: led.To, Led: led}, nil
	case err != nil:
		return Week{}, err
	}
	if q.Of != "" && !slices.Contains(WeekFiguresOf(), q.Of) {
		return Week{}, Fail(NotFound, "figures.none")
	}
	all, ready, err := s.overviews.get(ctx, "", s.now, s.countOverviews)
	if err != nil || !ready {
		return Week{Unit: unit, Led: led}, failed(err, "count the week")
	}
	week := all.week.of(unit, all.units[""].At)
	week.Led = led
	if q.Of == "" {
		return week, nil
	}
	return s.weekPage(ctx, a, q, week, all.week.named(unit, q.Of).Numbers)
}

// ownLedWeek is the week of an actor as a leader, nil for who is none.
func (s *Service) ownLedWeek(ctx context.Context, a Actor) (*LedWeek, error) {
	if a.Staff == "" || !a.any(func(r roleSpec) bool { return r.leads }) {
		return nil, nil
	}
	today := Day(s.now())
	w, err := s.LedWeek(ctx, a, a.Staff, weekStart(today), today)
	return &w, err
}

// weekPage adds a page of the cases that a figure counts, as they are now. Those somebody does not see
// any more are left out.
func (s *Service) weekPage(ctx context.Context, a Actor, q WeekQuery, week Week, numbers []string) (Week, error) {
	from := 0
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil || n < 0 {
			return Week{}, Fail(Invalid, "list.cursor")
		}
		from = min(n, len(numbers))
	}
	if q.Limit <= 0 {
		q.Limit = 20
	}
	to := min(from+min(q.Limit, 100), len(numbers))
	var shown []string
	for _, number := range numbers[from:to] {
		r, err := s.store.Load(ctx, number)
		if err != nil {
			if CodeOf(err) == NotFound {
				continue
			}
			return Week{}, failed(err, "read case")
		}
		if s.law.sees(&r.Case, a) {
			week.Items, shown = append(week.Items, s.law.Item(r.Case, a, s.now())), append(shown, number)
		}
	}
	if to < len(numbers) {
		week.After = strconv.Itoa(to)
	}
	return week, s.noteRead(ctx, a, ActList, "", shown...)
}
