package mediation

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// Count says what became of the disputes that were found. Found is the sum of the others. Void ones
// are in none.
type Count struct {
	Found   int `json:"found"`
	Settled int `json:"settled"` // every promise was kept
	Agreed  int `json:"agreed"`  // an agreement stands, promises run
	Open    int `json:"open"`    // nothing is agreed yet
	Refused int `json:"refused"` // a party did not want mediation
	Failed  int `json:"failed"`  // no agreement was found
	Handed  int `json:"handed"`  // went on to police, court, arbitration or the petition office
}

func (c *Count) add(s Status) {
	to := map[Status]*int{Found: &c.Open, Asked: &c.Open, Mediating: &c.Open, Agreed: &c.Agreed, Settled: &c.Settled, Refused: &c.Refused, Unsettled: &c.Failed, HandedOver: &c.Handed}[s]
	if to == nil {
		return
	}
	*to++
	c.Found++
}

// Share is the settled of the found.
func (c Count) Share() petition.Share { return petition.Share{N: c.Settled, Of: c.Found} }

// Line is the count of a village or a kind; Code is "" for what is not known.
type Line struct {
	Place string `json:"place,omitempty"` // code, of a village's line
	Code  string `json:"code"`
	Count
}

// Figures are counts of the disputes received within a time. No line is about a person, a mediator
// or a party.
type Figures struct {
	From, To string // days, both included
	Unit     string // "" = every unit's
	All      Count
	Villages []Line
	Kinds    []Line
}

// Figures counts the disputes of a unit, for its heads; those of every unit for the head of the
// petition office.
func (s *Service) Figures(ctx context.Context, a petition.Actor, from, to string) (Figures, error) {
	f := Figures{From: from, To: to, Unit: a.Unit}
	if !a.Leads() {
		return f, petition.Fail(petition.Forbidden, "dispute.who")
	}
	if a.Unit == s.office.Unit {
		f.Unit = ""
	}
	since, err1 := time.ParseInLocation(time.DateOnly, from, zone)
	until, err2 := time.ParseInLocation(time.DateOnly, to, zone)
	if err1 != nil || err2 != nil {
		return f, petition.Fail(petition.Invalid, "dispute.value", "value", from+" "+to)
	}
	all, err := s.store.Disputes(ctx, Query{Unit: f.Unit, From: since, To: until.AddDate(0, 0, 1)})
	if err != nil {
		return f, petition.Wrap(err, "count disputes")
	}
	f.count(all)
	return f, nil
}

// zone is the office's time zone.
var zone = time.FixedZone("UTC+8", 8*60*60)

func (f *Figures) count(all []Dispute) {
	villages, kinds := map[[2]string]*Line{}, map[string]*Line{}
	for _, d := range all {
		f.All.add(d.Status)
		at := [2]string{d.Place.Code, d.Village}
		if villages[at] == nil {
			villages[at] = &Line{Place: at[0], Code: at[1]}
		}
		if kinds[d.Kind] == nil {
			kinds[d.Kind] = &Line{Code: d.Kind}
		}
		villages[at].add(d.Status)
		kinds[d.Kind].add(d.Status)
	}
	for _, l := range villages {
		f.Villages = append(f.Villages, *l)
	}
	for _, l := range kinds {
		f.Kinds = append(f.Kinds, *l)
	}
	for _, lines := range []*[]Line{&f.Villages, &f.Kinds} {
		*lines = slices.DeleteFunc(*lines, func(l Line) bool { return l.Found == 0 })
		slices.SortFunc(*lines, func(a, b Line) int { return strings.Compare(a.Place+"\x00"+a.Code, b.Place+"\x00"+b.Code) })
	}
}

// hidden stands where a figure would give a smaller one away.
const hidden = "*"

// Public are the figures for outside: one row a line, its name by name, then found and settled as
// petition.PublicCounts and petition.PublicShare write them: counts below five are hidden.
func Public(lines []Line, name func(Line) string) (rows [][]string) {
	var found []int
	for _, l := range lines {
		found = append(found, l.Found)
	}
	shown := petition.PublicCounts(found)
	for i, l := range lines {
		settled := petition.PublicShare(l.Share())
		if shown[i] != strconv.Itoa(l.Found) || petition.TooFew(l.Found-l.Settled) {
			settled = hidden
		}
		rows = append(rows, []string{name(l), shown[i], settled})
	}
	return rows
}

// RoundFigures are the counts of a survey round by village: of the villages that were to be visited.
type RoundFigures struct {
	Round
	All   Count
	Lines []Line
}

// Visits are the visited of the villages that were to be.
func (r RoundFigures) Visits() petition.Share {
	return petition.Share{N: len(r.Visited), Of: len(r.Villages)}
}

// Rounds are the survey rounds of a unit with their counts, newest first.
func (s *Service) Rounds(ctx context.Context, a petition.Actor) (all []RoundFigures, err error) {
	if !s.office.ReportsDisputes(a) {
		return nil, petition.Fail(petition.Forbidden, "dispute.who")
	}
	rounds, err := s.store.Rounds(ctx, a.Unit)
	if err != nil {
		return nil, petition.Wrap(err, "read survey rounds")
	}
	for _, r := range rounds {
		found, err := s.store.Disputes(ctx, Query{Round: r.ID})
		if err != nil {
			return nil, petition.Wrap(err, "count a survey round")
		}
		var f Figures
		f.count(found)
		one := RoundFigures{Round: r, All: f.All}
		for _, v := range r.Villages {
			i := slices.IndexFunc(f.Villages, func(l Line) bool { return l.Code == v })
			if i < 0 {
				one.Lines = append(one.Lines, Line{Code: v})
				continue
			}
			one.Lines = append(one.Lines, f.Villages[i])
		}
		all = append(all, one)
	}
	return all, nil
}

// PutRound begins a survey round of the officer's unit, or notes which villages were visited. An ID
// of "" is a new one.
func (s *Service) PutRound(ctx context.Context, a petition.Actor, r Round) (Round, error) {
	if !s.office.WorksDisputes(a) {
		return r, petition.Fail(petition.Forbidden, "dispute.who")
	}
	r.Name = strings.TrimSpace(r.Name)
	if !isDay(r.From) || !isDay(r.To) || r.To < r.From || r.Name == "" || len([]rune(r.Name)) > maxName || len(r.Villages) == 0 {
		return r, petition.Fail(petition.Invalid, "dispute.round")
	}
	mine := s.villages(a.Unit)
	for _, v := range slices.Concat(r.Villages, r.Visited) {
		if !slices.Contains(mine, v) {
			return r, petition.Fail(petition.Invalid, "dispute.value", "value", v)
		}
	}
	if r.ID == "" {
		r.ID = s.newID()
	} else if err := s.hasRound(ctx, a.Unit, r.ID); err != nil {
		return r, err
	}
	r.Unit, r.By = a.Unit, a.Staff
	if err := s.note(ctx, a, "round"); err != nil {
		return r, err
	}
	return r, petition.Wrap(s.store.PutRound(ctx, r), "write survey round")
}

// hasRound tests that a round is the unit's.
func (s *Service) hasRound(ctx context.Context, unit, id string) error {
	rounds, err := s.store.Rounds(ctx, unit)
	if err == nil && !slices.ContainsFunc(rounds, func(r Round) bool { return r.ID == id }) {
		err = petition.Fail(petition.NotFound, "dispute.none")
	}
	return petition.Wrap(err, "find survey round")
}

// villages are those that a unit serves.
func (s *Service) villages(unit string) (all []string) {
	for _, l := range s.office.Places {
		if l.Unit == unit {
			all = append(all, l.Villages...)
		}
	}
	return all
}
