package storagetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/petition"
)

var tryChecks = map[string]func(*testing.T, petition.Store){
	"tries are limited":             tryLimited,
	"tries grow old":                tryOld,
	"a full limit counts nothing":   tryCountsNothing,
	"a try can be taken back":       tryUntry,
	"tries at once are all counted": tryRace,
	"two limits on one asker":       tryTwoWindows,
	"how long a limit is full":      tryWait,
}

func limit(who string, n int, within time.Duration) petition.Limit {
	return petition.Limit{Who: who, Max: n, Within: within}
}

func wantTry(t *testing.T, s petition.Store, want bool, id string, at time.Time, limits ...petition.Limit) {
	t.Helper()
	wait, err := s.Try(t.Context(), id, at, limits)
	if got := wait == 0; err != nil || got != want {
		t.Errorf("try %s at %s: %v, %v; want %v", id, at.Format(time.TimeOnly), wait, err, want)
	}
}

func tryLimited(t *testing.T, s petition.Store) {
	l, other := limit("asker:tg:1", 3, time.Hour), limit("asker:tg:2", 3, time.Hour)
	for i := range 3 {
		wantTry(t, s, true, fmt.Sprint(i), day, l)
	}
	wantTry(t, s, false, "3", day, l)
	wantTry(t, s, true, "4", day, other)
	wantTry(t, s, false, "5", day, limit("asker:tg:9", 0, time.Hour))
}

func tryOld(t *testing.T, s petition.Store) {
	l := limit("a", 2, time.Hour)
	wantTry(t, s, true, "1", day, l)
	wantTry(t, s, true, "2", day.Add(30*time.Minute), l)
	wantTry(t, s, false, "3", day.Add(time.Hour-time.Second), l)
	wantTry(t, s, true, "4", day.Add(time.Hour), l) // the first is no longer younger than an hour
	wantTry(t, s, false, "5", day.Add(89*time.Minute), l)
	wantTry(t, s, true, "6", day.Add(90*time.Minute), l)
}

func tryCountsNothing(t *testing.T, s petition.Store) {
	asker, number := limit("a", 5, time.Hour), limit("n", 1, time.Hour)
	wantTry(t, s, true, "1", day, asker, number)
	for i := range 10 {
		wantTry(t, s, false, fmt.Sprint("x", i), day, asker, number)
	}
	for i := range 4 {
		wantTry(t, s, true, fmt.Sprint("y", i), day, asker)
	}
	wantTry(t, s, false, "z", day, asker)
}

func tryUntry(t *testing.T, s petition.Store) {
	a, n := limit("a", 1, time.Hour), limit("n", 1, time.Hour)
	wantTry(t, s, true, "1", day, a, n)
	wantTry(t, s, false, "2", day, a)
	if err := s.Untry(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"1", "2", "never"} {
		if err := s.Untry(t.Context(), id); err != nil {
			t.Errorf("untry %s: %v", id, err)
		}
	}
	wantTry(t, s, true, "3", day, a)
	wantTry(t, s, true, "4", day, n)
	wantTry(t, s, false, "5", day, n)
}

func tryRace(t *testing.T, s petition.Store) {
	var passed atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			limits := []petition.Limit{limit("asker", 5, time.Hour), limit("number", 7, time.Hour)}
			if i%2 == 0 { // the other order must not lock up
				limits[0], limits[1] = limits[1], limits[0]
			}
			wait, err := s.Try(t.Context(), fmt.Sprint(i), day, limits)
			if err != nil {
				t.Errorf("try: %v", err)
			}
			if wait == 0 {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 5 {
		t.Errorf("%d of 20 at once passed a limit of 5", passed.Load())
	}
}

func tryTwoWindows(t *testing.T, s petition.Store) {
	hour, daily := limit("a", 2, time.Hour), limit("a", 3, 24*time.Hour)
	wantTry(t, s, true, "1", day, hour, daily)
	wantTry(t, s, true, "2", day, hour, daily)
	wantTry(t, s, false, "3", day, hour, daily)
	wantTry(t, s, true, "4", day.Add(2*time.Hour), hour, daily)
	wantTry(t, s, false, "5", day.Add(4*time.Hour), hour, daily)
	wantTry(t, s, true, "6", day.Add(24*time.Hour), hour, daily)
}

func tryWait(t *testing.T, s petition.Store) {
	hour, daily := limit("a", 2, time.Hour), limit("b", 3, 24*time.Hour)
	for i, c := range []struct {
		after, want time.Duration
	}{
		{0, 0}, {10 * time.Minute, 0}, {15 * time.Minute, 45 * time.Minute}, {time.Hour, 0}, // until the first is an hour old
		{61 * time.Minute, 23*time.Hour - time.Minute}, // the longer of both
	} {
		wait, err := s.Try(t.Context(), fmt.Sprint(i), day.Add(c.after), []petition.Limit{hour, daily})
		if err != nil || wait.Round(time.Second) != c.want { // some keep the moment in milliseconds
			t.Errorf("after %v: %v, %v; want %v", c.after, wait, err, c.want)
		}
	}
}
