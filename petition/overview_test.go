package petition_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/demo"
	"dengwen/petition"
)

// countedAgain counts what an overview says once more, a figure at a time and from the views of
// the cases alone.
type countedAgain struct {
	open                 int
	received, done, late map[string][]string // by the Monday
	left                 map[string]int
	subjects, places     map[string]int // by code and month
	repeated             int
}

func again(t *testing.T, w *world, a petition.Actor, o petition.Overview) countedAgain {
	t.Helper()
	n := countedAgain{received: map[string][]string{}, done: map[string][]string{}, late: map[string][]string{}, left: map[string]int{}, subjects: map[string]int{}, places: map[string]int{}}
	for after, more := "", true; more; more = after != "" {
		page, err := w.s.List(t.Context(), a, petition.Query{Order: "new", Limit: 100, After: after})
		if err != nil {
			t.Fatal(err)
		}
		after = page.After
		for _, i := range page.Items {
			v, err := w.s.Look(t.Context(), a, i.Number, "")
			if err != nil {
				t.Fatal(err)
			}
			n.add(v, o)
		}
	}
	open, err := w.s.List(t.Context(), a, petition.Query{Open: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	n.open = open.Total
	return n
}

func (n *countedAgain) add(v petition.View, o petition.Overview) {
	day := petition.Day(v.Received)
	for _, wk := range o.Weeks {
		if wk.From <= day && day <= wk.To {
			n.received[wk.From] = append(n.received[wk.From], v.Number)
		}
		ended, was := false, false
		for _, e := range v.Timeline {
			d := petition.Day(e.At)
			if e.To.Ended() && !was && d >= wk.From && d <= wk.To && e.Seq > 1 {
				ended = true
			}
			was = e.To.Ended()
		}
		if ended {
			n.done[wk.From] = append(n.done[wk.From], v.Number)
		}
		state := petition.Registered
		for _, e := range v.Timeline {
			if petition.Day(e.At) <= wk.To {
				state = e.To
			}
		}
		if day <= wk.To && !state.Ended() {
			n.left[wk.From]++
		}
		owed := []string{"forward", "notify", "handle", "extend", "suggestion_reply", "review", "rereview"}
		if slices.ContainsFunc(v.Clocks, func(k petition.Clock) bool {
			last := k.Due
			if k.Party == "citizen" && k.Rolled != "" {
				last = k.Rolled
			}
			out := k.State == petition.ClockLate || k.State == petition.ClockRunning && o.To > last
			return out && last >= wk.From && last <= wk.To && slices.Contains(owed, k.Rule)
		}) {
			n.late[wk.From] = append(n.late[wk.From], v.Number)
		}
	}
	n.subjects[v.Subject+" "+day[:7]]++
	n.places[v.Place.Code+" "+day[:7]]++
	for _, e := range v.Timeline {
		if e.Move == petition.MoveLink && e.Args["kind"] == "repeated" && day >= o.From && day <= o.To {
			n.repeated++
			break
		}
	}
}

// livedWorld has the fifty lives of the demonstration.
func livedWorld(t *testing.T) *world {
	t.Helper()
	w, clock := newWorld(t), new(demo.Clock)
	w.s = petition.NewService(w.store, w.o, petition.DefaultCalendar(), keyed, clock.Now, func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs)
	writer, err := demo.NewWriter(w.o, 7)
	if err != nil {
		t.Fatal(err)
	}
	p, err := demo.NewPlay(w.s, clock, writer)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, zone)
	if _, err := p.Play(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	clock.Set(now)
	return w
}

// ready asks until the overview was counted.
func ready(t *testing.T, w *world, a petition.Actor) petition.Overview {
	t.Helper()
	for range 200 {
		o, err := w.s.Overview(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if !o.At.IsZero() {
			return o
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the figures were never counted")
	return petition.Overview{}
}

// Every figure is that of a second count, and what a figure opens are as many cases.
func TestFiguresEqualASecondCount(t *testing.T) {
	t.Parallel()
	w := livedWorld(t)
	for _, a := range []petition.Actor{chief, staff("h", "transport", petition.Head)} {
		o := ready(t, w, a)
		n := again(t, w, a, o)
		if o.Open != n.open || o.Repeated.N != n.repeated {
			t.Errorf("%s: open %d and repeated %d, counted again %d and %d", a.Staff, o.Open, o.Repeated.N, n.open, n.repeated)
		}
		received, done := 0, 0
		for _, wk := range o.Weeks {
			received, done = received+wk.Received, done+wk.Done.N
			if wk.Received != len(n.received[wk.From]) || wk.Open != n.left[wk.From] || !same(wk.Done.Numbers, n.done[wk.From]) || !same(wk.Late.Numbers, n.late[wk.From]) {
				t.Errorf("%s, week of %s: %+v, counted again %v received, %d open, %v done, %v late", a.Staff, wk.From, wk, n.received[wk.From], n.left[wk.From], n.done[wk.From], n.late[wk.From])
			}
		}
		if a.Staff == "chief" && (received < 20 || done < 5) {
			t.Errorf("only %d received and %d done: the test shows nothing", received, done)
		}
		for _, s := range o.Subjects {
			for i, m := range o.Months {
				if s.Counts[i] != n.subjects[s.Code+" "+m.From[:7]] {
					t.Errorf("%s: subject %s in %s: %d, counted again %d", a.Staff, s.Code, m.From, s.Counts[i], n.subjects[s.Code+" "+m.From[:7]])
				}
			}
		}
		for _, s := range o.Places {
			for i, m := range o.Months {
				if s.Counts[i] != n.places[s.Code+" "+m.From[:7]] {
					t.Errorf("%s: place %s in %s: %d, counted again %d", a.Staff, s.Code, m.From, s.Counts[i], n.places[s.Code+" "+m.From[:7]])
				}
			}
		}
		sum := func(all []petition.Series) (n int) {
			for _, s := range all {
				for _, c := range s.Counts {
					n += c
				}
			}
			return n
		}
		if sum(o.Subjects) != sum(o.Fields) || sum(o.Subjects) != sum(o.Places) {
			t.Errorf("%s: %d by subject, %d by field, %d by place", a.Staff, sum(o.Subjects), sum(o.Fields), sum(o.Places))
		}
		for _, u := range o.Units {
			if o.Unit != "" && u.Unit != o.Unit {
				t.Errorf("the head of %s is shown %s", o.Unit, u.Unit)
			}
		}
	}
}

func same(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// The satisfaction of all is that of the units together, and days in a step are those of the lives.
func TestFiguresAddUp(t *testing.T) {
	t.Parallel()
	w := livedWorld(t)
	o := ready(t, w, chief)
	var rated, satisfied petition.Share
	for _, u := range o.Units {
		if u.Unit == w.o.Unit {
			continue // rated as the office too
		}
		rated.N, rated.Of = rated.N+u.Rated.N, rated.Of+u.Rated.Of
		satisfied.N, satisfied.Of = satisfied.N+u.Satisfied.N, satisfied.Of+u.Satisfied.Of
	}
	if rated.N != o.Rated.N || satisfied != o.Satisfied || o.Rated.Of != o.Answers || o.Good.N+o.Fair.N != o.Satisfied.N || o.Bad.N != o.Satisfied.Of-o.Satisfied.N {
		t.Errorf("the units were rated %+v and %+v, all %+v and %+v of %d answers", rated, satisfied, o.Rated, o.Satisfied, o.Answers)
	}
	if o.Settled.Of != o.Resolved.N+o.Partly.N+o.Not.N || o.Settled.N != o.Resolved.N+o.Partly.N || o.Settled.Of == 0 {
		t.Errorf("settled %+v of %d, %d, %d", o.Settled, o.Resolved.N, o.Partly.N, o.Not.N)
	}
	for _, s := range o.Steps {
		if s.Median > s.P90 || s.Count == 0 {
			t.Errorf("step %+v", s)
		}
	}
}

// Days in a step are counted from case to case: ten answers after 1 to 10 days.
func TestDaysInAStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var numbers []string
	for i := range 10 {
		f := filing(petition.Claim)
		f.Key = "step-" + string(rune('a'+i))
		numbers = append(numbers, w.file(f).Number)
	}
	for _, number := range numbers {
		w.days(1)
		w.do(clerk, number, m("transfer", "unit", "transport"))
	}
	o := ready(t, w, chief)
	i := slices.IndexFunc(o.Steps, func(s petition.StepFigures) bool { return s.Status == petition.Registered })
	if i < 0 || o.Steps[i] != (petition.StepFigures{Status: petition.Registered, Count: 10, Median: 5, P90: 9}) {
		t.Errorf("steps %+v", o.Steps)
	}
	if town := ready(t, w, roadHead); len(town.Steps) != 0 {
		t.Errorf("a unit is shown the days of the office: %+v", town.Steps)
	}
}

// Who heads nothing reads no figures; a head those of their unit alone.
func TestWhoReadsFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	w.do(clerk, k.Number, m("transfer", "unit", "transport"))
	report := filing(petition.Report)
	report.Key = "report"
	w.file(report)
	week := petition.Span{From: "2026-08-03", To: "2026-08-09"}
	for _, a := range []petition.Actor{lin, stranger, {}, clerk, road, sealed, admin, staff("x", "", petition.Head)} {
		_, err := w.s.Overview(t.Context(), a)
		_, named := w.s.Named(t.Context(), a, "repeated", "")
		_, reported := w.s.Report(t.Context(), a, week)
		for _, err := range []error{err, named, reported} {
			if !errors.Is(err, petition.Fail(petition.Forbidden, "figures.who")) {
				t.Errorf("%+v is answered %v", a, err)
			}
		}
	}
	for a, want := range map[string]int{"chief": 1, "road": 1, "water": 0} {
		o := ready(t, w, map[string]petition.Actor{"chief": chief, "road": roadHead, "water": water}[a])
		if o.Received.N != want || o.Open != want {
			t.Errorf("%s is shown %d received and %d open", a, o.Received.N, o.Open)
		}
	}
	r := reportOf(t, w, roadHead, week)
	if r.Unit != "transport" || r.Periods[0].Year.Filed != 1 || r.Periods[0].Year.Classes["report"] != 0 {
		t.Errorf("the unit's report %+v", r)
	}
	all := reportOf(t, w, chief, week)
	if all.Periods[0].Year.Filed != 2 || !slices.ContainsFunc(all.Periods[0].Units, func(u petition.UnitFigures) bool { return u.Unit == w.o.Unit }) {
		t.Errorf("the office's report %+v", all)
	}
	if slices.ContainsFunc(r.Periods[0].Units, func(u petition.UnitFigures) bool { return u.Unit != "transport" }) {
		t.Errorf("the unit's report compares others %+v", r.Periods[0].Units)
	}
}

func reportOf(t *testing.T, w *world, a petition.Actor, times ...petition.Span) petition.ReportFigures {
	t.Helper()
	for range 200 {
		r, err := w.s.Report(t.Context(), a, times...)
		if err != nil {
			t.Fatal(err)
		}
		if !r.At.IsZero() {
			return r
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the report was never counted")
	return petition.ReportFigures{}
}

// Figures stay for ten minutes and then are counted anew while the old ones are shown.
func TestFiguresAreKeptTenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(filing(petition.Claim))
	first := ready(t, w, chief)
	f := filing(petition.Claim)
	f.Key = "second"
	w.file(f)
	if o := ready(t, w, chief); !reflect.DeepEqual(o, first) {
		t.Errorf("within ten minutes they were counted anew: %d", o.Received.N)
	}
	w.mu.Lock()
	w.at = w.at.Add(11 * time.Minute)
	w.mu.Unlock()
	for range 200 {
		if o := ready(t, w, chief); o.Received.N == 2 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("after ten minutes they are not counted anew")
}

// A pass that fails is said once, and the next question begins another; who asks is not kept.
func TestAFailedPassIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.s.Overview(ctx, chief); err != nil {
		t.Errorf("who has gone is answered %v", err)
	}
	if o := ready(t, w, chief); o.Received.N != 0 || !strings.HasPrefix(o.To, "2026-08") {
		t.Errorf("%+v", o)
	}
}

// A case linked as the repetition of another counts once among those received, and is named; what
// an officer wrote down after a call is no petitioner's word.
func TestRepetitionsAndWhatWasTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var numbers []string
	for _, key := range []string{"a", "b", "c"} {
		f := filing(petition.Claim)
		f.Key = key
		numbers = append(numbers, w.file(f).Number)
	}
	w.do(clerk, numbers[1], m("link", "number", numbers[0], "kind", "repeated"))
	w.do(clerk, numbers[2], m("link", "number", numbers[0], "kind", "joint"))
	answerOf(w, numbers[0])
	w.do(lin, numbers[0], m("settle", "outcome", "partly"))
	o := ready(t, w, chief)
	if o.Received.N != 3 || !slices.Equal(o.Repeated.Numbers, numbers[1:2]) {
		t.Errorf("%d received, repeated %v", o.Received.N, o.Repeated)
	}
	if o.Answered != 1 || o.Settled != (petition.Share{N: 1, Of: 1}) || !slices.Equal(o.Partly.Numbers, numbers[:1]) || o.Told != 0 {
		t.Errorf("answered %d, settled %+v, in part %v, told %d", o.Answered, o.Settled, o.Partly, o.Told)
	}
	c, err := w.s.Named(t.Context(), chief, "partly", "")
	if err != nil || !slices.Equal(c.Numbers, numbers[:1]) {
		t.Errorf("named %v, %v", c, err)
	}
}

// What ends on the last day of a week is not open at its end.
func TestAWeekEndsOnSunday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	w.days(6)
	w.do(lin, k.Number, m("withdraw"))
	weeks := ready(t, w, chief).Weeks
	if last := weeks[len(weeks)-1]; last.To != w.today() || last.Received != 1 || last.Open != 0 || last.Done.N != 1 {
		t.Errorf("the week %+v", last)
	}
}
