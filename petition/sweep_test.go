package petition_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/petition"
)

func (w *world) sweep() int {
	w.t.Helper()
	n, err := w.s.Sweep(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// steps are the entries time made, as "move level to".
func (w *world) steps(after int) []string {
	w.t.Helper()
	feed, err := w.s.Notices(w.t.Context(), "", 500)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, f := range feed[after:] {
		out = append(out, fmt.Sprint(f.Entry.Move, " ", f.Entry.Args["level"], " ", f.To))
	}
	return out
}

func TestSweepRemindsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(filing(petition.Claim))
	w.days(11)
	if n := w.sweep(); n != 0 {
		t.Errorf("four days left: %d reminders", n)
	}
	w.days(1)
	if a, b := w.sweep(), w.sweep(); a != 1 || b != 0 {
		t.Errorf("three days left: %d reminders, and %d the second time", a, b)
	}
	w.days(4)
	w.sweep()
	w.days(2)
	w.sweep()
	want := []string{"remind officer unit:petition", "overdue head tg:1", "overdue head unit:petition", "escalate supervisor unit:petition"}
	if got := w.steps(1); !slices.Equal(got, want) {
		t.Errorf("steps %q, want %q", got, want)
	}
	w.days(30)
	if n := w.sweep(); n != 0 {
		t.Errorf("nothing new: %d", n)
	}
}

func TestOverdueUpToSupervision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.days(45)
	v, _ := w.s.Look(t.Context(), lin, n, "")
	if v.Colour != "yellow" || v.Left != 15 {
		t.Errorf("day 45: %s, %d left", v.Colour, v.Left)
	}
	first := w.sweep()
	w.days(8)
	again := w.sweep()
	w.days(4)
	near := w.sweep()
	if first != 1 || again != 0 || near != 1 {
		t.Errorf("reminders on day 45, 53 and 57: %d, %d, %d; want 1, 0, 1", first, again, near)
	}
	w.days(4)
	v, _ = w.s.Look(t.Context(), lin, n, "")
	if v.Colour != "red" || v.Left != -1 || !v.Late {
		t.Errorf("day 61: %s, %d left, late %v", v.Colour, v.Left, v.Late)
	}
	w.sweep()
	w.days(2)
	w.sweep()
	if got := w.steps(0); got[len(got)-2] != "escalate supervisor unit:petition" {
		t.Errorf("steps %q", got)
	}
	v = w.do(chief, n, m(petition.MoveSupervise, "reason", "delay", "kind", "letter", "text", "三日内说明", "date", "2026-10-12"))
	wantClock(t, v, "feedback", "2026-10-12", petition.ClockRunning)
	mine, _ := w.s.Look(t.Context(), lin, n, "")
	if last := mine.Timeline[len(mine.Timeline)-1]; last.Move != petition.MoveSupervise || last.Text != "" {
		t.Errorf("the citizen reads %+v", last)
	}
	v = w.do(road, n, m(petition.MoveFeedback, "adopted", "yes", "text", "已排期"))
	wantClock(t, v, "feedback", "2026-10-12", petition.ClockMet)
	v = w.do(road, n, opinion())
	wantClock(t, v, "handle", "2026-10-02", petition.ClockLate)
}

// Passing a case on does not hide that a period is over.
func TestOverdueIsNotHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := transferred(w)
	w.days(20)
	v := w.do(road, n, m(petition.MoveHandOver, "officer", "road-2"))
	if v.Colour != "red" || !v.Late {
		t.Errorf("after handing over: %s", v.Colour)
	}
	v = w.do(road, n, m(petition.MoveSeal, "text", "涉及干部"))
	w.do(sealed, n, m(petition.MoveNote, "text", "收到"))
	v, _ = w.s.Look(t.Context(), sealed, n, "")
	wantClock(t, v, "notify", "2026-08-18", petition.ClockLate)
}

func TestCitizenIsToldBeforeTheWindowEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.replied()
	w.days(25)
	if n := w.sweep(); n != 1 {
		t.Errorf("five days before the window ends: %d", n)
	}
	got := w.steps(0)
	if got[len(got)-1] != "last_days citizen tg:1" {
		t.Errorf("steps %q", got)
	}
}

func TestTwoSweepersWriteOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		f := filing(petition.Claim)
		f.Key = fmt.Sprint("d", i)
		w.file(f)
	}
	w.days(14)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wg.Go(func() {
			n, err := w.s.Sweep(context.Background())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	wg.Wait()
	total += w.sweep()
	if total != 20 {
		t.Errorf("four sweepers wrote %d reminders for 20 cases", total)
	}
}

func TestSweepOfSealedReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reported(w)
	w.days(20)
	w.sweep()
	for _, s := range w.steps(1) {
		if s != "overdue head tg:1" && s != "overdue head sealed:discipline" && s != "escalate supervisor sealed:discipline" {
			t.Errorf("a report's step went to %s", s)
		}
	}
}

func TestRecount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := transferred(w)
	cal, err := petition.DefaultCalendar().With([]byte(`{"years":{"2026":{"notice":"x","off":["2026-01-01","2026-05-01/2026-05-02","2026-08-10","2026-10-01/2026-10-08"],"work":[]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	w.refused(chief, n, m(petition.MoveRecount, "text", "新通知"), petition.Conflict, "need.other_calendar")
	s := petition.NewService(w.store, w.o, cal, keyed, w.now, func() string { return "other" }, w.blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
	v, err := s.Look(t.Context(), road, n, "")
	if err != nil {
		t.Fatal(err)
	}
	wantClock(t, v, "object", "2026-08-10", petition.ClockRunning) // a new calendar alone changes nothing
	v, err = s.Do(t.Context(), chief, n, m(petition.MoveRecount, "text", "放假通知调整"))
	if err != nil {
		t.Fatal(err)
	}
	wantClock(t, v, "object", "2026-08-11", petition.ClockRunning)
	last := v.Timeline[len(v.Timeline)-1]
	if last.Args["was.object"] != "2026-08-10" || last.Args["now.object"] != "2026-08-11" || clock(t, v, "notify").Calendar != cal.Version() {
		t.Errorf("recount is not on record: %v", last.Args)
	}
}

func clockAt(day string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day, time.FixedZone("CST", 8*3600))
	if err != nil {
		panic(err)
	}
	return t
}

// Working minutes count only what lies between opening and closing on working days.
func TestWorkMinutes(t *testing.T) {
	t.Parallel()
	o := office.Example()
	o.Open, o.Close = "08:00", "18:00"
	l := petition.NewLaw(o, petition.DefaultCalendar())
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-23 09:00", "2026-11-23 10:30", 90},
		{"2026-11-23 17:30", "2026-11-24 08:30", 60},
		{"2026-11-20 17:00", "2026-11-23 09:00", 120}, // over a weekend
		{"2026-11-21 09:00", "2026-11-22 18:00", 0},
		{"2026-09-30 17:00", "2026-10-08 09:00", 120}, // over the national holidays
		{"2026-11-23 10:00", "2026-11-23 09:00", 0},
	} {
		if got := l.WorkMinutes(clockAt(c.from), clockAt(c.to)); got != c.want {
			t.Errorf("%s to %s: %d minutes, want %d", c.from, c.to, got, c.want)
		}
	}
}

// Outside opening hours staff are left alone, unless the office wants otherwise.
func TestOfficeClosed(t *testing.T) {
	t.Parallel()
	o := *office.Example()
	o.Example = false
	l := petition.NewLaw(&o, petition.DefaultCalendar())
	for at, want := range map[string]bool{
		"2026-11-23 09:00": false, "2026-11-23 07:59": true, "2026-11-23 18:00": true, "2026-11-22 10:00": true,
	} {
		if l.OfficeClosed(clockAt(at)) != want {
			t.Errorf("closed at %s: %v", at, !want)
		}
	}
	o.Open, o.Close = "00:00", "24:00"
	for at, want := range map[string]bool{"2026-11-23 00:00": false, "2026-11-23 23:59": false, "2026-11-22 23:59": true, "2026-11-28 00:00": true} {
		if l.OfficeClosed(clockAt(at)) != want {
			t.Errorf("open day and night: closed at %s: %v", at, !want)
		}
	}
	o.Settings.AnyHour = true
	if l.OfficeClosed(clockAt("2026-11-22 03:00")) {
		t.Error("an office that wants to be told at any hour was left alone")
	}
}

// A case nobody took comes before the officers, then the head, then the supervisor;
// one that somebody took comes before nobody.
func TestUnclaimed(t *testing.T) {
	t.Parallel()
	l := petition.NewLaw(office.Example(), petition.DefaultCalendar())
	came := clockAt("2026-11-23 09:00")
	c := petition.Case{Status: petition.Registered, Unit: "petition", Since: came}
	for after, want := range map[time.Duration][]string{
		119 * time.Minute: nil, 2 * time.Hour: {"officer"}, 4 * time.Hour: {"head"}, 9 * time.Hour: {"supervisor"},
	} {
		var got []string
		for _, r := range l.Unclaimed(c, came.Add(after)) {
			got = append(got, r.Level)
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %v: %v, want %v", after, got, want)
		}
	}
	taken := c
	taken.Officer = "p1"
	touched := c
	touched.Timeline = []petition.Entry{{Staff: "p1", By: "petition", At: came.Add(time.Minute)}}
	for name, c := range map[string]petition.Case{"taken": taken, "touched": touched} {
		if got := l.Unclaimed(c, came.Add(9*time.Hour)); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
