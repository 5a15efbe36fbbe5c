package petition

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"
)

//go:embed calendar.json
var shippedCalendar []byte

// shanghai is the one time zone of the Regulation: UTC+8, no summer time.
var shanghai = time.FixedZone("UTC+8", 8*60*60)

const dateLayout = "2006-01-02"

// Day gives the civil date of a moment in the office's time zone, as 2026-08-03.
func Day(t time.Time) string { return t.In(shanghai).Format(dateLayout) }

// parseDay reads a civil date; the answer is midnight UTC, so that days are 24 hours.
func parseDay(s string) (time.Time, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return t, Fail(Invalid, "due.date", "date", s)
	}
	return t, nil
}

// daysBetween counts the civil days from one date to a later one; negative when it
// is earlier, 0 for a malformed one.
func daysBetween(from, to string) int {
	a, errA := parseDay(from)
	b, errB := parseDay(to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func addDays(day string, n int) string {
	t, err := parseDay(day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(dateLayout)
}

// Calendar tells working days from rest days. It never changes; With answers a new
// one. Years without the State Council's notice fall back to Monday to Friday minus
// the statutory days that are known, and every date that rests on them is
// provisional.
type Calendar struct {
	years     map[int]year
	statutory map[int][]string // years whose moving holidays are known before the notice
	version   string
}

// year is one notice. Its days may reach into the last days of the year before.
type year struct {
	notice    string
	off, work map[string]bool
}

// DefaultCalendar is the calendar shipped with the program: the notices for 2024,
// 2025 and 2026.
func DefaultCalendar() *Calendar {
	c, err := new(Calendar).With(shippedCalendar)
	if err != nil { // the file is part of the program; a test reads it
		panic("petition: shipped calendar: " + err.Error())
	}
	return c
}

// Version names the years that rest on a notice and the content: "2024-2026/1f3a90cc".
func (c *Calendar) Version() string { return c.version }

// Years lists the years that rest on a notice, ascending.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Notice is how many rest days and make-up working days the notice of a year lists, and
// what the notice is called.
func (c *Calendar) Notice(y int) (off, work int, notice string) {
	n := c.years[y]
	return len(n.off), len(n.work), n.notice
}

// Known reports whether the year rests on a notice.
func (c *Calendar) Known(y int) bool { _, ok := c.years[y]; return ok }

// Workday reports whether offices work on the day (midnight UTC of the civil date).
func (c *Calendar) Workday(d time.Time) bool {
	day := d.Format(dateLayout)
	for _, y := range []int{d.Year(), d.Year() + 1} {
		if c.years[y].off[day] {
			return false
		}
		if c.years[y].work[day] {
			return true
		}
	}
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false
	}
	return c.Known(d.Year()) || !slices.Contains(c.holidays(d.Year()), day)
}

// holidays are the statutory days of a year without a notice. Where the moving ones
// are not known, only those with a fixed date.
func (c *Calendar) holidays(y int) []string {
	if days, ok := c.statutory[y]; ok {
		return days
	}
	return fixedHolidays(y)
}

func fixedHolidays(y int) []string {
	days := []string{"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}
	for i, d := range days {
		days[i] = fmt.Sprintf("%04d-%s", y, d)
	}
	return days
}

// addWork goes n working days on; the day itself does not count.
func (c *Calendar) addWork(d time.Time, n int) time.Time {
	for n > 0 {
		if d = d.AddDate(0, 0, 1); c.Workday(d) {
			n--
		}
	}
	return d
}

// onOrAfter and onOrBefore find the nearest working day, the day itself included.
func (c *Calendar) onOrAfter(d time.Time) time.Time {
	for !c.Workday(d) {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

func (c *Calendar) onOrBefore(d time.Time) time.Time {
	for !c.Workday(d) {
		d = d.AddDate(0, 0, -1)
	}
	return d
}

// provisional reports whether a day between the two rests on no notice.
func (c *Calendar) provisional(from, to time.Time) bool {
	for y := from.Year(); y <= to.Year(); y++ {
		if !c.Known(y) {
			return true
		}
	}
	return false
}

// stamp computes the version from the content, so that two offices with the same
// days name the same calendar.
func (c *Calendar) stamp() {
	h := sha256.New()
	ys := c.Years()
	for _, y := range ys {
		fmt.Fprintln(h, y, slices.Sorted(maps.Keys(c.years[y].off)), slices.Sorted(maps.Keys(c.years[y].work)))
	}
	for _, y := range slices.Sorted(maps.Keys(c.statutory)) {
		fmt.Fprintln(h, "statutory", y, c.statutory[y])
	}
	span := "none"
	if len(ys) > 0 {
		span = fmt.Sprintf("%d-%d", ys[0], ys[len(ys)-1])
	}
	c.version = span + "/" + hex.EncodeToString(h.Sum(nil)[:4])
}
