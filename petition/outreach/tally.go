package outreach

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// What is counted. Begun is followed by the channel, begun:telegram.
const (
	Begun      = "begun"       // conversations in which something was told after a code was opened
	QuizAsked  = "quiz.asked"  // questions of the citizens' quiz that were answered
	QuizRight  = "quiz.right"  // of those, the right ones
	QuizRounds = "quiz.rounds" // rounds that were ended
)

// Tally is a count of a spot in a month: 2026-11. Who was counted is nowhere.
type Tally struct {
	Spot
	Month string `json:"month"`
	What  string `json:"what"`
	N     int    `json:"n"`
}

// Store keeps counts. Implementations are safe for concurrent use.
type Store interface {
	// AddTally adds to a count, which begins at 0.
	AddTally(ctx context.Context, t Tally) error
	// Tallies are the counts of months, both included, by month, place, village and what.
	Tallies(ctx context.Context, from, to string) ([]Tally, error)
}

// Service counts. It is safe for concurrent use.
type Service struct {
	store  Store
	office *petition.Office
	now    func() time.Time
}

// New builds the service.
func New(s Store, o *petition.Office, now func() time.Time) *Service { return &Service{s, o, now} }

// month is the month of a time in the office's zone, 2026-11.
func month(t time.Time) string { return petition.Day(t)[:len("2006-01")] }

// Add counts one more of this month. A crash right after it may have it counted twice: exact counts
// would need to remember who was counted.
func (s *Service) Add(ctx context.Context, at Spot, what string) error {
	return petition.Wrap(s.store.AddTally(ctx, Tally{Spot: at, Month: month(s.now()), What: what, N: 1}), "count "+what)
}

// Line is what came of a spot's codes between two months.
type Line struct {
	Spot
	Begun    int            // conversations
	Channels map[string]int // of Begun, by channel
	Rounds   int            // of the quiz
	Right    petition.Share // answers in it
}

// Figures are counts by spot.
type Figures struct {
	From, To string // months, both included
	Lines    []Line // in the order of the office's places; only those with something to count
}

// Figures counts the months from and to, 2026-11, for who keeps the timetable of reception days and for
// heads. Forbidden "outreach.who" for others.
func (s *Service) Figures(ctx context.Context, a petition.Actor, from, to string) (Figures, error) {
	if !s.Sees(a) {
		return Figures{}, petition.Fail(petition.Forbidden, "outreach.who")
	}
	return s.figures(ctx, from, to)
}

// Sees reports whether somebody reads the figures and prints posters at the desk.
func (s *Service) Sees(a petition.Actor) bool { return s.office.KeepsReception(a) || a.Leads() }

// Public are the figures of the past twelve months for everybody: one row a spot with more than
// nothing, its name by name, then conversations and rounds of the quiz as petition.PublicCounts writes them.
func (s *Service) Public(ctx context.Context, name func(Spot) string) (rows [][]string, err error) {
	now := s.now()
	f, err := s.figures(ctx, month(now.AddDate(-1, 0, 1)), month(now))
	var begun, rounds []int
	for _, l := range f.Lines {
		begun, rounds = append(begun, l.Begun), append(rounds, l.Rounds)
	}
	shown, quiz := petition.PublicCounts(begun), petition.PublicCounts(rounds)
	for i, l := range f.Lines {
		rows = append(rows, []string{name(l.Spot), shown[i], quiz[i]})
	}
	return rows, err
}

func (s *Service) figures(ctx context.Context, from, to string) (Figures, error) {
	f := Figures{From: from, To: to}
	all, err := s.store.Tallies(ctx, from, to)
	if err != nil {
		return f, petition.Wrap(err, "read counts")
	}
	lines := map[Spot]*Line{}
	for _, t := range all {
		if lines[t.Spot] == nil {
			lines[t.Spot] = &Line{Spot: t.Spot, Channels: map[string]int{}}
		}
		lines[t.Spot].add(t)
	}
	order := Spots(s.office)
	for _, l := range lines {
		f.Lines = append(f.Lines, *l)
	}
	place := func(l Line) int {
		if i := slices.Index(order, l.Spot); i >= 0 {
			return i
		}
		return len(order) // of a place that the list no longer has
	}
	slices.SortFunc(f.Lines, func(a, b Line) int {
		return cmp.Or(place(a)-place(b), strings.Compare(a.Place+"\x00"+a.Village, b.Place+"\x00"+b.Village))
	})
	return f, nil
}

func (l *Line) add(t Tally) {
	what, channel, _ := strings.Cut(t.What, ":")
	switch what {
	case Begun:
		l.Begun += t.N
		l.Channels[channel] += t.N
	case QuizAsked:
		l.Right.Of += t.N
	case QuizRight:
		l.Right.N += t.N
	case QuizRounds:
		l.Rounds += t.N
	}
}
