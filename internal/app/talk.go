package app

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"dengwen/handlers/terminal"
)

// RunTalk runs the terminal door until its person leaves or ctx ends, beside what serve
// runs without its listeners.
func (a *App) RunTalk(ctx context.Context, door *terminal.Door) error {
	g, run := errgroup.WithContext(ctx)
	run, over := context.WithCancel(run)
	g.Go(func() error { return ended(a.Runner.Run(run)) })
	g.Go(func() error { return ended(a.Runner.Follow(run)) })
	g.Go(func() error { return a.schedule(run) })
	g.Go(func() error {
		defer over()
		return door.Run(run, a.Runner)
	})
	g.Go(func() error {
		<-run.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Settings.StopWait)
		defer cancel()
		if err := a.Runner.Stop(last); err != nil {
			return fmt.Errorf("finish what is in hand: %w", err)
		}
		return nil
	})
	return g.Wait()
}
