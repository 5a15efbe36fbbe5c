package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// chore is something time asks for. It answers how much it did.
type chore func(ctx context.Context) (int, error)

// sweep has time make its steps until ctx ends: once a minute periods that near
// their end or are over, and cases that nobody took; once an hour what need not be
// kept any longer. Several replicas may do it at once.
func (h *house) sweep(ctx context.Context) error {
	var minute, hour []chore
	if h.service != nil {
		minute = append(minute, h.service.Sweep, h.service.SweepUntaken, h.index, h.spoilt())
		hour = append(hour, h.service.Retiring().Retire, h.service.Tidy)
	}
	if h.desk != nil && !h.keepsForOthers() {
		minute = append(minute, h.digests())
	}
	// Redis forgets sessions by itself.
	if p, ok := h.conv.(interface {
		Purge(ctx context.Context, now time.Time) (int, error)
	}); ok {
		hour = append(hour, func(ctx context.Context) (int, error) { return p.Purge(ctx, time.Now()) })
	}
	var g errgroup.Group
	if h.store != nil {
		g.Go(func() error { return h.tellIndexing(ctx) })
	}
	g.Go(func() error { return h.every(ctx, time.Minute, minute) })
	g.Go(func() error { return h.every(ctx, time.Hour, hour) })
	return g.Wait()
}

func (h *house) every(ctx context.Context, pause time.Duration, chores []chore) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		for _, do := range chores {
			n, err := do(ctx)
			if err != nil && ctx.Err() == nil {
				h.log.Warn("do what time asks for", "err", err)
			}
			if n > 0 {
				h.log.Info("time made its steps", "number", n)
				h.runner.Wake()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// spoilt says which cases can't be read, once for each.
func (h *house) spoilt() chore {
	told := 0
	return func(context.Context) (int, error) {
		numbers := h.store.Spoilt()
		if len(numbers) > told {
			told = len(numbers)
			h.log.Error("cases that can't be read are passed by: their rows are damaged, a backup has them", "cases", numbers)
		}
		return 0, nil
	}
}

// index readies new cases for searching, so that the first search need not.
func (h *house) index(ctx context.Context) (int, error) { return 0, h.store.Index(ctx) }
