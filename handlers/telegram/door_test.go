package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
	"dengwen/locales"
)

const secret = "a_secret-1"

// inbox remembers what was accepted.
type inbox struct {
	turn.Inbox
	mu     sync.Mutex
	kept   map[string]string // dead letters by id
	down   error             // of keeping one
	convs  []string
	events []bot.Event
	fail   int // so many refusals first
	came   chan struct{}
}

func newInbox() *inbox { return &inbox{kept: map[string]string{}, came: make(chan struct{}, 1000)} }

func (b *inbox) Accept(_ context.Context, conv string, e bot.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail > 0 {
		b.fail--
		return errors.New("store is down")
	}
	b.convs, b.events = append(b.convs, conv), append(b.events, e)
	b.came <- struct{}{}
	return nil
}

func (b *inbox) PutDeadLetter(_ context.Context, _, id string, raw []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down == nil {
		b.kept[id] = string(raw)
	}
	return b.down
}

func (b *inbox) deadLetters() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.kept)
}

func (b *inbox) all() []bot.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bot.Event(nil), b.events...)
}

// await waits until so many events were accepted.
func (b *inbox) await(t *testing.T, n int) []bot.Event {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for len(b.all()) < n {
		select {
		case <-b.came:
		case <-deadline:
			t.Fatalf("only %d of %d events came", len(b.all()), n)
		}
	}
	return b.all()
}

// journal is a log that can be read.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

func api(t *testing.T, o fakeapi.Options) *fakeapi.Server {
	t.Helper()
	s, err := fakeapi.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// listening is a door and what takes its updates in.
type listening struct {
	*Door
	in turn.Inbox
}

func (l listening) Handler() http.Handler         { return l.Door.Handler(l.in) }
func (l listening) Run(ctx context.Context) error { return l.Door.Run(ctx, l.in) }

// door makes a door to a fake Bot API; set may change its settings.
func door(t *testing.T, s *fakeapi.Server, in turn.Inbox, set func(*Config)) (listening, *journal) {
	t.Helper()
	log := &journal{}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Locales: words, Token: s.Token(), APIURL: s.URL(), Secret: secret, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if set != nil {
		set(&cfg)
	}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if strings.Contains(log.String(), s.Token()) {
			t.Errorf("the log holds the token:\n%s", log)
		}
	})
	return listening{d, in}, log
}

func TestNewNeedsItsParts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"no token":               {Now: time.Now},
		"no clock":               {Token: "1:x"},
		"webhook without secret": {Token: "1:x", Now: time.Now, WebhookURL: "https://a.example"},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestHookAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                     "",
		"https://a.example":                    "https://a.example" + Path,
		"https://a.example/":                   "https://a.example" + Path,
		"https://a.example/telegram/webhook":   "https://a.example/telegram/webhook",
		"https://a.example/x/telegram/webhook": "https://a.example/x/telegram/webhook",
	} {
		if got := webhookAddress(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Start-up does not wait for Telegram, and Telegram being away for a while does
// not keep the bot from being announced.
func TestAnnounce(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	in := newInbox()
	d, log := door(t, s, in, func(c *Config) {
		c.WebhookURL = "https://a.example"
		c.Commands = map[string][]Command{"": {{"help", "Help"}}, "zh": {{"help", "帮助"}, {"rights", "我的权利"}}}
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	deadline := time.Now().Add(20 * time.Second)
	for s.Commands("zh") != 2 || s.Commands("") != 1 || d.Name() != "dengwen_bot" || s.Hook() == "" { // the webhook is set beside the commands
		if time.Sleep(time.Millisecond); time.Now().After(deadline) {
			t.Fatalf("never announced:\n%s", log)
		}
	}
	if got := s.Hook(); got != "https://a.example"+Path {
		t.Errorf("webhook set to %q", got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
