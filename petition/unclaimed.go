package petition

import (
	"slices"
	"time"
)

// MoveUntaken is written by time: nobody of the unit has taken the case or done
// anything about it for so many working minutes.
const MoveUntaken MoveName = "untaken"

// untakenSteps are whom a case nobody took is brought before, and after how many
// times Settings.UntakenMinutes.
var untakenSteps = []struct {
	level string
	times int
}{{"officer", 1}, {"head", 2}, {"supervisor", 4}}

// Unclaimed is the reminder that is due on a case because nobody took it: of several at
// once, as after a standstill, the furthest, which all the earlier ones' readers get too.
func (l *Law) Unclaimed(c Case, now time.Time) []Reminder {
	if c.Officer != "" || !slices.Contains(running, c.Status) || c.touched() {
		return nil
	}
	limit := l.Office.Settings.Filled().UnclaimedMinutes
	waited := l.WorkMinutes(c.Since, now)
	var out []Reminder
	for _, s := range untakenSteps {
		if waited >= limit*s.times {
			out = append(out[:0], Reminder{Move: MoveUntaken, Level: s.level, Clock: Clock{Rule: "untaken", From: c.Since.UTC().Format(time.RFC3339), Due: s.level}})
		}
	}
	return out
}

// touched reports whether somebody of the unit has done anything since it came.
func (c *Case) touched() bool {
	return slices.ContainsFunc(c.Timeline, func(e Entry) bool { return e.Staff != "" && e.By == c.Unit && !e.At.Before(c.Since) })
}
