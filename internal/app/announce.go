package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
)

// Processes that share a server may be on several machines, each with a key file of its own: they
// say there which keys they have, so that none has to open what it has no key for.

const (
	announceEvery = 2 * time.Second
	announcedFor  = 30 * time.Second // a process that said nothing for so long is gone
)

// processRegistry is where processes that share a server say which keys they have.
type processRegistry interface {
	Announce(ctx context.Context, process, text string, now time.Time) error
	Leave(ctx context.Context, process string) error
	Announced(ctx context.Context, since time.Time) (map[string]string, error)
}

// processRegistries are those of the servers that other processes may share: Redis and PostgreSQL. What
// is in the data folder is this machine's alone, whose processes read one key file.
func processRegistries(s *config.Settings, conv conversations, store *cases.Store) (all []processRegistry) {
	if shared, ok := conv.(*redis.Store); ok {
		all = append(all, shared)
	}
	if store != nil && s.DatabaseURL != "" {
		all = append(all, store)
	}
	return all
}

// announceKeys says which keys this process has, until ctx ends. The first is the one that seals.
func (a *App) announceKeys(ctx context.Context) error {
	registries := processRegistries(a.Settings, a.conv, a.Store)
	if len(registries) == 0 {
		return nil
	}
	host, _ := os.Hostname() // "" will do: the number remains
	process := fmt.Sprintf("%s:%d", host, os.Getpid())
	tick := time.NewTicker(announceEvery)
	defer tick.Stop()
	for {
		for _, b := range registries {
			if err := b.Announce(ctx, process, announcement(a.Box), time.Now()); err != nil && ctx.Err() == nil {
				a.log.Debug("announce keys", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return leave(context.WithoutCancel(ctx), registries, process)
		case <-tick.C:
		}
	}
}

// leave takes back what the process said, for a moment at most: who says nothing more is soon
// taken to be gone.
func leave(ctx context.Context, registries []processRegistry, process string) error {
	ctx, cancel := context.WithTimeout(ctx, announceEvery)
	defer cancel()
	var faults []error
	for _, b := range registries {
		faults = append(faults, b.Leave(ctx, process))
	}
	return errors.Join(faults...)
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
// Without Redis and PostgreSQL it is none: all are on this machine and read this file.
func (a *Sealed) Lacking(ctx context.Context, id seal.ID, sealing bool) ([]string, error) {
	lacking := map[string]bool{}
	for _, b := range a.registries {
		said, err := b.Announced(ctx, time.Now().Add(-announcedFor))
		if err != nil {
			return nil, err
		}
		for process, text := range said {
			words := strings.Fields(text)
			has := slices.Contains(words, string(id))
			if !has || sealing && words[0] != string(id) {
				lacking[process] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(lacking)), nil
}
