package petition_test

import (
	"slices"
	"strings"
	"testing"

	"dengwen/petition"
)

// hard gives a claim that the transport bureau handles to a leader.
func (w *world) hard() string {
	w.t.Helper()
	n := w.accepted()
	w.do(chief, n, m(petition.MoveLead, "officer", "zhou"))
	return n
}

func (w *world) planned(number, unit string, days int, words string) {
	w.t.Helper()
	w.do(viceMayor, number, m(petition.MovePlan, "unit", unit, "date", petition.Day(w.now().AddDate(0, 0, days)), "text", words))
}

// A unit with a step to do sees the case for as long as it has one, and notes what it did of its own alone.
func TestAUnitSeesTheCaseWhileItHasAStepToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.refused(water, n, m(petition.MovePlanDone, "step", "1", "text", "x"), petition.NotFound, "lookup.no_match")
	w.planned(n, "water", 10, "疏通桥下河道")
	w.told("unit:water", petition.MovePlan)
	w.planned(n, "transport", 20, "修复桥面")
	v := w.look(water, n, "")
	if v.Contact != nil || len(v.Plan) != 2 || len(v.Steps) != 1 || v.Steps[0].Unit != "water" {
		t.Errorf("the other unit sees contact %v, plan %+v, may note %+v", v.Contact, v.Plan, v.Steps)
	}
	if !slices.Contains(v.Can, petition.MovePlanDone) || slices.Contains(v.Can, petition.MovePlan) || slices.Contains(v.Can, petition.MoveReply) {
		t.Errorf("the other unit may %v", v.Can)
	}
	w.refused(water, n, m(petition.MovePlanDone, "step", "2", "text", "x"), petition.Forbidden, "plan.not_yours")
	w.do(water, n, m(petition.MovePlanDone, "step", "1", "text", "河道通了"))
	w.told("staff:zhou", petition.MovePlanDone)
	w.refused(water, n, m(petition.MovePlanDone, "step", "1", "text", "x"), petition.NotFound, "lookup.no_match")
	if v := w.look(chief, n, ""); v.Plan[0].Done != w.today() || v.Plan[0].By != water.Staff || v.Plan[0].Result != "河道通了" {
		t.Errorf("the step that was done is %+v", v.Plan[0])
	}
	w.refused(roadHead, n, m(petition.MovePlanDone, "step", "1", "text", "x"), petition.Invalid, "plan.step")
	w.refused(road, n, m(petition.MovePlan, "unit", "nobody", "date", w.today(), "text", "x"), petition.Invalid, "need.known_unit")
}

// The petitioner reads nothing of the plan and of meetings, in the timeline, in a list or in a notice.
func TestAPlanIsOfTheOfficeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.planned(n, "water", 1, "内部步骤")
	w.do(roadHead, n, m(petition.MoveMeeting, "date", w.today(), "place", "县政府", "attendees", "交通局、水利局", "text", "内部议定"))
	w.days(2)
	w.sweep()
	v := w.look(lin, n, "")
	for _, e := range v.Timeline {
		if strings.Contains(e.Text, "内部") || e.Move == petition.MovePlan || e.Move == petition.MoveMeeting {
			t.Errorf("the petitioner reads %+v", e)
		}
	}
	page, err := w.s.List(t.Context(), lin, petition.Query{})
	if err != nil || len(page.Items) != 1 || page.Items[0].Plan != nil || page.Items[0].Lead != "" || v.Plan != nil || v.Steps != nil {
		t.Errorf("the petitioner's list is %+v, %v; plan %v", page.Items, err, v.Plan)
	}
	all, err := w.s.Notices(t.Context(), "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range all {
		if n.To == lin.Owner && (strings.Contains(n.Entry.Text, "内部") || n.View.Plan != nil) {
			t.Errorf("the petitioner is told %+v", n)
		}
	}
}

// A late step is told once to whoever has it, has the case and leads it; moved to a later day it is told again.
func TestALateStepIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.planned(n, "water", 3, "疏通桥下河道")
	late := func() map[string]int {
		w.sweep()
		w.sweep()
		told := map[string]int{}
		all, err := w.s.Notices(t.Context(), "", 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range all {
			if n.Entry.Args["level"] == "plan" {
				told[n.To]++
			}
		}
		return told
	}
	w.days(3)
	if got := late(); len(got) > 0 {
		t.Errorf("on its last day a step is told as late: %v", got)
	}
	w.days(1)
	whom := []string{"unit:transport", "unit:water", "staff:zhou"}
	for _, to := range whom {
		if got := late(); got[to] != 1 || len(got) != len(whom) {
			t.Errorf("of a late step is told %v, want each of %v once", got, whom)
		}
	}
	w.refused(water, n, m(petition.MovePlanLater, "step", "1", "date", w.today(), "text", "x"), petition.Invalid, "need.date_ahead")
	w.do(water, n, m(petition.MovePlanLater, "step", "1", "date", petition.Day(w.now().AddDate(0, 0, 2)), "text", "下雨"))
	w.days(3)
	if got := late(); got["unit:water"] != 2 {
		t.Errorf("late again, the unit was told %d times, want 2", got["unit:water"])
	}
	page, err := w.s.List(t.Context(), water, petition.Query{Hard: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].Plan[0].DaysLate(w.today()) != 1 || len(page.Items[0].Plan[0].Before) != 1 {
		t.Errorf("the unit's hard cases are %+v, %v", page.Items, err)
	}
}

// A hard case is struck off with the petitioner's word, or with a reason that the petition office's head signs;
// never by its leader's word alone, and never while steps are open.
func TestAHardCaseIsStruckOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.planned(n, "transport", 20, "修复桥面")
	w.refused(viceMayor, n, m(petition.MoveStrike), petition.Conflict, "need.no_step_open")
	w.do(roadHead, n, m(petition.MovePlanDrop, "step", "1", "text", "并入另一项工程"))
	w.refused(viceMayor, n, m(petition.MoveStrike), petition.Conflict, "need.said_resolved")
	_, err := w.s.Do(t.Context(), viceMayor, n, m(petition.MoveStrikeReason, "text", "已经解决"))
	wantError(t, err, petition.Forbidden, "move.who")
	_, err = w.s.Do(t.Context(), roadHead, n, m(petition.MoveStrikeReason, "text", "已经解决"))
	wantError(t, err, petition.Forbidden, "move.unsigned")
	if v := w.look(roadHead, n, ""); slices.Contains(v.Can, petition.MoveStrikeReason) || !slices.Contains(v.Papers, petition.MoveStrikeReason) {
		t.Errorf("the unit may %v and write %v", v.Can, v.Papers)
	}
	v := w.do(roadHead, n, m(petition.MoveStrikeReason, "text", "已经进入诉讼程序"))
	if v.State["struck"] != w.today() || v.State["struck.by"] != "reason" || v.Item().Lead != "" {
		t.Errorf("struck off for a reason it is %v", v.State)
	}
	wantClock(t, v, "lead_progress", petition.Day(w.now().AddDate(0, 0, 7)), petition.ClockStopped)
	w.told("staff:zhou", petition.MoveStrikeReason)
	w.refused(viceMayor, n, m(petition.MovePlan, "unit", "water", "date", w.today(), "text", "x"), petition.Conflict, "need.has_lead")
	for _, e := range w.look(lin, n, "").Timeline {
		if e.Move == petition.MoveStrikeReason && (e.Text != "" || e.Args["approved_by"] != "") {
			t.Errorf("the petitioner reads the reason: %+v", e)
		}
	}
	w.do(chief, n, m(petition.MoveLead, "officer", "zhou")) // on the list again

	w.do(road, n, opinion())
	w.do(road, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	w.do(lin, n, petition.Move{Name: petition.MoveSettle, Args: map[string]string{"outcome": "partly"}})
	w.refused(viceMayor, n, m(petition.MoveStrike), petition.Conflict, "need.said_resolved")
	w.do(lin, n, petition.Move{Name: petition.MoveSettle, Args: map[string]string{"outcome": "resolved"}})
	if v := w.do(viceMayor, n, m(petition.MoveStrike)); v.State["struck.by"] != "citizen" {
		t.Errorf("struck off with the petitioner's word it is %v", v.State)
	}
	w.wantDocument(chief, n, leadEntry(w.look(chief, n, "")), "包案一页纸", "stands", "信访人表示已经解决", "plan", "修复桥面", "plan", "不再做")
}

func leadEntry(v petition.View) string {
	for _, e := range v.Timeline {
		if e.Move == petition.MoveLead {
			return petition.DocumentRef{Seq: e.Seq, Form: "pdf"}.String()
		}
	}
	return ""
}

// What became of a plan goes with its case: sealed it is gone, opened again its open steps are given up.
func TestAPlanGoesWithItsCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.planned(n, "water", 5, "疏通桥下河道")
	w.do(lin, n, m(petition.MoveWithdraw))
	w.do(lin, n, m(petition.MoveReopen, "text", "又塌了"))
	v := w.look(chief, n, "")
	if v.Plan[0].Dropped != w.today() || v.State["lead"] != "" {
		t.Errorf("opened again its plan is %+v, its leader %q", v.Plan, v.State["lead"])
	}
	w.do(clerk, n, m(petition.MoveSeal, "text", "其实是举报"))
	if r, err := w.store.Load(t.Context(), n); err != nil || r.Case.Plan != nil {
		t.Errorf("sealed it keeps %+v, %v", r.Case.Plan, err)
	}
	if page, err := w.s.List(t.Context(), chief, petition.Query{Hard: true}); err != nil || len(page.Items) > 0 {
		t.Errorf("a sealed report is listed as hard: %+v, %v", page.Items, err)
	}
}
