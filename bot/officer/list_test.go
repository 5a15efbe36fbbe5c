package officer_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// A search that may lack something says so, whether it found anything or not.
func TestPartialSearchSaysSo(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := officer.New(office.Example(), words, nil)
	for lang, want := range map[string]string{"zh-CN": "过一会儿再查", "en": "search again in a little while"} {
		for n, views := range [][]petition.Item{nil, {{Number: "ZS26-0001-KN", Title: "桥面塌了", Status: petition.Registered}}} {
			for _, partial := range []bool{true, false} {
				o := bot.Outcome{Effect: "desk:p:list", Page: &petition.Page{Items: views, Partial: partial}}
				e := bot.Event{ID: "e", Outcome: &o, Officer: &roster.Person{ID: "p", Unit: "transport", Roles: []petition.Role{petition.Officer}}}
				_, effects := c.Step(bot.Session{Lang: lang}, e, time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC))
				if len(effects) != 1 || effects[0].Say == nil || strings.Contains(effects[0].Say.Text, want) != partial {
					t.Errorf("%s, %d cases, partial %v: %+v", lang, n, partial, effects)
				}
			}
		}
	}
}
