package app

import (
	"context"
	"log/slog"
	"time"
)

// indexingEvery is how often the log tells how far the index of an old store is.
const indexingEvery = 3 * time.Second

// tellIndexing logs how far the search index of a store is that an older version of the
// program wrote: searches by words wait until it is complete.
func (a *App) tellIndexing(ctx context.Context) error {
	tick := time.NewTicker(indexingEvery)
	defer tick.Stop()
	tellIndexing(ctx, a.log, a.Store.Unindexed, tick.C)
	return nil
}

// unindexed counts the cases that are still to be indexed, and those whose entries are not
// sorted yet.
type unindexed func(ctx context.Context) (unread, unsorted int, err error)

// tellIndexing logs how many cases there are to index and, at every tick, how many are
// done; nothing where there are none. Cases filed meanwhile are not counted.
func tellIndexing(ctx context.Context, log *slog.Logger, left unindexed, tick <-chan time.Time) {
	all, _, err := left(ctx)
	if err != nil || all == 0 {
		return // whoever searches is told what is wrong with the store
	}
	log.Info("an older program left this store: reading its cases' words, until then searches by words wait", "cases", all)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		unread, unsorted, err := left(ctx)
		switch {
		case err != nil:
			continue
		case unread == 0 && unsorted == 0:
			log.Info("older cases can be searched by words", "cases", all)
			return
		}
		log.Info("reading the words of older cases", "read", max(0, all-unread), "sorted", max(0, all-unread-unsorted), "of", all)
	}
}
