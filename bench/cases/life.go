package main

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"syscall"
	"time"

	"dengwen/internal/test/signoff"
	"dengwen/petition"

	"github.com/google/uuid"
)

// calls are what a life is made of.
var calls = []string{"create", "transfer/assign", "accept", "answer", "find number", "find rare word", "find common words"}

// result is what a measurement found.
type result struct {
	lives   int
	took    time.Duration
	cpu     time.Duration // of this process: client, server and SQLite
	theirs  time.Duration // of PostgreSQL
	perCall map[string][]time.Duration
}

// firstLives are lived before the clock runs: after them a search for common words finds
// a full page in every store, as it never would in an empty one.
const firstLives = 1500

func (s *caseServer) warm(ctx context.Context, callers int) error {
	for lived := 0; lived < firstLives; {
		r, err := s.measure(ctx, time.Second, callers)
		if err != nil {
			return err
		}
		lived += r.lives
	}
	return nil
}

func (s *caseServer) measure(ctx context.Context, length time.Duration, callers int) (result, error) {
	r := result{perCall: map[string][]time.Duration{}}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began, before, theirs := time.Now(), processor(), s.theirs()
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range callers {
		wg.Go(func() {
			for time.Since(began) < length && ctx.Err() == nil {
				took, err := s.live(ctx)
				if err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				r.lives++
				for i, d := range took {
					r.perCall[calls[i]] = append(r.perCall[calls[i]], d)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	r.took, r.cpu, r.theirs = time.Since(began), processor()-before, s.theirs()-theirs
	return r, context.Cause(ctx)
}

// live takes one petition through its life and answers how long each call took.
func (s *caseServer) live(ctx context.Context) ([]time.Duration, error) {
	n := int(s.lives.Add(1))
	owner := petition.Actor{Owner: fmt.Sprintf("bench:%d", n)}
	f := s.writer.FilingOf(petition.Claim, n)
	// Two characters side by side that nobody else writes.
	rare := string([]rune{rune(0x4e00 + n*7919%20000), rune(0x4e00 + n*104729%19997)})
	f.Key, f.Owner, f.Facts = uuid.NewString(), owner.Owner, f.Facts+"联系人"+rare+"。"
	place := s.office.Places[n%len(s.office.Places)]
	clerk := petition.Actor{Staff: "s-clerk", Unit: s.office.Unit, Roles: []petition.Role{petition.Intake}, Reason: "bench"}
	officer := petition.Actor{Staff: "s-" + place.Unit, Unit: place.Unit, Roles: []petition.Role{petition.Officer}}
	var number string
	send := petition.Move{Name: petition.MoveTransfer, Unit: place.Unit}
	if n%4 == 0 {
		send = petition.Move{Name: petition.MoveAssign, Unit: place.Unit, Date: petition.Day(time.Now().AddDate(0, 0, 30))}
	}
	find := func(words string) func() error {
		return func() error {
			p, err := s.client.List(ctx, clerk, petition.Query{Words: words, Order: "new", Limit: 5})
			if err == nil && len(p.Items) == 0 {
				return fmt.Errorf("nothing found for %q", words)
			}
			return err
		}
	}
	steps := []func() error{
		func() error { t, err := s.client.File(ctx, owner, f); number = t.Number; return err },
		func() error { return s.do(ctx, clerk, number, send) },
		func() error { return s.do(ctx, officer, number, petition.Move{Name: petition.MoveAccept}) },
		func() error { return s.do(ctx, officer, number, opinion) },
		func() error { _, err := s.client.Look(ctx, owner, number, ""); return err },
		find(rare),
		find(string([]rune(f.Title)[:2]) + " " + f.Place.Text[:len("营盘")]),
	}
	took := make([]time.Duration, 0, len(steps))
	for i, step := range steps {
		began := time.Now()
		if err := step(); err != nil {
			return nil, fmt.Errorf("%s: %w", calls[i], err)
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

var opinion = petition.Move{
	Name: petition.MoveReply, Text: "已安排施工，本月内完成。",
	Args: map[string]string{"request": "请求把路修好", "facts": "到现场看过，情况属实", "basis": "《信访工作条例》第三十二条", "outcome": "support"},
}

func (s *caseServer) do(ctx context.Context, a petition.Actor, number string, m petition.Move) error {
	m.Key = uuid.NewString()
	_, err := signoff.Do(ctx, s.client, a, number, m)
	return err
}

func (r *result) add(o result) {
	if r.perCall == nil {
		r.perCall = map[string][]time.Duration{}
	}
	r.lives, r.took, r.cpu, r.theirs = r.lives+o.lives, r.took+o.took, r.cpu+o.cpu, r.theirs+o.theirs
	for name, d := range o.perCall {
		r.perCall[name] = append(r.perCall[name], d...)
	}
}

// print says lives a second, the processor's time for a life, and what each call took, beside the
// first size.
func (r result) print(size int, first result) {
	perLife := func(d time.Duration, r result) float64 { return float64(d.Microseconds()) / 1000 / float64(r.lives) }
	all, was := perLife(r.cpu+r.theirs, r), perLife(first.cpu+first.theirs, first)
	fmt.Printf("  beside %d cases: %.0f lives/s (%d in %v); ms of the processor a life %.2f, of them the database server's %.2f (%+.0f %%); load %s\n",
		size, float64(r.lives)/r.took.Seconds(), r.lives, r.took.Round(time.Second), all, perLife(r.theirs, r), 100*(all/was-1), load())
	fmt.Printf("    %-18s %9s %9s %9s %9s\n", "ms", "p50", "p95", "mean", "growth")
	for _, name := range calls {
		d, was := r.perCall[name], first.perCall[name]
		sort.Slice(d, func(i, j int) bool { return d[i] < d[j] })
		fmt.Printf("    %-18s %9.2f %9.2f %9.2f %+8.0f%%\n", name, ms(d[len(d)/2]), ms(d[len(d)*95/100]), ms(mean(d)), 100*(ms(mean(d))/ms(mean(was))-1))
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func mean(d []time.Duration) (m time.Duration) {
	for v := range slices.Values(d) {
		m += v
	}
	return m / time.Duration(max(len(d), 1))
}

// processor is what this process has used, client and server together.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
