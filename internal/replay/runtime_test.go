package replay_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/assist"
	"dengwen/assist/answer"
	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/storage/sqlite"
)

// parts are read once: the model and the book take longer than most tests.
var parts = sync.OnceValue(func() (p struct {
	office  *petition.Office
	book    *answer.Book
	offline *assist.Reader
	words   *locales.Catalog
}) {
	var err error
	if p.office, _, err = office.Load(""); err != nil {
		panic(err)
	}
	if p.words, err = locales.New(); err != nil {
		panic(err)
	}
	if p.book, err = answer.New(p.office, p.words); err != nil {
		panic(err)
	}
	if p.offline, err = assist.NewReader(p.office, p.book); err != nil {
		panic(err)
	}
	return p
})

func service(o *petition.Office) *petition.Service {
	var n atomic.Int64
	hash := func(purpose, value string) []byte { return []byte(purpose + ":" + value) }
	return petition.NewService(memory.NewMemory(), o, petition.DefaultCalendar(), hash, time.Now,
		func() string { return fmt.Sprintf("id-%06d", n.Add(1)) }, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))
}

// runtime is the real turn runner over the real conversation, with one chat that records
// what it is sent.
type runtime struct {
	t     *testing.T
	run   *turn.Runner
	cases *petition.Service
	n     int
	mu    sync.Mutex
	said  []bot.Say
}

func (r *runtime) Send(_ context.Context, _, _ string, s bot.Say) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, s)
	return nil
}

func (r *runtime) Fetch(_ context.Context, _ bot.Media) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("OggS recording")), nil
}

type transcriber func(ctx context.Context, recording io.Reader, name string) (string, error)

func newRuntime(t *testing.T, reader turn.Reader, answers turn.Answer, hear transcriber) *runtime {
	t.Helper()
	p := parts()
	r := &runtime{t: t, cases: service(p.office)}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	b := citizen.New(p.office, p.words, citizen.Settings{Hears: hear != nil, Quiz: assist.Quiz(p.book)})
	r.run, err = turn.New(turn.Parts{
		Store: store, Box: box, Step: b.Step, Cases: r.cases, Reader: reader, Answer: answers, Hear: hear,
		Doors: map[string]turn.Door{"tg": {Send: r, Fetch: r, Channel: "telegram"}}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	}, turn.Options{HearFor: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.run.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

// tell takes one event of the person in and answers with what was said to it, and how
// long it took.
func (r *runtime) tell(e bot.Event) (said []bot.Say, took time.Duration) {
	r.t.Helper()
	r.n++
	e.ID, e.At, e.Lang = fmt.Sprintf("tg:%d", r.n), time.Now(), "zh-hans"
	r.mu.Lock()
	from := len(r.said)
	r.mu.Unlock()
	began := time.Now()
	if err := r.run.Accept(r.t.Context(), "tg:1", e); err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	if err := r.run.WaitIdle(ctx); err != nil {
		r.t.Fatal(err)
	}
	took = time.Since(began)
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bot.Say(nil), r.said[from:]...), took
}

// press finds a button by its action.
func press(said []bot.Say, actions ...string) (bot.Event, bool) {
	for _, action := range actions {
		for _, s := range said {
			for _, row := range s.Rows {
				for _, b := range row {
					if _, rest, _ := strings.Cut(b.Data, ":"); rest == action {
						return bot.Event{Press: &bot.Press{Data: b.Data}}, true
					}
				}
			}
		}
	}
	return bot.Event{}, false
}

// lodge presses on until the ticket is there, and answers with the case as its citizen
// sees it.
func (r *runtime) lodge(said []bot.Say) petition.View {
	r.t.Helper()
	for range 8 {
		e, ok := press(said, "send", "lodge", "unsure")
		if !ok {
			break
		}
		said, _ = r.tell(e)
		for _, s := range said {
			if s.Receipt == nil {
				continue
			}
			v, err := r.cases.Look(r.t.Context(), petition.Actor{Owner: "tg:1", Asker: "tg:1"}, s.Receipt.Number, "")
			if err != nil {
				r.t.Fatal(err)
			}
			return v
		}
	}
	r.t.Fatalf("no ticket; last said %+v", said)
	return petition.View{}
}

func text(said []bot.Say) string {
	var all []string
	for _, s := range said {
		all = append(all, s.Text)
	}
	return strings.Join(all, "\n")
}
