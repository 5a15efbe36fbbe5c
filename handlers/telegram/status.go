package telegram

import (
	"context"
	"fmt"
)

// Fitness is how it stands between the bot and Telegram.
type Fitness struct {
	Name    string
	Webhook string // where Telegram delivers, "" = it waits to be polled
	Waiting int    // updates not yet delivered
	Fault   string // what went wrong at the last delivery, "" = nothing
}

// Fitness asks Telegram (Bot API getMe, getWebhookInfo).
func (d *Door) Fitness(ctx context.Context) (Fitness, error) {
	name, err := d.Username(ctx)
	if err != nil {
		return Fitness{}, err
	}
	w, err := d.lib.GetWebhookInfo(ctx)
	if err != nil {
		return Fitness{}, d.hideToken(fmt.Errorf("getWebhookInfo: %w", err))
	}
	return Fitness{Name: name, Webhook: w.URL, Waiting: w.PendingUpdateCount, Fault: w.LastErrorMessage}, nil
}
