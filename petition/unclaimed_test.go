package petition_test

import (
	"slices"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
)

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
func TestQuiet(t *testing.T) {
	t.Parallel()
	o := *office.Example()
	o.Example = false
	l := petition.NewLaw(&o, petition.DefaultCalendar())
	for at, want := range map[string]bool{
		"2026-11-23 09:00": false, "2026-11-23 07:59": true, "2026-11-23 18:00": true, "2026-11-22 10:00": true,
	} {
		if l.OfficeClosed(clockAt(at)) != want {
			t.Errorf("quiet at %s: %v", at, !want)
		}
	}
	o.Settings.AnyHour = true
	if l.OfficeClosed(clockAt("2026-11-22 03:00")) {
		t.Error("an office that wants to be told at any hour was left alone")
	}
}

// A case nobody took comes before the officers, then the head, then the supervisor;
// one that somebody took comes before nobody.
func TestUntaken(t *testing.T) {
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
