package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
)

// polling runs a door until the test ends.
func polling(t *testing.T, d listening) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := d.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func TestPollEndToEnd(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{RedeliverEvery: 3})
	in := newInbox()
	in.fail = 2
	d, _ := door(t, s, in, nil)
	polling(t, d)
	talkInOrder(t, s, in)
}

// An update nobody can decode does not hold up the others of its batch.
func TestPollGoesPastADeadLetter(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	c := s.Citizen(7)
	c.Say("before")
	s.Push(7, []byte(`{"message":{"chat":"no object"}}`))
	c.Say("after")
	in := newInbox()
	d, _ := door(t, s, in, nil)
	polling(t, d)
	e := in.await(t, 2)
	for end := time.Now().Add(5 * time.Second); in.deadLetters() == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond) // it is nobody's conversation and waits for none
	}
	if e[0].Text != "before" || e[1].Text != "after" || in.deadLetters() != 1 {
		t.Errorf("got %+v, %d dead letters", e, in.deadLetters())
	}
}

// A webhook left behind by another set-up is removed, without losing what waits.
func TestPollRemovesALeftWebhook(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{RetryPause: time.Millisecond})
	s.SetWebhook("http://127.0.0.1:1/gone", "x")
	s.Citizen(7).Say("还在吗")
	in := newInbox()
	d, _ := door(t, s, in, func(c *Config) { c.Watch, c.AbandonedAfter = 5*time.Millisecond, 50*time.Millisecond })
	polling(t, d)
	if e := in.await(t, 1); e[0].Text != "还在吗" {
		t.Errorf("got %+v", e)
	}
}

// script answers getUpdates with one canned answer after another and remembers
// the offsets asked for.
type script struct {
	mu      sync.Mutex
	answers []string
	offsets []int64
	done    chan struct{}
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasSuffix(r.URL.Path, "getUpdates") {
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
		return
	}
	var q getUpdates
	_ = json.NewDecoder(r.Body).Decode(&q)
	s.offsets = append(s.offsets, q.Offset)
	if len(s.answers) == 0 {
		select {
		case <-s.done:
		default:
			close(s.done)
		}
		time.Sleep(10 * time.Millisecond)
		_, _ = io.WriteString(w, `{"ok":true,"result":[]}`)
		return
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	code := 200
	_, _ = fmt.Sscanf(a, `{"ok":false,"error_code":%d`, &code)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, a)
}

// Errors of getUpdates are waited out, and the offset never moves past an update
// that was not accepted.
func TestPollOffsetAndErrors(t *testing.T) {
	t.Parallel()
	batch := `{"ok":true,"result":[{"update_id":41,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"a"}},{"update_id":42,"message":{"message_id":2,"chat":{"id":7,"type":"private"},"text":"b"}}]}`
	srv := &script{done: make(chan struct{}), answers: []string{
		`{"ok":false,"error_code":502,"description":"Bad Gateway"}`,
		`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}`,
		`<html>nginx</html>`,
		batch, // not accepted
		batch,
	}}
	h := httptest.NewServer(srv)
	t.Cleanup(h.Close)
	in := newInbox()
	in.fail = 1
	d, err := New(Config{Token: "1:x", APIURL: h.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	polling(t, listening{d, in})
	<-srv.done
	srv.mu.Lock()
	got := fmt.Sprint(srv.offsets[:6])
	srv.mu.Unlock()
	if got != "[0 0 0 0 0 43]" {
		t.Errorf("offsets %s, want [0 0 0 0 0 43]", got)
	}
	if e := in.all(); len(e) != 2 || e[0].Text != "a" || e[1].Text != "b" {
		t.Errorf("accepted %+v", e)
	}
}

func TestPollPause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		tries int
		want  time.Duration
	}{
		"flood":       {&apiError{code: 429, retryAfter: 17}, 3, 17 * time.Second},
		"first":       {io.EOF, 0, 500 * time.Millisecond},
		"fourth":      {io.EOF, 3, 4 * time.Second},
		"hundredth":   {io.EOF, 99, 30 * time.Second},
		"token wrong": {fmt.Errorf("x: %w", &apiError{code: 401}), 0, 5 * time.Second},
		"conflict":    {fmt.Errorf("x: %w", &apiError{code: 409}), 0, 500 * time.Millisecond},
	} {
		if got := pollPause(c.err, c.tries); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Presses are answered on the way out too.
func TestPollStopsAfterAnswers(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	c := s.Citizen(7)
	showButton(t, s, c)
	if _, err := c.Press("go"); err != nil {
		t.Fatal(err)
	}
	in := newInbox()
	d, _ := door(t, s, in, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	in.await(t, 1)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := s.Unanswered(); n != 0 {
		t.Errorf("%d presses not answered", n)
	}
}
