package doortest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/telling"
	"dengwen/storage/sqlite"
)

// patience is how long an answer may take on a busy machine.
const patience = 30 * time.Second

// world is the program around one door: real but for the case service, which is in memory and
// can be taken away, and the reader, which reads one story into everything.
type world struct {
	t     testing.TB
	can   Capabilities
	net   Network
	parts Parts
	cases *awayCases
	told  *toldBesides
	inbox *awayInbox
	run   *turn.Runner
	stop  func()
}

// awayCases is a case service that may be away.
type awayCases struct {
	petition.Cases
	away atomic.Bool
}

func (c *awayCases) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	if c.away.Load() {
		return petition.Ticket{}, petition.Fail(petition.Unavailable, "")
	}
	return c.Cases.File(ctx, a, f)
}

// awayInbox is a store that may take nothing in.
type awayInbox struct {
	turn.Inbox
	refuse atomic.Int64 // so many events are refused
}

func (b *awayInbox) Accept(ctx context.Context, conv string, e bot.Event) error {
	if b.refuse.Load() > 0 && b.refuse.Add(-1) >= 0 {
		return errors.New("the store is away")
	}
	return b.Inbox.Accept(ctx, conv, e)
}

func open(t testing.TB, k Kit) *world {
	t.Helper()
	w := &world{t: t, can: k.Can}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "conversations.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w.cases = &awayCases{Cases: petition.NewService(memory.NewMemory(), office.Example(), petition.DefaultCalendar(), box.Hash, time.Now, ids(), new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))}
	w.told = newToldBesides(w.cases)
	w.parts = Parts{Cases: w.cases, Store: store, Box: box, Locales: words, Now: time.Now}
	w.net = k.Open(t, w.parts)
	w.start()
	t.Cleanup(func() { w.stop() })
	return w
}

func ids() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n.Add(1)) }
}

// start runs the program on the store; after stop it is the program started anew.
func (w *world) start() {
	w.t.Helper()
	steps := citizen.New(office.Example(), w.parts.Locales, citizen.Settings{PublicURL: "https://xf.example.cn", Ways: []string{telling.SMS, telling.Mail}})
	run, err := turn.New(turn.Parts{
		Store: w.parts.Store, Box: w.parts.Box, Step: w.told.step(steps.Step, w.parts.Locales), Cases: w.cases, Reader: oneStory{}, Doors: w.told.with(w.net.Doors()), Now: time.Now,
		Citizens: w.told.citizens, Also: w.told.of,
		Answer: func(string, string, time.Time) bot.Answer { return bot.Answer{} },
	}, turn.Options{Lease: 2 * time.Second, Sweep: 50 * time.Millisecond, FirstRetry: 20 * time.Millisecond, LastRetry: 200 * time.Millisecond})
	if err != nil {
		w.t.Fatal(err)
	}
	w.run, w.inbox = run, &awayInbox{Inbox: run}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = run.Run(ctx) })
	all.Go(func() { _ = run.Follow(ctx) })
	all.Go(func() { w.net.Listen(ctx, w.inbox) })
	w.stop = sync.OnceFunc(func() { cancel(); all.Wait() })
}

// restart ends the program and starts it again.
func (w *world) restart() { w.stop(); w.start() }

// oneStory reads whatever it is given as one petition about a road, by who left a telephone where one is
// in it.
type oneStory struct{}

var phoneIn = regexp.MustCompile(`1[3-9][0-9]{9}`)

func (oneStory) Read(_ context.Context, text, _ string, _ time.Time) (bot.Reading, error) {
	return bot.Reading{
		Phone: phoneIn.FindString(text),
		Kind:  "story", KindConf: 1, Class: bot.Guess{Value: "claim", Conf: 1}, Subject: bot.Guess{Value: "transport.roads", Conf: 1},
		Place: bot.Guess{Value: "611026102", Conf: 1}, Title: "路塌了", Request: bot.Guess{Value: "修路", Conf: 1},
	}, nil
}

// talk is one person's conversation.
type talk struct {
	*world
	Person
	read int // messages already heard
}

func (k *talk) must(what string, err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatalf("%s: %v", what, err)
	}
}

func (k *talk) say(text string)         { k.t.Helper(); k.must("say "+text, k.Say(text)) }
func (k *talk) press(b string)          { k.t.Helper(); k.must("press "+b, k.Press(b)) }
func (k *talk) send(f ...File)          { k.t.Helper(); k.must("send files", k.Send(f...)) }
func (k *talk) edit(text string)        { k.t.Helper(); k.must("edit", k.Edit(text)) }
func (k *talk) repeat()                 { k.t.Helper(); k.must("deliver again", k.Repeat()) }
func (k *talk) locate(lat, lon float64) { k.t.Helper(); k.must("locate", k.Locate(lat, lon)) }

// hears waits for a message that fits, and takes everything up to it as heard.
func (k *talk) hears(pattern string) Message {
	k.t.Helper()
	re := regexp.MustCompile("(?s)" + pattern)
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		shown := k.Shown()
		for i := k.read; i < len(shown); i++ {
			if re.MatchString(shown[i].Text) {
				k.read = i + 1
				return shown[i]
			}
		}
		if time.Now().After(end) {
			k.t.Fatalf("never heard %q; unheard are %s", pattern, texts(shown[min(k.read, len(shown)):]))
		}
	}
}

// hearsTimes counts messages that fit, once nothing is left to do.
func (k *talk) hearsTimes(pattern string, want int) {
	k.t.Helper()
	k.settle()
	re, n := regexp.MustCompile("(?s)"+pattern), 0
	for _, m := range k.Shown() {
		if re.MatchString(m.Text) {
			n++
		}
	}
	if n != want {
		k.t.Errorf("%q was shown %d times, want %d; all: %s", pattern, n, want, texts(k.Shown()))
	}
}

func (k *talk) settle() {
	k.t.Helper()
	time.Sleep(50 * time.Millisecond) // what was just done is on its way
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	k.must("settle", k.run.WaitIdle(ctx))
}

func texts(all []Message) string {
	var out []string
	for _, m := range all {
		out = append(out, m.Text+" "+strings.Join(m.Buttons, "/"))
	}
	return strings.Join(out, "\n| ")
}

// filed are the petitions of this person on record.
func (k *talk) filed() []petition.View {
	k.t.Helper()
	me := petition.Actor{Owner: k.Conv(), Asker: k.Conv()}
	page, err := k.cases.List(context.Background(), me, petition.Query{})
	k.must("list petitions", err)
	var out []petition.View
	for _, item := range page.Items {
		v, err := k.cases.Look(context.Background(), me, item.Number, "")
		k.must("look", err)
		out = append(out, v)
	}
	return out
}

var numberAndCode = regexp.MustCompile(`编号 (\S+)\s+查询码 ([0-9A-Z]{4}-[0-9A-Z]{4})`)

const story = "下梁镇三组的路一下雨就塌，拖拉机过不去，请派人来修"

// tell tells the story and waits for the card.
func (k *talk) tell() { k.t.Helper(); k.say(story); k.hears("我读到的是") }

// submit presses submit and answers number and query code.
func (k *talk) submit() (number, code string) {
	k.t.Helper()
	k.press("提交")
	return k.ticket()
}

func (k *talk) ticket() (number, code string) {
	k.t.Helper()
	m := k.hears("登记好了")
	f := numberAndCode.FindStringSubmatch(m.Text)
	if f == nil {
		k.t.Fatalf("no number and code in %q", m.Text)
	}
	return f[1], f[2]
}

func (k *talk) lodge() (number, code string) { k.t.Helper(); k.tell(); return k.submit() }

// one is the only petition on record.
func (k *talk) one() petition.View {
	k.t.Helper()
	all := k.filed()
	if len(all) != 1 {
		k.t.Fatalf("%d petitions are on record, want 1", len(all))
	}
	return all[0]
}

// inOrder reports whether words stand in a text once each and in this order.
func (k *talk) inOrder(text string, words ...string) {
	k.t.Helper()
	at := -1
	for _, w := range words {
		next := strings.Index(text, w)
		if strings.Count(text, w) != 1 || next <= at {
			k.t.Errorf("%q is not there once and after the words before it: %q", w, text)
		}
		at = next
	}
}

func (k *talk) hasButton(m Message, text string) {
	k.t.Helper()
	if !slices.Contains(m.Buttons, text) {
		k.t.Errorf("no button %q under %q: %q", text, m.Text, m.Buttons)
	}
}
