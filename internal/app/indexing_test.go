package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// The engineer reads how many of how many, then that it is done, and nothing about a
// store that has nothing to read.
func TestIndexingIsTold(t *testing.T) {
	t.Parallel()
	counts := [][3]int{{1000, 0}, {600, 400}, {0, 0, 1}, {0, 700}, {0, 0}}
	left := func(context.Context) (int, int, error) {
		c := counts[0]
		counts = counts[1:]
		if c[2] > 0 {
			return 0, 0, errors.New("busy")
		}
		return c[0], c[1], nil
	}
	tick := make(chan time.Time, 9)
	for range cap(tick) {
		tick <- time.Time{}
	}
	var out strings.Builder
	tellIndexing(t.Context(), slog.New(slog.NewTextHandler(&out, nil)), left, tick)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{"cases=1000", "read=400 sorted=0 of=1000", "read=1000 sorted=300 of=1000", `"older cases can be searched by words" cases=1000`} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d lacks %s:\n%s", i+1, want, out.String())
		}
	}
	if len(lines) != 4 || len(counts) != 0 {
		t.Errorf("%d lines, %d counts not looked at:\n%s", len(lines), len(counts), out.String())
	}
	out.Reset()
	tellIndexing(t.Context(), slog.New(slog.NewTextHandler(&out, nil)), func(context.Context) (int, int, error) { return 0, 5000, nil }, tick)
	if out.Len() > 0 {
		t.Errorf("a store with nothing to read says %s", out.String())
	}
}
