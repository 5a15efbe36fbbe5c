package telegram

import "context"

// Fitness is how it stands between the bot and Telegram.
type Fitness struct {
	Name    string
	Webhook string // where Telegram delivers, "" = it waits to be polled
	Waiting int    // updates not yet delivered
	Fault   string // what went wrong at the last delivery, "" = nothing

	Elsewhere bool // a webhook is set that is not the one of the settings: what comes in is not heard here
}

// Fitness asks Telegram (Bot API getMe, getWebhookInfo).
func (d *Door) Fitness(ctx context.Context) (Fitness, error) {
	name, err := d.Username(ctx)
	if err != nil {
		return Fitness{}, err
	}
	w, err := d.webhookInfo(ctx)
	if err != nil {
		return Fitness{}, d.hideToken(err)
	}
	return Fitness{Name: name, Webhook: w.URL, Waiting: w.Waiting, Fault: w.Error, Elsewhere: w.URL != "" && w.URL != d.webhookURL}, nil
}
