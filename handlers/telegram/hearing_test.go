package telegram

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
)

// until waits for what must come about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func deaf(d listening, why Fault) func() bool {
	return func() bool { return d.Condition().Deaf == why }
}

// After a quiet week ids begin lower: what comes is taken, and the server is not asked in a hurry.
func TestPollIDsBeginAnew(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	c, in := s.Citizen(7), newInbox()
	s.RestartIDs(727334707)
	c.Say("一")
	d, _ := door(t, s, in, nil)
	polling(t, d)
	in.await(t, 1)
	until(t, "confirmed", func() bool { return s.Pending() == 0 })
	s.RestartIDs(117314199)
	for _, text := range []string{"二", "三", "四"} {
		c.Say(text)
		time.Sleep(20 * time.Millisecond)
	}
	e := in.await(t, 4)
	if e[1].Text != "二" || e[3].Text != "四" {
		t.Errorf("got %+v", e)
	}
	until(t, "confirmed", func() bool { return s.Pending() == 0 })
	if n := s.Counts().Polls; n > 30 {
		t.Errorf("asked %d times", n)
	}
	if err := d.Condition().Err(); err != nil {
		t.Error(err)
	}
}

// A server that answers at once with nothing is not asked more than about once a second.
func TestPollHasAFloor(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	s.AnswerAtOnce(true)
	d, _ := door(t, s, newInbox(), nil)
	polling(t, d)
	time.Sleep(1500 * time.Millisecond)
	if n := s.Counts().Polls; n > 5 {
		t.Errorf("asked %d times in 1.5 s", n)
	}
	if err := d.Condition().Err(); err != nil {
		t.Error(err)
	}
}

// A server that hands out what it was told is taken: slower and slower, and not ready.
func TestPollNoticesALoop(t *testing.T) {
	t.Parallel()
	srv := &script{done: make(chan struct{})}
	for range 8 {
		srv.answers = append(srv.answers, `{"ok":true,"result":[{"update_id":41,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"a"}}]}`)
	}
	h := httptest.NewServer(srv)
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "1:x", APIURL: h.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	l := listening{d, newInbox()}
	polling(t, l)
	until(t, "not ready", deaf(l, Looping))
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if len(srv.offsets) > 6 {
		t.Errorf("asked %d times", len(srv.offsets))
	}
}

// Not ready exactly while it polls and can't hear, with the reason.
func TestPollConditions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		break_ func(s *fakeapi.Server) (mend func())
		why    Fault
	}{
		"token refused":    {func(s *fakeapi.Server) func() { return trouble(s, 401) }, TokenRefused},
		"token of no form": {func(s *fakeapi.Server) func() { return trouble(s, 404) }, TokenRefused},
		"webhook set": {func(s *fakeapi.Server) func() {
			s.SetWebhook("http://127.0.0.1:1/live", "x")
			return func() { s.SetWebhook("", "") }
		}, WebhookSet},
		"other poller": {func(s *fakeapi.Server) func() {
			return s.Break(fakeapi.Fault{Method: "getUpdates", Code: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
		}, OtherPoller},
		"502 from the start": {func(s *fakeapi.Server) func() { return trouble(s, 502) }, Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := api(t, fakeapi.Options{})
			mend := c.break_(s)
			d, _ := door(t, s, newInbox(), func(c *Config) { c.Watch = 5 * time.Millisecond })
			if deaf := d.Condition().Deaf; deaf != NotYet {
				t.Errorf("before it begins: %q", deaf)
			}
			polling(t, d)
			until(t, "not ready", deaf(d, c.why))
			if name == "webhook set" && s.Hook() == "" {
				t.Error("somebody's live webhook was removed")
			}
			mend()
			until(t, "ready again", func() bool { return d.Condition().Err() == nil })
		})
	}
}

func trouble(s *fakeapi.Server, code int) func() {
	s.SetTrouble(fakeapi.Trouble{Code: code})
	return func() { s.SetTrouble(fakeapi.Trouble{}) }
}

// Telegram that is out of reach for a moment makes nobody deaf.
func TestConditionGrace(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	const grace = 15 * time.Second
	h := health{grace: grace, now: func() time.Time { return now }, ears: organ{fault: NotYet}, mouth: organ{fault: NotYet}}
	h.heard()
	h.spoke("sendMessage", nil)
	h.deaf(Unreachable)
	h.spoke("sendMessage", context.DeadlineExceeded)
	now = now.Add(grace - time.Millisecond)
	if err := h.condition().Err(); err != nil {
		t.Errorf("within the grace: %v", err)
	}
	now = now.Add(time.Millisecond)
	if c := h.condition(); c.Deaf != Unreachable || c.Mute != Unreachable {
		t.Errorf("after the grace: %+v", c)
	}
	h.heard()
	h.spoke("sendMessage", &apiError{code: 400})
	if err := h.condition().Err(); err != nil {
		t.Errorf("a refusal is an answer: %v", err)
	}
	h.spoke("sendMessage", &apiError{code: 401})
	if c := h.condition(); c.Mute != TokenRefused {
		t.Errorf("%+v", c)
	}
}

// hooked is a door behind a webhook that runs until the test ends.
func hooked(t *testing.T, s *fakeapi.Server, in *inbox) (listening, *httptest.Server) {
	t.Helper()
	var l listening
	h := httptest.NewUnstartedServer(nil)
	l, _ = door(t, s, in, func(c *Config) {
		c.WebhookURL, c.Watch, c.Grace = "http://"+h.Listener.Addr().String()+Path, 5*time.Millisecond, 10*time.Millisecond
	})
	h.Config.Handler = l.Handler()
	h.Start()
	t.Cleanup(h.Close)
	polling(t, l)
	return l, h
}

// setWebhook refused because the resolver had a bad moment is tried again; until it works the door
// is deaf.
func TestWebhookIsSetAgain(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	s.Break(fakeapi.Fault{Method: "setWebhook", Times: 2, Text: "bad webhook: Failed to resolve host: Temporary failure in name resolution"})
	in := newInbox()
	d, _ := hooked(t, s, in)
	until(t, "not ready", deaf(d, WebhookRefused))
	until(t, "ready", func() bool { return d.Condition().Err() == nil })
	s.Citizen(7).Say("您好")
	in.await(t, 1)
}

// Whoever removes the webhook, or sets another: it is set again.
func TestWebhookIsKept(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	in := newInbox()
	d, _ := hooked(t, s, in)
	until(t, "ready", func() bool { return d.Condition().Err() == nil })
	for _, url := range []string{"", "http://127.0.0.1:1/other"} {
		s.SetWebhook(url, "x")
		until(t, "set again", func() bool { return s.Hook() == d.webhookURL })
	}
	s.Citizen(7).Say("您好")
	in.await(t, 1)
}

// While Telegram can't deliver, or is not answered 2xx, the door is deaf.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{RetryPause: 20 * time.Millisecond})
	in := newInbox()
	d, _ := hooked(t, s, in)
	until(t, "ready", func() bool { return d.Condition().Err() == nil })
	time.Sleep(1100 * time.Millisecond) // last_error_date counts whole seconds
	in.mu.Lock()
	in.fail = 1 << 30
	in.mu.Unlock()
	s.Citizen(7).Say("您好")
	until(t, "not ready", deaf(d, WebhookFails))
	in.mu.Lock()
	in.fail = 0
	in.mu.Unlock()
	in.await(t, 1)
	until(t, "ready", func() bool { return d.Condition().Err() == nil })
}

// getMe that fails at the start is asked again, and links come then.
func TestNameIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	s.Break(fakeapi.Fault{Method: "getMe", Times: 2, Code: 502, Text: "Bad Gateway"})
	d, _ := door(t, s, newInbox(), nil)
	if link := d.Shows().Link; link != "" {
		t.Errorf("a link to nobody: %q", link)
	}
	polling(t, d)
	until(t, "links", func() bool { return d.Shows().Link == "https://t.me/dengwen_bot?start=" })
}
