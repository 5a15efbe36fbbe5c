package bot

import (
	"strings"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// Day formats a civil date (2006-01-02) in a language: 12 月 8 日（周二）, with the year if it is
// not the one of now. A date that does not parse is returned unchanged.
func Day(lang, date string, now time.Time) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	today, _ := time.Parse(time.DateOnly, petition.Day(now))
	years := d.Year() - today.Year()
	if lang == locales.English {
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

// TidyDate removes the spaces that a template has around a date where the date begins with a
// Chinese character: 最迟明年 1 月 29 日.
func TidyDate(s string) string { return strings.ReplaceAll(s, " 明年 ", "明年 ") }
