package bot

import "time"

// CommandOf finds the command of an event: given as such, written with a slash (full
// width too), or in plain words; "" when there is none.
func CommandOf(e Event) (name, args string) { return command(e) }

// Split cuts a text into messages of at most MaxText, at line ends where it can.
func Split(text string) []string { return split(text, MaxText) }

// SayDay is a civil date (2026-12-08) as people of a language say it, with the year
// where it is not this one. A date that cannot be read comes back as it is.
func SayDay(lang, date string, now time.Time) string {
	return (&talk{s: &Session{Lang: lang}, now: now}).day(date)
}
