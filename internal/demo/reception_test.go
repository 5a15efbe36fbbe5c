package demo_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"dengwen/internal/demo"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/reception"
)

// The year has 24 days, and its figures are those of its lives, counted again.
func TestReceptions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	o, clock, store := office.Example(), new(demo.Clock), memory.NewMemory()
	service := petition.NewService(store, o, petition.DefaultCalendar(), func(purpose, value string) []byte {
		h := sha256.Sum256([]byte(purpose + ":" + value))
		return h[:]
	}, clock.Now, demo.NewID, nil)
	var filed []demo.Filed
	for n := range 30 {
		clock.Set(now.AddDate(0, -11, n*10))
		k, err := service.File(t.Context(), petition.Actor{Owner: fmt.Sprint("tg:", n), Asker: "x"}, petition.Filing{Key: fmt.Sprint(n), Channel: "telegram", Class: petition.Claim, Facts: "路塌了"})
		if err != nil {
			t.Fatal(err)
		}
		filed = append(filed, demo.Filed{Number: k.Number, Code: k.Code})
	}
	receptions := memory.NewReceptions(store)
	s := reception.New(receptions, service, o, clock.Now, demo.NewID)
	clerk := petition.Actor{Staff: "a", Unit: o.Unit, Roles: []petition.Role{petition.Intake}}
	if err := demo.Receptions(t.Context(), s, service, clock, clerk, filed, now); err != nil {
		t.Fatal(err)
	}
	from, to := petition.Day(now.AddDate(-1, 0, 0)), petition.Day(now.AddDate(1, 0, 0))
	f, err := s.Figures(t.Context(), clerk, from, to)
	if err != nil {
		t.Fatal(err)
	}
	days, err := receptions.ReceptionDays(t.Context(), from, to, 100)
	if err != nil || len(days) != 24 {
		t.Fatalf("%d days, %v", len(days), err)
	}
	var held, cancelled, came, booked, walkIns, people int
	promises := map[petition.MoveName]int{}
	for _, d := range days {
		switch d.State {
		case reception.Held:
			held++
		case reception.Cancelled:
			cancelled++
		}
		sheet, err := receptions.Sheet(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range sheet {
			if a.State == reception.Came {
				people++
			}
			if a.WalkIn {
				walkIns++
				for move := range promiseOf(t, store, a.Number) {
					promises[move]++
				}
				continue
			}
			booked++
			if a.State == reception.Came {
				came++
			}
		}
	}
	if f.Held.N != held || f.Held.Of != held || held != 19 || f.Cancelled != cancelled || cancelled != 1 || f.Came != (petition.Share{N: came, Of: booked}) || came < 10 || f.People != people || f.WalkIns != walkIns || walkIns != 9 {
		t.Errorf("figures %+v; counted again %d held, %d cancelled, %d of %d came, %d without an appointment", f, held, cancelled, came, booked, walkIns)
	}
	made, kept, late, explained := promises[petition.MovePromise], promises["in time"], promises["late"], promises[petition.MoveExplained]
	if f.Promised != made || f.Kept != (petition.Share{N: kept, Of: kept + late}) || f.Late != late || f.Explained != explained || kept < 3 || late < 1 || explained < 1 || made != kept+late+explained {
		t.Errorf("figures %+v; counted again %v", f, promises)
	}
}

// promiseOf says from the timeline of a case what became of a promise: that it was made, and kept in time, late, or explained.
func promiseOf(t *testing.T, store petition.Store, number string) map[petition.MoveName]bool {
	t.Helper()
	r, err := store.Load(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	found, due := map[petition.MoveName]bool{}, ""
	for _, e := range r.Case.Timeline {
		switch e.Move {
		case petition.MovePromise:
			found[e.Move], due = true, e.Args["date"]
		case petition.MoveExplained:
			found[e.Move] = true
		case petition.MoveKept:
			found["in time"], found["late"] = petition.Day(e.At) <= due, petition.Day(e.At) > due
		}
	}
	for move, is := range found {
		if !is {
			delete(found, move)
		}
	}
	return found
}
