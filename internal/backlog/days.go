package backlog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	parts    = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?\d{1,2}[:：时].*)?$`)
	together = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serial   = regexp.MustCompile(`^\d{1,6}(\.\d+)?$`)
)

// day reads a day as tables have it: 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, with a time
// behind it or not, and in workbooks their own count of days. Days without a year of four digits
// are not guessed at. False for what is none.
func (t *table) day(s string) (string, bool) {
	s = strings.NewReplacer("－", "-", "．", ".", "／", "/", "　", " ").Replace(strings.TrimSpace(s))
	for _, form := range []*regexp.Regexp{parts, together} {
		if m := form.FindStringSubmatch(s); m != nil {
			day := m[1] + "-" + two(m[2]) + "-" + two(m[3])
			_, err := time.Parse(time.DateOnly, day)
			return day, err == nil
		}
	}
	if n, err := strconv.ParseFloat(s, 64); t.workbook && err == nil && serial.MatchString(s) {
		return t.serial(int(n))
	}
	return "", false
}

// serial is a workbook's day: counted from 1904-01-01 as 0, or from 1900-01-01 as 1 with a 29th of
// February that was none (ECMA-376, 18.17.4.1). Only days since 1950 are believed.
func (t *table) serial(n int) (string, bool) {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if t.since {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	day := first.AddDate(0, 0, n)
	return day.Format(time.DateOnly), day.Year() >= 1950 && day.Year() < 2200
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
