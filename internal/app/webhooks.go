package app

import (
	"context"
	"time"

	"dengwen/handlers/webhook"
	"dengwen/internal/netaddr"
	"dengwen/petition/telling"

	"github.com/prometheus/client_golang/prometheus"
)

// Systems are other systems that are told that a case moved; nil with a case API elsewhere, whose
// process tells them.
func (a *App) Systems() *telling.Systems {
	if a.Store == nil {
		return nil
	}
	return telling.NewSystems(a.Store, a.Office, time.Now, NewID)
}

// Untold is what nobody could be told, as the petition office sees to it; nil with a case API elsewhere.
func (a *App) Untold() *telling.Desk {
	if a.Store == nil {
		return nil
	}
	return telling.NewDesk(a.Store, a.Cases, a.Office)
}

// runWebhooks tells them until ctx ends. Every replica may run it.
func (a *App) runWebhooks(ctx context.Context) error {
	if a.Store == nil {
		return nil
	}
	allowed, err := netaddr.Parse(a.Settings.WebhookNetworks)
	if err != nil {
		return err
	}
	return webhook.New(webhook.Config{Store: a.Store, Allowed: allowed, Now: time.Now, Log: a.log}).Run(ctx)
}

// tellingMetrics tell of what has not reached anybody yet.
func (a *App) tellingMetrics() []prometheus.Collector {
	if a.Store == nil {
		return nil
	}
	gauge := func(name, help string, count func(ctx context.Context) (int, error)) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "dengwen", Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			n, err := count(ctx)
			if err != nil {
				return -1
			}
			return float64(n)
		})
	}
	return []prometheus.Collector{
		gauge("webhooks_waiting", "Events on their way to other systems.", func(ctx context.Context) (int, error) {
			waiting, _, err := a.Store.CountDeliveries(ctx)
			return waiting, err
		}),
		gauge("webhooks_dead", "Events that other systems did not take in three days.", func(ctx context.Context) (int, error) {
			_, dead, err := a.Store.CountDeliveries(ctx)
			return dead, err
		}),
		gauge("untold", "What nobody could be told of: tasks of the petition office.", a.Store.CountUntold),
	}
}
