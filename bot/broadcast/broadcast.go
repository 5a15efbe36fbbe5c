// Package broadcast is the rate-limited sender of service notices to the chats that agreed to
// get them. It contains neither the notices nor the consents (petition/bulletin), and does
// not talk to a door.
//
// A notice is accepted as an event in a few conversations a second, under an id of its own;
// order and retries are those of every message. Progress is in the case store, so that
// another replica goes on where a process died, and a notice can be stopped at any moment.
package broadcast

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// Config is what a Sender works with. All but Budget and Log are needed.
type Config struct {
	Bulletins *bulletin.Service
	Owner     string // name of this process among its replicas, for the lease of a notice

	// Accept makes an event durable, once per id. After a *petition.Error with Invalid it is
	// not tried again.
	Accept func(ctx context.Context, conv string, e bot.Event) error

	// Traffic is how many messages this process has sent since it started, how many of them
	// were service notices, and how often it was told to wait (429).
	Traffic func() (sends, bulletins, limited int64)

	PerSecond int // notices a second at most
	Budget    int // messages a second the door may send: all together use at most half of it while notices go out. 0 = no limit

	Now func() time.Time
	Log *slog.Logger // nil = silent
}

// Sender sends service notices. Run and Tick are for one goroutine, Latest for any.
type Sender struct {
	Config
	last       traffic
	pausedTo   time.Time // after a 429: nothing before it
	leading    string    // id of the notice whose progress this process reports
	reportedAt time.Time // when it was reported last

	mu     sync.Mutex
	latest bulletin.Bulletin
}

type traffic struct{ sends, bulletins, limited int64 }

const (
	tickEvery   = time.Second
	reportEvery = 5 * time.Second
	pauseFor    = 5 * time.Second // after a 429, so that answers to people go first
)

// New makes a Sender. It does nothing before Run or Tick.
func New(c Config) *Sender {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{Config: c}
}

// Run calls Tick once a second until ctx ends, and logs its errors. It returns nil.
func (s *Sender) Run(ctx context.Context) error {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("service notice", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Tick sends the running notice to as many chats as this second allows, and reports its
// progress to the officer who posted it. Call it about once a second.
func (s *Sender) Tick(ctx context.Context) error {
	if now := s.Now(); s.leading != "" && now.Sub(s.reportedAt) >= reportEvery {
		s.reportedAt = now
		if err := s.report(ctx, s.leading); err != nil {
			return err
		}
	}
	quota := s.quota(s.Now())
	if quota <= 0 {
		return nil
	}
	n, err := s.Bulletins.Round(ctx, s.Owner, quota, s.accept)
	if err != nil {
		return err
	}
	if n == nil {
		return s.reportEnd(ctx)
	}
	s.setLatest(*n)
	s.leading = n.ID
	if n.State != bulletin.Running {
		return s.reportEnd(ctx)
	}
	return nil
}

// quota is how many notices may go out this second: answers to people come first, so all
// messages of this process together stay within half of Budget.
func (s *Sender) quota(now time.Time) int {
	var t traffic
	t.sends, t.bulletins, t.limited = s.Traffic()
	last := s.last
	s.last = t
	if t.limited > last.limited {
		s.pausedTo = now.Add(pauseFor)
	}
	if now.Before(s.pausedTo) {
		return 0
	}
	if s.Budget == 0 {
		return s.PerSecond
	}
	others := int(t.sends - last.sends - (t.bulletins - last.bulletins))
	return min(s.PerSecond, max(s.Budget/2, 1)-others)
}

func (s *Sender) accept(ctx context.Context, to bulletin.Consent, n bulletin.Bulletin) error {
	notice := &bulletin.Bulletin{ID: n.ID, Text: n.Text}
	err := s.Accept(ctx, to.Chat, bot.Event{ID: "bulletin:" + n.ID, At: s.Now(), Lang: to.Lang, Bulletin: notice})
	if petition.CodeOf(err) == petition.Invalid {
		s.Log.Error("service notice cannot be handed on", "err", err)
		return s.Bulletins.Told(ctx, to.Chat, n.ID, bulletin.Failed, false)
	}
	return err
}

// reportEnd reports once that the notice this process reports on has ended.
func (s *Sender) reportEnd(ctx context.Context) error {
	if s.leading == "" {
		return nil
	}
	if err := s.report(ctx, s.leading); err != nil {
		return err
	}
	s.leading = ""
	return nil
}

// report updates the progress message in the chat of the officer who posted the notice.
func (s *Sender) report(ctx context.Context, id string) error {
	n, err := s.Bulletins.Bulletin(ctx, id)
	if err != nil || n == nil {
		return err
	}
	s.setLatest(*n)
	if n.Chat == "" {
		return nil
	}
	// The same id for all replicas that report in the same second.
	key := "progress:" + id + ":" + n.State + ":" + s.Now().UTC().Format("150405")
	return s.Accept(ctx, n.Chat, bot.Event{ID: key, At: s.Now(), Progress: n})
}

func (s *Sender) setLatest(n bulletin.Bulletin) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest = n
}

// Latest is the notice that this process reported on last, as of that report; the zero
// Bulletin before the first. It is safe for concurrent use.
func (s *Sender) Latest() bulletin.Bulletin {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest
}
