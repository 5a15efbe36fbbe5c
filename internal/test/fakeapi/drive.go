package fakeapi

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Load is how citizens are let loose on a bot.
type Load struct {
	Script    *Script
	Citizens  int           // at once
	Warm      time.Duration // before measuring begins
	Measure   time.Duration // measured time; 0 = until Dialogues are done
	Dialogues int64         // stop after so many; 0 = by time
	Timeout   time.Duration // an answer later than this is lost; 0 = 10 s
	Think     time.Duration // pause of a citizen before each step
	FirstChat int64         // chat id of the first dialogue; 0 = 5,000,000,000
}

// Report is what came of a load.
type Report struct {
	Seconds   float64 // measured
	Steps     int64   // done while measuring
	PerSecond float64 // dialogues, cut ones counted by their steps
	Completed int64   // dialogues, in all
	Failed    int64   // dialogues with an answer missing or no button to press
	Doubled   int64   // messages of the bot seen twice word for word in one dialogue
	Latency   Spread  // from the update leaving for the bot to its answer
	Samples   []string
}

// driver runs one load.
type driver struct {
	s         *Server
	l         Load
	measuring atomic.Bool
	stop      atomic.Bool
	started   atomic.Int64
	steps     atomic.Int64
	completed atomic.Int64
	failed    atomic.Int64
	doubled   atomic.Int64

	mu        sync.Mutex
	latencies []time.Duration
	samples   []string
}

// Drive lets citizens walk through a script. around, which may be nil, is called
// when measuring begins and again when it ends.
func (s *Server) Drive(ctx context.Context, l Load, around func(begin bool)) Report {
	if l.Timeout == 0 {
		l.Timeout = 10 * time.Second
	}
	if l.FirstChat == 0 {
		l.FirstChat = 5_000_000_000 // beyond 32 bits, as real ids may be
	}
	if around == nil {
		around = func(bool) {}
	}
	d := &driver{s: s, l: l}
	var people sync.WaitGroup
	for range l.Citizens {
		people.Go(func() { d.walk(ctx) })
	}
	wait(ctx, l.Warm)
	around(true)
	begin, before := time.Now(), d.steps.Load()
	d.measuring.Store(true)
	if l.Measure > 0 {
		wait(ctx, l.Measure)
	} else {
		people.Wait()
	}
	d.measuring.Store(false)
	seconds, steps := time.Since(begin).Seconds(), d.steps.Load()-before
	around(false)
	d.stop.Store(true)
	people.Wait()
	return d.report(seconds, steps)
}

func (d *driver) report(seconds float64, steps int64) Report {
	return Report{
		Seconds: seconds, Steps: steps, PerSecond: float64(steps) / float64(len(d.l.Script.Steps)) / seconds,
		Completed: d.completed.Load(), Failed: d.failed.Load(), Doubled: d.doubled.Load(),
		Latency: spread(d.latencies), Samples: d.samples,
	}
}

func (d *driver) walk(ctx context.Context) {
	for !d.stop.Load() && ctx.Err() == nil {
		n := d.started.Add(1)
		if d.l.Dialogues > 0 && n > d.l.Dialogues {
			return
		}
		d.dialogue(ctx, n)
	}
}

// dialogue is one citizen's conversation in a chat of its own.
func (d *driver) dialogue(ctx context.Context, n int64) {
	c := d.s.Citizen(d.l.FirstChat + n)
	defer d.s.Forget(c.Chat.ID)
	v := vars{"n": strconv.FormatInt(n, 10)}
	for i := range d.l.Script.Steps {
		if d.stop.Load() {
			return // cut by the end of the run: neither completed nor failed
		}
		if d.l.Think > 0 {
			wait(ctx, d.l.Think)
		}
		took, err := d.step(ctx, c, &d.l.Script.Steps[i], v)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			d.fail(n, i+1, err)
			return
		}
		d.done(took)
	}
	d.completed.Add(1)
	d.doubled.Add(doubled(c.Chat.Messages()))
}

func (d *driver) done(took time.Duration) {
	d.steps.Add(1)
	if !d.measuring.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latencies = append(d.latencies, took)
}

func (d *driver) step(ctx context.Context, c *Citizen, st *Step, v vars) (time.Duration, error) {
	re, err := v.pattern(st.expect, st.Expect)
	if err != nil {
		return 0, err
	}
	if err := c.act(st, v); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.l.Timeout)
	defer cancel()
	m, err := c.expect(ctx, re)
	if err != nil {
		return 0, err
	}
	v.learn(re, m.Text)
	sent, _ := c.Chat.times()
	return max(m.At.Sub(sent), 0), nil
}

func (d *driver) fail(n int64, step int, err error) {
	d.failed.Add(1)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.samples) < 5 {
		d.samples = append(d.samples, fmt.Sprintf("dialogue %d, step %d: %v", n, step, err))
	}
}

// doubled counts new messages that say word for word what an earlier one said.
func doubled(log []Message) (n int64) {
	seen := map[string]bool{}
	for _, m := range log {
		if !m.Edited && seen[m.Text] {
			n++
		}
		seen[m.Text] = true
	}
	return n
}

func wait(ctx context.Context, t time.Duration) {
	if t <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(t):
	}
}
