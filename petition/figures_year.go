package petition

import "context"

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

// Year gathers the figures of a report between two days, both included.
type Year struct {
	YearFigures
	office *Office
}

// newYear begins one.
func newYear(o *Office, from, to string) *Year {
	y := &Year{office: o, YearFigures: YearFigures{From: from, To: to}}
	for _, m := range []*map[string]int{&y.Classes, &y.Channels, &y.Fields, &y.Places, &y.Sent, &y.Assigned, &y.Supervised, &y.Proposals, &y.Adopted} {
		*m = map[string]int{}
	}
	return y
}

func (y *Year) within(day string) bool { return day >= y.From && day <= y.To }

// Add counts a case. Of a sealed report it counts that there is one, and no more.
func (y *Year) Add(c Case) {
	if y.within(Day(c.Received)) {
		y.Filed++
		y.Classes[string(c.Filing.Class)]++
		if c.Filing.Class != Report {
			y.Channels[c.Filing.Channel]++
			y.Fields[y.office.Field(c.Filing.Subject)]++
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

func (y *Year) entry(e Entry) {
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

func (y *Year) step(m MoveName) {
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

// Field is the first-level category of a subject, "" when none was chosen.
func (o *Office) Field(subject string) string {
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
	for _, day := range []string{from, to} {
		if _, err := parseDay(day); err != nil {
			return YearFigures{}, nil, err
		}
	}
	y, f := newYear(s.law.Office, from, to), newComparison(s.law.Office, from, to, Day(s.now()))
	err := s.each(ctx, Query{Order: "new"}, func(c Case) bool {
		y.Add(c)
		f.Add(c)
		return true
	})
	return y.YearFigures, f.Units(), failed(err, "read the figures")
}

// each goes through a list, sealed reports included, until do answers false.
func (s *Service) each(ctx context.Context, q Query, do func(Case) bool) error {
	q.Limit = 100
	scope := Scope{All: true}
	for _, u := range s.law.Office.Units {
		scope.SealedUnits = append(scope.SealedUnits, u.Code)
	}
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
