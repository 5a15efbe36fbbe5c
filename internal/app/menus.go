package app

import (
	"dengwen/handlers/telegram"
	"dengwen/locales"
)

// menus are the commands that Telegram shows beside the text box.
func menus(words *locales.Catalog) map[string][]telegram.Command {
	names := []string{"new", "my", "help", "rights", "privacy", "mydata", "forget", "notices", "language", "cancel"}
	in := func(lang string) (menu []telegram.Command) {
		for _, n := range names {
			menu = append(menu, telegram.Command{Name: n, Text: words.Say(lang, "command."+n)})
		}
		return menu
	}
	return map[string][]telegram.Command{"": in(locales.English), "zh": in(locales.Chinese)}
}
