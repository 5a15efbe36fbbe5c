package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Announcements are one hash: of each process, when it said it, ms, and what.

func (s *Store) announcements() string { return s.prefix + ":processes" }

// Announce notes what a process says of itself, to be repeated while it lives.
func (s *Store) Announce(ctx context.Context, process, text string, now time.Time) error {
	v := strconv.FormatInt(now.UnixMilli(), 10) + " " + text
	if err := s.client.HSet(ctx, s.announcements(), process, v).Err(); err != nil {
		return fmt.Errorf("redis: announce: %w", err)
	}
	return nil
}

// Leave takes back what a process said.
func (s *Store) Leave(ctx context.Context, process string) error {
	if err := s.client.HDel(ctx, s.announcements(), process).Err(); err != nil {
		return fmt.Errorf("redis: leave: %w", err)
	}
	return nil
}

// Announced is what processes said since a moment. What is older is dropped.
func (s *Store) Announced(ctx context.Context, since time.Time) (map[string]string, error) {
	all, err := s.client.HGetAll(ctx, s.announcements()).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: read announcements: %w", err)
	}
	for process, v := range all {
		at, text, _ := strings.Cut(v, " ")
		ms, err := strconv.ParseInt(at, 10, 64)
		if err == nil && ms >= since.UnixMilli() {
			all[process] = text
			continue
		}
		delete(all, process)
		if err := s.Leave(ctx, process); err != nil {
			return nil, err
		}
	}
	return all, nil
}
