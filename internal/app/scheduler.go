package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// job is something time asks for. It answers how much it did.
type job func(ctx context.Context) (int, error)

// schedule has time make its steps until ctx ends: once a minute periods that near
// their end or are over, and cases that nobody took; once an hour what need not be
// kept any longer. Several replicas may do it at once.
func (a *App) schedule(ctx context.Context) error {
	var minute, hour []job
	if a.service != nil {
		minute = append(minute, a.service.Sweep, a.service.SweepUnclaimed, a.reportDamaged())
		hour = append(hour, a.service.Retiring().Retire, a.service.Cleanup)
	}
	if a.Roster != nil && !a.keepsForOthers() {
		minute = append(minute, a.digests())
	}
	// Redis forgets sessions by itself.
	if p, ok := a.conv.(interface {
		Purge(ctx context.Context, now time.Time) (int, error)
	}); ok {
		hour = append(hour, func(ctx context.Context) (int, error) { return p.Purge(ctx, time.Now()) })
	}
	var g errgroup.Group
	if a.Store != nil {
		g.Go(func() error { return a.logIndexing(ctx) })
	}
	g.Go(func() error { return a.every(ctx, time.Minute, minute) })
	g.Go(func() error { return a.every(ctx, time.Hour, hour) })
	return g.Wait()
}

func (a *App) every(ctx context.Context, pause time.Duration, chores []job) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		for _, do := range chores {
			n, err := do(ctx)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("do what time asks for", "err", err)
			}
			if n > 0 {
				a.log.Info("time made its steps", "number", n)
				a.Runner.Wake()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// reportDamaged says which cases can't be read, once for each.
func (a *App) reportDamaged() job {
	told := 0
	return func(context.Context) (int, error) {
		numbers := a.Store.Damaged()
		if len(numbers) > told {
			told = len(numbers)
			a.log.Error("cases that can't be read are passed by: their rows are damaged, a backup has them", "cases", numbers)
		}
		return 0, nil
	}
}
