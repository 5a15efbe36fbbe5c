package app

import (
	"context"
	"log/slog"
	"time"
)

// indexingEvery is how often the log tells how far the index of words is.
const indexingEvery = 3 * time.Second

// logIndexing has the words of the cases read, as at every start of the program, and
// tells the engineer how far that is in a large store.
func (a *App) logIndexing(ctx context.Context) error {
	a.Store.StartIndexing()
	tick := time.NewTicker(indexingEvery)
	defer tick.Stop()
	logIndexing(ctx, a.log, a.Store.Indexed, tick.C)
	return nil
}

// indexed counts the cases whose words are read, and all.
type indexed func() (read, all int, filled bool)

// logIndexing says at every tick how much is read, and nothing where all is at the first.
func logIndexing(ctx context.Context, log *slog.Logger, state indexed, tick <-chan time.Time) {
	for begun := false; ; begun = true {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		read, all, filled := state()
		switch {
		case filled && begun:
			log.Info("all cases can be searched by words", "cases", all)
			return
		case filled:
			return
		default:
			log.Info("reading the words of the cases, the newest first: a search finds those read", "read", read, "of", all)
		}
	}
}
