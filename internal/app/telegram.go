package app

import (
	"context"
	"time"

	"dengwen/handlers/telegram"
	"dengwen/locales"
)

// menus are the commands that Telegram shows beside the text box, by the ISO 639-1 code of the
// client (Bot API setMyCommands); "" is for the clients of any other language.
func menus(words *locales.Catalog) map[string][]telegram.Command {
	names := []string{"new", "my", "help", "rights", "privacy", "mydata", "forget", "notices", "language", "cancel"}
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
