package wechat

import (
	"context"
	"net/http"
	"time"
)

// pageCommand is the key of the menu's entry that opens the conversation in the browser. The door
// answers it: no Step knows of it.
const pageCommand = "page"

// openPage answers with a link to this conversation in the browser.
func (d *Door) openPage(ctx context.Context, w http.ResponseWriter, m message, key int) {
	text := d.cfg.Locales.Say(d.cfg.Locales.Languages()[0].Tag, "wechat.no_page")
	if d.cfg.Page != nil {
		link, err := d.cfg.Page(ctx, convOf(m.From))
		if err != nil {
			d.cfg.Logger.Error("wechat: no link to the page", "err", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		text = d.cfg.Locales.Say(d.cfg.Locales.Languages()[0].Tag, "wechat.page", "Link", link)
	}
	if err := d.writeAnswer(w, m, key, text); err != nil {
		d.cfg.Logger.Warn("wechat: answer not written", "err", err)
	}
}

// menuButton is an entry of the menu (自定义菜单创建接口).
type menuButton struct {
	Type  string       `json:"type,omitempty"`
	Name  string       `json:"name"`
	Key   string       `json:"key,omitempty"`
	URL   string       `json:"url,omitempty"`
	Below []menuButton `json:"sub_button,omitempty"`
}

func buttonOf(e MenuEntry) menuButton {
	if e.URL != "" {
		return menuButton{Type: "view", Name: e.Label, URL: e.URL}
	}
	return menuButton{Type: "click", Name: e.Label, Key: e.Command}
}

func (d *Door) putMenu(ctx context.Context) error {
	var all []menuButton
	for _, c := range d.cfg.Menu {
		b := buttonOf(c.MenuEntry)
		if len(c.Below) > 0 {
			b = menuButton{Name: c.Label}
			for _, e := range c.Below {
				b.Below = append(b.Below, buttonOf(e))
			}
		}
		all = append(all, b)
	}
	return d.call(ctx, "/cgi-bin/menu/create", map[string]any{"button": all})
}

// Run sets the menu, which one that was made in the platform's console does not replace once the
// server is connected, and tries until it is set.
func (d *Door) Run(ctx context.Context) error {
	for pause := time.Second; len(d.cfg.Menu) > 0; pause = min(2*pause, time.Hour) {
		err := d.putMenu(ctx)
		if err == nil {
			return nil
		}
		d.cfg.Logger.Error("wechat: menu not set, will be tried again", "err", err, "in", pause)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
	return nil
}
