package petition

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// caseMap is as much of a Store as sweeps need.
type caseMap struct {
	Store
	records map[string]Record
	latest  time.Time
	setBack int
}

func (m *caseMap) Save(_ context.Context, r Record, _ []Notice) (int64, error) {
	if m.records[r.Case.Number].Case.Version != r.Case.Version {
		return 0, Fail(Conflict, "case.changed")
	}
	r.Case.Version++
	m.records[r.Case.Number] = r
	return r.Case.Version, nil
}

func (m *caseMap) Checks(_ context.Context, q CheckQuery) ([]Record, string, error) {
	var all []string
	for _, r := range m.records {
		for _, c := range r.Checks {
			if c.Kind == q.Kind && (q.Stale && c.Rules != q.Rules || !q.Stale && c.Rules == q.Rules && !c.At.After(q.Until)) {
				all = append(all, fmt.Sprintf("%s %015d %s", c.Rules, c.At.UnixMilli(), r.Case.Number))
			}
		}
	}
	slices.Sort(all)
	all = slices.DeleteFunc(all, func(at string) bool { return at <= q.After })
	after := ""
	if len(all) > q.Limit {
		all = all[:q.Limit]
		after = all[q.Limit-1]
	}
	var records []Record
	for _, at := range all {
		records = append(records, m.records[at[strings.LastIndexByte(at, ' ')+1:]])
	}
	return records, after, nil
}

func (m *caseMap) PutChecks(_ context.Context, records []Record) error {
	for _, r := range records {
		if m.records[r.Case.Number].Case.Version == r.Case.Version {
			m.records[r.Case.Number] = r
		}
	}
	return nil
}

func (m *caseMap) SetBack(_ context.Context, now time.Time) (int, error) {
	if now.Before(m.latest.Add(-time.Hour)) {
		m.setBack, m.latest = m.setBack+1, now
	}
	m.latest = later(m.latest, now)
	return m.setBack, nil
}

// scan is a sweep that reads every case there is: what the sweep by thresholds must equal.
// Reminders are worked out here from the days that are left and not from a table.
func scan(t *testing.T, s *Service, m *caseMap, k sweeping) (wrote int) {
	t.Helper()
	now := s.now()
	for _, r := range m.records {
		inList := k.windows && (r.Case.Status == Replied || r.Case.Status == Reviewed || r.Case.fact(factLead) != "")
		if !inList && (!r.Open || r.Due == "" || r.Due > addDays(Day(now), lookAhead)) {
			continue
		}
		steps := k.due(s.law, r.Case, now)
		if k.kind == "reminders" {
			steps = byDaysLeft(s.law, r.Case, now)
		}
		for _, step := range steps {
			if slices.Contains(r.Keys, s.stepKey(step)) {
				continue
			}
			next := s.record(r, s.law.reminded(r.Case, step, now), now, s.stepKey(step))
			v, err := m.Save(t.Context(), next, nil)
			if err != nil {
				t.Fatal(err)
			}
			next.Case.Version = v
			r, wrote = next, wrote+1
		}
	}
	return wrote
}

// byDaysLeft are the reminders due on a case, by the days that are left of each period.
func byDaysLeft(l *Law, c Case, now time.Time) (out []reminder) {
	today, s := Day(now), l.Office.Settings.Filled()
	for _, k := range c.Clocks {
		left := daysBetween(today, k.Due)
		switch {
		case k.State != ClockRunning:
		case k.Rule == "lead_progress":
			for n := range 2 {
				if left < -n*daysBetween(k.From, k.Due) {
					out = append(out, reminder{Move: MoveRemind, Level: "lead", Clock: k, Near: n > 0})
				}
			}
		case noColour(k.Rule):
			if k.Rule != "object" && today <= k.last() && daysBetween(today, k.last()) <= 5 {
				out = append(out, reminder{Move: MoveWindow, Level: "citizen", Clock: k})
			}
		case left < 0:
			out = append(out, reminder{Move: MoveOverdue, Level: "head", Clock: k})
			if left <= -3 {
				out = append(out, reminder{Move: MoveEscalate, Level: "supervisor", Clock: k})
			}
		case left <= s.YellowDays && daysBetween(k.From, k.Due) > s.YellowDays, left <= 1 && today > k.From,
			k.Rule == "handle" && daysBetween(k.From, today) >= s.YellowDay:
			out = append(out, reminder{Move: MoveRemind, Level: "officer", Clock: k, Near: left <= s.YellowDays})
		}
	}
	return out
}

// sweptWorld is an office whose cases live at random, swept by thresholds in one store and
// by reading every case in another.
type sweptWorld struct {
	t             *testing.T
	r             *rand.Rand
	now           time.Time
	by, whole     *Service
	stored, every *caseMap
}

// restart takes up new settings and another calendar, as a program that is started anew.
func (w *sweptWorld) restart() {
	o := *town()
	o.Settings.YellowDays = 1 + w.r.IntN(8)
	o.Settings.YellowDay = 10 + w.r.IntN(45)
	o.Settings.UnclaimedMinutes = []int{30, 120, 1000, 100_000}[w.r.IntN(4)]
	o.Open, o.Close = []string{"08:00", "09:30"}[w.r.IntN(2)], []string{"17:00", "18:00"}[w.r.IntN(2)]
	start := func(m *caseMap) *Service {
		return NewService(m, &o, DefaultCalendar(), keyOf, func() time.Time { return w.now }, func() string { return "id" }, nil)
	}
	w.by, w.whole = start(w.stored), start(w.every)
}

func TestSweepFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		w := &sweptWorld{t: t, r: rand.New(rand.NewPCG(seed, 3)), stored: &caseMap{records: map[string]Record{}}, every: &caseMap{records: map[string]Record{}}}
		w.now = time.Date(2026, 1, 6, 9, 0, 0, 0, shanghai).AddDate(0, 0, w.r.IntN(300))
		w.restart()
		people := townspeople()
		for n := range 12 {
			w.open(n)
		}
		made := 0
		for range 60 {
			switch w.r.IntN(10) {
			case 0:
				w.restart()
			case 1: // the clock was wrong for a while
				w.now = w.now.AddDate(0, 0, w.r.IntN(60)-30)
			default:
				w.now = w.now.Add(time.Duration(w.r.IntN(5*24*60)) * time.Minute * time.Duration(w.r.IntN(3)))
			}
			for range w.r.IntN(4) {
				w.move(people)
			}
			made += w.sweep()
			if t.Failed() {
				t.Fatalf("seed %d, at %v", seed, w.now)
			}
		}
		if seed == 0 && made < 20 {
			t.Errorf("only %d steps made: the test tests nothing", made)
		}
	}
}

func (w *sweptWorld) open(n int) {
	f := Filing{Owner: "me", Class: []Class{Claim, Claim, Suggestion, Report}[w.r.IntN(4)], Facts: "x"}
	c, err := w.by.law.Open(f, Actor{Owner: "me"}, fmt.Sprint(n), FormatNumber("ZS", 2026, n+1), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	for s, m := range map[*Service]*caseMap{w.by: w.stored, w.whole: w.every} {
		m.records[c.Number] = s.record(Record{}, c, w.now)
	}
}

// move makes the same lawful move on a case of both stores.
func (w *sweptWorld) move(people []Actor) {
	number := FormatNumber("ZS", 2026, 1+w.r.IntN(12))
	l := &life{t: w.t, law: w.by.law, people: people, r: w.r, now: w.now, c: w.stored.records[number].Case}
	a := l.somebody()
	offered := l.law.Possible(l.c, a, w.now)
	if len(offered) == 0 {
		return
	}
	m := l.fill(l.choose(offered), a)
	for s, store := range map[*Service]*caseMap{w.by: w.stored, w.whole: w.every} {
		r := store.records[number]
		next, err := s.law.Apply(r.Case, a, m, w.now)
		if err != nil {
			return
		}
		if _, err := store.Save(w.t.Context(), s.record(r, next, w.now), nil); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *sweptWorld) sweep() (wrote int) {
	for _, k := range []sweeping{sweepReminders, sweepUnclaimed} {
		got, err := w.by.sweep(w.t.Context(), k)
		if err != nil {
			w.t.Fatal(err)
		}
		if want := scan(w.t, w.whole, w.every, k); got != want {
			w.t.Errorf("%s: %d steps by thresholds, %d by reading every case", k.kind, got, want)
		}
		wrote += got
		for _, stale := range []bool{false, true} {
			left, _, err := w.stored.Checks(w.t.Context(), CheckQuery{Kind: k.kind, Rules: w.by.sweepRules(), Until: w.now, Stale: stale, Limit: 100})
			if err != nil || len(left) > 0 {
				w.t.Errorf("%s: %d cases would be looked at again at once (%v)", k.kind, len(left), err)
			}
		}
	}
	for number, r := range w.every.records {
		if a, b := said(w.stored.records[number]), said(r); a != b {
			w.t.Errorf("%s\n by thresholds: %s\n reading all:   %s", number, a, b)
		}
	}
	return wrote
}

func said(r Record) string {
	var b strings.Builder
	for _, e := range r.Case.Timeline {
		fmt.Fprintln(&b, e.Seq, e.At, e.Move, e.Args, e.Public)
	}
	return b.String()
}

// keyOf stands for a keyed hash.
func keyOf(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + "\x00" + value))
	return h[:]
}
