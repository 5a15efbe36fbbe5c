package petition

import "slices"

// States of a clock.
const (
	ClockRunning = "running"
	clockPaused  = "paused"
	ClockMet     = "met"
	ClockLate    = "late"    // ended after its last day
	ClockStopped = "stopped" // ended without a judgement
)

// clock finds the running or paused clock of a rule.
func (c *Case) clock(rule string) (*Clock, bool) {
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.Rule == rule && k.live() {
			return k, true
		}
	}
	return nil, false
}

// lastClock is the latest clock of a rule in any state.
func (c *Case) lastClock(rule string) (Clock, bool) {
	for _, k := range slices.Backward(c.Clocks) {
		if k.Rule == rule {
			return k, true
		}
	}
	return Clock{}, false
}

func (k *Clock) live() bool { return k.State == ClockRunning || k.State == clockPaused }

// last is the day the period really ends on: a citizen's window reaches the first
// working day after rest days, the office's due date is not moved.
func (k Clock) last() string {
	if k.Party == "citizen" && k.Rolled != "" {
		return k.Rolled
	}
	return k.Due
}

// end judges the clock by the day it ends on.
func (k *Clock) end(today string) {
	k.State, k.EndedAt = ClockMet, today
	if today > k.last() {
		k.State = ClockLate
	}
}

func (k *Clock) drop(today string) { k.State, k.EndedAt = ClockStopped, today }

func (c *Case) stopClock(rule, today string) {
	if k, ok := c.clock(rule); ok {
		k.end(today)
	}
}

// dropClocks ends clocks without a judgement; "*" means all but what another body or, by a leader's word, the citizen is owed. A
// period of the office that is over stays on record as late: dropping it must not hide that.
func (c *Case) dropClocks(rules []string, today string) {
	all := slices.Contains(rules, "*")
	for i := range c.Clocks {
		k := &c.Clocks[i]
		if named := slices.Contains(rules, k.Rule); !k.live() || !named && (!all || k.Rule == "sender_report" || k.Rule == "promise") {
			continue
		}
		if today > k.last() && !noColour(k.Rule) {
			k.end(today)
		} else {
			k.drop(today)
		}
	}
}

// lastDuties are the periods of the office that outlive a case.
var lastDuties = []string{"feedback", "assigned_report", "sender_report", "promise", "deliver"}

// endClocks ends everything else when a case comes to an end.
func (c *Case) endClocks(today string) {
	for _, k := range c.Clocks {
		if k.live() && !slices.Contains(lastDuties, k.Rule) {
			c.dropClocks([]string{k.Rule}, today)
		}
	}
}

func (c *Case) startClock(d DueDate) {
	today := d.From
	c.dropClocks([]string{d.Rule}, today)
	r, _ := RuleOf(d.Rule)
	c.Clocks = append(c.Clocks, Clock{
		Rule: d.Rule, Article: d.Article, Party: r.Party, Unit: c.Unit, From: d.From, Due: d.Due, Internal: d.Internal, Rolled: d.Rolled,
		Provisional: d.Provisional, Calendar: d.Calendar, State: ClockRunning,
	})
}

func noColour(rule string) bool {
	r, err := RuleOf(rule)
	return err == nil && r.NoColour
}

// First is the clock to look at: the running one of the office that comes first,
// else a paused one, else the citizen's window. False when nothing runs.
func (c *Case) First() (Clock, bool) {
	var best Clock
	for _, k := range c.Clocks {
		if k.live() && (best.Rule == "" || clockRank(k) < clockRank(best) || clockRank(k) == clockRank(best) && k.last() < best.last()) {
			best = k
		}
	}
	return best, best.Rule != ""
}

func clockRank(k Clock) int {
	switch {
	case k.Rule == "lead_progress": // a leader's own reminder: no period of the case
		return 3
	case noColour(k.Rule):
		return 2
	case k.State == clockPaused:
		return 1
	}
	return 0
}

// Colour of a clock on a day: red when its last day is over, yellow when
// Settings.YellowDays or fewer are left or Settings.YellowDay of the handling period
// has come, else green. A citizen's window and a paused clock have none: nobody of
// the office is late there. The colour is the office's, never a person's.
func (k Clock) Colour(today string, s Settings) string {
	if k.State != ClockRunning || noColour(k.Rule) {
		return ""
	}
	switch {
	case today > k.Due:
		return "red"
	case today >= k.yellowFrom(s):
		return "yellow"
	}
	return "green"
}

// yellowFrom is the first day on which a period of the office is yellow.
func (k Clock) yellowFrom(s Settings) string {
	s = s.Filled()
	first := max(addDays(k.Due, -1), addDays(k.From, 1))
	if daysBetween(k.From, k.Due) > s.YellowDays {
		first = min(first, addDays(k.Due, -s.YellowDays))
	}
	if k.Rule == "handle" {
		first = min(first, addDays(k.From, s.YellowDay))
	}
	return first
}
