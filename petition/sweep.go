package petition

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

const (
	escalateAfter = 3 // days
	windowAhead   = 5 // days
	lookAhead     = 16
)

// reminder is one step that is due. Level says whom it is for: officer, head,
// supervisor, citizen.
type reminder struct {
	Move  MoveName
	Level string
	Clock Clock
	Near  bool // the last days: a long period is reminded of twice, on day 45 and then
}

// key is the same for one step of one period, whoever computes it and when.
func (r reminder) key() string {
	key := "time:" + string(r.Move) + ":" + r.Clock.Rule + ":" + r.Clock.From + ":" + r.Clock.Due
	if r.Near {
		key += ":near"
	}
	return key
}

// reminders are the steps that are due on a case now, whether or not they were made.
func (l *Law) reminders(c Case, now time.Time) []reminder {
	today := Day(now)
	var out []reminder
	for _, k := range c.Clocks {
		if k.State != ClockRunning {
			continue
		}
		if noColour(k.Rule) {
			if k.Rule != "object" && today <= k.last() && daysBetween(today, k.last()) <= windowAhead {
				out = append(out, reminder{Move: MoveWindow, Level: "citizen", Clock: k})
			}
			continue
		}
		over := daysBetween(k.Due, today)
		if over > 0 {
			out = append(out, reminder{Move: MoveOverdue, Level: "head", Clock: k})
		} else if k.Colour(today, l.Office.Settings) == "yellow" {
			out = append(out, reminder{Move: MoveRemind, Level: "officer", Clock: k, Near: -over <= l.Office.Settings.Filled().YellowDays})
		}
		if over >= escalateAfter {
			out = append(out, reminder{Move: MoveEscalate, Level: "supervisor", Clock: k})
		}
	}
	return out
}

// Sweep makes the steps that time makes: it reads the cases whose periods are near or
// over and writes each reminder once, with its notices. Run it as often as you like,
// in as many processes; it answers how many it wrote. A case that somebody changes
// meanwhile is left to the next sweep.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	lists := []Query{{Open: true, Order: "due", Limit: 100}}
	for _, status := range inWindow {
		lists = append(lists, Query{Status: status, Order: "due", Limit: 100})
	}
	return s.sweepAll(ctx, s.law.reminders, lists)
}

// SweepUnclaimed brings up the cases that nobody took, as Sweep does what time makes.
func (s *Service) SweepUnclaimed(ctx context.Context) (int, error) {
	return s.sweepAll(ctx, s.law.unclaimed, []Query{{Open: true, Order: "due", Limit: 100}})
}

// steps are what time makes of a case now.
type steps func(c Case, now time.Time) []reminder

func (s *Service) sweepAll(ctx context.Context, due steps, lists []Query) (int, error) {
	now, wrote := s.now(), 0
	scope := s.law.everything()
	until := addDays(Day(now), lookAhead)
	for _, q := range lists {
		n, err := s.sweep(ctx, scope, q, until, now, due)
		wrote += n
		if err != nil {
			return wrote, failed(err, "sweep")
		}
	}
	return wrote, nil
}

// sweep goes through one list. Answered cases have no due date of the office and are
// read to the end, the others only as far as something can be due.
func (s *Service) sweep(ctx context.Context, scope Scope, q Query, until string, now time.Time, due steps) (int, error) {
	wrote := 0
	for {
		records, after, err := s.store.List(ctx, scope, q)
		if err != nil {
			return wrote, err
		}
		for _, r := range records {
			if q.Open && (r.Due == "" || r.Due > until) {
				return wrote, nil
			}
			n, err := s.remind(ctx, r, now, due)
			wrote += n
			if err != nil {
				return wrote, err
			}
		}
		if after == "" {
			return wrote, nil
		}
		q.After = after
	}
}

func (s *Service) remind(ctx context.Context, r Record, now time.Time, due steps) (int, error) {
	wrote := 0
	for _, step := range due(r.Case, now) {
		key := hex.EncodeToString(s.hash("move", step.key())[:16])
		if slices.Contains(r.Keys, key) {
			continue
		}
		c := s.law.reminded(r.Case, step, now)
		next := s.record(r, c)
		next.Keys = append(slices.Clone(r.Keys), key)
		version, err := s.store.Save(ctx, next, s.notices(r.Case, c, now))
		if errors.Is(err, Fail(Conflict, "case.changed")) {
			return wrote, nil
		}
		if err != nil {
			return wrote, err
		}
		next.Case.Version = version
		r, wrote = next, wrote+1
	}
	return wrote, nil
}

func (l *Law) reminded(c Case, r reminder, now time.Time) Case {
	c = c.clone()
	args := map[string]string{"rule": r.Clock.Rule, "due": r.Clock.last(), "level": r.Level}
	if r.Move == MoveUnclaimed {
		args = map[string]string{"level": r.Level, "minutes": itoa(l.workMinutes(c.Since, now))}
	}
	if r.Clock.Article != "" {
		args["article"] = r.Clock.Article
	}
	c.Timeline = append(c.Timeline, Entry{
		Seq: len(c.Timeline) + 1, At: now, Move: r.Move, Public: r.Move == MoveOverdue || r.Move == MoveWindow,
		By: "system", Unit: c.Unit, Args: args, From: c.Status, To: c.Status,
	})
	return c
}

// unclaimedLevels are whom a case nobody took is brought before, and after how many
// times Settings.UnclaimedMinutes.
var unclaimedLevels = []struct {
	level string
	times int
}{{"officer", 1}, {"head", 2}, {"supervisor", 4}}

// unclaimed is the reminder that is due on a case because nobody took it: of several at
// once, as after a standstill, the furthest, which all the earlier ones' readers get too.
func (l *Law) unclaimed(c Case, now time.Time) []reminder {
	if c.Officer != "" || !slices.Contains(running, c.Status) || c.touched() {
		return nil
	}
	limit := l.Office.Settings.Filled().UnclaimedMinutes
	waited := l.workMinutes(c.Since, now)
	var out []reminder
	for _, s := range unclaimedLevels {
		if waited >= limit*s.times {
			out = append(out[:0], reminder{Move: MoveUnclaimed, Level: s.level, Clock: Clock{Rule: "untaken", From: c.Since.UTC().Format(time.RFC3339), Due: s.level}})
		}
	}
	return out
}

// touched reports whether somebody of the unit has done anything since it came.
func (c *Case) touched() bool {
	return slices.ContainsFunc(c.Timeline, func(e Entry) bool { return e.Staff != "" && e.By == c.Unit && !e.At.Before(c.Since) })
}
