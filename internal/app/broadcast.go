package app

import (
	"context"
	"errors"
	"time"

	"dengwen/bot"
	"dengwen/bot/broadcast"
	"dengwen/bot/turn"
	"dengwen/petition"
	"dengwen/petition/bulletin"

	"github.com/prometheus/client_golang/prometheus"
)

// runBroadcasts sends service notices to those who agreed, until ctx ends. Every replica may
// run it: one of them holds the lease of a notice.
func (a *App) runBroadcasts(ctx context.Context) error {
	if a.Bulletins == nil || a.chatsElsewhere() {
		return nil
	}
	return a.sender.Run(ctx)
}

func (a *App) newSender() *broadcast.Sender {
	return broadcast.New(broadcast.Config{
		Bulletins: a.Bulletins, Owner: NewID(), PerSecond: a.Settings.BroadcastPerSec, Budget: a.Settings.TelegramPerSec, Now: time.Now, Log: a.log,
		Accept: func(ctx context.Context, conv string, e bot.Event) error {
			err := a.Runner.Accept(ctx, conv, e)
			if errors.Is(err, turn.ErrEvent) {
				return &petition.Error{Code: petition.Invalid, Op: "hand a service notice on", Err: err}
			}
			return err
		},
		Traffic: func() (sends, bulletins, limited int64) {
			m := a.Runner.Metrics()
			return m.Sends.Load(), m.Bulletins.Load(), m.Limited.Load()
		},
	})
}

// broadcastMetrics show how far the notice got that this process handed out last.
func (a *App) broadcastMetrics(to prometheus.Registerer) error {
	if a.sender == nil {
		return nil
	}
	var faults []error
	for _, g := range []struct {
		name, help string
		value      func(n bulletin.Bulletin) int
	}{
		{"running", "1 while this process hands a service notice out.", func(n bulletin.Bulletin) int {
			if n.State == bulletin.Running {
				return 1
			}
			return 0
		}},
		{"total", "People the service notice is for.", func(n bulletin.Bulletin) int { return n.Total }},
		{"sent", "Of these: reached.", func(n bulletin.Bulletin) int { return n.Sent }},
		{"failed", "Of these: not reachable.", func(n bulletin.Bulletin) int { return n.Failed }},
		{"left", "Of these: took their consent back meanwhile.", func(n bulletin.Bulletin) int { return n.Left }},
		{"waiting", "Of these: not reached yet.", func(n bulletin.Bulletin) int { return n.Waiting + n.OnWay }},
	} {
		opts := prometheus.GaugeOpts{Namespace: "dengwen", Subsystem: "broadcast", Name: g.name, Help: g.help}
		faults = append(faults, to.Register(prometheus.NewGaugeFunc(opts, func() float64 { return float64(g.value(a.sender.Latest())) })))
	}
	return errors.Join(faults...)
}
