package roster_test

import (
	"slices"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// Danger is told to who is on duty by the rota, to substitutes where nobody of the line is there, to
// the whole unit where that leaves nobody, and by the petition office where the unit has nobody; once
// somebody took it in hand, to who has the case.
func TestDangerIsToldToWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	o := *office.Example()
	now := time.Date(2026, 11, 28, 23, 0, 0, 0, time.FixedZone("CST", 8*3600)) // a Saturday
	people := memory.NewRoster()
	s := roster.New(people, nil, &o, func() time.Time { return now }, nil)
	put := func(id, unit string, away bool, r petition.Role) {
		p := roster.Person{ID: id, Name: "名" + id, Unit: unit, Chat: "tg:" + id, Away: away, Roles: []petition.Role{r}}
		if err := people.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "petition", false, petition.Intake)
	put("b", "petition", false, petition.Intake)
	put("c", "petition", false, petition.Supervisor)
	put("r", "transport", false, petition.Officer)
	told := func(to string, e petition.Entry, taken time.Time) []string {
		t.Helper()
		chats, err := s.Chats(t.Context(), petition.Notice{To: to, Entry: e, View: petition.View{Urgency: petition.UrgentLife, Taken: taken, Officer: "b"}})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(chats)
		return chats
	}
	want := func(what string, got []string, chats ...string) {
		t.Helper()
		if !slices.Equal(got, chats) {
			t.Errorf("%s: told %q, want %q", what, got, chats)
		}
	}
	filed := petition.Entry{Move: petition.MoveFile, By: "citizen"}
	want("no rota", told("unit:petition", filed, time.Time{}), "tg:a", "tg:b", "tg:c")
	o.Duty = []petition.Duty{{Days: []string{"sat"}, Officers: []string{"名a"}, Substitutes: []string{"c"}}}
	want("rota and who has it", told("unit:petition", filed, time.Time{}), "tg:a", "tg:b")
	want("no rota of the unit", told("unit:transport", filed, time.Time{}), "tg:r")
	want("a unit without people", told("unit:water", filed, time.Time{}), "tg:a")
	want("to the head", told("unit:petition", petition.Entry{Move: petition.MoveUnattended, By: "system", Args: map[string]string{"level": "head"}}, time.Time{}), "tg:a", "tg:b", "tg:c")
	want("in hand, who took it", told("unit:petition", petition.Entry{Move: petition.MoveAttend, Staff: "b", By: "petition"}, now), "tg:a")
	want("in hand", told("unit:petition", petition.Entry{Move: petition.MoveSupplement, By: "citizen"}, now), "tg:b")
	put("a", "petition", true, petition.Intake)
	want("substitute", told("unit:petition", filed, time.Time{}), "tg:b", "tg:c")
	put("c", "petition", true, petition.Supervisor)
	want("nobody of the line", told("unit:petition", filed, time.Time{}), "tg:b")
}
