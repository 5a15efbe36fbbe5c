package telegram_test

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/handlers/doortest"
	"dengwen/handlers/telegram"
	"dengwen/internal/test/fakeapi"
)

// The door passes the suite of all doors, by webhook and by polling.
func TestSuite(t *testing.T) {
	t.Parallel()
	can := doortest.Capabilities{
		Buttons: true, Edits: true, Files: true, Documents: true, Albums: true, Captions: true, Locations: true, Contacts: true, Pictures: true, Pushes: true, Again: true,
		Refuses: true, Blocks: true, MaxIn: 4096, MaxOut: bot.MaxText, Answer: 60 * time.Second,
	}
	for name, webhook := range map[string]bool{"webhook": true, "polling": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doortest.Run(t, doortest.Kit{Can: can, Open: func(t testing.TB, p doortest.Parts) doortest.Network { return openNetwork(t, p, webhook) }})
		})
	}
}

// network is the door before the fake Bot API.
type network struct {
	t       testing.TB
	parts   doortest.Parts
	api     *fakeapi.Server
	webhook bool
	hook    net.Listener // of the program that runs
	door    *telegram.Door
	slowest atomic.Int64
	person  *person
}

func openNetwork(t testing.TB, p doortest.Parts, webhook bool) *network {
	api, err := fakeapi.Start(fakeapi.Options{RetryPause: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	return &network{t: t, parts: p, api: api, webhook: webhook, person: &person{Citizen: api.Citizen(77), api: api}}
}

func (n *network) Doors() map[string]turn.Door {
	c := telegram.Config{
		Token: n.api.Token(), APIURL: n.api.URL(), Secret: "s3cret", Now: time.Now, Locales: n.parts.Locales, Watch: 20 * time.Millisecond,
		Draw: func(to io.Writer, _ bot.Receipt) error { return png.Encode(to, image.NewGray(image.Rect(0, 0, 8, 8))) },
	}
	var err error
	if n.webhook {
		if n.hook, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			n.t.Fatal(err)
		}
		c.WebhookURL = "http://" + n.hook.Addr().String()
	}
	if n.door, err = telegram.New(c); err != nil {
		n.t.Fatal(err)
	}
	return map[string]turn.Door{"tg": {Send: n.door, Fetch: n.door, Channel: "telegram", Shows: n.door.Shows}}
}

func (n *network) Listen(ctx context.Context, in turn.Inbox) {
	if n.webhook {
		handler := n.door.Handler(in)
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			handler.ServeHTTP(w, r)
			n.slowest.Store(max(n.slowest.Load(), int64(time.Since(began))))
		})}
		go func() { _ = s.Serve(n.hook) }()
		defer s.Close()
	}
	if err := n.door.Run(ctx, in); err != nil {
		n.t.Error(err)
	}
}

func (n *network) Person() doortest.Person { return n.person }

func (n *network) Slowest() time.Duration { return time.Duration(n.slowest.Load()) }

func (n *network) Refuse(how doortest.Refusal) func() {
	f := map[doortest.Refusal]fakeapi.Fault{
		doortest.Broken:  {Code: 502, Text: "Bad Gateway"},
		doortest.Busy:    {Code: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1},
		doortest.Closed:  {Code: 403, Text: "Forbidden: bot was blocked by the user"},
		doortest.Unknown: {Text: "something new", Times: 1},
	}[how]
	f.Chat = n.person.Chat.ID
	return n.api.Break(f)
}

// person is a citizen with Telegram's client.
type person struct {
	*fakeapi.Citizen
	api   *fakeapi.Server
	files int
	last  map[string]any // the newest message where it was a file
}

func (p *person) Conv() string { return fmt.Sprintf("tg:%d", p.Chat.ID) }

// Say splits what is too long, as clients do.
func (p *person) Say(text string) error {
	p.last = nil
	units := utf16.Encode([]rune(text))
	for len(units) > 4096 {
		p.Citizen.Say(string(utf16.Decode(units[:4096])))
		units = units[4096:]
	}
	p.Citizen.Say(string(utf16.Decode(units)))
	return nil
}

func (p *person) Press(button string) error {
	_, err := p.Citizen.Press("^" + regexp.QuoteMeta(button) + "$")
	return err
}

func (p *person) Send(files ...doortest.File) error {
	album := ""
	if len(files) > 1 {
		album = "album" + strconv.Itoa(p.files)
	}
	for _, f := range files {
		p.files++
		id := "file" + strconv.Itoa(p.files)
		p.api.AddFile(id, f.Body)
		m := map[string]any{}
		if f.Kind == "photo" {
			m["photo"] = []map[string]any{{"file_id": id, "file_unique_id": "u" + id, "width": 8, "height": 8, "file_size": len(f.Body)}}
		} else {
			d := map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": len(f.Body)}
			if f.Name != "" {
				d["file_name"] = f.Name
			}
			m[f.Kind] = d
		}
		if f.Caption != "" {
			m["caption"] = f.Caption
		}
		if album != "" {
			m["media_group_id"] = album
		}
		p.Message(m)
		p.last = m
	}
	return nil
}

func (p *person) Locate(lat, lon float64) error { p.Citizen.Locate(lat, lon); return nil }

func (p *person) Share(name, phone string) error { p.Citizen.Share(name, phone); return nil }

// Edit changes the newest message, the words under it where it is a file.
func (p *person) Edit(text string) error {
	if p.last != nil {
		p.EditCaption(p.last, text)
		return nil
	}
	p.Citizen.Edit(text)
	return nil
}

func (p *person) Repeat() error { p.api.Repeat(p.Chat.ID); return nil }

func (p *person) Shown() (out []doortest.Message) {
	for _, m := range p.Chat.Messages() {
		shown := doortest.Message{Text: m.Text, Picture: m.Photo != nil}
		for _, b := range m.Buttons {
			shown.Buttons = append(shown.Buttons, b.Text)
		}
		out = append(out, shown)
	}
	return out
}
