// Telebot is the complaint desk on telebot v4 with a tuned HTTP client: what a good
// library does without a durable inbox. An update is confirmed before it is handled.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	tele "gopkg.in/telebot.v4"
)

func main() {
	d, err := openDesk(os.Getenv("REDIS_URL"))
	if err != nil {
		log.Fatal(err)
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.MaxIdleConns, tr.MaxIdleConnsPerHost = 1024, 1024
	set := tele.Settings{
		URL: os.Getenv("API_URL"), Token: os.Getenv("BOT_TOKEN"), Client: &http.Client{Timeout: time.Minute, Transport: tr},
		OnError: func(err error, _ tele.Context) { log.Println(err) },
	}
	if os.Getenv("MODE") == "poll" {
		set.Poller = &tele.LongPoller{Timeout: 10 * time.Second}
	} else {
		set.Poller = &tele.Webhook{Listen: os.Getenv("LISTEN"), SecretToken: os.Getenv("SECRET"),
			Endpoint: &tele.WebhookEndpoint{PublicURL: "http://" + os.Getenv("LISTEN") + "/"}}
	}
	b, err := tele.NewBot(set)
	if err != nil {
		log.Fatal(err)
	}
	handle(b, d)
	b.Start()
}

func handle(b *tele.Bot, d *desk) {
	text := func(c tele.Context) error { return reply(c, d, event{Text: c.Text()}) }
	for _, on := range []string{tele.OnText, "/start", "/status"} {
		b.Handle(on, text)
	}
	b.Handle(tele.OnCallback, func(c tele.Context) error {
		if err := c.Respond(); err != nil {
			log.Println(err)
		}
		return reply(c, d, event{Data: c.Callback().Data})
	})
}

func reply(c tele.Context, d *desk, e event) error {
	a, err := d.handle(context.Background(), c.Chat().ID, e)
	if err != nil {
		return err
	}
	if a.Buttons == nil {
		return c.Send(a.Text)
	}
	kb := &tele.ReplyMarkup{}
	for _, b := range a.Buttons {
		kb.InlineKeyboard = append(kb.InlineKeyboard, []tele.InlineButton{{Text: b.Text, Data: b.Data}})
	}
	return c.Send(a.Text, kb)
}
