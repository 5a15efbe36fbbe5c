package telegram

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
)

func TestSendWhenTelegramIsAway(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	d, err := New(Config{Token: "123456:geheim", APIURL: "http://" + addr, Now: time.Now, Draw: png})
	if err != nil {
		t.Fatal(err)
	}
	for name, say := range map[string]bot.Say{"text": {Text: "x"}, "edit": {Text: "x", Edit: "5"}, "receipt": {Text: "x", Receipt: &bot.Receipt{}}} {
		var got *turn.SendError
		if err := d.Send(t.Context(), "tg:7", "k", say); !errors.As(err, &got) || got.Gone || got.Drop || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Send(ctx, "tg:7", "k", bot.Say{Text: "x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Connections the server closed while idle cost no message.
func TestIdleConnectionsClosed(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{IdleClose: 20 * time.Millisecond})
	s.Chat(7)
	d, _ := door(t, s, newInbox(), nil)
	for range 40 {
		if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: "x"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // the moment the server gives up
	}
	if n := s.Counts().Sends; n != 40 {
		t.Errorf("%d of 40 messages arrived", n)
	}
}

func TestBodiesHaveALength(t *testing.T) {
	t.Parallel()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 || len(r.TransferEncoding) > 0 {
			t.Errorf("%s: length %d, encoding %v", r.URL.Path, r.ContentLength, r.TransferEncoding)
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"}}}`)
	}))
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "1:x", APIURL: h.URL, Now: time.Now, Draw: png})
	if err != nil {
		t.Fatal(err)
	}
	for _, say := range []bot.Say{{Text: "x"}, {Text: "x", Edit: "4"}, {Text: "x", Receipt: &bot.Receipt{}}} {
		if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
			t.Error(err)
		}
	}
}

// A message Telegram took is not sent again because its answer holds something new.
func TestAnswersNobodyCanDecode(t *testing.T) {
	t.Parallel()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{ "ok":true, "result":{"message_id":"new","photo":"new"}}`)
	}))
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "1:x", APIURL: h.URL, Now: time.Now, Draw: png})
	if err != nil {
		t.Fatal(err)
	}
	for _, say := range []bot.Say{{Text: "x"}, {Text: "x", Edit: "4"}, {Text: "x", Receipt: &bot.Receipt{}}} {
		if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
			t.Error(err)
		}
	}
}
