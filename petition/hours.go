package petition

import "time"

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
	minute := 0
	if c, err := time.Parse("15:04", at); err == nil {
		hour, minute = c.Hour(), c.Minute()
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, shanghai)
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
