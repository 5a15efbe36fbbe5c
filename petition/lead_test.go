package petition_test

import (
	"context"
	"slices"
	"testing"

	"dengwen/petition"
)

var (
	viceMayor = petition.Actor{Staff: "zhou", Unit: "county-gov", Roles: []petition.Role{petition.Leader}}
	secretary = petition.Actor{Staff: "zheng", Unit: "county-party", Roles: []petition.Role{petition.Leader}}
)

// leading is what somebody sees of the cases they lead, in a list and by number.
func (w *world) leading(a petition.Actor) (numbers []string) {
	w.t.Helper()
	for _, q := range []petition.Query{{Led: true}, {}} {
		p, err := w.s.List(w.t.Context(), a, q)
		if err != nil {
			w.t.Fatal(err)
		}
		var got []string
		for _, i := range p.Items {
			got = append(got, i.Number)
		}
		if q.Led {
			numbers = got
		} else if !slices.Equal(got, numbers) {
			w.t.Errorf("%s lists %v, and leads %v", a.Staff, got, numbers)
		}
	}
	return numbers
}

func TestALeaderSeesWhatTheyLead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n, another := w.accepted(), filing(petition.Suggestion)
	another.Key = "another"
	other := w.file(another).Number
	w.refused(viceMayor, n, m(petition.MoveProgress, "text", "x"), petition.NotFound, "lookup.no_match")
	v := w.do(chief, n, m(petition.MoveLead, "officer", "zhou", "text", "请每周过问"))
	wantClock(t, v, "lead_progress", petition.Day(w.now().AddDate(0, 0, 7)), petition.ClockRunning)
	w.told("staff:zhou", petition.MoveLead)
	if got := w.leading(viceMayor); !slices.Equal(got, []string{n}) {
		t.Errorf("leads %v, want %s", got, n)
	}
	if v := w.look(viceMayor, n, ""); !slices.Equal(v.Can, []petition.MoveName{petition.MoveUnlead, petition.MoveProgress, petition.MovePlan, petition.MoveMeeting}) || v.Contact != nil {
		t.Errorf("may %v, contact %v; want the moves of a leader and no contact", v.Can, v.Contact)
	}
	w.refused(viceMayor, other, m(petition.MoveProgress, "text", "x"), petition.NotFound, "lookup.no_match")
	w.refused(viceMayor, n, m(petition.MoveTell, "text", "x"), petition.Forbidden, "move.who")
	w.refused(chief, n, m(petition.MoveLead, "officer", "zhou"), petition.Conflict, "lead.already")

	w.do(chief, n, m(petition.MoveLead, "officer", "zheng"))
	w.told("staff:zheng", petition.MoveLead)
	if got := w.leading(viceMayor); got != nil {
		t.Errorf("who leads no more sees %v", got)
	}
	w.refused(secretary, n, m(petition.MoveUnlead), petition.Invalid, "field.missing")
	w.do(secretary, n, m(petition.MoveUnlead, "text", "已经开工"))
	if got := w.leading(secretary); got != nil {
		t.Errorf("who was released sees %v", got)
	}
	if v := w.look(lin, n, ""); slices.ContainsFunc(v.Timeline, func(e petition.Entry) bool {
		return e.Args["officer"]+e.Args["former_lead"] != "" || e.Move == petition.MoveUnlead && e.Text != ""
	}) {
		t.Error("the citizen reads who leads, or why no more")
	}
}

func TestALeaderIsRemindedEveryWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(chief, n, m(petition.MoveLead, "officer", "zhou"))
	reminders := func() (count int) {
		if _, err := w.s.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		all, err := w.s.Notices(context.Background(), "", 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range all {
			if n.Entry.Move == petition.MoveRemind && n.Entry.Args["level"] == "lead" {
				if n.To != "staff:zhou" {
					t.Errorf("%s is told to remind the leader", n.To)
				}
				count++
			}
		}
		return count
	}
	for _, step := range []struct{ days, want int }{{7, 0}, {1, 1}, {6, 1}, {1, 2}, {5, 2}} {
		w.days(step.days)
		if got := reminders(); got != step.want {
			t.Errorf("%d days later %d reminders, want %d", step.days, got, step.want)
		}
	}
	w.do(viceMayor, n, m(petition.MoveProgress, "text", "到现场看过"))
	w.days(7)
	if got := reminders(); got != 2 {
		t.Errorf("within a week of a note %d reminders, want 2", got)
	}
	w.days(1)
	if got := reminders(); got != 3 {
		t.Errorf("a week after a note %d reminders, want 3", got)
	}
}

func TestALeaderSeesNoReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(chief, n, m(petition.MoveLead, "officer", "zhou"))
	w.do(road, n, m(petition.MoveSeal, "text", "其实是举报经办人"))
	w.refused(viceMayor, n, m(petition.MoveProgress, "text", "x"), petition.NotFound, "lookup.no_match")
	if got := w.leading(viceMayor); got != nil {
		t.Errorf("a leader lists the report %v", got)
	}
	all, err := w.s.Notices(t.Context(), "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, notice := range all {
		if notice.To == "staff:zhou" && (notice.Entry.Text != "" || notice.View.Title != "" || notice.View.Facts != "") {
			t.Errorf("the feed has words of a report for a leader: %+v", notice)
		}
	}
	another := filing(petition.Report)
	another.Key = "another"
	report := w.file(another).Number
	if _, err := w.s.Do(t.Context(), chief, report, m(petition.MoveLead, "officer", "zhou")); err == nil {
		t.Error("a report is given to a leader")
	}
}

func TestOnlyLeadersLead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.s = w.s.WithColleagues(petition.Colleagues{Leader: func(_ context.Context, staff string) (bool, error) { return staff == "zhou", nil }})
	n := w.accepted()
	w.refused(chief, n, m(petition.MoveLead, "officer", "li"), petition.Invalid, "lead.who")
	w.do(chief, n, m(petition.MoveLead, "officer", "zhou"))
}
