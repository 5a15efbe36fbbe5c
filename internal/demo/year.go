package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"dengwen/petition"
)

// Year is a county's year of petitions as one might have been: FromAbove came to the
// petition office, Found were disputes that towns found and wrote down themselves.
// The time to an answer is log-normal with this median and spread, so that it has
// the quartiles of a county that is mostly quick and sometimes far too slow.
type Year struct {
	Start     time.Time // midnight of its first day
	FromAbove int
	Found     int
	Median    float64 // days
	Spread    float64 // standard deviation of the logarithm
}

// Reference is the year the figures are proved on: half of the answers within 11.2 days,
// three quarters within 22.3, nine in ten within 41.
func Reference() Year {
	return Year{
		Start:     time.Date(2025, 1, 1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60)),
		FromAbove: 249, Found: 345, Median: 11.2, Spread: 1.017,
	}
}

// End is the last moment of the year.
func (y Year) End() time.Time { return y.Start.AddDate(1, 0, 0).Add(-time.Second) }

// Reference plays the year to its end. each is called every morning after the sweep.
func (p *Play) Reference(ctx context.Context, y Year, each func(ctx context.Context, now time.Time) error) error {
	n := y.FromAbove + y.Found
	r := p.writer.dice(-1000)
	delays, town := y.delays(n), make([]bool, n)
	for i := range y.Found {
		town[i] = true
	}
	r.Shuffle(n, func(i, j int) { delays[i], delays[j] = delays[j], delays[i] })
	r.Shuffle(n, func(i, j int) { town[i], town[j] = town[j], town[i] })
	pause := y.End().Sub(y.Start) / time.Duration(n)
	for i := range n {
		f := p.writer.FilingOf(petition.Claim, i)
		f.Key = fmt.Sprintf("%s:year:%d", p.prefix, i)
		l := fromAbove(r, delays[i], p.town(f.Place.Code))
		if town[i] {
			l = found(r, delays[i])
			f.Channel = l.Channel
		}
		p.live(f, l, y.Start.Add(pause*time.Duration(i)).Add(time.Duration(r.IntN(12*60))*time.Minute))
	}
	p.each = each
	return p.run(ctx, y.End())
}

// fromAbove is a petition the office got: sent on to the town, accepted, answered,
// and sometimes extended, rated, reviewed or reopened.
func fromAbove(r *rand.Rand, delay float64, town string) life {
	sent := math.Min(delay/4, r.Float64()*3)
	taken := sent + math.Min((delay-sent)/2, 0.5+r.Float64()*13)
	if r.IntN(30) == 0 {
		sent, taken, delay = sent+16, taken+34, delay+34 // lay about, twice
	}
	var s plan
	s.do(sent, "clerk", petition.MoveTransfer, "unit", town)
	s.do(taken, "officer", petition.MoveAccept)
	if r.IntN(40) == 0 {
		s.do(delay, "citizen", petition.MoveWithdraw)
		return s.life("", "web")
	}
	if delay > taken+55 && r.IntN(2) == 0 {
		s.do(taken+50, "head", petition.MoveExtend)
	}
	s.do(delay, "officer", petition.MoveReply, "outcome", pick(r, []string{"support", "support", "no_basis", "not_support"}))
	s.after(r, delay, town)
	return s.life("", "web")
}

// found is a dispute a town wrote down: accepted, mediated, settled; three in 345 are not.
func found(r *rand.Rand, delay float64) life {
	var s plan
	s.do(math.Min(delay/3, r.Float64()*4), "officer", petition.MoveAccept)
	s.do(delay/2, "officer", petition.MoveMediate)
	if r.IntN(115) > 0 {
		s.do(delay, "officer", petition.MoveAgreement)
		s.after(r, delay, "")
	}
	return s.life("town", pick(r, []string{"visit", "call"}))
}

// plan collects the steps of a life.
type plan struct{ steps []step }

func (s *plan) do(day float64, who string, name petition.MoveName, says ...string) {
	st := step{Day: day, Who: who, Name: name, Says: map[string]string{}}
	for i := 0; i+1 < len(says); i += 2 {
		st.Says[says[i]] = says[i+1]
	}
	s.steps = append(s.steps, st)
}

func (s *plan) life(by, channel string) life {
	return life{Class: petition.Claim, By: by, Channel: channel, Steps: s.steps}
}

// after is what the citizen makes of an answer. town is "" for an agreement, which
// has no review.
func (s *plan) after(r *rand.Rand, day float64, town string) {
	got := day + 0.5 + r.Float64()*4
	s.do(got, "citizen", petition.MoveReceive)
	if r.IntN(100) < 60 {
		mark := pick(r, []string{"good", "good", "good", "good", "good", "good", "fair", "fair", "bad"})
		s.do(got+1, "citizen", petition.MoveRate, "office", pick(r, []string{"good", "fair"}), "unit", mark)
	}
	switch n := r.IntN(25); {
	case n == 0:
		s.do(got+2, "citizen", petition.MoveSettle, "outcome", "not")
		s.do(got+5, "citizen", petition.MoveReopen)
	case n == 1 && town != "":
		s.do(got+9, "citizen", petition.MoveReview)
		s.do(got+30, "officer", petition.MoveReviewReply, "outcome", pick(r, []string{"maintain", "maintain", "change"}))
	case n == 2 && town != "":
		s.do(got+9, "citizen", petition.MoveReview)
		s.do(got+45, "head", petition.MoveReviewRedo) // later than the thirty days
	default:
		s.do(got+1.5, "citizen", petition.MoveSettle)
		s.do(got+2, "officer", petition.MoveClose)
	}
}

// delays are the days to the answer, one for each n-th part of the distribution, so
// that its quantiles are met whatever the seed.
func (y Year) delays(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		at := (float64(i) + 0.5) / float64(n)
		out[i] = math.Max(0.3, y.Median*math.Exp(y.Spread*math.Sqrt2*math.Erfinv(2*at-1)))
	}
	return out
}
