package petition

import "time"

// What stands in the place of a figure that is too small to be public, and of one that would
// give it away.
const (
	Hidden = smallCount
	Masked = maskedCount
)

// Reminder is what the sweep writes.
type Reminder = reminder

// Reminders, Unclaimed and WorkMinutes are parts of a sweep.
func (l *Law) Reminders(c Case, now time.Time) []Reminder { return l.reminders(c, now) }
func (l *Law) Unclaimed(c Case, now time.Time) []Reminder { return l.unclaimed(c, now) }
func (l *Law) WorkMinutes(since, until time.Time) int     { return l.workMinutes(since, until) }

// Possible lists the rows of the moves this actor may make on the case now.
func (l *Law) Possible(c Case, a Actor, now time.Time) []MoveSpec {
	var out []MoveSpec
	for s := range l.lawful(&c, a, now) {
		out = append(out, *s)
	}
	return out
}

// ScopeOf is what the stores are asked for when a lists, and what they count.
func (l *Law) ScopeOf(a Actor) Scope { return l.scope(a) }
