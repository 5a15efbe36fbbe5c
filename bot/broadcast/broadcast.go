// Package crier carries service notices to those who agreed to get them: slowly, after
// everything else, and in a way that can be stopped at any moment.
//
// It hands a notice to a few conversations a second, as an event of theirs under an id
// of its own; from there it takes the way of every message, with its order and its
// retries. How far it got stands with the cases, so that a process that dies is
// followed by the next one where it stopped.
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

// Config is what a Crier works with. All but Log are needed.
type Config struct {
	Bulletins *bulletin.Service
	Owner     string // names this process among its replicas

	// Accept makes an event durable, once per id. An Invalid *petition.Error is one
	// that will never be taken.
	Accept func(ctx context.Context, conv string, e bot.Event) error

	// Traffic is how many messages this process has sent since it started, how many of
	// them were service notices, and how often it was told to wait (429).
	Traffic func() (sends, bulletins, limited int64)

	PerSecond int // notices a second at most
	Budget    int // messages a second the door may send; notices leave half of it alone. 0 = no limit

	Now func() time.Time
	Log *slog.Logger // nil = silent
}

// Sender hands service notices over. Use it from one goroutine.
type Sender struct {
	Config
	last    traffic
	hold    time.Time // told to wait: nothing before it
	watched string    // the notice this process led last
	told    time.Time // when its progress was told last
	state   sync.Mutex
	running bulletin.Bulletin
}

type traffic struct{ sends, bulletins, limited int64 }

const (
	tickEvery = time.Second
	tellEvery = 5 * time.Second
	holdFor   = 5 * time.Second // after a 429 nothing of ours goes out for so long
)

// New makes a Crier.
func New(c Config) *Sender {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{Config: c}
}

// Run hands over what there is, once a second, until ctx ends.
func (c *Sender) Run(ctx context.Context) error {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		if err := c.Tick(ctx); err != nil && ctx.Err() == nil {
			c.Log.Warn("service notice", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Tick hands the running notice to as many as this second has room for, and tells who
// sent it how far it got.
func (c *Sender) Tick(ctx context.Context) error {
	if now := c.Now(); c.watched != "" && now.Sub(c.told) >= tellEvery {
		c.told = now
		if err := c.tell(ctx, c.watched); err != nil {
			return err
		}
	}
	room := c.room(c.Now())
	if room <= 0 {
		return nil
	}
	n, err := c.Bulletins.Round(ctx, c.Owner, room, c.hand)
	if err != nil {
		return err
	}
	if n == nil {
		return c.ended(ctx)
	}
	c.note(*n)
	c.watched = n.ID
	if n.State != bulletin.Running {
		return c.ended(ctx)
	}
	return nil
}

// room is how many notices this second has room for. What else this process sends
// comes first: together they stay within half of what the door may send.
func (c *Sender) room(now time.Time) int {
	var t traffic
	t.sends, t.bulletins, t.limited = c.Traffic()
	was := c.last
	c.last = t
	if t.limited > was.limited {
		c.hold = now.Add(holdFor)
	}
	if now.Before(c.hold) {
		return 0
	}
	if c.Budget == 0 {
		return c.PerSecond
	}
	others := int(t.sends - was.sends - (t.bulletins - was.bulletins))
	return min(c.PerSecond, max(c.Budget/2, 1)-others)
}

func (c *Sender) hand(ctx context.Context, to bulletin.Consent, n bulletin.Bulletin) error {
	told := &bulletin.Bulletin{ID: n.ID, Text: n.Text}
	err := c.Accept(ctx, to.Chat, bot.Event{ID: "bulletin:" + n.ID, At: c.Now(), Lang: to.Lang, Bulletin: told})
	if petition.CodeOf(err) == petition.Invalid {
		c.Log.Error("service notice cannot be handed on", "err", err)
		return c.Bulletins.Told(ctx, to.Chat, n.ID, bulletin.Failed, false)
	}
	return err
}

// ended tells the end of a notice that this process led, once.
func (c *Sender) ended(ctx context.Context) error {
	if c.watched == "" {
		return nil
	}
	if err := c.tell(ctx, c.watched); err != nil {
		return err
	}
	c.watched = ""
	return nil
}

// tell changes the message in the chat of who sent the notice.
func (c *Sender) tell(ctx context.Context, id string) error {
	n, err := c.Bulletins.Bulletin(ctx, id)
	if err != nil || n == nil {
		return err
	}
	c.note(*n)
	if n.Chat == "" {
		return nil
	}
	// One event for each time it is told, whichever replica tells it.
	once := "progress:" + id + ":" + n.State + ":" + c.Now().UTC().Format("150405")
	return c.Accept(ctx, n.Chat, bot.Event{ID: once, At: c.Now(), Progress: n})
}

func (c *Sender) note(n bulletin.Bulletin) {
	c.state.Lock()
	defer c.state.Unlock()
	c.running = n
}

// Latest is the notice that this process led last, as it last looked; the zero
// Bulletin before the first. It is safe for concurrent use.
func (c *Sender) Latest() bulletin.Bulletin {
	c.state.Lock()
	defer c.state.Unlock()
	return c.running
}
