package petition

import (
	"slices"
	"strings"
	"time"
)

// Urgency is what makes a petition urgent (Art 25): danger to people now. "" is none. It is
// about a matter and never about a person. The reader, the citizen or an officer says it.
type Urgency string

// The kinds of urgency.
const (
	UrgentLife     Urgency = "life"     // somebody may take their life, or is dying
	UrgentViolence Urgency = "violence" // violence or a threat of it
	UrgentChild    Urgency = "child"    // a child is harmed
	UrgentGround   Urgency = "ground"   // slides, floods, what may collapse
	UrgentFire     Urgency = "fire"     // fire, gas, explosion
	UrgentPoison   Urgency = "poison"   // many people sick, water or food poisoned
	UrgentCrowd    Urgency = "crowd"    // many people gather, or a fight between many
)

// Urgencies are all of them, in the order in which they are offered.
func Urgencies() []Urgency {
	return []Urgency{UrgentLife, UrgentViolence, UrgentChild, UrgentGround, UrgentFire, UrgentPoison, UrgentCrowd}
}

// Known reports whether u is one of Urgencies.
func (u Urgency) Known() bool { return slices.Contains(Urgencies(), u) }

func urgencies() (all []string) {
	for _, u := range Urgencies() {
		all = append(all, string(u))
	}
	return all
}

// urgency is what makes the case urgent now.
func (c *Case) urgency() Urgency { return Urgency(c.fact(factUrgency)) }

// attended is when somebody took the danger in hand, zero while nobody has.
func (c *Case) attended() time.Time { return moment(c.fact(factAttended)) }

func moment(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// raise makes the case urgent from now on: whoever took an earlier danger in hand took that one.
func (c *Case) raise(u Urgency, now time.Time) {
	c.setFact(factUrgency, string(u))
	c.setFact(factAlarmed, now.UTC().Format(time.RFC3339))
	c.setFact(factAttended, "")
}

func alarm(s *step) error {
	s.c.raise(Urgency(s.m.Args["kind"]), s.now)
	return nil
}

func endAlarm(s *step) error {
	for _, key := range []string{factUrgency, factAlarmed, factAttended, factDuty} {
		s.c.setFact(key, "")
	}
	return nil
}

// attend: somebody of the unit that has the case takes the case with the danger.
func attend(s *step) error {
	s.c.setFact(factAttended, s.now.UTC().Format(time.RFC3339))
	if s.a.Unit == s.c.Unit {
		s.c.Officer = s.a.Staff
	}
	return nil
}

// periodReminders are what time brings up about periods. They wait until the office opens,
// however urgent the matter is.
var periodReminders = []MoveName{MoveRemind, MoveOverdue, MoveEscalate, MoveWindow, MoveUnclaimed}

// Urgent reports whether a notice to the office goes out at any hour: it is of a matter that
// is urgent now, and no reminder of a period.
func (n Notice) Urgent() bool {
	kind, _, _ := strings.Cut(n.To, ":")
	return !IsChat(kind+":") && n.View.Urgency != "" && !slices.Contains(periodReminders, n.Entry.Move)
}

// ForAllOnDuty reports whether an urgent notice goes to everybody on duty and not only to who has
// the case: nobody has taken the danger in hand yet, or somebody just did.
func (n Notice) ForAllOnDuty() bool {
	return n.Urgent() && (n.View.Taken.IsZero() || n.Entry.Move == MoveAttend)
}

// unattendedLevels are whom a danger that nobody took in hand is brought before, and after how
// many minutes.
func (s Settings) unattendedLevels() []urgentLevel {
	s = s.Filled()
	return []urgentLevel{{"head", s.UrgentHeadMinutes}, {"supervisor", s.UrgentDutyMinutes}}
}

type urgentLevel struct {
	level   string
	minutes int
}

// at is when the level is reached for a case.
func (u urgentLevel) at(c *Case) time.Time {
	return moment(c.fact(factAlarmed)).Add(time.Duration(u.minutes) * time.Minute)
}

// unattended is the reminder that is due on a case because nobody took its danger in hand: of
// both at once, as after a standstill, the furthest, which the earlier one's readers get too.
// The hour does not matter, nor whether the case has ended: a withdrawal ends no danger.
func (l *Law) unattended(c Case, now time.Time) []reminder {
	if c.urgency() == "" || c.fact(factAttended) != "" {
		return nil
	}
	var out []reminder
	for _, u := range l.Office.Settings.unattendedLevels() {
		if !now.Before(u.at(&c)) {
			out = append(out[:0], c.unattendedAt(u))
		}
	}
	return out
}

func (l *Law) nextUnattended(c Case, made func(reminder) bool, _ time.Time) (next time.Time, has bool) {
	if c.urgency() == "" || c.fact(factAttended) != "" {
		return next, false
	}
	for _, u := range slices.Backward(l.Office.Settings.unattendedLevels()) {
		if made(c.unattendedAt(u)) {
			break // one that is not made before the next is reached is passed over
		}
		next = u.at(&c)
	}
	return next, true
}

func (c *Case) unattendedAt(u urgentLevel) reminder {
	return reminder{Move: MoveUnattended, Level: u.level, Clock: Clock{Rule: "urgent", From: c.fact(factAlarmed), Due: u.level}}
}
