package turn_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
	"dengwen/storage/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// harness is a runner with fake parts.
type harness struct {
	t      *testing.T
	store  turn.Store
	box    *seal.Box
	cases  *fakeCases
	sender *fakeSender
	log    *logBuffer
	now    func() time.Time // nil = time.Now
	read   func(context.Context, string) (bot.Reading, error)
	o      turn.Options
	r      *turn.Runner
	stop   func()

	also   func(ctx context.Context, n petition.Notice) ([]string, error)
	missed func(ctx context.Context, all []telling.Miss) error
	people *roster.Service

	crashes bool // processes of this test do not stop in good order
}

func newHarness(t *testing.T, set ...func(*harness)) *harness {
	t.Helper()
	h := &harness{t: t, box: newBox(t), cases: newFakeCases(), sender: newFakeSender(), log: &logBuffer{}, read: atOnce}
	h.o = turn.Options{
		Lease: time.Second, Sweep: 20 * time.Millisecond, ReadFor: 100 * time.Millisecond, CaseFor: 200 * time.Millisecond,
		FirstRetry: 5 * time.Millisecond, LastRetry: 50 * time.Millisecond,
		Sorry: func(lang string) string { return "sorry in " + lang },
	}
	s, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h.store = s
	for _, f := range set {
		f(h)
	}
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

func newBox(t testing.TB) *seal.Box {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// start runs a fresh runner on the same store, as a process that was started again.
func (h *harness) start() {
	h.t.Helper()
	r, err := turn.New(turn.Parts{
		Store: h.store, Box: h.box, Step: step, Cases: h.cases, Reader: readerFunc(h.readNow),
		Answer: func(q, _ string, _ time.Time) bot.Answer { return bot.Answer{Text: "on " + q, Known: true} },
		Doors: map[string]turn.Door{
			"tg":  {Send: h.sender, Fetch: h.sender, Channel: "telegram"},
			"sms": oneWay(h.sender), "mail": oneWay(h.sender), "robot": oneWay(h.sender),
		},
		Also: h.also, Missed: h.missed, Roster: h.people, Now: h.now,
		Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}, h.o)
	if err != nil {
		h.t.Fatal(err)
	}
	h.r = r
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !h.crashes {
			h.t.Errorf("stop: %v", err)
		}
	})
}

func oneWay(s turn.Sender) turn.Door {
	return turn.Door{Send: s, Shows: func() bot.Door { return bot.Door{OneWay: true} }}
}

func (h *harness) readNow(ctx context.Context, text string) (bot.Reading, error) {
	return h.read(ctx, text)
}

// accept accepts a message; the text says what the conversation shall do, see step.
func (h *harness) accept(conv, id, text string) {
	h.t.Helper()
	e := bot.Event{ID: id, At: time.Now(), Text: text}
	if strings.HasPrefix(text, "fetch") {
		e.Media = []bot.Media{{Ref: text, Kind: "photo"}}
	}
	if err := h.r.Accept(context.Background(), conv, e); err != nil {
		h.t.Fatalf("accept %s: %v", id, err)
	}
}

func (h *harness) waitIdle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.r.WaitIdle(ctx); err != nil {
		h.t.Fatalf("%v; sent %v", err, h.sender.all())
	}
}

// until waits for something that another goroutine brings about.
func (h *harness) until(what string, is func() bool) {
	h.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for !is() {
		if time.Now().After(end) {
			h.t.Fatalf("waited 20 s: %s; sent %v", what, h.sender.all())
		}
		time.Sleep(time.Millisecond)
	}
}

func (h *harness) wantSent(want ...string) {
	h.t.Helper()
	if got := h.sender.all(); strings.Join(got, "|") != strings.Join(want, "|") {
		h.t.Fatalf("sent %q, want %q", got, want)
	}
}

// step is a small conversation: it remembers the ids of the events it saw and does
// what the words of the text name, in order.
func step(s bot.Session, e bot.Event, _ time.Time) (bot.Session, []bot.Effect) {
	seen := s.Data["seen"] + " " + e.ID
	s.Data = map[string]string{"seen": strings.TrimSpace(seen)}
	s.Lang = "en"
	switch {
	case e.Outcome != nil:
		if e.Outcome.Effect == "breaking" && !e.Outcome.Pending {
			panic("an outcome that breaks the step")
		}
		return s, []bot.Effect{say(e.ID + ": " + outcome(e.Outcome))}
	case e.Notice != nil:
		return s, []bot.Effect{say("notice " + e.Notice.Number)}
	}
	var effects []bot.Effect
	for _, word := range strings.Fields(e.Text) {
		effects = append(effects, effect(word, s.Data["seen"], e))
	}
	return s, effects
}

func effect(word, seen string, e bot.Event) bot.Effect {
	switch {
	case word == "file":
		return bot.Effect{Tag: word, File: &petition.Filing{Key: "draft", Facts: e.Text}}
	case word == "breaking":
		return bot.Effect{Tag: word, File: &petition.Filing{Key: "draft", Facts: e.Text}}
	case word == "look":
		return bot.Effect{Tag: word, Look: &bot.Look{Number: "ZS26-0001-1A"}}
	case word == "list":
		return bot.Effect{Tag: word, List: &petition.Query{}}
	case word == "do":
		return bot.Effect{Tag: word, Do: &bot.Do{Number: "ZS26-0001-1A", Move: petition.Move{Name: petition.MoveNudge}}}
	case word == "read":
		return bot.Effect{Tag: word, Read: &bot.Read{Text: e.Text}}
	case word == "ask":
		return bot.Effect{Tag: word, Ask: &bot.Ask{Question: "deadlines"}}
	case word == "wait":
		return bot.Effect{Tag: word, Wait: 1}
	case word == "minute":
		return bot.Effect{Tag: word, Wait: 60}
	case word == "forget":
		return bot.Effect{Tag: word, Forget: true}
	case strings.HasPrefix(word, "fetch"):
		return bot.Effect{Tag: word, Fetch: &e.Media[0]}
	case word == "seen":
		return say(seen)
	case word == "receipt":
		f := say(e.ID + " receipt")
		f.Say.Receipt = &bot.Receipt{Number: "ZS26-0001-1A"}
		return f
	case word == "panic":
		panic("secret words of a citizen")
	}
	return say(e.ID + " " + word)
}

func say(text string) bot.Effect { return bot.Effect{Say: &bot.Say{Text: text}} }

func outcome(o *bot.Outcome) string {
	switch {
	case o.Err != nil:
		return fmt.Sprintf("%s %s pending=%v", o.Effect, o.Err.Code, o.Pending)
	case o.Ticket != nil:
		return "ticket " + o.Ticket.Number
	case o.View != nil:
		return o.Effect + " " + o.View.Number
	case o.Page != nil:
		return fmt.Sprintf("page of %d", len(o.Page.Items))
	case o.Reading != nil:
		return "read " + o.Reading.Kind
	case o.Answer != nil:
		return o.Answer.Text
	}
	return fmt.Sprintf("%s %d", o.Effect, o.Count)
}

type readerFunc func(context.Context, string) (bot.Reading, error)

func (f readerFunc) Read(ctx context.Context, text, _ string, _ time.Time) (bot.Reading, error) {
	return f(ctx, text)
}

func atOnce(context.Context, string) (bot.Reading, error) { return bot.Reading{Kind: "story"}, nil }
