package telegram

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dengwen/bot/turn"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Run announces the bot to Telegram in the background and, without a webhook,
// polls for updates, which go to in, until ctx ends. It never fails because Telegram cannot be reached: it
// keeps trying and says so in the log.
func (d *Door) Run(ctx context.Context, in turn.Inbox) error {
	if d.polling() {
		go d.announce(ctx)
		return (&receiver{d, in}).poll(ctx)
	}
	d.announce(ctx)
	<-ctx.Done()
	return nil
}

// announce tells Telegram where updates go, learns the bot's name and sets the
// menu of commands, each until it worked.
func (d *Door) announce(ctx context.Context) {
	for _, do := range []func(context.Context) error{d.registerWebhook, d.fetchUsername, d.setMenus} {
		for tries := 0; ctx.Err() == nil; tries++ {
			err := do(ctx)
			if err == nil || ctx.Err() != nil {
				break
			}
			if errors.Is(err, tg.ErrorBadRequest) {
				d.cfg.Log.Error("telegram: refused, not tried again", "err", d.redact(err))
				break
			}
			wait := pollPause(err, tries)
			d.cfg.Log.Warn("telegram: announcing the bot", "err", d.redact(err), "again_in", wait)
			sleep(ctx, wait)
		}
	}
}

// registerWebhook sets the webhook or, for polling, removes it (Bot API setWebhook,
// deleteWebhook). Updates that wait stay.
func (d *Door) registerWebhook(ctx context.Context) error {
	if d.polling() {
		return d.dropWebhook(ctx)
	}
	_, err := d.lib.SetWebhook(ctx, &tg.SetWebhookParams{URL: d.webhookURL, SecretToken: d.cfg.Secret, MaxConnections: 100, AllowedUpdates: allowed})
	if err != nil {
		return fmt.Errorf("setWebhook: %w", err)
	}
	d.cfg.Log.Info("telegram: webhook set")
	return nil
}

func (d *Door) fetchUsername(ctx context.Context) error {
	me, err := d.lib.GetMe(ctx)
	if err != nil {
		return fmt.Errorf("getMe: %w", err)
	}
	d.name.Store(&me.Username)
	d.cfg.Log.Info("telegram: connected", "bot", me.Username)
	return nil
}

func (d *Door) setMenus(ctx context.Context) error {
	for _, lang := range slices.Sorted(maps.Keys(d.cfg.Commands)) {
		p := &tg.SetMyCommandsParams{LanguageCode: lang}
		for _, c := range d.cfg.Commands[lang] {
			p.Commands = append(p.Commands, models.BotCommand{Command: c.Name, Description: c.Text})
		}
		if _, err := d.lib.SetMyCommands(ctx, p); err != nil {
			return fmt.Errorf("setMyCommands: %w", err)
		}
	}
	return nil
}

// Username asks Telegram what the bot is called (Bot API getMe), for links.
func (d *Door) Username(ctx context.Context) (string, error) {
	if name := d.username(); name != "" {
		return name, nil
	}
	if err := d.fetchUsername(ctx); err != nil {
		return "", d.hideToken(err)
	}
	return d.username(), nil
}
