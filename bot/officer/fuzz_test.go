package officer

import (
	"testing"
	"time"
)

// A date that is read is a day of the calendar, and the same when it is read again.
func FuzzDay(f *testing.F) {
	now := time.Date(2026, 12, 31, 23, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	for _, text := range []string{"2026-12-08", "2026年2月30日", "2/29", "15天", "+999", "0000-0-0", "99/99", "12月8日"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, ok := parseDay(text, now)
		if !ok {
			return
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Errorf("%q is read as %q", text, day)
		}
		if again, ok := parseDay(day, now); !ok || again != day {
			t.Errorf("%q is %q, which is %q", text, day, again)
		}
	})
}
