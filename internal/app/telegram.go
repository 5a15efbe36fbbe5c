package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dengwen/handlers/telegram"
	"dengwen/locales"
)

// menus are the commands that Telegram shows beside the text box, by the ISO 639-1 code of the
// client (Bot API setMyCommands); "" is for the clients of any other language.
func menus(words *locales.Catalog) map[string][]telegram.Command {
	names := []string{"new", "my", "help", "rights", "privacy", "mydata", "forget", "told", "notices", "language", "cancel"}
	all := map[string][]telegram.Command{}
	in := func(lang string) (menu []telegram.Command) {
		for _, n := range names {
			menu = append(menu, telegram.Command{Name: n, Text: words.Say(lang, "command."+n)})
		}
		return menu
	}
	for _, l := range words.Languages() {
		for _, code := range l.Codes {
			switch {
			case code == "*":
				all[""] = in(l.Tag)
			case len(code) == 2:
				all[code] = in(l.Tag)
			}
		}
	}
	return all
}

// copyOf and copied keep Telegram's file_id of a file beside the cases, so that it is
// uploaded once. Without a store, and when it does not answer, it is uploaded again.
func (a *App) copyOf(ctx context.Context, name string) string {
	if a.Store == nil {
		return ""
	}
	id, err := a.Store.Copy(ctx, name)
	if err != nil {
		a.log.Warn("look for Telegram's copy of a file", "err", err)
	}
	return id
}

func (a *App) copied(ctx context.Context, name, id string) {
	if a.Store == nil {
		return
	}
	if err := a.Store.PutCopy(context.WithoutCancel(ctx), name, id, time.Now()); err != nil {
		a.log.Warn("note Telegram's copy of a file", "err", err)
	}
}

// deliveryMetrics tell how messages leave: what waits in the outboxes and since when, and whether
// Telegram is heard and can be spoken to.
func (a *App) deliveryMetrics() []prometheus.Collector {
	gauge := func(name, help string, f func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "dengwen", Name: name, Help: help}, f)
	}
	all := []prometheus.Collector{
		gauge("waiting_oldest_seconds", "Age of the oldest event not answered or message not sent.", func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			d, err := a.conv.Depth(ctx, time.Now())
			if err != nil {
				return -1
			}
			return d.Oldest.Seconds()
		}),
	}
	if a.telegram == nil {
		return all
	}
	stamp := func(at time.Time) float64 {
		if at.IsZero() {
			return 0
		}
		return float64(at.UnixMilli()) / 1000
	}
	is := func(f telegram.Fault) float64 {
		if f == "" {
			return 0
		}
		return 1
	}
	at := a.telegram.Condition
	return append(all,
		gauge("telegram_heard_timestamp_seconds", "When updates were last fetched or delivered, 0 = never.", func() float64 { return stamp(at().Heard) }),
		gauge("telegram_spoke_timestamp_seconds", "When Telegram last answered a call, 0 = never.", func() float64 { return stamp(at().Spoke) }),
		gauge("telegram_deaf", "1 while no updates can come in.", func() float64 { return is(at().Deaf) }),
		gauge("telegram_mute", "1 while no messages can go out.", func() float64 { return is(at().Mute) }),
	)
}
