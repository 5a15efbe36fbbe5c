package invented_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/invented"
)

// Whoever's Telegram speaks a language that was added by a folder reads it in every message and on
// every button, and has the menu of commands in it.
func TestAnAddedLanguageIsSpokenInTelegram(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	p := faults.NewProgram(t, append(faults.Telegram(api, ""), "DENGWEN_LOCALES="+invented.Dir(t))...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	const story = "下梁镇三组的路一下雨就塌，拖拉机过不去，找村上说没钱，请把路修好"
	c := api.Citizen(7_100_000_001)
	c.Lang = invented.Tag
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	hear := func() {
		t.Helper()
		if _, err := c.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, say := range []string{"/start", "/help", "/rights", "/privacy", "/my", story, "/quit"} {
		c.Say(say)
		hear()
	}
	c.Photo("picture", "", "")
	hear()
	c.Message(map[string]any{"sticker": map[string]any{"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular"}})
	hear()
	c.Message(map[string]any{"document": map[string]any{"file_id": "d", "file_unique_id": "d", "file_name": "a.pdf", "file_size": 50 << 20}})
	hear()
	if _, err := c.Press(":send$"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Expect(ctx, "ZS\\d\\d-"); err != nil {
		t.Fatal(err)
	}
	c.Say("/mycases")
	hear()

	allowed := append(invented.OfficeData(office.Example()), story, "下梁镇三组的路一下雨就塌", "找村上说没钱", "请把路修好", "下梁镇三组", "村组道路损坏", "下雨过不去车", "路", "三组", "中文", "English")
	look := func(where, text string) {
		for _, left := range invented.Left(text, allowed...) {
			t.Errorf("%s: %q is left in %q", where, left, text)
		}
	}
	spoken := 0
	for _, m := range c.Chat.Messages() {
		look("message", m.Text)
		for _, b := range m.Buttons {
			look("button", b.Text)
		}
		if strings.ContainsFunc(m.Text, func(r rune) bool { return r >= 'Ⰰ' && r <= 'Ⱟ' }) {
			spoken++
		}
	}
	if spoken < 10 {
		t.Errorf("%d messages are in the language", spoken)
	}
	if api.Commands(invented.Tag) == 0 {
		t.Error("there is no menu of commands in the language")
	}
}
