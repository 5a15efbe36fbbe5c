package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/internal/test/invented"
)

// Every page, refusal and notice of the door speaks a language that was added by a folder.
func TestAnAddedLanguageIsSpokenByEveryPage(t *testing.T) {
	t.Parallel()
	words := invented.Catalog(t)
	s := newStage(t, func(c *Config) { c.Locales = words })
	s.reply = func(conv string, e bot.Event, n int) {
		s.send(conv, e.ID, bot.Say{Text: "ⰀⰁ", Lang: invented.Tag, Ask: "location", Rows: [][]bot.Button{{{Text: "Ⰰ", Data: "a"}}},
			Receipt: &bot.Receipt{Lang: invented.Tag, Number: "ZS26-0417-3K", Code: "7Q4M-29XD", Lines: []string{"Ⰱ"}}})
	}
	b := s.browser()
	look := func(where string) {
		t.Helper()
		if left := invented.Left(invented.Shown(b.page), "柞水县信访局", "中文", "English"); len(left) > 0 || !strings.Contains(b.page, "Ⰰ") && !strings.Contains(b.page, "ⰀⰁⰂ") && b.page != "" && !strings.ContainsFunc(b.page, func(r rune) bool { return r >= 'Ⰰ' && r <= 'ⰿ' }) {
			t.Errorf("%s: %q left in\n%s", where, left, invented.Shown(b.page))
		}
	}
	b.get("/?lang=bo", 200)
	look("home")
	b.get("/c/ZS26-0417-3K?lang=bo", 200)
	look("look-up")
	b.post("/say", b.fields("text", "ⰀⰁⰂ", "lang", "bo"), 200)
	look("conversation")
	b.post("/say", b.fields("text", "", "lang", "bo"), http.StatusUnprocessableEntity)
	look("nothing written")
	b.post("/say", b.fields("text", strings.Repeat("Ⰰ", maxText+1), "lang", "bo"), http.StatusRequestEntityTooLarge)
	look("too long")
	s.setDown(errors.New("no store"))
	b.post("/say", b.fields("text", "ⰀⰁⰂ", "lang", "bo"), http.StatusServiceUnavailable)
	s.setDown(nil)
	for _, key := range words.Keys() {
		if strings.HasPrefix(key, "web.") || strings.HasPrefix(key, "terminal.") || strings.HasPrefix(key, "telegram.") || strings.HasPrefix(key, "receipt.") {
			if left := invented.Left(words.Say(invented.Tag, key, map[string]string{})); len(left) > 0 && !strings.Contains(key, "command.language") {
				t.Errorf("%s: %q left", key, left)
			}
		}
	}
}
