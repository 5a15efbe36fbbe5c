package turn_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// A notice that gets to none of its places is noted, once for each that it missed, with all of them, also
// when the note itself fails at first; one that gets to all is not.
func TestMissedNoticesAreNoted(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var noted []string
	faults := 3
	h := newHarness(t, func(h *harness) {
		h.also = func(_ context.Context, n petition.Notice) ([]string, error) { return []string{"tg:also-" + n.ID}, nil }
		h.missed = func(_ context.Context, all []telling.Miss) error {
			mu.Lock()
			defer mu.Unlock()
			if faults--; faults >= 0 {
				return errors.New("the store is away")
			}
			for _, m := range all {
				if said := fmt.Sprint(m.Notice.ID, " ", m.Place, " of ", m.Places); !slices.Contains(noted, said) {
					noted = append(noted, said)
				}
			}
			return nil
		}
	})
	h.sender.fail = func(_ int, conv, _ string) error {
		switch conv {
		case "tg:closed":
			return &turn.SendError{Gone: true, Err: errors.New("403")}
		case "tg:also-0002":
			return &turn.SendError{Drop: true, Err: errors.New("400")}
		}
		return nil
	}
	for i, to := range []string{"tg:open", "tg:closed"} {
		h.cases.feed = append(h.cases.feed, petition.Notice{ID: fmt.Sprintf("%04d", i+1), To: to, Number: "N"})
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.r.Follow(ctx) }()
	h.until("both are noted", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(noted) == 2
	})
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	h.waitIdle()
	slices.Sort(noted)
	want := []string{"0002 tg:also-0002 of [tg:closed tg:also-0002]", "0002 tg:closed of [tg:closed tg:also-0002]"}
	if !slices.Equal(noted, want) {
		t.Errorf("noted %q, want %q", noted, want)
	}
	if got := h.sender.all(); len(got) != 2 {
		t.Errorf("sent %v", got)
	}
}

// What nobody is there for is noted a page at a time, before the mark goes behind it.
func TestMissesOfAPageAreOneNote(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var notes [][]telling.Miss
	h := newHarness(t, func(h *harness) {
		h.people = roster.New(memory.NewRoster(), h.cases, &petition.Office{Units: []petition.Unit{{Code: "nobody"}}}, time.Now, func() string { return "id" })
		h.missed = func(_ context.Context, all []telling.Miss) error {
			mu.Lock()
			defer mu.Unlock()
			notes = append(notes, all)
			if len(notes) == 1 {
				return errors.New("the store is away")
			}
			return nil
		}
	})
	for i := range 5 {
		h.cases.feed = append(h.cases.feed, petition.Notice{ID: fmt.Sprintf("%04d", i+1), To: "unit:nobody", Number: fmt.Sprint("N", i)})
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.r.Follow(ctx) }()
	h.until("they are noted", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(notes) >= 2
	})
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, all := range notes {
		if len(all) != 5 {
			t.Errorf("one note has %d misses", len(all))
		}
	}
}
