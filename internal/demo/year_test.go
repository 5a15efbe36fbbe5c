package demo

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// TestReferenceYear plays a county's year through the real service on SQLite, with the
// digests of every week, and then counts everything again from the timelines of the
// raw cases alone, with arithmetic of its own.
func TestReferenceYear(t *testing.T) {
	t.Parallel()
	began, before := time.Now(), processor()
	st := newStage(t)
	store := sqlite(t)
	st.s = petition.NewService(store, st.office, petition.DefaultCalendar(), hashed, st.clock.Now, NewID, nil)
	p, err := NewPlay(st.s, st.clock, st.writer)
	if err != nil {
		t.Fatal(err)
	}
	y, weeks := referenceYear(), map[string][]petition.Digest{}
	renamed := 0
	err = p.playYear(t.Context(), y, func(ctx context.Context, now time.Time) error {
		if renamed == 0 && petition.Day(now) >= "2025-06-01" {
			renamed = renameInJune(st.office)
		}
		if _, weekly := st.s.Law().DigestsDue(now); !weekly {
			return nil
		}
		all, err := st.s.Digest(ctx, now)
		for _, d := range all {
			if d.Weekly {
				weeks[d.Day] = append(weeks[d.Day], d)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	took, spent := time.Since(began), processor()-before
	raw := readAll(t, store, st.office)
	if len(raw) != y.FromAbove+y.Found {
		t.Fatalf("%d cases, want %d", len(raw), y.FromAbove+y.Found)
	}
	if renamed != 8 {
		t.Fatalf("%d names changed in June, want those of three units and five subjects", renamed)
	}
	figures, units, err := st.s.Figures(t.Context(), "2025-01-01", "2025-12-31")
	if err != nil {
		t.Fatal(err)
	}
	book := newBook(raw)
	for _, u := range units {
		if want := book.unit(u.Unit); !maps.Equal(want, shares(u)) {
			t.Errorf("%s: the figures say %v, the cases %v", u.Unit, shares(u), want)
		}
	}
	if len(units) < 10 {
		t.Errorf("only %d units have figures", len(units))
	}
	book.checkYear(t, figures)
	for day, list := range weeks {
		book.checkWeek(t, day, list)
	}
	delays := book.delays()
	t.Logf("%d cases, %d timeline entries, %d weekly digests in %v (%v of the processor); answers: median %.1f, p75 %.1f, p90 %.1f days",
		len(raw), book.entries, len(weeks), took.Round(time.Millisecond), spent.Round(time.Millisecond), quantile(delays, 0.5), quantile(delays, 0.75), quantile(delays, 0.9))
	for q, want := range map[float64]float64{0.5: 11.2, 0.75: 22.3, 0.9: 41.0} {
		if got := quantile(y.delays(594), q); math.Abs(got-want) > want*0.03 {
			t.Errorf("planned delays: quantile %.2f is %.1f days, want %.1f", q, got, want)
		}
		if got := quantile(delays, q); math.Abs(got-want) > want*0.15 {
			t.Errorf("answers: quantile %.2f is %.1f days, want about %.1f", q, got, want)
		}
	}
	if len(weeks) < 48 {
		t.Errorf("%d weeks have a digest", len(weeks))
	}
	if spent > time.Minute {
		t.Errorf("the year took %v of the processor", spent)
	}
}

// processor is the time this process has used: unlike the clock on the wall it does
// not count what else the machine does.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// renameInJune gives three units and five first-level subjects another name, in the middle of
// the year and of cases. It answers how many names changed.
func renameInJune(o *petition.Office) (n int) {
	was := func(name string) petition.Past {
		n++
		return petition.Past{Was: []petition.Former{{Name: name, Until: "2025-06-01"}}}
	}
	for i := range o.Units {
		if u := &o.Units[i]; u.Kind == "town" && n < 3 {
			u.Past, u.Name = was(u.Name), "新"+u.Name
		}
	}
	for i := range o.Categories {
		if c := &o.Categories[i]; c.Parent == "" && n < 8 {
			c.Past, c.Name = was(c.Name), "新"+c.Name
		}
	}
	return n
}

func sqlite(t *testing.T) *cases.Store {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func readAll(t *testing.T, st petition.Store, o *petition.Office) []petition.Case {
	t.Helper()
	var all []petition.Case
	q := petition.Query{Order: "new", Limit: 100, Whole: true}
	for {
		page, after, err := st.List(t.Context(), petition.Scope{All: true}, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			all = append(all, r.Case)
		}
		if q.After = after; after == "" {
			return all
		}
	}
}

func shares(u petition.UnitFigures) map[string]string {
	out := map[string]string{}
	for name, s := range map[string]petition.Share{"notice": u.Notice, "answer": u.Answer, "reopened": u.Reopened, "changed": u.Changed, "rated": u.Rated, "satisfied": u.Satisfied} {
		if s.Of > 0 {
			out[name] = fmt.Sprintf("%d/%d", s.N, s.Of)
		}
	}
	return out
}

func quantile(v []float64, q float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[int(q*float64(len(v)-1))]
}

// span is one duty read from the timeline: begun, last day, done.
type span struct {
	unit, rule, number string
	due, done          string // days; done "" = still open
	end                time.Time
	dropped            bool // withdrawn: not judged unless it was over
}

// book is what the timelines say.
type book struct {
	raw     []petition.Case
	spans   []span
	entries int
}

const yearEnd = "2025-12-31"

func plus(day string, n int) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}

func dayOf(e petition.Entry) string { return e.At.Add(8 * time.Hour).UTC().Format(time.DateOnly) }

func newBook(raw []petition.Case) *book {
	b := &book{raw: raw}
	for _, c := range raw {
		b.read(c)
	}
	return b
}

// read follows the duties of Art 22, 23, 34 and 35 through one timeline.
func (b *book) read(c petition.Case) {
	open, at := map[string]*span{}, time.Time{}
	start := func(rule, unit, day string, days int) {
		open[rule] = &span{unit: unit, rule: rule, number: c.Number, due: plus(day, days)}
	}
	end := func(day string, dropped bool, rules ...string) {
		for _, r := range rules {
			if s := open[r]; s != nil {
				s.done, s.end, s.dropped = day, at, dropped
				b.spans = append(b.spans, *s)
				delete(open, r)
			}
		}
	}
	for _, e := range c.Timeline {
		b.entries++
		at = e.At
		switch day := dayOf(e); e.Move {
		case "file":
			start("forward", "petition", day, 15)
		case "register":
			start("notify", e.Unit, day, 15)
		case "transfer":
			end(day, false, "forward", "notify")
			start("notify", e.Unit, day, 15)
		case "accept":
			end(day, false, "forward", "notify")
			start("handle", e.Unit, day, 60)
		case "extend":
			due := open["handle"].due
			delete(open, "handle")
			start("extend", e.Unit, due, 30)
		case "reply", "agreement":
			end(day, false, "handle", "extend")
		case "review":
			start("review", e.Unit, day, 30)
		case "review_reply":
			end(day, false, "review")
		case "review_redo":
			end(day, false, "review")
			start("handle", e.Unit, day, 60)
		case "reopen":
			end(day, true, "forward", "notify", "handle", "extend", "review")
			start("forward", "petition", day, 15)
		case "withdraw":
			end(day, true, "forward", "notify", "handle", "extend", "review")
		}
	}
	for _, s := range open {
		b.spans = append(b.spans, *s)
	}
}

// verdict counts a duty: not at all, kept or missed.
func (s span) verdict() (counts, kept bool) {
	switch {
	case s.done == "":
		return yearEnd > s.due, false
	case s.done > s.due:
		return true, false
	}
	return !s.dropped, true
}

func (b *book) unit(unit string) map[string]string {
	n, of := map[string]int{}, map[string]int{}
	add := func(name string, yes bool) {
		of[name]++
		if yes {
			n[name]++
		}
	}
	for _, s := range b.spans {
		counts, kept := s.verdict()
		if s.unit != unit || !counts {
			continue
		}
		if s.rule == "forward" || s.rule == "notify" {
			add("notice", kept)
		} else {
			add("answer", kept)
		}
	}
	for _, c := range b.raw {
		b.people(c, unit, add)
	}
	out := map[string]string{}
	for name := range of {
		out[name] = fmt.Sprintf("%d/%d", n[name], of[name])
	}
	return out
}

// people counts what citizens made of the answers. It looks forward from each answer
// to the next.
func (b *book) people(c petition.Case, unit string, add func(string, bool)) {
	for i, e := range c.Timeline {
		if e.Move != "reply" && e.Move != "agreement" {
			continue
		}
		rest := c.Timeline[i+1:]
		if next := slices.IndexFunc(rest, func(e petition.Entry) bool { return e.Move == "reply" || e.Move == "agreement" }); next >= 0 {
			rest = rest[:next]
		}
		has := func(m petition.MoveName) bool {
			return slices.ContainsFunc(rest, func(e petition.Entry) bool { return e.Move == m })
		}
		of := "unit"
		if unit == "petition" {
			of = "office"
		}
		if e.By == unit || of == "office" {
			mark := ""
			for _, r := range rest {
				if r.Move == "rate" && r.By == "citizen" {
					mark = r.Args[of]
				}
			}
			add("rated", mark != "")
			if mark != "" {
				add("satisfied", mark != "bad")
			}
		}
		if e.By != unit {
			continue
		}
		add("reopened", has("reopen"))
		if has("review_redo") {
			add("changed", true)
		} else if has("review_reply") {
			add("changed", slices.ContainsFunc(rest, func(e petition.Entry) bool { return e.Move == "review_reply" && e.Args["outcome"] == "change" }))
		}
	}
}

func (b *book) checkYear(t *testing.T, y petition.YearFigures) {
	t.Helper()
	count := func(m petition.MoveName) (n int) {
		for _, c := range b.raw {
			for _, e := range c.Timeline {
				if e.Move == m {
					n++
				}
			}
		}
		return n
	}
	sent := 0
	for _, n := range y.Sent {
		sent += n
	}
	got := []int{y.Filed, y.Classes["claim"], y.Channels["web"], y.Channels["visit"] + y.Channels["call"], sent, y.Accepted, y.Answered, y.Agreed, y.Reviews, y.Reopened, y.Withdrawn, y.Extended}
	total := func(counts map[string]int) (n int) {
		for _, c := range counts {
			n += c
		}
		return n
	}
	if total(y.Fields) != y.Filed || total(y.Places) != y.Filed {
		t.Errorf("%d filed, %d by field, %d by place", y.Filed, total(y.Fields), total(y.Places))
	}
	want := []int{594, 594, 249, 345, count("transfer"), count("accept"), count("reply") + count("agreement"), count("agreement"), count("review"), count("reopen"), count("withdraw"), count("extend")}
	if !slices.Equal(got, want) {
		t.Errorf("the year says %v, the cases %v", got, want)
	}
	t.Logf("accepted, answered, agreed, reviews, reopened, withdrawn, extended: %v", want[5:])
}

// checkWeek compares a Monday's digests with what was true that morning.
func (b *book) checkWeek(t *testing.T, day string, list []petition.Digest) {
	t.Helper()
	got, want := map[string]bool{}, map[string]bool{}
	for _, d := range list {
		for kind, items := range map[string][]petition.DigestItem{"new": d.New, "answered": d.Answered, "reopened": d.Reopened} {
			for _, i := range items {
				got[kind+" "+d.Unit+" "+i.Number] = true
			}
		}
		for _, i := range d.Overdue {
			if i.Rule != "deliver" { // a rule of the office's own, in working days, not of the Regulation
				got["overdue "+i.Rule+" "+d.Unit+" "+i.Number] = true
			}
		}
	}
	opening, err := time.ParseInLocation("2006-01-02 15:04", day+" 08:00", time.FixedZone("", 8*60*60))
	if err != nil {
		t.Fatal(err)
	}
	from, to := list[0].From, list[0].To
	for _, s := range b.spans {
		if s.due < day && (s.done == "" || !s.end.Before(opening)) {
			want["overdue "+s.rule+" "+s.unit+" "+s.number] = true
		}
	}
	for _, c := range b.raw {
		holder, answered := "", ""
		for _, e := range c.Timeline {
			in := dayOf(e) >= from && dayOf(e) <= to
			if in && e.Unit != holder {
				want["new "+e.Unit+" "+c.Number] = true
			}
			holder = e.Unit
			if slices.Contains([]petition.MoveName{"reply", "agreement", "review_reply", "review_redo"}, e.Move) {
				answered = e.By
				if in {
					want["answered "+e.By+" "+c.Number] = true
				}
			}
			if in && e.Move == "reopen" && answered != "" {
				want["reopened "+answered+" "+c.Number] = true
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("week to %s: %s", to, difference(got, want))
	}
}

func difference(got, want map[string]bool) string {
	out := ""
	for k := range got {
		if !want[k] {
			out += "\n\tonly in the digest: " + k
		}
	}
	for k := range want {
		if !got[k] {
			out += "\n\tonly in the cases: " + k
		}
	}
	return out
}

// delays are the days from the filing to the first answer.
func (b *book) delays() []float64 {
	var out []float64
	for _, c := range b.raw {
		for _, e := range c.Timeline {
			if e.Move == "reply" || e.Move == "agreement" {
				out = append(out, e.At.Sub(c.Timeline[0].At).Hours()/24)
				break
			}
		}
	}
	return out
}

// yearPlan is a county's year of petitions as one might have been: FromAbove came to the
// petition office, Found were disputes that towns found and wrote down themselves.
// The time to an answer is log-normal with this median and spread, so that it has
// the quartiles of a county that is mostly quick and sometimes far too slow.
type yearPlan struct {
	Start     time.Time // midnight of its first day
	FromAbove int
	Found     int
	Median    float64 // days
	Spread    float64 // standard deviation of the logarithm
}

// referenceYear is the year the figures are proved on: half of the answers within 11.2 days,
// three quarters within 22.3, nine in ten within 41.
func referenceYear() yearPlan {
	return yearPlan{
		Start:     time.Date(2025, 1, 1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60)),
		FromAbove: 249, Found: 345, Median: 11.2, Spread: 1.017,
	}
}

// end is the last moment of the year.
func (y yearPlan) end() time.Time { return y.Start.AddDate(1, 0, 0).Add(-time.Second) }

// playYear plays the year to its end. each is called every morning after the sweep.
func (p *Simulation) playYear(ctx context.Context, y yearPlan, each func(ctx context.Context, now time.Time) error) error {
	n := y.FromAbove + y.Found
	r := p.writer.dice(-1000)
	delays, town := y.delays(n), make([]bool, n)
	for i := range y.Found {
		town[i] = true
	}
	r.Shuffle(n, func(i, j int) { delays[i], delays[j] = delays[j], delays[i] })
	r.Shuffle(n, func(i, j int) { town[i], town[j] = town[j], town[i] })
	pause := y.end().Sub(y.Start) / time.Duration(n)
	for i := range n {
		f := p.writer.FilingOf(petition.Claim, i)
		f.Key = fmt.Sprintf("%s:year:%d", p.prefix, i)
		l := fromAbove(r, delays[i], p.town(f.Place.Code))
		if town[i] {
			l = found(r, delays[i])
			f.Channel = l.Channel
		}
		p.schedule(f, l, y.Start.Add(pause*time.Duration(i)).Add(time.Duration(r.IntN(12*60))*time.Minute))
	}
	p.each = each
	return p.run(ctx, y.end())
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
func (y yearPlan) delays(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		at := (float64(i) + 0.5) / float64(n)
		out[i] = math.Max(0.3, y.Median*math.Exp(y.Spread*math.Sqrt2*math.Erfinv(2*at-1)))
	}
	return out
}
