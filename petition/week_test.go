package petition_test

import (
	"slices"
	"testing"
	"time"

	"dengwen/petition"
)

// weekly asks for the week until it was counted.
func (w *world) weekly(a petition.Actor, q petition.WeekQuery) petition.Week {
	w.t.Helper()
	for range 200 {
		week, err := w.s.Week(w.t.Context(), a, q)
		if err != nil {
			w.t.Fatal(err)
		}
		if !week.At.IsZero() {
			return week
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatal("the week was never counted")
	return petition.Week{}
}

// seenBy are all cases somebody sees, whole, without reports.
func (w *world) seenBy(a petition.Actor) (all []petition.View) {
	w.t.Helper()
	for q := (petition.Query{Limit: 100}); ; {
		p, err := w.s.List(w.t.Context(), a, q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, i := range p.Items {
			if v := w.look(a, i.Number, ""); v.Class != petition.Report {
				all = append(all, v)
			}
		}
		if q.After = p.After; q.After == "" {
			return all
		}
	}
}

// recounted are the cases of a figure, by what somebody reads at each case.
func recounted(of, unit, today string, week petition.Week, v petition.View) bool {
	in := func(at time.Time) bool { day := petition.Day(at); return day >= week.From && day <= week.To }
	has := unit == "" || v.Unit == unit
	open := !v.Status.Ended()
	before, ended := "", false
	for _, k := range v.Clocks {
		open = open || k.State == petition.ClockRunning && k.Colour(today, petition.DefaultSettings()) != ""
	}
	for i, e := range v.Timeline {
		answers := slices.Contains([]petition.MoveName{"reply", "agreement", "review_reply", "review_redo", "rereview_reply"}, e.Move)
		switch {
		case of == petition.WeekCame && unit == "" && in(v.Received), of == petition.WeekCame && unit != "" && e.Unit == unit && before != unit && in(e.At),
			of == petition.WeekDone && i > 0 && e.To.Ended() && !ended && in(e.At) && (unit == "" || before == unit),
			of == petition.WeekAnswered && answers && in(e.At) && (unit == "" || e.By == unit):
			return true
		}
		before, ended = e.Unit, e.To.Ended()
	}
	for _, k := range v.Clocks {
		owed := k.State == petition.ClockRunning && k.Colour(today, petition.DefaultSettings()) != ""
		if has && owed && (of == petition.WeekSoon && k.Due >= today && k.Due <= week.To || of == petition.WeekLate && k.Due < today) {
			return true
		}
	}
	return of == petition.WeekOpen && has && open
}

// Every figure of the week is that of a second count, and a press on it lists as many cases.
func TestTheWeekEqualsASecondCount(t *testing.T) {
	t.Parallel()
	w := livedWorld(t)
	counted := map[string]int{}
	for _, a := range []petition.Actor{chief, staff("h", "transport", petition.Head), staff("o", "labour", petition.Officer), staff("t", "xialiang", petition.Officer)} {
		week := w.weekly(a, petition.WeekQuery{})
		all := w.seenBy(a)
		for _, c := range week.Counts {
			counted[c.Of] += c.N
			var want, got []string
			for _, v := range all {
				if recounted(c.Of, week.Unit, petition.Day(week.At), week, v) {
					want = append(want, v.Number)
				}
			}
			for q := (petition.WeekQuery{Of: c.Of, Limit: 3}); ; {
				page := w.weekly(a, q)
				for _, i := range page.Items {
					got = append(got, i.Number)
				}
				if q.After = page.After; q.After == "" {
					break
				}
			}
			if c.N != len(want) || !same(got, want) {
				t.Errorf("%s of %q, %s: %d, listed %v, counted again %v", a.Staff, week.Unit, c.Of, c.N, got, want)
			}
		}
	}
	for _, of := range petition.WeekFiguresOf() {
		if counted[of] == 0 {
			t.Errorf("nobody has any %s: the test shows nothing", of)
		}
	}
	t.Log(counted)
	for name, a := range map[string]petition.Actor{"a citizen": lin, "a named officer": staff("d", w.o.SealedUnit, petition.Sealed)} {
		if _, err := w.s.Week(t.Context(), a, petition.WeekQuery{}); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%s reads the week: %v", name, err)
		}
	}
	if _, err := w.s.Week(t.Context(), chief, petition.WeekQuery{Of: "persons"}); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("a figure that is none: %v", err)
	}
}
