package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/reception"
)

// Receptions is what every reception.Store must do. open gives an empty one.
func Receptions(t *testing.T, open func(t *testing.T) reception.Store) {
	for name, check := range map[string]func(*testing.T, reception.Store){
		"days": receptionDays, "one seat, a hundred who ask": receptionCrowd, "capacity": receptionCapacity, "limits": receptionLimits,
		"moved and given back": receptionMoves, "told": receptionTold, "cancelled": receptionCancelled, "sheet": receptionSheet, "forgotten": receptionForgotten,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

// receptionNow is 09:00 of Monday, 30 November 2026 at the office.
var receptionNow = time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)

func receptionDay(t *testing.T, s reception.Store, id, date string, slots, each int) reception.Day {
	t.Helper()
	d, err := s.PutDay(t.Context(), reception.Day{ID: id, State: reception.Planned, Leader: "王某某 副县长", Charge: "教育", Date: date, Time: "09:00", Minutes: 20, Slots: slots, Each: each, Place: "一楼"}, time.Time{})
	noError(t, err)
	return d
}

func receptionAppointment(n int) reception.Appointment {
	return reception.Appointment{
		ID: fmt.Sprintf("a-%04d", n), Key: fmt.Sprintf("key-%d", n), Number: fmt.Sprintf("ZS26-%04d-0X", n), Owner: fmt.Sprintf("tg:%d", n), Lang: "zh-CN", Matter: "路塌了",
		People: 1, Made: receptionNow.Add(time.Duration(n) * time.Millisecond),
	}
}

func receptionBook(t *testing.T, s reception.Store, n int, places ...reception.Place) reception.Appointment {
	t.Helper()
	a, err := s.Book(t.Context(), receptionAppointment(n), places, receptionNow)
	noError(t, err)
	return a
}

func wantFail(t *testing.T, err error, code petition.Code, key string) {
	t.Helper()
	if !errors.Is(err, petition.Fail(code, key)) {
		t.Errorf("got %v, want %s (%s)", err, code, key)
	}
}

func receptionDays(t *testing.T, s reception.Store) {
	ctx := t.Context()
	_, err := s.ReceptionDay(ctx, "none")
	wantFail(t, err, petition.NotFound, "reception.none")
	first := receptionDay(t, s, "b", "2026-12-03", 2, 1)
	receptionDay(t, s, "a", "2026-12-02", 2, 1)
	if first.Version != 1 {
		t.Errorf("a new day has version %d", first.Version)
	}
	_, err = s.PutDay(ctx, reception.Day{ID: "b", State: reception.Planned, Date: "2026-12-04", Time: "09:00", Minutes: 20, Slots: 1, Each: 1}, time.Time{})
	wantFail(t, err, petition.Conflict, "reception.changed")
	first.Leader = "李某某 副县长"
	first, err = s.PutDay(ctx, first, time.Time{})
	noError(t, err)
	all, err := s.ReceptionDays(ctx, "2026-12-01", "2026-12-03", 10)
	noError(t, err)
	if len(all) != 2 || all[0].ID != "a" || all[1].Leader != "李某某 副县长" || all[1].Version != 2 || first.Version != 2 {
		t.Errorf("days: %+v", all)
	}
	if all, err = s.ReceptionDays(ctx, "2026-12-03", "2026-12-31", 10); err != nil || len(all) != 1 {
		t.Errorf("days of a part of December: %+v, %v", all, err)
	}
}

// A hundred ask for the first time of one day at once: one gets it, the others the next ones, in
// time order and nobody twice; asked again, each is told the same.
func receptionCrowd(t *testing.T, s reception.Store) {
	receptionDay(t, s, "first", "2026-12-02", 40, 1)
	receptionDay(t, s, "second", "2026-12-03", 60, 1)
	places := []reception.Place{{Day: "first"}, {Day: "second"}}
	ask := func() (got [100]reception.Appointment, faults [100]error) {
		var all sync.WaitGroup
		for n := range 100 {
			all.Go(func() { got[n], faults[n] = s.Book(t.Context(), receptionAppointment(n), places, receptionNow) })
		}
		all.Wait()
		return got, faults
	}
	got, faults := ask()
	taken, firstTime := map[string]int{}, 0
	for n, a := range got {
		if faults[n] != nil {
			t.Fatalf("booking %d: %v", n, faults[n])
		}
		taken[fmt.Sprint(a.Day, a.Slot, a.Seat)]++
		if a.Day == "first" && a.Slot == 0 {
			firstTime++
		}
	}
	if firstTime != 1 || len(taken) != 100 {
		t.Errorf("%d have the first time, and there are %d seats for 100", firstTime, len(taken))
	}
	again, faults := ask()
	for n := range again {
		if faults[n] != nil || again[n].ID != got[n].ID || again[n].Day != got[n].Day || again[n].Slot != got[n].Slot {
			t.Fatalf("asked again, %d is told %+v, %v", n, again[n], faults[n])
		}
	}
	late := receptionAppointment(200)
	_, err := s.Book(t.Context(), late, places, receptionNow)
	wantFail(t, err, petition.Conflict, "reception.full")
}

func receptionCapacity(t *testing.T, s reception.Store) {
	receptionDay(t, s, "d", "2026-12-02", 2, 2)
	var seats []string
	for n := range 4 {
		a := receptionBook(t, s, n, reception.Place{Day: "d"})
		seats = append(seats, fmt.Sprint(a.Slot, ".", a.Seat))
	}
	if fmt.Sprint(seats) != "[0.0 0.1 1.0 1.1]" {
		t.Errorf("seats %v", seats)
	}
	begun := receptionAppointment(9)
	_, err := s.Book(t.Context(), begun, []reception.Place{{Day: "d"}}, time.Date(2026, 12, 2, 1, 30, 0, 0, time.UTC))
	wantFail(t, err, petition.Conflict, "reception.full")
	d, err := s.ReceptionDay(t.Context(), "d")
	if err != nil || d.Booked != 4 {
		t.Errorf("%d are booked, %v", d.Booked, err)
	}
}

func receptionLimits(t *testing.T, s reception.Store) {
	ctx := t.Context()
	receptionDay(t, s, "d", "2026-12-02", 30, 1)
	place := []reception.Place{{Day: "d"}}
	book := func(n int, number string) (reception.Appointment, error) {
		a := receptionAppointment(n)
		a.Owner, a.Number = "tg:1", number
		return s.Book(ctx, a, place, receptionNow)
	}
	_, err := book(1, "A")
	noError(t, err)
	_, err = book(2, "A")
	wantFail(t, err, petition.Conflict, "reception.has")
	for n := range reception.MaxHeld - 1 {
		_, err = book(10+n, fmt.Sprint("B", n))
		noError(t, err)
	}
	_, err = book(20, "C")
	wantFail(t, err, petition.Limited, "reception.many")
	mine, err := s.AppointmentsBy(ctx, "tg:1")
	if err != nil || len(mine) != reception.MaxHeld {
		t.Fatalf("the chat holds %d, %v", len(mine), err)
	}
	for n := range reception.MaxMade {
		if mine, _ = s.AppointmentsBy(ctx, "tg:1"); len(mine) > 0 {
			a := mine[0]
			a.State, a.Slot, a.Say, a.Tell = reception.Back, -1, "", time.Time{}
			noError(t, s.PutAppointment(ctx, a, reception.Booked))
		}
		_, err = book(30+n, fmt.Sprint("D", n))
	}
	wantFail(t, err, petition.Limited, "reception.many")
}

func receptionMoves(t *testing.T, s reception.Store) {
	ctx := t.Context()
	receptionDay(t, s, "d", "2026-12-02", 3, 1)
	receptionDay(t, s, "e", "2026-12-03", 1, 1)
	a := receptionBook(t, s, 1, reception.Place{Day: "d"})
	other := receptionBook(t, s, 2, reception.Place{Day: "d", Slot: 2})
	moved, err := s.MoveAppointment(ctx, a.ID, []reception.Place{{Day: "d", Slot: 2}, {Day: "e"}}, receptionNow)
	noError(t, err)
	if moved.Day != "e" || moved.Slot != 0 || moved.ID != a.ID || moved.Moves != 1 {
		t.Errorf("moved to a time that is taken: %+v", moved)
	}
	again, err := s.MoveAppointment(ctx, a.ID, []reception.Place{{Day: "d", Slot: 2}, {Day: "e"}}, receptionNow)
	if err != nil || again.Day != "e" || again.Moves != 1 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	if third := receptionBook(t, s, 3, reception.Place{Day: "d"}); third.Slot != 0 {
		t.Errorf("the time that was left is not free: %+v", third)
	}
	other.State, other.Slot = reception.Back, -1
	noError(t, s.PutAppointment(ctx, other, reception.Booked))
	wantFail(t, s.PutAppointment(ctx, other, reception.Booked), petition.Conflict, "reception.over")
	_, err = s.MoveAppointment(ctx, other.ID, []reception.Place{{Day: "d"}}, receptionNow)
	wantFail(t, err, petition.Conflict, "reception.over")
	if fourth := receptionBook(t, s, 4, reception.Place{Day: "d", Slot: 2}); fourth.Slot != 2 {
		t.Errorf("what was given back is not free: %+v", fourth)
	}
	_, err = s.AppointmentOf(ctx, other.Number)
	wantFail(t, err, petition.NotFound, "reception.no_booking")
}

func receptionTold(t *testing.T, s reception.Store) {
	ctx := t.Context()
	receptionDay(t, s, "d", "2026-12-02", 3, 1)
	a := receptionBook(t, s, 1, reception.Place{Day: "d", Slot: 2})
	dayBefore := time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	if a.Say != reception.SayTomorrow || !a.Tell.Equal(dayBefore) {
		t.Fatalf("told next: %s at %s", a.Say, a.Tell)
	}
	due, err := s.ToTell(ctx, dayBefore.Add(-time.Minute), 10)
	if err != nil || len(due) != 0 {
		t.Errorf("due too early: %+v, %v", due, err)
	}
	due, err = s.ToTell(ctx, dayBefore, 10)
	if err != nil || len(due) != 1 || due[0].Owner != "tg:1" || due[0].Matter != "路塌了" {
		t.Fatalf("due: %+v, %v", due, err)
	}
	next := due[0]
	next.Say, next.Tell = reception.SaySoon, dayBefore.Add(22*time.Hour)
	noError(t, s.NoteTold(ctx, next, due[0].Tell))
	stale := next
	stale.Say, stale.Tell = "", time.Time{}
	noError(t, s.NoteTold(ctx, stale, due[0].Tell)) // it is not what is stored any more
	got, err := s.Appointment(ctx, a.ID)
	if err != nil || got.Say != reception.SaySoon || !got.Tell.Equal(next.Tell) {
		t.Errorf("noted: %+v, %v", got, err)
	}
}

func receptionCancelled(t *testing.T, s reception.Store) {
	ctx := t.Context()
	d := receptionDay(t, s, "d", "2026-12-02", 3, 1)
	a := receptionBook(t, s, 1, reception.Place{Day: "d"})
	silent := receptionAppointment(2)
	silent.Owner = ""
	silent, err := s.Book(ctx, silent, []reception.Place{{Day: "d"}}, receptionNow)
	noError(t, err)
	d.State, d.Why = reception.Cancelled, "去省里开会"
	d, err = s.PutDay(ctx, d, receptionNow)
	noError(t, err)
	if d.Booked != 0 {
		t.Errorf("%d are still booked", d.Booked)
	}
	due, err := s.ToTell(ctx, receptionNow, 10)
	if err != nil || len(due) != 1 || due[0].ID != a.ID || due[0].Say != reception.SayCancelled || due[0].State != reception.Gone {
		t.Errorf("told: %+v, %v", due, err)
	}
	_, err = s.Book(ctx, receptionAppointment(3), []reception.Place{{Day: "d"}}, receptionNow)
	wantFail(t, err, petition.Conflict, "reception.full")
	sheet, err := s.Sheet(ctx, "d")
	if err != nil || len(sheet) != 2 || sheet[1].ID != silent.ID {
		t.Errorf("sheet of a cancelled day: %+v, %v", sheet, err)
	}
}

func receptionSheet(t *testing.T, s reception.Store) {
	ctx := t.Context()
	receptionDay(t, s, "d", "2026-12-02", 3, 1)
	second := receptionBook(t, s, 1, reception.Place{Day: "d", Slot: 1})
	first := receptionBook(t, s, 2, reception.Place{Day: "d"})
	back := receptionBook(t, s, 3, reception.Place{Day: "d", Slot: 2})
	back.State, back.Slot = reception.Back, -1
	noError(t, s.PutAppointment(ctx, back, reception.Booked))
	visit := reception.Appointment{ID: "w", Key: "visit:1", Day: "d", Slot: -1, State: reception.Came, WalkIn: true, Name: "老李", Made: receptionNow}
	for range 2 {
		_, err := s.AddWalkIn(ctx, visit)
		noError(t, err)
	}
	first.State, first.By = reception.Came, "p1"
	noError(t, s.PutAppointment(ctx, first, reception.Booked))
	sheet, err := s.Sheet(ctx, "d")
	noError(t, err)
	var ids []string
	for _, a := range sheet {
		ids = append(ids, a.ID+" "+string(a.State))
	}
	if want := fmt.Sprint([]string{first.ID + " came", second.ID + " booked", "w came"}); fmt.Sprint(ids) != want || sheet[2].Name != "老李" {
		t.Errorf("sheet %v, want %s", ids, want)
	}
}

func receptionForgotten(t *testing.T, s reception.Store) {
	ctx := t.Context()
	receptionDay(t, s, "d", "2026-12-02", 3, 1)
	a := receptionBook(t, s, 1, reception.Place{Day: "d"})
	noError(t, s.ForgetChat(ctx, "tg:1"))
	noError(t, s.ForgetChat(ctx, "tg:nobody"))
	got, err := s.Appointment(ctx, a.ID)
	if err != nil || got.State != reception.Back || got.Owner != "" || got.Matter != "" || !got.Tell.IsZero() {
		t.Errorf("forgotten: %+v, %v", got, err)
	}
	if mine, err := s.AppointmentsBy(ctx, "tg:1"); err != nil || len(mine) != 0 {
		t.Errorf("the chat still has %+v, %v", mine, err)
	}
	again := receptionBook(t, s, 2, reception.Place{Day: "d"})
	if again.Slot != 0 {
		t.Errorf("its time is not free: %+v", again)
	}
	again.State = reception.Came
	noError(t, s.PutAppointment(ctx, again, reception.Booked))
	for _, c := range []struct {
		date string
		n    int
	}{{"2026-12-02", 0}, {"2026-12-03", 1}, {"2026-12-03", 0}} {
		if n, err := s.ForgetBefore(ctx, c.date, 10); err != nil || n != c.n {
			t.Errorf("before %s: %d forgotten, %v", c.date, n, err)
		}
	}
	if got, err = s.Appointment(ctx, again.ID); err != nil || got.Owner != "" || got.Matter != "" || got.State != reception.Came || got.Slot != 0 {
		t.Errorf("an old one: %+v, %v", got, err)
	}
}
