package officetest_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/handlers/telegram"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/sqlite"

	"golang.org/x/sync/errgroup"
)

// county is a whole office behind the real Telegram door and a Bot API that fails on
// purpose: 429 on every 10th send, 500 on every 20th, every 7th update twice.
type county struct {
	t        *testing.T
	api      *fakeapi.Server
	cases    *petition.Service
	roster   *roster.Service
	run      *turn.Runner
	clerks   []roster.Person
	officers map[string][]roster.Person // by unit
	units    []string
	rounds   int

	mu    sync.Mutex
	mine  map[string][]int // citizens whose case an officer has, by chat
	owner map[string]int   // citizen by number
	unit  map[string]string
	taker map[int]string // officer's chat by citizen
}

const firstOfficer, firstCitizen = 10_000, 1_000_000

// TestManyAtOnce lets citizens lodge, add to their case and read answers while
// officers are told of it, take it and answer: 20 officers and 200 citizens, or as
// DENGWEN_LOAD says, "200/2000". Every case is announced to the right chats and to no
// other, every word relayed arrives once and in order.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	officers, citizens := 20, 200
	if load := os.Getenv("DENGWEN_LOAD"); load != "" {
		if _, err := fmt.Sscanf(load, "%d/%d", &officers, &citizens); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		officers, citizens = 8, 40
	}
	c := newCounty(t, officers)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	began := time.Now()
	all, run := errgroup.WithContext(ctx)
	for i := range citizens {
		all.Go(func() error { return c.citizen(run, i) })
	}
	for _, unit := range c.units {
		for _, p := range c.officers[unit] {
			all.Go(func() error { return c.officer(run, p, citizens) })
		}
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	said := time.Since(began)
	if err := c.run.WaitIdle(ctx); err != nil { // clerks in whose chats Telegram says "wait" are still being told
		t.Fatal(err)
	}
	took := time.Since(began)
	c.check(citizens)
	n := c.api.Counts()
	t.Logf("%d officers, %d citizens, %d rounds: all answered after %v, all told after %v; %d messages (%.0f/s), %d refused with 429, %d with 500, %d updates came twice, %d strays",
		officers, citizens, c.rounds, said.Round(time.Millisecond), took.Round(time.Millisecond), n.Sends, float64(n.Sends)/took.Seconds(), n.Flooded, n.Failed, n.Redelivered, n.Strays)
}

func newCounty(t *testing.T, officers int) *county {
	c := &county{t: t, rounds: 2, officers: map[string][]roster.Person{}, mine: map[string][]int{}, owner: map[string]int{}, unit: map[string]string{}, taker: map[int]string{}}
	api, err := fakeapi.Start(fakeapi.Options{FloodEvery: 10, FailEvery: 20, RedeliverEvery: 7, RetryAfter: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	c.api = api
	c.build(t)
	for i := range officers {
		unit, roles := "petition", []petition.Role{petition.Intake}
		if i >= 2 {
			unit, roles = c.units[i%len(c.units)], []petition.Role{petition.Officer}
		}
		chat := firstOfficer + i
		api.Chat(int64(chat))
		token, _, err := c.roster.Invite(t.Context(), petition.System(), roster.Invite{Unit: unit, Roles: roles}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.roster.Join(t.Context(), token, "tg:"+strconv.Itoa(chat), fmt.Sprint("officer ", i))
		if err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			c.clerks = append(c.clerks, p)
		} else {
			c.officers[unit] = append(c.officers[unit], p)
		}
	}
	c.units = slices.DeleteFunc(c.units, func(u string) bool { return len(c.officers[u]) == 0 })
	return c
}

func (c *county) build(t *testing.T) {
	o := office.Example()
	for _, u := range o.Units {
		if (u.Kind == "town" || u.Kind == "department") && len(c.units) < 30 {
			c.units = append(c.units, u.Code)
		}
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	key, _ := seal.NewKey()
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	c.cases = petition.NewService(memory.NewMemory(), o, petition.DefaultCalendar(), box.Hash, time.Now, newID(), new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))
	c.roster = roster.New(memory.NewRoster(), c.cases, o, time.Now, newID())
	citizen, staff := citizen.New(o, words, citizen.Settings{Telegram: true}), officer.New(o, words, func(s string, _ bool) string { return s })
	step := func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
		if staff.Takes(s, e) {
			return staff.Step(s, e, now)
		}
		return citizen.Step(s, e, now)
	}
	door, err := telegram.New(telegram.Config{
		Token: c.api.Token(), APIURL: c.api.URL(), WebhookURL: "http://set.below", Secret: "s3cret", Now: time.Now,
		Group: func(ctx context.Context, conv string) bool { _, ok := c.roster.Group(ctx, conv); return ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	run, err := turn.New(turn.Parts{
		Store: store, Box: box, Step: step, Cases: c.cases, Roster: c.roster, Reader: story{},
		Answer: func(string, string, time.Time) bot.Answer { return bot.Answer{} },
		Doors:  map[string]turn.Door{"tg": {Send: door, Fetch: door, Channel: "telegram"}}, Now: time.Now,
	}, turn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.run = run
	hook := httptest.NewServer(door.Handler(run))
	c.api.SetWebhook(hook.URL+telegram.Path, "s3cret")
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Go(func() { _ = run.Run(ctx) })
	both.Go(func() { _ = run.Follow(ctx) })
	t.Cleanup(func() { cancel(); both.Wait(); hook.Close() })
}

func newID() func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
	}
}

type story struct{}

func (story) Read(context.Context, string, string, time.Time) (bot.Reading, error) {
	return bot.Reading{
		Kind: "story", KindConf: 1, Class: bot.Guess{Value: "claim", Conf: 1}, Subject: bot.Guess{Value: "transport.roads", Conf: 1},
		Place: bot.Guess{Value: "611026102", Conf: 1}, Title: "路塌了", Request: bot.Guess{Value: "修路", Conf: 1},
	}, nil
}

var numberIn = regexp.MustCompile(`ZS\d\d-\d{4,}-[0-9A-Z]{2}`)

// citizen lodges, and adds to the case once it has an officer; the answer to each
// word is waited for.
func (c *county) citizen(ctx context.Context, i int) error {
	me := c.api.Citizen(int64(firstCitizen + i))
	me.Say("下梁镇三组的路塌了，过不去车")
	if _, err := me.Expect(ctx, "按.提交|原样记下"); err != nil {
		return err
	}
	if _, err := me.Press("^提交$"); err != nil {
		return err
	}
	m, err := me.Expect(ctx, "登记好了")
	if err != nil {
		return err
	}
	number := numberIn.FindString(m.Text)
	if err := c.assign(ctx, i, number); err != nil {
		return fmt.Errorf("%s: %w", number, err)
	}
	for k := range c.rounds {
		if err := c.add(ctx, me, i, k); err != nil {
			return fmt.Errorf("citizen %d, round %d: %w", i, k, err)
		}
	}
	return nil
}

func (c *county) add(ctx context.Context, me *fakeapi.Citizen, i, k int) error {
	for _, step := range []struct{ press, say, expect string }{
		{press: "^补充$", expect: "补充什么"},
		{say: fmt.Sprintf("word-%d-%d", i, k), expect: "还有就接着发"},
		{press: "^发送$", expect: "补充上去了"},
	} {
		if step.say != "" {
			me.Say(step.say)
		} else if _, err := me.Press(step.press); err != nil {
			return err
		}
		if _, err := me.Expect(ctx, step.expect); err != nil {
			return err
		}
	}
	_, err := me.Expect(ctx, fmt.Sprintf(`answer-%d-%d\b`, i, k))
	return err
}

// assign sends the case to a unit, one of whose officers takes it: who that is is
// what the relay is held to.
func (c *county) assign(ctx context.Context, i int, number string) error {
	unit := c.units[i%len(c.units)]
	taker := c.officers[unit][(i/len(c.units))%len(c.officers[unit])]
	c.mu.Lock()
	c.owner[number], c.unit[number], c.taker[i] = i, unit, taker.Chat
	c.mine[taker.Chat] = append(c.mine[taker.Chat], i)
	c.mu.Unlock()
	if _, err := c.cases.Do(ctx, c.clerks[i%len(c.clerks)].Actor(), number, petition.Move{Key: "t" + number, Name: petition.MoveTransfer, Unit: unit}); err != nil {
		return err
	}
	_, err := c.cases.Do(ctx, taker.Actor(), number, petition.Move{Key: "k" + number, Name: petition.MoveTake})
	c.run.Wake()
	return err
}

var wordIn = regexp.MustCompile(`word-(\d+)-(\d+)`)

// officer answers every word that reaches their chat by replying to it, half of them
// through the question where it should go.
func (c *county) officer(ctx context.Context, p roster.Person, citizens int) error {
	chat, _ := strconv.ParseInt(strings.TrimPrefix(p.Chat, "tg:"), 10, 64)
	me := c.api.Citizen(chat)
	asks := chat%2 == 0
	if !asks {
		me.Say("/relay citizen")
	}
	seen, done := 0, 0
	for {
		log := me.Chat.Messages()
		for ; seen < len(log); seen++ {
			w := wordIn.FindStringSubmatch(log[seen].Text)
			if w == nil {
				continue
			}
			if err := c.answer(ctx, me, log[seen], w, asks); err != nil {
				return fmt.Errorf("officer %d: %w", chat, err)
			}
			done++
		}
		if c.finished(p.Chat, done, citizens) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("officer %d heard %d words: %w", chat, done, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// finished reports whether every case has its officer and this one has answered all.
func (c *county) finished(chat string, done, citizens int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.owner) == citizens && done >= c.rounds*len(c.mine[chat])
}

func (c *county) answer(ctx context.Context, me *fakeapi.Citizen, m fakeapi.Message, w []string, asks bool) error {
	number := numberIn.FindString(m.Text)
	before := len(me.Chat.Messages())
	me.Message(map[string]any{"text": "answer-" + w[1] + "-" + w[2], "reply_to_message": map[string]any{"message_id": m.ID, "chat": map[string]any{"id": me.Chat.ID, "type": "private"}, "date": 1}})
	if asks {
		if err := until(ctx, me, before, "这段话和 "+number); err != nil {
			return err
		}
		if _, err := me.Press("^发给群众$"); err != nil {
			return err
		}
	}
	return until(ctx, me, before, "发给群众了（"+number)
}

// until waits for words in a chat behind a position; others are left for later.
func until(ctx context.Context, me *fakeapi.Citizen, from int, words string) error {
	for {
		for _, m := range me.Chat.Messages()[from:] {
			if strings.Contains(m.Text, words) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("never heard %q: %w", words, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
