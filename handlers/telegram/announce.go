package telegram

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"dengwen/bot/turn"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Run announces the bot to Telegram, watches how it stands with it and, without a webhook,
// polls for updates, which go to in, until ctx ends. It never fails because Telegram cannot be
// reached, or refuses: it keeps trying, says so in the log, and Condition tells.
func (d *Door) Run(ctx context.Context, in turn.Inbox) error {
	go d.announce(ctx)
	go d.watch(ctx)
	if d.polling() {
		return (&receiver{d, in}).poll(ctx)
	}
	<-ctx.Done()
	return nil
}

// announce learns the bot's name and sets the menu of commands, each until it worked.
func (d *Door) announce(ctx context.Context) {
	for _, do := range []func(context.Context) error{d.fetchUsername, d.setMenus} {
		for tries := 0; ctx.Err() == nil; tries++ {
			err := do(ctx)
			if err == nil || ctx.Err() != nil {
				break
			}
			pause := pollPause(err, tries)
			d.cfg.Log.Warn("telegram: announcing the bot", "err", d.redact(err), "again_in", pause)
			sleep(ctx, pause)
		}
	}
}

const (
	watchEvery  = time.Minute     // getWebhookInfo, while all is well
	watchSooner = 5 * time.Second // and while it is not
)

// watch keeps the webhook set, or for polling looks for one that somebody set, and finds out
// whether Telegram can be reached while nobody talks.
func (d *Door) watch(ctx context.Context) {
	for tries := 0; ctx.Err() == nil; {
		err := d.lookAtWebhook(ctx)
		pause := d.cfg.Watch
		switch {
		case err != nil:
			pause = pollPause(err, tries)
			tries++
			d.cfg.Log.Warn("telegram: looking at the webhook", "err", d.redact(err), "again_in", pause)
		case d.Condition().Err() != nil:
			pause = min(pause, watchSooner)
			tries = 0
		default:
			tries = 0
		}
		sleep(ctx, pause)
	}
}

// lookAtWebhook asks where Telegram delivers (Bot API getWebhookInfo) and mends what differs
// from the settings.
func (d *Door) lookAtWebhook(ctx context.Context) error {
	if d.Condition().Mute != "" {
		if err := d.call(ctx, "getMe", struct{}{}, nil); err != nil {
			return err
		}
	}
	info, err := d.webhookInfo(ctx)
	switch {
	case codeOf(err) == http.StatusNotFound && d.Condition().Deaf == "":
		return nil // a server that does not know the method, and all is well
	case err != nil && codeOf(err) != http.StatusNotFound:
		return err
	case d.polling():
		return d.dropAbandoned(ctx, &info)
	case info.URL != d.webhookURL:
		return d.registerWebhook(ctx)
	case info.Waiting > 0 && info.failedAt().After(d.health.delivered()) && d.cfg.Now().Sub(d.health.delivered()) > d.cfg.Grace:
		d.health.deaf(WebhookFails)
		d.cfg.Log.Error("telegram: updates can't be delivered", "why", info.Error, "waiting", info.Waiting)
	case d.Condition().Deaf != "" && info.Waiting == 0:
		d.health.heard()
	}
	return nil
}

// abandonedWebhook is a webhook that somebody set while this process polls, and that takes
// nothing.
type abandonedWebhook struct {
	since   time.Time // seen to take nothing, zero = it takes what comes, or there is none
	waiting int
}

// dropAbandoned removes a webhook of which Telegram says, for Config.AbandonedAfter, that
// deliveries fail and nothing of what waits is taken (Bot API deleteWebhook). Any other is
// somebody's who listens: it stays, and this process says that it is deaf. Only watch calls it.
func (d *Door) dropAbandoned(ctx context.Context, info *webhookInfo) error {
	now, w := d.cfg.Now(), &d.abandoned
	if info.URL == "" || info.Waiting == 0 || info.ErrorAt == 0 || info.Waiting < w.waiting {
		*w = abandonedWebhook{}
		return nil
	}
	if w.waiting = info.Waiting; w.since.IsZero() {
		w.since = now
	}
	if now.Sub(w.since) < d.cfg.AbandonedAfter {
		return nil
	}
	d.cfg.Log.Warn("telegram: the webhook that is set takes nothing, and is removed", "why", info.Error, "waiting", info.Waiting)
	// Pending updates stay: they are what citizens said while nobody listened.
	return d.call(ctx, "deleteWebhook", tg.DeleteWebhookParams{}, nil)
}

// registerWebhook sets the webhook (Bot API setWebhook). Updates that wait stay.
func (d *Door) registerWebhook(ctx context.Context) error {
	p := tg.SetWebhookParams{URL: d.webhookURL, SecretToken: d.cfg.Secret, MaxConnections: 100, AllowedUpdates: allowed}
	if err := d.call(ctx, "setWebhook", p, nil); err != nil {
		if codeOf(err) == http.StatusBadRequest {
			d.health.deaf(WebhookRefused)
		}
		return err
	}
	d.health.heard()
	d.cfg.Log.Info("telegram: webhook set")
	return nil
}

// webhookInfo is WebhookInfo of the Bot API.
type webhookInfo struct {
	URL     string `json:"url"`
	Waiting int    `json:"pending_update_count"`
	Error   string `json:"last_error_message"`
	ErrorAt int64  `json:"last_error_date"` // seconds since 1970, 0 = none
}

func (w *webhookInfo) failedAt() time.Time {
	if w.ErrorAt == 0 {
		return time.Time{}
	}
	return time.Unix(w.ErrorAt, 0)
}

func (d *Door) webhookInfo(ctx context.Context) (w webhookInfo, err error) {
	err = d.call(ctx, "getWebhookInfo", struct{}{}, &w)
	return w, err
}

func (d *Door) fetchUsername(ctx context.Context) error {
	var me struct {
		Username string `json:"username"`
	}
	if err := d.call(ctx, "getMe", struct{}{}, &me); err != nil {
		return err
	}
	d.name.Store(&me.Username)
	d.cfg.Log.Info("telegram: connected", "bot", me.Username)
	return nil
}

func (d *Door) setMenus(ctx context.Context) error {
	for _, lang := range slices.Sorted(maps.Keys(d.cfg.Commands)) {
		p := tg.SetMyCommandsParams{LanguageCode: lang}
		for _, c := range d.cfg.Commands[lang] {
			p.Commands = append(p.Commands, models.BotCommand{Command: c.Name, Description: c.Text})
		}
		err := d.call(ctx, "setMyCommands", p, nil)
		if refused(err) {
			d.cfg.Log.Error("telegram: menu refused, not tried again", "err", d.redact(err))
			return nil
		}
		if err != nil {
			return fmt.Errorf("set menu: %w", err)
		}
	}
	return nil
}

// Username asks Telegram what the bot is called (Bot API getMe), for links.
func (d *Door) Username(ctx context.Context) (string, error) {
	if name := d.Name(); name != "" {
		return name, nil
	}
	if err := d.fetchUsername(ctx); err != nil {
		return "", d.hideToken(err)
	}
	return d.Name(), nil
}
