package upgrade_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
)

// program is the program around one data folder and one store of conversations, with a
// clock, a reader and doors that do as they are told.
type program struct {
	t         *testing.T
	box       *seal.Box
	store     *cases.Store
	cases     *petition.Service
	roster    *roster.Service
	bulletins *bulletin.Service
	conv      turn.Store
	run       *turn.Runner
	post      *post
	now       func() time.Time
	stop      func()

	drop func(bot.Effect) bool // effects that get lost on their way
	down func(call string) bool

	mu    sync.Mutex
	steps []stepped
	stuck bool
}

// stepped is one step that was taken: which event, from which session to which.
type stepped struct {
	id            string
	before, after bot.Session
}

// open opens a data folder as the program does, with ids that begin with ids.
func open(t *testing.T, dir string, conv turn.Store, now func() time.Time, ids string, o turn.Options) *program {
	t.Helper()
	ctx := t.Context()
	h := &program{t: t, conv: conv, now: now, post: newPost(), down: func(string) bool { return false }}
	key, err := os.ReadFile(filepath.Join(dir, "dengwen.key"))
	check(t, err)
	h.box, err = seal.Open(strings.TrimSpace(string(key)))
	check(t, err)
	h.store, err = cases.Open(ctx, "", dir, h.box)
	check(t, err)
	blobs, err := blob.Open(ctx, "", dir, h.box)
	check(t, err)
	words, err := locales.New()
	check(t, err)
	var mu sync.Mutex
	n := 0
	id := func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("%s-%012d", ids, n)
	}
	off := office.Example()
	h.cases = petition.NewService(h.store, off, petition.DefaultCalendar(), h.box.Hash, now, id, blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
	h.roster = roster.New(h.store, h.cases, off, now, id)
	h.bulletins = bulletin.New(h.store, off, now, id)
	citizen := citizen.New(off, words, citizen.Settings{Telegram: true, PublicURL: "https://xf.example.cn"})
	officer := officer.New(off, words, func(token string, _ bool) string { return "/join " + token })
	door := turn.Door{Send: h.post, Fetch: h.post, Channel: "telegram", Shows: func() bot.Door { return bot.Door{Abroad: true, Link: "https://t.me/example_bot?start="} }}
	h.run, err = turn.New(turn.Parts{
		Store: conv, Box: h.box, Roster: h.roster, Bulletins: h.bulletins, Reader: reader{}, Now: now,
		Cases: caseService{h.cases, func(call string) bool { return h.down(call) }, func() { h.run.Wake() }},
		Answer: func(string, string, time.Time) bot.Answer {
			return bot.Answer{Text: "请看条例。", Known: true, Confidence: 0.9}
		},
		Doors: map[string]turn.Door{"tg": door, "web": door, "term": door},
		Step: func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
			step := citizen.Step
			if officer.Takes(s, e) {
				step = officer.Step
			}
			if e.Text == undecodable {
				panic("an event that breaks the program")
			}
			after, effects := step(s, e, now)
			if h.drop != nil {
				effects = slices.DeleteFunc(effects, h.drop)
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			h.steps = append(h.steps, stepped{e.ID, s, after})
			return after, effects
		},
	}, o)
	check(t, err)
	t.Cleanup(func() { _ = h.store.Close() })
	return h
}

const undecodable = "☠"

// start runs the program until stop.
func (h *program) start() {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = h.run.Run(ctx) })
	all.Go(func() { _ = h.run.Follow(ctx) })
	h.stop = sync.OnceFunc(func() { cancel(); all.Wait() })
	h.t.Cleanup(h.stop)
}

func (h *program) tell(conv string, e bot.Event) {
	h.t.Helper()
	e.At = h.now()
	if e.Lang == "" {
		e.Lang = "zh-hans"
	}
	check(h.t, h.run.Accept(context.Background(), conv, e))
}

func (h *program) waitIdle() {
	h.t.Helper()
	if h.stuck {
		h.t.Fatal("nothing comes to rest any more")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := h.run.WaitIdle(ctx)
	h.stuck = err != nil
	check(h.t, err)
}

// took answers the session that an event found and the one it left, with all that it led to.
func (h *program) took(id string) (before, after bot.Session, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.steps {
		if s.id == id && !ok {
			before, after, ok = s.before, s.after, true
		} else if strings.HasPrefix(s.id, id+"/") || strings.HasPrefix(s.id, "done:"+id+"/") {
			after = s.after
		}
	}
	return before, after, ok
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// caseService may be down for a kind of call. As the program's own it wakes the reader of
// the feed, which otherwise looks once a second.
type caseService struct {
	petition.Cases
	down func(call string) bool
	wake func()
}

func (m caseService) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	if m.down("file") {
		return petition.Ticket{}, petition.Fail(petition.Unavailable, "")
	}
	defer m.wake()
	return m.Cases.File(ctx, a, f)
}

func (m caseService) Do(ctx context.Context, a petition.Actor, number string, v petition.Move) (petition.View, error) {
	if m.down("do") {
		return petition.View{}, petition.Fail(petition.Unavailable, "")
	}
	defer m.wake()
	return m.Cases.Do(ctx, a, number, v)
}

// reader understands the few stories that are told here.
type reader struct{}

func (reader) Read(_ context.Context, text, _ string, _ time.Time) (bot.Reading, error) {
	r := bot.Reading{Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: "claim", Conf: 0.9}, Summary: []string{text}}
	if strings.Contains(text, "路") || strings.Contains(text, "road") {
		r.Subject = bot.Guess{Value: "transport.roads", Conf: 0.9}
		r.Title, r.Request, r.Derived = "村组道路损坏，下雨过不去车", bot.Guess{Value: "把路修好", Conf: 0.9}, true
	}
	if strings.Contains(text, "下梁") || strings.Contains(text, "Xialiang") {
		r.Place = bot.Guess{Value: "611026102", Conf: 0.9}
	}
	if strings.Contains(text, "分不清") {
		r.Kind, r.KindConf = "unclear", 0.3
	}
	if strings.Contains(text, "哪一类") {
		r.Class.Conf = 0.1
	}
	return r, nil
}

// post is a door that keeps what it delivers.
type post struct {
	mu     sync.Mutex
	log    []sent
	n      int
	topics map[string]string
	fail   func(conv string) error
	fetch  func(m bot.Media) error
}

type sent struct {
	conv, key, ref string
	say            bot.Say
	files          int
}

func newPost() *post {
	return &post{topics: map[string]string{}, fail: func(string) error { return nil }, fetch: func(bot.Media) error { return nil }}
}

func (p *post) Send(ctx context.Context, conv, key string, say bot.Say) error {
	_, err := p.SendRef(ctx, conv, key, say, nil)
	return err
}

func (p *post) SendRef(_ context.Context, conv, key string, say bot.Say, files []turn.File) (string, error) {
	defer turn.CloseAll(files)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fail(conv); err != nil {
		return "", err
	}
	p.n++
	s := sent{conv: conv, key: key, say: say, ref: say.Edit, files: len(files)}
	if s.ref == "" {
		s.ref = fmt.Sprint(1000 + p.n)
	}
	p.log = append(p.log, s)
	return s.ref, nil
}

func (p *post) Topic(_ context.Context, group, op, id, name string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if op == "create" {
		id = fmt.Sprint(50 + len(p.topics))
	}
	p.topics[group+"/"+id] = name
	return id, nil
}

func (p *post) Fetch(_ context.Context, m bot.Media) (io.ReadCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fetch(m); err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(picture)), nil
}

// from is what was delivered of an event.
func (p *post) from(conv, event string) (out []sent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.log {
		if roster.GroupOf(s.conv) == roster.GroupOf(conv) && strings.HasPrefix(s.key, event+"/") {
			out = append(out, s)
		}
	}
	return out
}

func (p *post) all() []sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.log)
}

var picture = func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)))
	return b.Bytes()
}()

// everybody's eyes: all units' cases, the sealed ones too.
func all() petition.Scope {
	s := petition.Scope{All: true}
	for _, u := range office.Example().Units {
		s.SealedUnits = append(s.SealedUnits, u.Code)
	}
	return s
}

func numbers(t *testing.T, s *cases.Store) (out []string) {
	t.Helper()
	for after := ""; ; {
		page, next, err := s.List(t.Context(), all(), petition.Query{Order: "new", Limit: 100, After: after})
		check(t, err)
		for _, r := range page {
			out = append(out, r.Case.Number)
		}
		if after = next; after == "" {
			return out
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
