package citizen

import (
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// day is a civil date as people say it; see Day.
func (t *step) day(date string) string { return bot.Day(t.s.Lang, date, t.now) }

// moment is the civil date of a point in time.
func (t *step) moment(at time.Time) string { return t.day(petition.Day(at)) }

// phonesOf are the telephone numbers as sentences name them.
func phonesOf(l petition.Lines) map[string]string {
	return map[string]string{
		"Discipline": l.Discipline, "LegalAid": l.LegalAid, "Youth": l.Youth, "Mind": l.Mind, "Hotline": l.Hotline,
	}
}
