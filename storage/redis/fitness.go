package redis

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Fitness is what of the servers' settings decides whether conversations survive. Of a
// cluster it is that of its weakest node.
type Fitness struct {
	Version    string
	Appends    bool   // appendonly: every write is kept
	Always     bool   // appendfsync always: a power cut loses nothing either
	Evicts     string // maxmemory-policy, "" when nothing is evicted
	Persistent bool   // appendonly, or at least snapshots
	Lonely     int    // masters of a cluster without a replica
}

// Fitness asks every server (INFO, CONFIG GET). One that is down or hides its
// configuration is an error.
func (s *Store) Fitness(ctx context.Context) (Fitness, error) {
	c, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return fitness(ctx, s.client)
	}
	var (
		mu  sync.Mutex
		all []Fitness
	)
	err := c.ForEachShard(ctx, func(ctx context.Context, node *redis.Client) error {
		f, err := fitness(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, f)
		return err
	})
	if err != nil {
		return Fitness{}, err
	}
	return weakest(all), nil
}

// weakest puts together what is worst of each.
func weakest(all []Fitness) Fitness {
	w := Fitness{Appends: true, Always: true, Persistent: true}
	for _, f := range all {
		w.Version = f.Version
		w.Appends, w.Always, w.Persistent = w.Appends && f.Appends, w.Always && f.Always, w.Persistent && f.Persistent
		w.Lonely += f.Lonely
		if f.Evicts != "" {
			w.Evicts = f.Evicts
		}
	}
	return w
}

func fitness(ctx context.Context, node redis.Cmdable) (Fitness, error) {
	var f Fitness
	info, err := section(ctx, node, "server")
	if err != nil {
		return f, err
	}
	f.Version = info["redis_version"]
	set := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "save", "maxmemory", "maxmemory-policy"} {
		v, err := node.ConfigGet(ctx, name).Result()
		if err != nil {
			return f, fmt.Errorf("ask Redis for its configuration: %w", err)
		}
		set[name] = v[name]
	}
	f.Appends = set["appendonly"] == "yes"
	f.Always = f.Appends && set["appendfsync"] == "always"
	f.Persistent = f.Appends || set["save"] != ""
	if p := set["maxmemory-policy"]; p != "noeviction" && set["maxmemory"] != "0" {
		f.Evicts = p
	}
	if info["redis_mode"] == "cluster" {
		f.Lonely, err = mastersWithoutReplica(ctx, node)
	}
	return f, err
}

// mastersWithoutReplica is 1 for a master of a cluster without a replica, else 0.
func mastersWithoutReplica(ctx context.Context, node redis.Cmdable) (int, error) {
	info, err := section(ctx, node, "replication")
	if err == nil && info["role"] == "master" && info["connected_slaves"] == "0" {
		return 1, nil
	}
	return 0, err
}

// section reads one of INFO.
func section(ctx context.Context, node redis.Cmdable, name string) (map[string]string, error) {
	text, err := node.Info(ctx, name).Result()
	if err != nil {
		return nil, fmt.Errorf("ask Redis for its %s: %w", name, err)
	}
	all := map[string]string{}
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			all[k] = v
		}
	}
	return all, nil
}
