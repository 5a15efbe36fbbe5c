package petition_test

import (
	"slices"
	"testing"

	"dengwen/petition"
)

// A leader's week tells what was done in their cases, and what is late; what was struck off before is not in it, and
// nobody but the leader and who heads the petition office reads it.
func TestALeadersWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.planned(n, "water", 2, "疏通桥下河道")
	w.days(7)
	w.do(viceMayor, n, m(petition.MoveProgress, "text", "到现场看过"))
	week := func(a petition.Actor) petition.LedWeek {
		t.Helper()
		got, err := w.s.LedWeek(t.Context(), a, "zhou", petition.Day(w.now().AddDate(0, 0, -6)), w.today())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, a := range []petition.Actor{viceMayor, chief} {
		got := week(a)
		if len(got.Cases) != 1 || len(got.Cases[0].Events) != 1 || !got.Cases[0].Noted() || len(got.Cases[0].LateSteps(w.today())) != 1 {
			t.Errorf("%s reads %+v", a.Staff, got)
		}
	}
	for _, a := range []petition.Actor{secretary, road, clerk, lin, {}} {
		_, err := w.s.LedWeek(t.Context(), a, "zhou", w.today(), w.today())
		wantError(t, err, petition.Forbidden, "lead.week")
	}
	if got := w.weekly(viceMayor, petition.WeekQuery{}); got.Led == nil || len(got.Led.Cases) != 1 || got.Counts != nil {
		t.Errorf("the leader's own week is %+v", got)
	}
	w.do(viceMayor, n, m(petition.MovePlanDrop, "step", "1", "text", "不用了"))
	w.do(roadHead, n, m(petition.MoveStrikeReason, "text", "已经进入诉讼程序"))
	if got := week(chief); len(got.Cases) != 1 || got.Cases[0].Struck != w.today() {
		t.Errorf("in the week in which it was struck off: %+v", got)
	}
	w.days(8)
	if got := week(chief); len(got.Cases) != 0 {
		t.Errorf("a week after it was struck off: %+v", got)
	}
}

// On Monday each leader gets the week before, and their cases are in it once.
func TestALeadersWeekIsMadeOnMonday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.days(7)
	all, err := w.s.Digest(t.Context(), w.now())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range all {
		if d.Led != nil {
			if ids = append(ids, d.ID()); d.Led.Leader != "zhou" || d.Unit != "" || d.Empty() || len(d.Led.Cases) != 1 || d.Led.Cases[0].Number != n || d.From != d.Led.From {
				t.Errorf("a leader's digest is %+v", d)
			}
		}
	}
	if !slices.Equal(ids, []string{"digest:led:" + w.today() + ":zhou"}) {
		t.Errorf("digests of leaders: %v", ids)
	}
}
