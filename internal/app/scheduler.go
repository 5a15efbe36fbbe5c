package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// job is a periodic task. It answers how many things it did. Every replica runs it, so it
// must be safe to run twice at once.
type job func(ctx context.Context) (int, error)

// schedule runs the periodic jobs until ctx ends: every minute reminders of danger
// that nobody took in hand, of periods that are near their end or over and of cases that nobody took, digests, the index; every hour
// the erasure of what is kept no longer; every night a backup. Every replica may run it.
func (a *App) schedule(ctx context.Context) error {
	var minute, hour []job
	if a.service != nil {
		minute = append(minute, a.service.SweepUnattended, a.service.Sweep, a.service.SweepUnclaimed, a.service.SweepUnsigned, a.reportDamaged(), a.scheduleReports)
		hour = append(hour, a.service.Retiring().Retire, a.service.Cleanup, a.dropBatches)
	}
	if a.receptions != nil {
		minute = append(minute, a.remindOfReceptions)
		hour = append(hour, a.receptions.Cleanup)
	}
	if a.Store != nil {
		minute = append(minute, a.linkOld, a.checkpoint)
	}
	if a.Roster != nil && !a.chatsElsewhere() {
		minute = append(minute, a.digests(), a.tellOfDisputes)
	}
	// Redis expires sessions by itself.
	if p, ok := a.conv.(interface {
		Purge(ctx context.Context, now time.Time) (int, error)
	}); ok {
		hour = append(hour, func(ctx context.Context) (int, error) { return p.Purge(ctx, time.Now()) })
	}
	var g errgroup.Group
	if a.Store != nil {
		g.Go(func() error { return a.logIndexing(ctx) })
		g.Go(func() error { return a.Worker.Run(ctx) })
	}
	if a.Store != nil && a.Settings.BackupDir != "" {
		g.Go(func() error { return a.runEvery(ctx, time.Minute, []job{a.nightly}) })
	}
	g.Go(func() error { return a.runEvery(ctx, time.Minute, minute) })
	g.Go(func() error { return a.runEvery(ctx, time.Hour, hour) })
	return g.Wait()
}

// remindOfReceptions hands reminders of appointments to their chats; those of chats that another process
// runs wait in vain, as all that comes without being asked for there.
func (a *App) remindOfReceptions(ctx context.Context) (int, error) {
	return a.receptions.Remind(ctx, a.Runner.TellReception)
}

// dropBatches forgets batches that are old, with their files.
func (a *App) dropBatches(ctx context.Context) (int, error) {
	return a.Worker.Cleanup(ctx, a.blobs.Delete)
}

func (a *App) runEvery(ctx context.Context, pause time.Duration, jobs []job) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		for _, do := range jobs {
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

// reportDamaged logs which cases can't be read, once each.
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
