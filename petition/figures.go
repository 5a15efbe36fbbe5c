package petition

import (
	"context"
	"slices"
)

// Share is a part of a whole: N of Of. With Of 0 there is nothing to say.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// Percent is the part in percent; false when there is no whole.
func (s Share) Percent() (float64, bool) {
	if s.Of == 0 {
		return 0, false
	}
	return 100 * float64(s.N) / float64(s.Of), true
}

func (s *Share) count(yes bool) {
	s.Of++
	if yes {
		s.N++
	}
}

// UnitFigures is all that units are compared by. How many petitions a unit has says
// nothing about it and is not among them (Art 39: lawful, timely, local); nor is
// anything about persons. Sealed reports are left out.
//
// A period counts once: when it was kept, else on the day it ran out, so that one
// that is still open and one that was kept too late count alike and in the same
// week. Of the answers, those given between the two days count, with what has become
// of them since.
type UnitFigures struct {
	Unit      string `json:"unit"`
	Notice    Share  `json:"notice"`    // notices in time (Art 23); at the petition office forwarding (Art 22)
	Answer    Share  `json:"answer"`    // answers, reviews and re-reviews in time (Art 34–36; suggestions: the office's own target)
	Reopened  Share  `json:"reopened"`  // of the answers
	Changed   Share  `json:"changed"`   // of the answers that were reviewed: changed, revoked or to be redone (Art 35, 36)
	Rated     Share  `json:"rated"`     // of the answers: participation (Art 21), the petitioners' own marks alone
	Entered   int    `json:"entered"`   // answers with marks that an officer entered only: in no other figure
	Satisfied Share  `json:"satisfied"` // of the rated ones: good or fair. Unrated counts as nothing
	Good      int    `json:"good"`
	Fair      int    `json:"fair"`
	Bad       int    `json:"bad"`
}

// empty reports whether there is nothing to compare.
func (u UnitFigures) empty() bool {
	return u.Notice.Of+u.Answer.Of+u.Reopened.Of+u.Changed.Of+u.Rated.Of == 0
}

func (u *UnitFigures) rate(mark, entered string) {
	u.Rated.count(mark != "")
	if mark == "" {
		if entered != "" {
			u.Entered++
		}
		return
	}
	u.Satisfied.count(mark == "good" || mark == "fair")
	switch mark {
	case "good":
		u.Good++
	case "fair":
		u.Fair++
	default:
		u.Bad++
	}
}

var (
	noticeRules = []string{"forward", "notify"}
	answerRules = []string{"handle", "extend", "suggestion_reply", "review", "rereview"}
)

// judged says on which day a period counts and whether it was kept; false while it
// still runs in time, and for one that ended without a judgement.
func (k Clock) judged(today string) (day string, kept, counts bool) {
	switch {
	case k.State == ClockMet:
		return k.EndedAt, true, true
	case k.State == ClockLate, k.State == ClockRunning && today > k.last():
		return k.last(), false, true
	}
	return "", false, false
}

// owes is the unit that answers for a period on a day: the one that had the case when
// it began. Only the office's own target for suggestions goes along with the case.
func (c *Case) owes(k Clock, day string) string {
	if k.Rule != "suggestion_reply" {
		return or(k.Unit, c.Unit)
	}
	holder := c.Unit
	for _, e := range slices.Backward(c.Timeline) {
		if holder = e.Unit; Day(e.At) <= day {
			break
		}
	}
	return holder
}

// givenAnswer is one answer and what became of it.
type givenAnswer struct {
	unit, day        string
	reopened         bool
	reviewed         bool
	changed          bool
	ofUnit, ofOffice marksGiven
}

// marksGiven are the latest marks for one body: good, fair, bad; "" = none.
type marksGiven struct{ own, entered string }

func (m *marksGiven) add(mark string, own bool) {
	if own {
		m.own = or(mark, m.own)
	} else {
		m.entered = or(mark, m.entered)
	}
}

// answers reads the answers of a case from its timeline.
func (c *Case) answers() []givenAnswer {
	var all []givenAnswer
	for _, e := range c.Timeline {
		if e.Move == MoveReply || e.Move == MoveAgreement {
			all = append(all, givenAnswer{unit: e.By, day: Day(e.At)})
			continue
		}
		if len(all) > 0 {
			all[len(all)-1].addOutcome(e)
		}
	}
	return all
}

// addOutcome notes what an entry means for the answer before it.
func (g *givenAnswer) addOutcome(e Entry) {
	switch e.Move {
	case MoveReopen:
		g.reopened = true
	case MoveReviewReply, MoveRereviewReply:
		g.reviewed = true
		g.changed = g.changed || e.Args["outcome"] != "maintain"
	case MoveReviewRedo:
		g.reviewed, g.changed = true, true
	case MoveRate:
		g.ofUnit.add(e.Args["unit"], e.By == "citizen")
		g.ofOffice.add(e.Args["office"], e.By == "citizen")
	}
}

// comparison gathers the figures of units between two days, both included.
type comparison struct {
	From, To string
	today    string
	office   *Office
	units    map[string]*UnitFigures
}

// newComparison begins one. today is the day it is made on: what is not over by then
// is not late.
func newComparison(o *Office, from, to, today string) *comparison {
	return &comparison{From: from, To: to, today: today, office: o, units: map[string]*UnitFigures{}}
}

func (f *comparison) of(unit string) *UnitFigures {
	if f.units[unit] == nil {
		f.units[unit] = &UnitFigures{Unit: unit}
	}
	return f.units[unit]
}

func (f *comparison) within(day string) bool { return day >= f.From && day <= f.To }

// add counts a case. A sealed report counts nowhere.
func (f *comparison) add(c Case) {
	if c.Filing.Class == Report {
		return
	}
	for _, k := range c.Clocks {
		day, kept, counts := k.judged(f.today)
		if !counts || !f.within(day) {
			continue
		}
		u := f.of(c.owes(k, day))
		if slices.Contains(noticeRules, k.Rule) {
			u.Notice.count(kept)
		} else if slices.Contains(answerRules, k.Rule) {
			u.Answer.count(kept)
		}
	}
	for _, g := range c.answers() {
		if f.within(g.day) {
			f.answer(g)
		}
	}
}

func (f *comparison) answer(g givenAnswer) {
	u := f.of(g.unit)
	u.Reopened.count(g.reopened)
	if g.reviewed {
		u.Changed.count(g.changed)
	}
	u.rate(g.ofUnit.own, g.ofUnit.entered)
	if g.unit != f.office.Unit {
		f.of(f.office.Unit).rate(g.ofOffice.own, g.ofOffice.entered)
	}
}

// list are the figures in the order of the office's data, never by rank, then those of
// units it does not have any more. Units about which there is nothing to say are left out.
func (f *comparison) list() []UnitFigures {
	var out []UnitFigures
	for _, code := range InOrder(f.office, UnitCodes, f.units) {
		if have := f.units[code]; !have.empty() {
			out = append(out, *have)
		}
	}
	return out
}

// YearFigures is what the report of Art 41 holds: how much, in which fields, which
// units it was about by what was sent to them, and what became of proposals. Keys
// are classes, channels, codes of first-level categories, places and units, statuses
// and names of moves.
type YearFigures struct {
	From     string         `json:"from"`
	To       string         `json:"to"`
	Filed    int            `json:"filed"`
	Classes  map[string]int `json:"classes"`
	Channels map[string]int `json:"channels"`
	Fields   map[string]int `json:"fields"` // sealed reports left out
	Places   map[string]int `json:"places"` // sealed reports left out

	Sent       map[string]int `json:"sent"`       // transfers and designations, by unit they went to
	Assigned   map[string]int `json:"assigned"`   // by unit
	Supervised map[string]int `json:"supervised"` // by unit

	Answered  int            `json:"answered"`
	Accepted  int            `json:"accepted"`
	Refused   int            `json:"refused"`
	Guided    int            `json:"guided"`
	Extended  int            `json:"extended"`
	Agreed    int            `json:"agreed"`
	Reviews   int            `json:"reviews"`
	Reopened  int            `json:"reopened"`
	Withdrawn int            `json:"withdrawn"`
	Proposals map[string]int `json:"proposals"` // letter, improve, policy, accountability
	Adopted   map[string]int `json:"adopted"`   // yes, partly, no
}

// yearReport gathers the figures of a report between two days, both included.
type yearReport struct {
	YearFigures
	office *Office
}

func newYear(o *Office, from, to string) *yearReport {
	y := &yearReport{office: o, YearFigures: YearFigures{From: from, To: to}}
	for _, m := range []*map[string]int{&y.Classes, &y.Channels, &y.Fields, &y.Places, &y.Sent, &y.Assigned, &y.Supervised, &y.Proposals, &y.Adopted} {
		*m = map[string]int{}
	}
	return y
}

func (y *yearReport) within(day string) bool { return day >= y.From && day <= y.To }

// add counts a case. Of a sealed report it counts that there is one, and no more.
func (y *yearReport) add(c Case) {
	if y.within(Day(c.Received)) {
		y.Filed++
		y.Classes[string(c.Filing.Class)]++
		if c.Filing.Class != Report {
			y.Channels[c.Filing.Channel]++
			y.Fields[y.office.field(c.Filing.Subject)]++
			y.Places[c.Filing.Place.Code]++
		}
	}
	if c.Filing.Class == Report {
		return
	}
	for _, e := range c.Timeline {
		if y.within(Day(e.At)) {
			y.entry(e)
		}
	}
}

func (y *yearReport) entry(e Entry) {
	switch e.Move {
	case MoveTransfer, MoveDesignate:
		y.Sent[e.Unit]++
	case MoveAssign:
		y.Assigned[e.Unit]++
	case MoveSupervise:
		y.Supervised[e.Unit]++
		y.Proposals[e.Args["kind"]]++
	case MoveFeedback:
		y.Adopted[e.Args["adopted"]]++
	default:
		y.step(e.Move)
	}
}

func (y *yearReport) step(m MoveName) {
	counts := map[MoveName]*int{
		MoveAccept: &y.Accepted, MoveRefuse: &y.Refused, MoveNoLonger: &y.Refused, MoveInHand: &y.Refused, MoveGuide: &y.Guided,
		MoveExtend: &y.Extended, MoveReview: &y.Reviews, MoveReopen: &y.Reopened, MoveWithdraw: &y.Withdrawn, MoveReply: &y.Answered,
	}
	if n := counts[m]; n != nil {
		*n++
	}
	if m == MoveAgreement {
		y.Agreed++
		y.Answered++
	}
}

// field is the first-level category of a subject, "" when none was chosen.
func (o *Office) field(subject string) string {
	for range 10 {
		c, ok := o.Category(subject)
		if !ok || c.Parent == "" {
			return subject
		}
		subject = c.Parent
	}
	return subject
}

// Figures reads every case once and answers with both: units compared, and the
// report. Days are civil days, as 2026-01-01; from and to are included.
func (s *Service) Figures(ctx context.Context, from, to string) (YearFigures, []UnitFigures, error) {
	all, err := s.periods(ctx, "", []Span{{from, to}})
	if err != nil {
		return YearFigures{}, nil, err
	}
	return all[0].Year, all[0].Units, nil
}

// each goes through a list, sealed reports included, until do answers false.
func (s *Service) each(ctx context.Context, q Query, do func(Case) bool) error {
	q.Limit, q.Whole = 100, true
	scope := s.law.everything()
	for {
		records, after, err := s.store.List(ctx, scope, q)
		if err != nil {
			return err
		}
		for _, r := range records {
			if !do(r.Case) {
				return nil
			}
		}
		if q.After = after; after == "" {
			return nil
		}
	}
}

// few is the count below which what is public shows no figure (Art 18 asks for
// openness, PIPL 25 for nobody to be recognised).
const few = 5

// smallCount stands in the place of a figure that is too small to be public.
const smallCount = "<5"

// TooFew reports whether a count is too small to be public: one to four.
func TooFew(n int) bool { return n > 0 && n < few }

// maskedCount stands where a larger figure would give a hidden one away.
const maskedCount = "*"

// PublicShare writes a share for the public: a numerator or denominator below five is
// not shown, and with it no percentage can be computed.
func PublicShare(s Share) string {
	switch {
	case s.Of == 0:
		return "—"
	case s.Of < few:
		return smallCount
	case TooFew(s.N):
		return smallCount + "/" + itoa(s.Of)
	}
	return itoa(s.N) + "/" + itoa(s.Of)
}

// PublicCounts writes counts that add up to a public total. A count from one to four is
// hidden; where all that are hidden come to less than five, the total would give them away, so the
// next smallest is hidden with them.
func PublicCounts(counts []int) []string {
	out, hidden, together := make([]string, len(counts)), 0, 0
	for i, n := range counts {
		out[i] = itoa(n)
		if TooFew(n) {
			out[i] = smallCount
			hidden++
			together += n
		}
	}
	if hidden == 0 || together >= few {
		return out
	}
	next := -1
	for i, n := range counts {
		if n >= few && (next < 0 || n < counts[next]) {
			next = i
		}
	}
	if next >= 0 {
		out[next] = maskedCount
	}
	return out
}
