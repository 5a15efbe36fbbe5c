package app

import (
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/config"
)

// Where another process runs the office's chats, their conversations are left to it.
func TestKeepsForOthers(t *testing.T) {
	t.Parallel()
	line := func(scopes ...api.Scope) string {
		_, line, err := api.NewKey("bot", scopes, "")
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	for _, c := range []struct {
		set  config.Settings
		keep bool
	}{
		{config.Settings{APIKeys: line(api.Citizens, api.Staff, api.Sealed, api.Desk)}, true},
		{config.Settings{APIKeys: line(api.Citizens, api.Desk), TelegramToken: "1:x"}, false},
		{config.Settings{APIKeys: line(api.Citizens, api.Staff)}, false},
		{config.Settings{}, false},
	} {
		a := &App{Settings: &c.set}
		var err error
		if a.apiKeys, err = openAPIKeys(&c.set); err != nil {
			t.Fatal(err)
		}
		if a.chatsElsewhere() != c.keep {
			t.Errorf("%d bytes of keys, token %q: keeps for others %v", len(c.set.APIKeys), c.set.TelegramToken, !c.keep)
		}
		away := a.elsewhere()
		if c.keep && (!away("tg:1") || !away("term:me") || away("web:1")) || !c.keep && away != nil {
			t.Errorf("who is elsewhere: keep %v", c.keep)
		}
	}
}
