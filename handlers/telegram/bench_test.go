package telegram

import (
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"dengwen/bot"
	"dengwen/internal/test/fakeapi"
)

func benchDoor(b *testing.B) (*Door, *fakeapi.Server) {
	s, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	s.Chat(7)
	d, err := New(Config{Token: s.Token(), APIURL: s.URL(), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	return d, s
}

var question = bot.Say{Text: "请确认：村组道路损坏，下梁镇，把路修好。", Rows: [][]bot.Button{{{Text: "提交", Data: "s9:send"}, {Text: "改一处", Data: "s9:edit"}}}}

// Ours beside the library's own call; the fake server's part is in both.
func BenchmarkSend(b *testing.B) {
	d, _ := benchDoor(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Send(b.Context(), "tg:7", "k", question); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendByLibrary(b *testing.B) {
	d, _ := benchDoor(b)
	b.ReportAllocs()
	lib, err := tg.New(d.cfg.Token, tg.WithSkipGetMe(), tg.WithServerURL(d.cfg.APIURL))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := lib.SendMessage(b.Context(), &tg.SendMessageParams{ChatID: 7, Text: question.Text, ReplyMarkup: d.markup(question)}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTranslate(b *testing.B) {
	t := translator{username: "dengwen_bot"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.translate([]byte(textUpdate), noon); err != nil {
			b.Fatal(err)
		}
	}
}
