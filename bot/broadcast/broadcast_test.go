package broadcast_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/broadcast"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// fakeChats records the events accepted for each chat.
type fakeChats struct {
	t         *testing.T
	bulletins *bulletin.Service

	mu    sync.Mutex
	now   time.Time
	told  map[string]int // notices by chat
	last  *bulletin.Bulletin
	down  bool
	sends int64 // of other messages
	waits int64 // 429s
	cried int64
}

func newSquare(t *testing.T, people int) *fakeChats {
	s := &fakeChats{t: t, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), told: map[string]int{}}
	s.bulletins = bulletin.New(memory.NewBulletins(), office.Example(), s.clock, func() string { return "b1" })
	for i := range people {
		if _, err := s.bulletins.Agree(t.Context(), fmt.Sprintf("tg:%03d", i), "zh-CN"); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *fakeChats) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *fakeChats) newSender(owner string, budget int) *broadcast.Sender {
	return broadcast.New(broadcast.Config{
		Bulletins: s.bulletins, Owner: owner, PerSecond: 5, Budget: budget, Now: s.clock, Accept: s.accept,
		Traffic: func() (int64, int64, int64) { return s.sends + s.cried, s.cried, s.waits },
	})
}

// accept delivers at once, once per event, as a turn would.
func (s *fakeChats) accept(ctx context.Context, conv string, e bot.Event) error {
	if s.down {
		return errors.New("no store")
	}
	if e.Progress != nil {
		s.last = e.Progress
		return nil
	}
	due, err := s.bulletins.Due(ctx, conv, e.Bulletin.ID)
	if err != nil || !due {
		return err
	}
	s.told[conv]++
	s.cried++
	return s.bulletins.Told(ctx, conv, e.Bulletin.ID, bulletin.Sent, false)
}

func (s *fakeChats) tick(cs ...*broadcast.Sender) {
	s.t.Helper()
	s.mu.Lock()
	s.now = s.now.Add(time.Second)
	s.mu.Unlock()
	for _, c := range cs {
		if err := c.Tick(s.t.Context()); err != nil && !s.down {
			s.t.Fatal(err)
		}
	}
}

func (s *fakeChats) post() {
	s.t.Helper()
	_, err := s.bulletins.Post(s.t.Context(), petition.System(), bulletin.Bulletin{Text: "周六上午也接待", Chat: "tg:9"})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestPacedAndTold(t *testing.T) {
	t.Parallel()
	s := newSquare(t, 12)
	c := s.newSender("a", 30)
	s.tick(c)
	s.post()
	for want := range 3 {
		if len(s.told) != min(12, 5*want) {
			t.Errorf("after %d seconds %d were told", want, len(s.told))
		}
		s.tick(c)
	}
	for range 6 {
		s.tick(c)
	}
	if len(s.told) != 12 || s.last == nil || s.last.State != bulletin.Done || s.last.Sent != 12 {
		t.Errorf("told %d, last progress %+v", len(s.told), s.last)
	}
	if got := c.Latest(); got.Sent != 12 || got.State != bulletin.Done {
		t.Errorf("the metrics show %+v", got)
	}
}

// Everything else goes first: what the process sends besides takes the budget away, and
// after a 429 nothing goes out for a while.
func TestEverythingElseFirst(t *testing.T) {
	t.Parallel()
	s := newSquare(t, 20)
	c := s.newSender("a", 30)
	s.post()
	s.tick(c)
	for _, step := range []struct {
		others, more int64
		limited      bool
		what         string
	}{
		{12, 3, false, "half of the budget is left"}, {15, 0, false, "nothing left"}, {40, 0, false, "a crowd"},
		{0, 5, false, "no traffic"}, {0, 0, true, "told to wait"}, {0, 0, false, "still waiting"},
	} {
		before := s.cried
		s.sends += step.others
		if step.limited {
			s.waits++
		}
		s.tick(c)
		if got := s.cried - before; got != step.more {
			t.Errorf("%s: %d went out, want %d", step.what, got, step.more)
		}
	}
	for range 5 {
		s.tick(c)
	}
	if s.cried <= 13 {
		t.Errorf("it never went on: %d", s.cried)
	}
}

func TestStoppedInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSquare(t, 12)
	c := s.newSender("a", 0)
	s.post()
	s.tick(c)
	if _, err := s.bulletins.Stop(t.Context(), petition.System(), "", "刘敏"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.tick(c)
	}
	if len(s.told) != 5 || s.last == nil || s.last.State != bulletin.Stopped || s.last.Withheld != 7 || s.last.EndedBy != "刘敏" {
		t.Errorf("told %d, last progress %+v", len(s.told), s.last)
	}
	_, err := s.bulletins.Stop(t.Context(), petition.Actor{Staff: "x", Unit: "transport", Roles: []petition.Role{petition.Head}}, "", "")
	if petition.CodeOf(err) != petition.Forbidden {
		t.Errorf("the head of another unit: %v", err)
	}
}

// Replicas take turns only when one of them is gone; a store that is away delays and
// loses nobody.
func TestReplicasAndTrouble(t *testing.T) {
	t.Parallel()
	s := newSquare(t, 23)
	a, b := s.newSender("a", 0), s.newSender("b", 0)
	s.post()
	s.tick(a, b)
	if len(s.told) != 5 {
		t.Errorf("two replicas told %d in a second", len(s.told))
	}
	s.down = true
	s.tick(a, b)
	s.down = false
	for range 16 { // a is gone
		s.tick(b)
	}
	for range 4 {
		s.tick(a, b)
	}
	for chat, n := range s.told {
		if n != 1 {
			t.Errorf("%s was told %d times", chat, n)
		}
	}
	if n, err := s.bulletins.Bulletin(t.Context(), ""); err != nil || n.State != bulletin.Done || n.Sent != 23 {
		t.Errorf("in the end %+v, %v", n, err)
	}
}
