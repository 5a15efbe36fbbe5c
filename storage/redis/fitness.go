package redis

import (
	"context"
	"fmt"
	"strings"
)

// Fitness is what of a server's settings decides whether conversations survive.
type Fitness struct {
	Version    string
	Appends    bool   // appendonly: every write is kept
	Always     bool   // appendfsync always: a power cut loses nothing either
	Evicts     string // maxmemory-policy, "" when nothing is evicted
	Persistent bool   // appendonly, or at least snapshots
}

// Fitness asks the server (INFO, CONFIG GET). A server that hides its configuration
// is an error.
func (s *Store) Fitness(ctx context.Context) (Fitness, error) {
	var f Fitness
	info, err := s.client.Info(ctx, "server").Result()
	if err != nil {
		return f, fmt.Errorf("ask Redis for its version: %w", err)
	}
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "redis_version:"); ok {
			f.Version = v
		}
	}
	set := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "save", "maxmemory", "maxmemory-policy"} {
		v, err := s.client.ConfigGet(ctx, name).Result()
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
	return f, nil
}
