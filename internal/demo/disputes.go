package demo

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/mediation"

	"go.yaml.in/yaml/v3"
)

//go:embed disputes.yaml
var disputesYAML []byte

type quarrels struct {
	Stories []struct{ Kind, Words, Terms, Promise string }
	Said    map[string]string
}

// disputesFound is how many disputes the invented year finds; all but three are settled: a party of one does not want
// mediation, one goes to court, and the last was reported yesterday.
const (
	disputesFound   = 345
	disputeRefused  = 100
	disputeToCourt  = 200
	disputesSettled = disputesFound - 3
)

// deed is something that somebody does at a time.
type deed struct {
	at time.Time
	do func(ctx context.Context) error
}

// Disputes plays a year of disputes in every town up to now: reports, both consents, sessions, agreements and promises, and a survey
// round a town. clock is that of the service; it stands at now afterwards.
func Disputes(ctx context.Context, s *mediation.Service, clock *Clock, o *petition.Office, now time.Time) error {
	var q quarrels
	if err := yaml.Unmarshal(disputesYAML, &q); err != nil {
		return fmt.Errorf("read invented disputes: %w", err)
	}
	var deeds []deed
	for _, l := range o.Places {
		deeds = append(deeds, round(s, o, l, q.Said["round"], now))
	}
	for n := range disputesFound {
		deeds = append(deeds, q.life(s, o, n, now)...)
	}
	slices.SortStableFunc(deeds, func(a, b deed) int { return a.at.Compare(b.at) })
	defer clock.Set(now)
	for _, d := range deeds {
		clock.Set(d.at)
		if err := d.do(ctx); err != nil {
			return fmt.Errorf("play an invented dispute: %w", err)
		}
	}
	clock.Set(now)
	_, err := s.Tell(ctx, func(context.Context, mediation.News) error { return nil }) // of a year ago nobody is told
	return err
}

// round is a survey of all villages of a town half a year ago, of which the last was not visited.
func round(s *mediation.Service, o *petition.Office, l petition.Locality, name string, now time.Time) deed {
	from := now.AddDate(0, -6, 0)
	return deed{from.AddDate(0, 0, -1), func(ctx context.Context) error {
		r := mediation.Round{Name: l.Name + name, From: petition.Day(from), To: petition.Day(from.AddDate(0, 0, 30)), Villages: l.Villages, Visited: l.Villages[:len(l.Villages)-1]}
		_, err := s.PutRound(ctx, townOfficer(l), r)
		return err
	}}
}

func townOfficer(l petition.Locality) petition.Actor {
	return petition.Actor{Staff: "demo-" + l.Unit + "-a", Unit: l.Unit, Roles: []petition.Role{petition.Officer}}
}

// life is the n-th dispute of the year, from the first report to where it stands.
func (q quarrels) life(s *mediation.Service, o *petition.Office, n int, now time.Time) (all []deed) {
	l, story := o.Places[n%len(o.Places)], q.Stories[n%len(q.Stories)]
	village := l.Villages[(n/len(o.Places))%len(l.Villages)]
	began := now.AddDate(0, 0, -1).Add(-time.Duration(disputesFound-1-n) * 25 * time.Hour)
	a, mediator := townOfficer(l), mediatorOf(o, l.Unit)
	number := ""
	day := func(days int) string { return petition.Day(began.AddDate(0, 0, days)) }
	do := func(after time.Duration, name mediation.MoveName, args ...string) {
		m := mediation.Move{Name: name, Args: map[string]string{}}
		for i := 0; i+1 < len(args); i += 2 {
			m.Args[args[i]] = args[i+1]
		}
		all = append(all, deed{began.Add(after), func(ctx context.Context) error {
			_, err := s.Do(ctx, a, number, m, 0)
			return err
		}})
	}
	all = append(all, deed{began, func(ctx context.Context) error {
		d, err := s.Report(ctx, a, mediation.Report{Key: fmt.Sprint("demo-dispute-", n), Words: strings.ReplaceAll(story.Words, "{village}", village), Place: petition.Place{Code: l.Code}, Village: village, Kind: story.Kind})
		number = d.Number
		return err
	}})
	const hour, days = time.Hour, 24 * time.Hour
	switch left := now.Sub(began); {
	case n == disputesFound-1:
		return all
	case left < 8*days || n%7 == 0 && n != disputeRefused && n != disputeToCourt:
		do(20*hour, mediation.MoveSelves, "text", q.Said["selves"])
		return all
	}
	do(hour, mediation.MoveMatch, "mediator", mediator)
	do(2*hour, mediation.MoveStep, "step", "one", "text", q.Said["step"])
	do(days, mediation.MoveAsk, "way", "visit")
	do(days+hour, mediation.MoveAnswer, "party", mediation.PartyA, "yes", "yes", "way", "visit")
	if n == disputeRefused {
		do(2*days, mediation.MoveAnswer, "party", mediation.PartyB, "yes", "no", "way", "phone")
		return all
	}
	do(2*days, mediation.MoveAnswer, "party", mediation.PartyB, "yes", "yes", "way", "phone")
	do(3*days, mediation.MoveMeet, "when", day(4)+" 09:30", "where", q.Said["where"])
	do(4*days, mediation.MoveMinutes, "text", q.Said["minutes"])
	if n == disputeToCourt {
		do(5*days, mediation.MoveFail, "text", q.Said["failed"])
		do(6*days, mediation.MoveHand, "to", "court", "party", mediation.PartyA, "yes", "yes", "text", q.Said["court"])
		return all
	}
	agreed := []string{"facts", story.Words, "terms", story.Terms, "manner", q.Said["manner"]}
	agreed[1] = strings.ReplaceAll(agreed[1], "{village}", village)
	if now.Sub(began) < 40*days { // what was promised is done on the spot
		do(5*days, mediation.MoveAgree, agreed...)
		return all
	}
	do(5*days, mediation.MoveAgree, append(agreed, "promises", "B "+day(15)+" "+story.Promise)...)
	if n%5 == 0 {
		do(14*days, mediation.MoveExplain, "promise", "1", "text", q.Said["later"], "date", day(25))
	}
	do(15*days, mediation.MoveKeep, "promise", "1", "text", q.Said["kept"])
	return all
}

// mediatorOf is the first mediator of a unit.
func mediatorOf(o *petition.Office, unit string) string {
	for _, m := range o.Disputes.Mediators {
		if m.Unit == unit {
			return m.Code
		}
	}
	return ""
}
