package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"dengwen/internal/seal"
	"dengwen/storage/redis"
)

// Processes that share a Redis may be on several machines, each with a key file of its own: they
// say there which keys they have, so that none has to open what it has no key for.

const (
	announceEvery = 2 * time.Second
	announcedFor  = 30 * time.Second // a process that said nothing for so long is gone
)

// announceKeys says which keys this process has, until ctx ends. The first is the one that seals.
func (a *App) announceKeys(ctx context.Context) error {
	conv, ok := a.conv.(*redis.Store)
	if !ok {
		return nil
	}
	host, _ := os.Hostname() // "" will do: the number remains
	process := fmt.Sprintf("%s:%d", host, os.Getpid())
	tick := time.NewTicker(announceEvery)
	defer tick.Stop()
	for {
		if err := conv.Announce(ctx, process, announcement(a.Box), time.Now()); err != nil && ctx.Err() == nil {
			a.log.Debug("announce keys", "err", err)
		}
		select {
		case <-ctx.Done():
			return conv.Leave(context.WithoutCancel(ctx), process)
		case <-tick.C:
		}
	}
}

func announcement(box *seal.Box) string {
	keys := box.Keys()
	words := []string{string(keys.Sealing().ID)}
	for _, k := range keys {
		words = append(words, string(k.ID))
	}
	return strings.Join(words, " ")
}

// Lacking are the processes that have not got a key, or where sealing do not seal with it yet.
// Without Redis it is none: all are on this machine and read this file.
func (a *Sealed) Lacking(ctx context.Context, id seal.ID, sealing bool) (names []string, err error) {
	conv, ok := a.conv.(*redis.Store)
	if !ok {
		return nil, nil
	}
	all, err := conv.Announced(ctx, time.Now().Add(-announcedFor))
	for process, text := range all {
		words := strings.Fields(text)
		has := slices.Contains(words, string(id))
		if !has || sealing && words[0] != string(id) {
			names = append(names, process)
		}
	}
	slices.Sort(names)
	return names, err
}
