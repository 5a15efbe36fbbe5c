package bot

import (
	"strings"
	"time"

	"dengwen/locales"
)

// day is a civil date as people say it: 12 月 8 日（周二）, with the year where it is
// not this one. A date that cannot be read comes back as it is.
func (t *talk) day(date string) string {
	d, err := time.ParseInLocation("2006-01-02", date, zone)
	if err != nil {
		return date
	}
	years := d.Year() - t.now.In(zone).Year()
	if t.s.Lang == locales.English {
		if years == 0 {
			return d.Format("Mon 2 January")
		}
		return d.Format("Mon 2 January 2006")
	}
	text := d.Format("1 月 2 日") + "（周" + []string{"日", "一", "二", "三", "四", "五", "六"}[d.Weekday()] + "）"
	switch years {
	case 0:
		return text
	case 1:
		return "明年 " + text
	}
	return d.Format("2006 年 ") + text
}

// Tidy takes out the blank a template has before a date when the date begins with a
// Chinese character: 最迟明年 1 月 29 日.
func Tidy(s string) string { return strings.ReplaceAll(s, " 明年 ", "明年 ") }

// moment is the civil date of a point in time.
func (t *talk) moment(at time.Time) string { return t.day(at.In(zone).Format("2006-01-02")) }
