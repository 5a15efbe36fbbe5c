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

// Sees and May are the two halves of a permission: the case is seen, and the actor is one of
// those who make the move, whatever state the case is in.
func (l *Law) Sees(c Case, a Actor) bool { return l.sees(&c, l.normal(a)) }
func (l *Law) May(s MoveSpec, c Case, a Actor) bool {
	a = l.normal(a)
	return l.sees(&c, a) && l.may(&s, &c, a) && (s.Signs == nil || l.signs(&s, &c, a))
}

// Proved is the actor who had the number and the query code of the case with that id.
func (a Actor) Proved(id string) Actor { a.proved = id; return a }
