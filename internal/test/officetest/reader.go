package officetest

import (
	"context"
	"strings"
	"time"

	"dengwen/bot"
)

// reader understands the few stories that the scripts tell.
type reader struct{}

// Read is turn.Reader.
func (reader) Read(_ context.Context, text, _ string, _ time.Time) (bot.Reading, error) {
	r := bot.Reading{Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: "claim", Conf: 0.9}, Summary: []string{text}}
	switch {
	case strings.Contains(text, "桥被水冲"):
		r.Subject = bot.Guess{Value: "transport.roads", Conf: 0.96}
		r.Title, r.Request = "桥被水冲了，娃上学要绕十里路", bot.Guess{Value: "请把桥修好", Conf: 0.9}
		r.PlaceText = "营盘镇朱家湾"
	case strings.Contains(text, "路灯"):
		r.Subject = bot.Guess{Value: "construction.municipal", Conf: 0.96}
		r.Title, r.PlaceText = "路灯坏了三个月", "营盘镇"
	case strings.Contains(text, "路"):
		r.Subject = bot.Guess{Value: "transport.roads", Conf: 0.96}
		r.Title, r.Request = "村组道路损坏，下雨过不去车", bot.Guess{Value: "把路修好", Conf: 0.9}
		r.Derived = !strings.Contains(text, r.Request.Value)
	}
	switch {
	case strings.Contains(text, "下梁"):
		r.Place = bot.Guess{Value: "611026102", Conf: 0.9}
	case strings.Contains(text, "营盘"):
		r.Place = bot.Guess{Value: "611026101", Conf: 0.9}
	}
	return r, nil
}
