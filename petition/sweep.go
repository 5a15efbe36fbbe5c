package petition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	escalateAfter = 3 // days
	windowAhead   = 5 // days
	lookAhead     = 16
)

// reminder is one step that is due. Level says whom it is for: officer, head,
// supervisor, citizen, lead = the leader of a hard case, plan = them and who has a step of its plan
// to do, whose PlanStep.ID is then Clock.From.
type reminder struct {
	Move  MoveName
	Level string
	Clock Clock
	Draft Draft // of MoveUnsigned
	Near  bool  // the last days: a long period is reminded of twice, on day 45 and then
}

// key is the same for one step of one period, whoever computes it and when.
func (r reminder) key() string {
	key := "time:" + string(r.Move) + ":" + r.Clock.Rule + ":" + r.Clock.From + ":" + r.Clock.Due
	if r.Near {
		key += ":near"
	}
	return key
}

// threshold is a reminder and the days on which it is due.
type threshold struct {
	reminder
	from, until string // civil dates, both included; until "" = for ever
}

// thresholds are those of a case's running periods, whether or not the reminders were
// made. What is due now and when to look next are both read off here.
func (l *Law) thresholds(c Case) []threshold {
	var all []threshold
	for _, k := range c.Clocks {
		switch {
		case k.State != ClockRunning || k.Rule == "object":
		case k.Rule == "lead_progress": // a leader is reminded, and no colour of the case is at stake
			all = append(all,
				threshold{reminder{Move: MoveRemind, Level: "lead", Clock: k}, addDays(k.Due, 1), ""},
				threshold{reminder{Move: MoveRemind, Level: "lead", Clock: k, Near: true}, addDays(k.Due, 1+daysBetween(k.From, k.Due)), ""})
		case noColour(k.Rule):
			all = append(all, threshold{reminder{Move: MoveWindow, Level: "citizen", Clock: k}, addDays(k.last(), -windowAhead), k.last()})
		default:
			yellow := k.yellowFrom(l.Office.Settings)
			near := addDays(k.Due, -l.Office.Settings.Filled().YellowDays)
			all = append(all,
				threshold{reminder{Move: MoveRemind, Level: "officer", Clock: k}, yellow, min(k.Due, addDays(near, -1))},
				threshold{reminder{Move: MoveRemind, Level: "officer", Clock: k, Near: true}, max(yellow, near), k.Due},
				threshold{reminder{Move: MoveOverdue, Level: "head", Clock: k}, addDays(k.Due, 1), ""},
				threshold{reminder{Move: MoveEscalate, Level: "supervisor", Clock: k}, addDays(k.Due, escalateAfter), ""})
		}
	}
	for _, p := range c.openSteps() {
		all = append(all, threshold{reminder{Move: MoveRemind, Level: "plan", Clock: Clock{Rule: "plan_step", From: itoa(p.ID), Due: p.Due}}, addDays(p.Due, 1), ""})
	}
	return all
}

// reminders are the steps that are due on a case now, whether or not they were made.
func (l *Law) reminders(c Case, now time.Time) []reminder {
	today := Day(now)
	var out []reminder
	for _, t := range l.thresholds(c) {
		if today >= t.from && (t.until == "" || today <= t.until) {
			out = append(out, t.reminder)
		}
	}
	return out
}

// sweeping is one kind of steps that time makes.
type sweeping struct {
	kind string
	due  func(l *Law, c Case, now time.Time) []reminder // whether or not they were made

	// next is when the first of those not made comes, and may be past; the zero time when none does,
	// as long as neither the case nor the rules change. False when the case has none of the kind.
	next func(l *Law, c Case, made func(reminder) bool, now time.Time) (time.Time, bool)

	windows bool // looks at all answered cases, too
	always  bool // looks at every case, whatever its status and periods
}

var (
	sweepReminders  = sweeping{kind: "reminders", due: (*Law).reminders, next: (*Law).nextReminder, windows: true}
	sweepUnclaimed  = sweeping{kind: "unclaimed", due: (*Law).unclaimed, next: (*Law).nextUnclaimed}
	sweepUnattended = sweeping{kind: "urgent", due: (*Law).unattended, next: (*Law).nextUnattended, always: true}
	sweepUnsigned   = sweeping{kind: "sign", due: (*Law).unsigned, next: (*Law).nextUnsigned, always: true}
)

func (l *Law) nextReminder(c Case, made func(reminder) bool, now time.Time) (next time.Time, has bool) {
	today := Day(now)
	for _, t := range l.thresholds(c) {
		has = true
		if t.until != "" && t.until < today || made(t.reminder) {
			continue
		}
		if at := startOf(t.from); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, has
}

// startOf is midnight at the beginning of a civil date.
func startOf(day string) time.Time {
	t, err := time.ParseInLocation(dateLayout, day, shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// lookFrom is the first day on which steps of time are made on a case; false when they
// never are. An answered case has no due date of the office, only the citizen's window; that of
// the leader's next note is none of the office's either.
func (k sweeping) lookFrom(r *Record) (string, bool) {
	if k.always || k.windows && (slices.Contains(inWindow, r.Case.Status) || r.Case.fact(factLead) != "") {
		return "", true
	}
	return addDays(r.Due, -lookAhead), r.Open && r.Due != ""
}

// checks says when a record is to be looked at next.
func (s *Service) checks(r *Record, now time.Time) (all []Check) {
	made := func(step reminder) bool { return slices.Contains(r.Keys, s.stepKey(step)) }
	for _, k := range []sweeping{sweepReminders, sweepUnclaimed, sweepUnattended, sweepUnsigned} {
		from, looks := k.lookFrom(r)
		if !looks {
			continue
		}
		next, has := k.next(s.law, r.Case, made, now)
		if !has {
			continue
		}
		if next.IsZero() {
			next = never
		}
		if from != "" {
			next = later(next, startOf(from))
		}
		all = append(all, Check{Kind: k.kind, Rules: s.sweepRules(), At: next})
	}
	return all
}

// never is when a case is looked at again while its rules stay.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// fingerprint tells apart everything but the case itself that steps of time depend on.
func (l *Law) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, rules, unclaimedLevels, escalateAfter, windowAhead, lookAhead, inWindow, running)
	fmt.Fprintln(h, l.Office.Settings.Filled(), l.Office.Open, l.Office.Close, l.Calendar.Version())
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// sweepRules names the rules by which checks are computed now. They change with the
// office's settings and calendar, with this program, and when the clock was set back:
// what was over then may come again.
func (s *Service) sweepRules() string { return s.fingerprint + "." + itoa(int(s.setBack.Load())) }

// Sweep makes the steps that time makes: it looks at the cases that have come to a
// threshold of a period since the last sweep and writes each reminder once, with its notices.
// Run it as often as you like, in as many processes; it answers how many it wrote. A case
// that somebody changes meanwhile is left to the next sweep. After a change of the rules
// every case is looked at, maxStale in one sweep.
func (s *Service) Sweep(ctx context.Context) (int, error) { return s.sweep(ctx, sweepReminders) }

// SweepUnclaimed brings up the cases that nobody took, as Sweep does what time makes.
func (s *Service) SweepUnclaimed(ctx context.Context) (int, error) {
	return s.sweep(ctx, sweepUnclaimed)
}

// SweepUnattended brings up the dangers that nobody took in hand, as Sweep does what time
// makes. Run it every minute: its periods are minutes.
func (s *Service) SweepUnattended(ctx context.Context) (int, error) {
	return s.sweep(ctx, sweepUnattended)
}

// SweepUnsigned brings up the drafts that wait to be signed, as Sweep does what time makes.
func (s *Service) SweepUnsigned(ctx context.Context) (int, error) {
	return s.sweep(ctx, sweepUnsigned)
}

func (s *Service) sweep(ctx context.Context, k sweeping) (int, error) {
	now := s.now()
	n, err := s.store.SetBack(ctx, now)
	if err != nil {
		return 0, failed(err, "sweep")
	}
	s.setBack.Store(int64(n))
	wrote := 0
	for _, stale := range []bool{false, true} {
		n, err := s.sweepChecks(ctx, k, CheckQuery{Kind: k.kind, Rules: s.sweepRules(), Until: now, Stale: stale, Limit: 100}, now)
		wrote += n
		if err != nil {
			return wrote, failed(err, "sweep")
		}
	}
	return wrote, nil
}

// maxStale is how many cases with checks by other rules one sweep looks at: some ten
// seconds of one core.
const maxStale = 10_000

func (s *Service) sweepChecks(ctx context.Context, k sweeping, q CheckQuery, now time.Time) (wrote int, err error) {
	for read := 0; !q.Stale || read < maxStale; read += q.Limit {
		records, after, err := s.store.Checks(ctx, q)
		if err != nil {
			return wrote, err
		}
		var idle []Record
		for _, r := range records {
			n, err := s.remind(ctx, r, now, k)
			if err != nil {
				return wrote + n, err
			}
			if wrote += n; n == 0 {
				r.Checks = s.checks(&r, now)
				idle = append(idle, r)
			}
		}
		if err := s.store.PutChecks(ctx, idle); err != nil || after == "" {
			return wrote, err
		}
		q.After = after
	}
	return wrote, nil
}

// stepKey is kept in Record.Keys when a step was made.
func (s *Service) stepKey(step reminder) string { return s.short("move", step.key()) }

func (s *Service) remind(ctx context.Context, r Record, now time.Time, k sweeping) (int, error) {
	if from, looks := k.lookFrom(&r); !looks || Day(now) < from {
		return 0, nil
	}
	wrote := 0
	for _, step := range k.due(s.law, r.Case, now) {
		key := s.stepKey(step)
		if slices.Contains(r.Keys, key) {
			continue
		}
		c := s.law.reminded(r.Case, step, now)
		next := s.record(r, c, now, key)
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
	if r.Move == MoveUnattended {
		args = map[string]string{"level": r.Level, "minutes": itoa(int(now.Sub(moment(c.fact(factAlarmed))).Minutes()))}
		if r.Level == "supervisor" && c.Filing.Class != Report { // a report stays with its named officers (Art 30)
			c.setFact(factDuty, l.Office.DutyOffice)
		}
	}
	if r.Move == MoveUnsigned {
		args = r.Draft.args()
		args["level"] = r.Level
	}
	words := ""
	if i, err := strconv.Atoi(r.Clock.From); r.Level == "plan" && err == nil {
		args = map[string]string{"level": r.Level, "step": r.Clock.From, "due": r.Clock.Due, "unit": c.Plan[i-1].Unit}
		words = c.Plan[i-1].Words
	}
	if r.Clock.Article != "" {
		args["article"] = r.Clock.Article
	}
	if r.Clock.Provisional {
		args[argProvisional] = "yes"
	}
	c.Timeline = append(c.Timeline, Entry{
		Seq: len(c.Timeline) + 1, At: now, Move: r.Move, Public: r.Move == MoveOverdue || r.Move == MoveWindow,
		By: "system", Unit: c.Unit, Text: words, Args: args, From: c.Status, To: c.Status,
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
			out = append(out[:0], c.unclaimedAt(s.level))
		}
	}
	return out
}

// nextUnclaimed goes by the moments at which the levels are reached: one that is not made
// before the next is reached is passed over.
func (l *Law) nextUnclaimed(c Case, made func(reminder) bool, now time.Time) (next time.Time, has bool) {
	if c.Officer != "" || !slices.Contains(running, c.Status) || c.touched() {
		return next, false
	}
	limit, until := l.Office.Settings.Filled().UnclaimedMinutes, time.Time{}
	for _, s := range slices.Backward(unclaimedLevels) {
		at := l.afterWorkMinutes(c.Since, limit*s.times)
		if !at.IsZero() && !made(c.unclaimedAt(s.level)) && (until.IsZero() || until.After(now)) {
			next = at
		}
		until = at
	}
	return next, true
}

// unclaimedAt is the reminder of one level.
func (c *Case) unclaimedAt(level string) reminder {
	return reminder{Move: MoveUnclaimed, Level: level, Clock: Clock{Rule: "untaken", From: c.Since.UTC().Format(time.RFC3339), Due: level}}
}

// touched reports whether somebody of the unit has done anything since it came.
func (c *Case) touched() bool {
	return slices.ContainsFunc(c.Timeline, func(e Entry) bool { return e.Staff != "" && e.By == c.Unit && !e.At.Before(c.Since) })
}
