package app

import (
	"context"
	"strings"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/web"
	"dengwen/handlers/wechat"
	"dengwen/internal/config"
	"dengwen/locales"
)

// openWeChat makes the door of the official account, nil where the settings name none. What is said
// there is shown in the browser too, for whoever goes on there.
func (a *App) openWeChat(page turn.Sender) (*wechat.Door, error) {
	if a.Settings.WeChatAppID == "" {
		return nil, nil
	}
	sessions := a.sessions()
	c := wechatConfig(a.Settings)
	c.Menu, c.Mail, c.Box, c.Log, c.Locales, c.Logger = wechatMenu(a.Locales), a.conv, a.Box, page, a.Locales, a.log
	c.Page = func(ctx context.Context, conv string) (string, error) {
		path, err := web.Link(ctx, sessions, conv)
		return a.Settings.Public() + path, err
	}
	return wechat.New(c)
}

// CheckWeChat asks the platform for a token with the settings and answers why it gives none.
func CheckWeChat(ctx context.Context, s *config.Settings) error {
	return wechat.Check(ctx, wechatConfig(s))
}

func wechatConfig(s *config.Settings) wechat.Config {
	c := wechat.Config{
		AppID: s.WeChatAppID, Secret: s.WeChatSecret, Token: s.WeChatToken, AESKeys: s.WeChatKeys(), APIURL: s.WeChatAPI,
		Public: s.Public(), Now: time.Now,
	}
	if parts := strings.Split(s.WeChatNotice, ":"); len(parts) == 3 {
		c.Notice = wechat.Notice{Template: parts[0], Number: parts[1], News: parts[2]}
	}
	return c
}

// wechatMenu is the menu of the account, in the default language: the platform has one for all.
func wechatMenu(words *locales.Catalog) []wechat.MenuColumn {
	entry := func(name, command string) wechat.MenuEntry {
		return wechat.MenuEntry{Label: words.Say(locales.Default, "wechat.menu."+name), Command: command}
	}
	return []wechat.MenuColumn{
		{MenuEntry: entry("new", "new")},
		{MenuEntry: entry("my", "my")},
		{MenuEntry: entry("more", ""), Below: []wechat.MenuEntry{entry("page", "page"), entry("told", "told"), entry("rights", "rights"), entry("help", "help")}},
	}
}
