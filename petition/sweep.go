package petition

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

// Steps that time makes by itself. They are entries of the timeline, written once for
// each period by whichever process sweeps first.
const (
	MoveRemind   MoveName = "remind"    // a period turns yellow: to the officer
	MoveOverdue  MoveName = "overdue"   // it is over: to the unit's head, and the citizen is told
	MoveEscalate MoveName = "escalate"  // three days later: to the head of the petition office
	MoveWindow   MoveName = "last_days" // a citizen's window ends within five days
)

const (
	escalateAfter = 3 // days
	windowAhead   = 5 // days
	lookAhead     = 16
)

// Reminder is one step that is due. Level says whom it is for: officer, head,
// supervisor, citizen.
type Reminder struct {
	Move  MoveName
	Level string
	Clock Clock
	Near  bool // the last days: a long period is reminded of twice, on day 45 and then
}

// key is the same for one step of one period, whoever computes it and when.
func (r Reminder) key() string {
	key := "time:" + string(r.Move) + ":" + r.Clock.Rule + ":" + r.Clock.From + ":" + r.Clock.Due
	if r.Near {
		key += ":near"
	}
	return key
}

// Reminders are the steps that are due on a case now, whether or not they were made.
func (l *Law) Reminders(c Case, now time.Time) []Reminder {
	today := Day(now)
	var out []Reminder
	for _, k := range c.Clocks {
		if k.State != ClockRunning {
			continue
		}
		if noColour(k.Rule) {
			if k.Rule != "object" && today <= k.Last() && daysBetween(today, k.Last()) <= windowAhead {
				out = append(out, Reminder{Move: MoveWindow, Level: "citizen", Clock: k})
			}
			continue
		}
		over := daysBetween(k.Due, today)
		if over > 0 {
			out = append(out, Reminder{Move: MoveOverdue, Level: "head", Clock: k})
		} else if k.Colour(today, l.Office.Settings) == "yellow" {
			out = append(out, Reminder{Move: MoveRemind, Level: "officer", Clock: k, Near: -over <= l.Office.Settings.Filled().YellowDays})
		}
		if over >= escalateAfter {
			out = append(out, Reminder{Move: MoveEscalate, Level: "supervisor", Clock: k})
		}
	}
	return out
}

// Sweep makes the steps that time makes: it reads the cases whose periods are near or
// over and writes each reminder once, with its notices. Run it as often as you like,
// in as many processes; it answers how many it wrote. A case that somebody changes
// meanwhile is left to the next sweep.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	return s.sweepAll(ctx, s.law.Reminders, []Query{
		{Open: true, Order: "due", Limit: 100}, {Status: Replied, Order: "due", Limit: 100}, {Status: Reviewed, Order: "due", Limit: 100},
	})
}

// SweepUnclaimed brings up the cases that nobody took, as Sweep does what time makes.
func (s *Service) SweepUnclaimed(ctx context.Context) (int, error) {
	return s.sweepAll(ctx, s.law.Unclaimed, []Query{{Open: true, Order: "due", Limit: 100}})
}

// steps are what time makes of a case now.
type steps func(c Case, now time.Time) []Reminder

func (s *Service) sweepAll(ctx context.Context, due steps, lists []Query) (int, error) {
	now, wrote := s.now(), 0
	scope := Scope{All: true}
	for _, u := range s.law.Office.Units {
		scope.SealedUnits = append(scope.SealedUnits, u.Code)
	}
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

func (l *Law) reminded(c Case, r Reminder, now time.Time) Case {
	c = c.clone()
	args := map[string]string{"rule": r.Clock.Rule, "due": r.Clock.Last(), "level": r.Level}
	if r.Move == MoveUntaken {
		args = map[string]string{"level": r.Level, "minutes": itoa(l.WorkMinutes(c.Since, now))}
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
