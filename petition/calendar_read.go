package petition

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
	if err := next.take(f); err != nil {
		return nil, &Error{Code: Invalid, Key: "calendar.bad", Args: map[string]string{"why": err.Error()}, Err: err}
	}
	next.stamp()
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

func (c *Calendar) take(f calendarFile) error {
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
		days, err := spread(y, ranges)
		c.statutory[y] = days
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func readYear(y int, f yearFile) (year, error) {
	off, errOff := spread(y, f.Off)
	work, errWork := spread(y, f.Work)
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

// spread writes out ranges and checks that every day belongs to the year. A notice
// may begin in the last ten days of December before.
func spread(y int, ranges []string) ([]string, error) {
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
