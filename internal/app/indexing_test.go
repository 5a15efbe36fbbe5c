package app

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// The engineer reads how many of how many, then that it is done, and nothing about a
// store that is read at once.
func TestIndexingIsLogged(t *testing.T) {
	t.Parallel()
	tick := make(chan time.Time, 9)
	for range cap(tick) {
		tick <- time.Time{}
	}
	log := func(counts ...int) string {
		var out strings.Builder
		logIndexing(t.Context(), slog.New(slog.NewTextHandler(&out, nil)), func() (int, int, bool) {
			read := counts[0]
			counts = counts[1:]
			return read, 1000, read == 1000
		}, tick)
		if len(counts) > 0 {
			t.Errorf("%d counts were not looked at", len(counts))
		}
		return out.String()
	}
	lines := strings.Split(strings.TrimSpace(log(400, 700, 1000)), "\n")
	for i, want := range []string{"read=400 of=1000", "read=700 of=1000", `"all cases can be searched by words" cases=1000`} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d lacks %s:\n%s", i+1, want, strings.Join(lines, "\n"))
		}
	}
	if quiet := log(1000); quiet != "" || len(lines) != 3 {
		t.Errorf("%d lines; a store that is read at once says %s", len(lines), quiet)
	}
}
