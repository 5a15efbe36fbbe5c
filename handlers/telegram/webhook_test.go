package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
)

func deliver(d listening, method, key, body string) *http.Response {
	req := httptest.NewRequest(method, Path, strings.NewReader(body))
	if key != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", key)
	}
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, req)
	return w.Result()
}

const textUpdate = `{"update_id":5,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"水管坏了"}}`

func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, key, body string
		status, events    int
	}{
		"taken":                       {"POST", secret, textUpdate, 200, 1},
		"wrong secret":                {"POST", secret + "x", textUpdate, 401, 0},
		"no secret":                   {"POST", "", textUpdate, 401, 0},
		"wrong secret, any body":      {"POST", "x", "junk", 401, 0},
		"GET":                         {"GET", secret, "", 405, 0},
		"not JSON":                    {"POST", secret, "junk", 400, 0},
		"empty":                       {"POST", secret, "", 400, 0},
		"1 MiB and more":              {"POST", secret, `{"x":"` + strings.Repeat("a", 1<<20) + `"}`, 413, 0},
		"unknown kind":                {"POST", secret, `{"update_id":5,"hologram":{}}`, 200, 0},
		"group":                       {"POST", secret, strings.Replace(textUpdate, "private", "supergroup", 1), 200, 0},
		"undecodable is acknowledged": {"POST", secret, `{"update_id":5,"message":{"text":7}}`, 200, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := newInbox()
			d, _ := door(t, api(t, fakeapi.Options{}), in, nil)
			if got := deliver(d, c.method, c.key, c.body).StatusCode; got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if got := len(in.all()); got != c.events {
				t.Errorf("%d events, want %d", got, c.events)
			}
		})
	}
}

// Without a secret set, nothing is taken by webhook, not even an empty secret.
func TestWebhookWithoutSecretSet(t *testing.T) {
	t.Parallel()
	d, _ := door(t, api(t, fakeapi.Options{}), newInbox(), func(c *Config) { c.Secret = "" })
	if got := deliver(d, "POST", "", textUpdate).StatusCode; got != 401 {
		t.Errorf("status %d, want 401", got)
	}
}

func TestWebhookRefusesWhatWasNotAccepted(t *testing.T) {
	t.Parallel()
	in := newInbox()
	in.fail = 1
	d, _ := door(t, api(t, fakeapi.Options{}), in, nil)
	if got := deliver(d, "POST", secret, textUpdate).StatusCode; got != 503 {
		t.Errorf("status %d, want 503", got)
	}
	if got := deliver(d, "POST", secret, textUpdate).StatusCode; got != 200 {
		t.Errorf("second delivery: status %d, want 200", got)
	}
	if e := in.all(); len(e) != 1 || e[0].ID != "tg:5" {
		t.Errorf("accepted %+v", e)
	}
}

// A store that is away refuses hundreds of updates; the log says so once, and once more
// when it is back.
func TestRefusedUpdatesAreLoggedOnce(t *testing.T) {
	t.Parallel()
	in := newInbox()
	in.fail = 40
	d, log := door(t, api(t, fakeapi.Options{}), in, nil)
	for range 42 {
		deliver(d, "POST", secret, textUpdate)
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
		t.Errorf("%d errors in the log", n)
	}
	if n := strings.Count(log.String(), "accepted again\" refused=40"); n != 1 {
		t.Errorf("%d times said that it works again:\n%s", n, log)
	}
}

func TestWebhookAnswersPressInItsBody(t *testing.T) {
	t.Parallel()
	d, _ := door(t, api(t, fakeapi.Options{}), newInbox(), nil)
	body, _ := io.ReadAll(deliver(d, "POST", secret, `{"update_id":6,"callback_query":{"id":"99","from":{"id":7},"data":"x"}}`).Body)
	if got, want := string(body), `{"method":"answerCallbackQuery","callback_query_id":"99"}`; got != want {
		t.Errorf("body %s, want %s", got, want)
	}
}

func TestUndecodableIsADeadLetter(t *testing.T) {
	t.Parallel()
	in := newInbox()
	in.down = errors.New("store is down")
	d, log := door(t, api(t, fakeapi.Options{}), in, nil)
	bad := `{"update_id":5,"message":{"text":{"my":"13800001234"}}}`
	if got := deliver(d, "POST", secret, bad).StatusCode; got != 503 {
		t.Errorf("not kept and yet answered %d", got)
	}
	in.down = nil
	if got := deliver(d, "POST", secret, bad).StatusCode; got != 200 {
		t.Errorf("kept and yet answered %d", got)
	}
	deliver(d, "POST", secret, `{"update_id":"x"}`)
	if in.deadLetters() != 2 || in.kept["tg:5"] != bad {
		t.Errorf("kept %q", in.kept)
	}
	if strings.Contains(log.String(), "13800001234") || !strings.Contains(log.String(), "update=5") {
		t.Errorf("log says %s", log)
	}
}

// Through the whole of Telegram's delivery: each update once more, the store down
// at first, many chats at once; every chat's order is kept and every press answered.
func TestWebhookEndToEnd(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{RedeliverEvery: 3, RetryPause: time.Millisecond})
	in := newInbox()
	in.fail = 5
	d, _ := door(t, s, in, nil)
	hook := httptest.NewServer(d.Handler())
	t.Cleanup(hook.Close)
	s.SetWebhook(hook.URL, secret)
	talkInOrder(t, s, in)
}

// talkInOrder lets 20 citizens say 1 to 10 and press a button, then looks at what
// was accepted.
func talkInOrder(t *testing.T, s *fakeapi.Server, in *inbox) {
	t.Helper()
	for chat := range int64(20) {
		c := s.Citizen(1000 + chat)
		for n := range 10 {
			c.Say(string(rune('a' + n)))
		}
		showButton(t, s, c)
		if _, err := c.Press("^go$"); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(20 * time.Second)
	for s.Pending() > 0 || s.Unanswered() > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d updates not taken, %d presses not answered", s.Pending(), s.Unanswered())
		}
		time.Sleep(2 * time.Millisecond)
	}
	checkOrder(t, in, 20, "abcdefghij!")
}

func showButton(t *testing.T, s *fakeapi.Server, c *fakeapi.Citizen) {
	t.Helper()
	body := strings.NewReader(`{"chat_id":` + strings.TrimPrefix(convOf(c.Chat.ID), "tg:") + `,"text":"go?","reply_markup":{"inline_keyboard":[[{"text":"go","callback_data":"go"}]]}}`)
	resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/sendMessage", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

// checkOrder drops what came twice, as the store does, and compares each chat.
func checkOrder(t *testing.T, in *inbox, chats int, want string) {
	t.Helper()
	in.mu.Lock()
	defer in.mu.Unlock()
	seen, said := map[string]bool{}, map[string]string{}
	for i, e := range in.events {
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		text := e.Text
		if e.Press != nil {
			text = "!"
		}
		said[in.convs[i]] += text
	}
	if len(said) != chats {
		t.Errorf("%d chats, want %d", len(said), chats)
	}
	for conv, got := range said {
		if got != want {
			t.Errorf("%s said %q, want %q", conv, got, want)
		}
	}
}

// An event the turn refuses for ever becomes a dead letter; any other refusal comes again.
func TestRefusedForEver(t *testing.T) {
	t.Parallel()
	in := refusingInbox{newInbox()}
	d, _ := door(t, api(t, fakeapi.Options{}), in, nil)
	if got := deliver(d, "POST", secret, textUpdate).StatusCode; got != 200 || in.deadLetters() != 1 {
		t.Errorf("status %d, %d dead letters", got, in.deadLetters())
	}
}

// refusingInbox is an inbox that takes no event.
type refusingInbox struct{ *inbox }

func (refusingInbox) Accept(context.Context, string, bot.Event) error {
	return fmt.Errorf("%w: too large", turn.ErrEvent)
}

// What the library cannot decode is kept as it came, and who wrote it is answered all the
// same: by what they wrote, or that it cannot be read.
func TestUndecodableIsAnswered(t *testing.T) {
	t.Parallel()
	in := newInbox()
	d, log := door(t, api(t, fakeapi.Options{}), in, nil)
	const update = `{"update_id":%d,"message":{"message_id":42,"chat":{"id":7,"type":%q},"date":1,%s"forward_origin":{"type":"community"}}}`
	for i, c := range []struct{ chat, text string }{{"private", `"text":"13800001234",`}, {"private", ""}, {"supergroup", `"text":"13800001234",`}} {
		if got := deliver(d, "POST", secret, fmt.Sprintf(update, i+1, c.chat, c.text)).StatusCode; got != 200 {
			t.Errorf("answered %d", got)
		}
	}
	all := in.all()
	if in.deadLetters() != 3 || len(all) != 2 || all[0].Text != "13800001234" || all[0].ID != "tg:1" || all[1].Other != unknown || in.convs[1] != "tg:7" {
		t.Errorf("%d kept, accepted %+v", in.deadLetters(), all)
	}
	if strings.Contains(log.String(), "13800001234") || !strings.Contains(log.String(), "does not know") {
		t.Errorf("log says %s", log)
	}
}
