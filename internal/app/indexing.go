package app

import (
	"context"
	"log/slog"
	"time"
)

// indexingEvery is how often the log tells how far the index of an old store is.
const indexingEvery = 3 * time.Second

// tellIndexing tells the engineer how far the words of a store are that an older program
// left: searches by words wait until they are read.
func (a *App) tellIndexing(ctx context.Context) error {
	tick := time.NewTicker(indexingEvery)
	defer tick.Stop()
	tellIndexing(ctx, a.log, a.Store.Unindexed, tick.C)
	return nil
}

// unindexed counts cases whose words are still to be read, and those read that are not
// in their place yet.
type unindexed func(ctx context.Context) (unread, unsorted int, err error)

// tellIndexing says how much there is and, at every tick, how much of it is done. It
// says nothing where there is nothing. Filings taken meanwhile are no part of it.
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
