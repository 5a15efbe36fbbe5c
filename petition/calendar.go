package petition

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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

// Days are the rest days and make-up working days that the notice of a year lists, in their order.
func (c *Calendar) Days(y int) (off, work []string) {
	n := c.years[y]
	return slices.Sorted(maps.Keys(n.off)), slices.Sorted(maps.Keys(n.work))
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

// setVersion computes the version from the content, so that two offices with the same
// days name the same calendar.
func (c *Calendar) setVersion() {
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

// calendarFile is calendar.json and every file that adds years to it.
type calendarFile struct {
	Years     map[string]yearFile `json:"years"`
	Statutory map[string][]string `json:"statutory"`

	// The shape in which the yearly notices circulate as open data: one year, a
	// list of days.
	Year   int      `json:"year"`
	Papers []string `json:"papers"`
	Days   []struct {
		Name string `json:"name"`
		Date string `json:"date"`
		Off  bool   `json:"isOffDay"`
	} `json:"days"`
}

type yearFile struct {
	Notice string   `json:"notice"`
	Off    []string `json:"off"`
	Work   []string `json:"work"`
}

// With adds the years of a calendar file, replacing those it has. Accepted are the
// shape of calendar.json ({"years":{"2027":{"notice","off":["2027-01-01/2027-01-03"],
// "work":[…]}}}) and a list of days ({"year":2027,"days":[{"date","isOffDay"}]}).
// Anything doubtful is refused whole, every fault named: Invalid "calendar.bad".
func (c *Calendar) With(data []byte) (*Calendar, error) {
	var f calendarFile
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows write a byte order mark
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, &Error{Code: Invalid, Key: "calendar.bad", Args: map[string]string{"why": "not JSON"}, Err: err}
	}
	f.adoptDays()
	if len(f.Years) == 0 {
		return nil, Fail(Invalid, "calendar.bad", "why", "no years in it")
	}
	next := &Calendar{years: map[int]year{}, statutory: map[int][]string{}}
	maps.Copy(next.years, c.years)
	maps.Copy(next.statutory, c.statutory)
	if err := next.addYears(f); err != nil {
		return nil, &Error{Code: Invalid, Key: "calendar.bad", Args: map[string]string{"why": err.Error()}, Err: err}
	}
	next.setVersion()
	return next, nil
}

// adoptDays turns the list-of-days shape into the other.
func (f *calendarFile) adoptDays() {
	if f.Year == 0 || len(f.Days) == 0 {
		return
	}
	y := yearFile{Notice: strings.Join(f.Papers, " ")}
	for _, d := range f.Days {
		if d.Off {
			y.Off = append(y.Off, d.Date)
		} else {
			y.Work = append(y.Work, d.Date)
		}
	}
	if f.Years == nil {
		f.Years = map[string]yearFile{}
	}
	f.Years[strconv.Itoa(f.Year)] = y
}

func (c *Calendar) addYears(f calendarFile) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(f.Years)) {
		y, err := strconv.Atoi(name)
		if err != nil || y < 2000 || y > 2100 {
			faults = append(faults, fmt.Errorf("%q is not a year", name))
			continue
		}
		read, err := readYear(y, f.Years[name])
		c.years[y] = read
		faults = append(faults, err)
	}
	for name, ranges := range f.Statutory {
		y, _ := strconv.Atoi(name)
		days, err := expandRanges(y, ranges)
		c.statutory[y] = days
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func readYear(y int, f yearFile) (year, error) {
	off, errOff := expandRanges(y, f.Off)
	work, errWork := expandRanges(y, f.Work)
	got := year{notice: f.Notice, off: set(off), work: set(work)}
	return got, errors.Join(errOff, errWork, got.doubts(y))
}

// doubts are what no notice of the State Council would say.
func (y year) doubts(n int) error {
	var faults []error
	for _, d := range fixedHolidays(n) {
		if !y.off[d] {
			faults = append(faults, fmt.Errorf("%s is a public holiday but not among the rest days", d))
		}
	}
	for d := range y.work {
		t, _ := time.Parse(dateLayout, d)
		if y.off[d] {
			faults = append(faults, fmt.Errorf("%s is both worked and off", d))
		}
		if w := t.Weekday(); w != time.Saturday && w != time.Sunday {
			faults = append(faults, fmt.Errorf("%s is no weekend day: it needs no notice to be worked", d))
		}
	}
	if len(y.off) > 45 || len(y.work) > 15 {
		faults = append(faults, fmt.Errorf("%d: %d rest days and %d worked weekend days are too many", n, len(y.off), len(y.work)))
	}
	return errors.Join(faults...)
}

// expandRanges writes out ranges and checks that every day belongs to the year. A notice
// may begin in the last ten days of December before.
func expandRanges(y int, ranges []string) ([]string, error) {
	var days []string
	first, last := fmt.Sprintf("%04d-12-22", y-1), fmt.Sprintf("%04d-12-31", y)
	for _, r := range ranges {
		a, b, both := strings.Cut(r, "/")
		if !both {
			b = a
		}
		_, errA := parseDay(a)
		_, errB := parseDay(b)
		if errA != nil || errB != nil || b < a || a < first || b > last {
			return nil, fmt.Errorf("%q is not a day or a range of days of %d", r, y)
		}
		for d := a; d <= b; d = addDays(d, 1) {
			days = append(days, d)
		}
	}
	return days, nil
}

func set(days []string) map[string]bool {
	m := make(map[string]bool, len(days))
	for _, d := range days {
		m[d] = true
	}
	return m
}

// atWork reports whether the office is open at a moment: a working day between its
// opening and closing time. An office that names no hours works 8:00 to 18:00.
func (l *Law) atWork(t time.Time) bool {
	from, to, ok := l.openOn(t)
	return ok && !t.Before(from) && t.Before(to)
}

// OfficeClosed reports whether notices to staff wait until the office opens. They never
// do for an office with Settings.AnyHour, nor for the example office, so that whoever
// tries it in the evening sees what happens.
func (l *Law) OfficeClosed(t time.Time) bool {
	return !l.Office.Settings.AnyHour && !l.Office.Example && !l.atWork(t)
}

// workMinutes is how long the office was open between two moments, at most 30 days
// of it.
func (l *Law) workMinutes(since, until time.Time) int {
	total := time.Duration(0)
	for day, n := since, 0; n <= 30; day, n = day.AddDate(0, 0, 1), n+1 {
		if from, to, ok := l.openOn(day); ok {
			total += max(0, earlier(to, until).Sub(later(from, since)))
		}
		if Day(day) >= Day(until) {
			break
		}
	}
	return int(total.Minutes())
}

// afterWorkMinutes is the moment at which workMinutes reaches a number, the zero time when
// it never does.
func (l *Law) afterWorkMinutes(since time.Time, minutes int) time.Time {
	left := time.Duration(minutes) * time.Minute
	for day, n := since, 0; n <= 30; day, n = day.AddDate(0, 0, 1), n+1 {
		if from, to, ok := l.openOn(day); ok {
			from = later(from, since)
			if open := to.Sub(from); open >= left {
				return from.Add(left)
			} else if open > 0 {
				left -= open
			}
		}
	}
	return time.Time{}
}

// openOn is when the office opens and closes on the day of t, false on a day off.
func (l *Law) openOn(t time.Time) (from, to time.Time, ok bool) {
	local := t.In(shanghai)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	if !l.Calendar.Workday(day) {
		return from, to, false
	}
	return l.clockOn(local, l.Office.Open, 8), l.clockOn(local, l.Office.Close, 18), true
}

func (l *Law) clockOn(day time.Time, at string, hour int) time.Time {
	minutes, err := ParseClock(at)
	if err != nil {
		minutes = 60 * hour
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, shanghai)
}

// ParseClock reads a time of day, 08:00, as minutes from midnight. 24:00 is the end of the
// day (ISO 8601).
func ParseClock(at string) (minutes int, err error) {
	if at == "24:00" {
		return 24 * 60, nil
	}
	c, err := time.Parse("15:04", at)
	if err != nil {
		return 0, fmt.Errorf("read a time of day: %w", err)
	}
	return 60*c.Hour() + c.Minute(), nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
