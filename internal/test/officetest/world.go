// Package officetest is a small office for tests: the real case service and its
// people in memory, both sides of the conversation behind the real turn runner, and a
// Telegram that does as it is told. A test, or a script, lets citizens and officers
// talk and sees who was told what.
package officetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/assist"
	"dengwen/bot"
	"dengwen/bot/broadcast"
	"dengwen/bot/citizen"
	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/handlers/telegram"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
	"dengwen/storage/sqlite"
)

// World is the office and everybody around it.
type World struct {
	related    *assist.RelatedFinder
	t          testing.TB
	Cases      *petition.Service
	Roster     *roster.Service
	Run        *turn.Runner
	Bulletins  *bulletin.Service
	Receptions *reception.Service
	Disputes   *mediation.Service
	Broadcast  *broadcast.Sender
	Post       *Post
	store      turn.Store
	tasks      memory.Tasks

	mu     sync.Mutex
	now    time.Time
	silent time.Time // until then somebody's silence is waited for
	seq    int
	drawn  int // the last number of a dispute
	ids    atomic.Int64
}

// Start is when a world begins: Monday 23 November 2026, 9 o'clock in the county.
var Start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

// Now is what time it is in the world.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Pass lets time pass, with the steps that time makes.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	if err := w.Broadcast.Tick(context.Background()); err != nil {
		w.t.Error(err)
	}
	for _, sweep := range []func(context.Context) (int, error){w.Cases.SweepUnattended, w.Cases.Sweep, w.Cases.SweepUnclaimed, w.Cases.SweepUnsigned} {
		if _, err := sweep(context.Background()); err != nil {
			w.t.Error(err)
		}
	}
}

// TellDisputes tells what is new of disputes.
func (w *World) TellDisputes() {
	_, err := w.Disputes.Tell(context.Background(), func(ctx context.Context, n mediation.News) error {
		chats := []string{n.Dispute.Owner}
		if n.Unit != "" {
			var err error
			if chats, err = w.Roster.DisputeChats(ctx, n.Unit); err != nil {
				return err
			}
		}
		for _, chat := range chats {
			w.Tell(chat, bot.Event{ID: n.ID, Dispute: &n})
		}
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}

func (w *World) lastDispute() string { return fmt.Sprintf("TJ-%08d", w.drawn) }

func keyed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

// New opens the example office; it is gone with the test. change, if any, changes the
// office's data first.
func New(t testing.TB, change func(*petition.Office)) *World {
	t.Helper()
	return newWorld(t, change, parts{box: newBox(t), cases: memory.NewMemory(), people: memory.NewRoster()})
}

// store also says what has changed.
type store interface {
	petition.Store
	Changed(ctx context.Context, after int64) (numbers []string, next int64, err error)
}

// parts are the stores of a world, and what stands between them and the runner.
type parts struct {
	box      *seal.Box
	cases    store
	people   roster.Store
	words    *locales.Catalog   // nil = those built in
	calendar *petition.Calendar // nil = the shipped one
	watch    *trace             // nil = nobody looks on
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

func newWorld(t testing.TB, change func(*petition.Office), with parts) *World {
	t.Helper()
	w := &World{t: t, now: Start}
	w.Post = newPost(w)
	o := *office.Example()
	if change != nil {
		change(&o)
	}
	if with.words == nil {
		var err error
		if with.words, err = locales.New(); err != nil {
			t.Fatal(err)
		}
	}
	if with.calendar == nil {
		with.calendar = petition.DefaultCalendar()
	}
	words := with.words
	w.related = assist.NewRelatedFinder(with.cases, with.cases.Changed)
	w.Cases = petition.NewService(with.cases, &o, with.calendar, keyed, w.Now, w.id, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits())).WithRenderer(render).WithStaff(roster.WorksHere(with.people)).WithNames(func(ctx context.Context, id string) string {
		if p, err := with.people.Person(ctx, id); err == nil {
			return p.Name
		}
		return id // of moves that a script does without people
	})
	w.Roster = roster.New(with.people, w.Cases, &o, w.Now, w.id)
	w.Disputes = mediation.New(memory.NewDisputes(), &o, w.Cases, w.Now, w.id, func(int) int { w.drawn++; return w.drawn })
	w.Bulletins = bulletin.New(memory.NewBulletins(), &o, w.Now, w.id)
	if m, ok := with.cases.(*memory.Memory); ok {
		w.Receptions = reception.New(memory.NewReceptions(m), w.Cases, &o, w.Now, w.id)
	}
	citizen := citizen.New(&o, words, citizen.Settings{Telegram: true, PublicURL: "https://xf.example.cn"})
	desk := officer.New(&o, words, func(token string, _ bool) string { return "https://t.me/zs_petition_bot?start=join_" + token }).WithWays([]string{telling.SMS, telling.Mail})
	w.open(&o, with, func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
		if desk.Takes(s, e) {
			return desk.Step(s, e, now)
		}
		s, out := citizen.Step(s, e, now)
		for _, f := range out {
			w.wait(time.Duration(f.Wait) * time.Second)
		}
		return s, out
	})
	w.Broadcast = broadcast.New(broadcast.Config{
		Bulletins: w.Bulletins, Owner: "here", PerSecond: 2, Now: w.Now, Accept: w.Run.Accept,
		Traffic: func() (int64, int64, int64) { return 0, 0, 0 },
	})
	return w
}

func (w *World) id() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }

func (w *World) open(o *petition.Office, with parts, step turn.Step) {
	store, err := sqlite.Open(context.Background(), filepath.Join(w.t.TempDir(), "c.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	w.store = store
	var runs turn.Store = store
	var cases petition.Cases = w.Cases
	var sends turn.Sender = w.Post
	if with.watch != nil {
		runs, cases, sends = with.watch.store(store), with.watch.cases(w.Cases), with.watch.door(w.Post)
	}
	w.Run, err = turn.New(turn.Parts{
		Store: runs, Box: with.box, Step: step, Cases: cases, Roster: w.Roster, Untold: telling.NewDesk(&w.tasks, cases, o), Missed: w.missed(o), Bulletins: w.Bulletins, Receptions: w.Receptions, Disputes: w.Disputes, Reader: reader{},
		Answer:       func(string, string, time.Time) bot.Answer { return bot.Answer{Text: "请看条例。", Known: true} },
		Doors:        map[string]turn.Door{"tg": {Send: sends, Fetch: w.Post, Channel: "telegram", Shows: func() bot.Door { return telegram.Shows("zs_petition_bot") }}},
		Related:      w.related.Related,
		OfficeClosed: petition.NewLaw(o, petition.DefaultCalendar()).OfficeClosed, Now: w.Now,
	}, turn.Options{Undelivered: with.words.Say(locales.Default, "desk.undelivered"), Sweep: 10 * time.Millisecond, FirstRetry: time.Millisecond, LastRetry: 2 * time.Millisecond})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Go(func() { _ = w.Run.Run(ctx) })
	both.Go(func() { _ = w.Run.Follow(ctx) })
	w.t.Cleanup(func() { cancel(); both.Wait() })
}

// Hire lets somebody join a unit.
func (w *World) Hire(chat, name, unit string, roles ...petition.Role) roster.Person {
	w.t.Helper()
	p, err := w.Roster.Join(context.Background(), w.Token(roster.Invite{Unit: unit, Roles: roles}), chat, name)
	if err != nil {
		w.t.Fatalf("hire %s: %v", name, err)
	}
	return p
}

// Token is a fresh invitation.
func (w *World) Token(i roster.Invite) string {
	w.t.Helper()
	token, _, err := w.Roster.Invite(context.Background(), petition.System(), i, time.Hour)
	if err != nil {
		w.t.Fatalf("invite to %s: %v", i.Unit, err)
	}
	return token
}

// Bind ties a group to a unit.
func (w *World) Bind(chat, unit string, topics bool) {
	w.t.Helper()
	if _, err := w.Roster.Bind(context.Background(), petition.System(), w.Token(roster.Invite{Unit: unit, Group: true}), chat, topics); err != nil {
		w.t.Fatal(err)
	}
}

// Lodge files a petition for a chat, without the conversation around it.
func (w *World) Lodge(f petition.Filing) petition.Ticket {
	w.t.Helper()
	f.Key, f.Channel = w.id(), "telegram"
	k, err := w.Cases.File(context.Background(), petition.Actor{Owner: f.Owner, Asker: f.Owner}, f)
	if err != nil {
		w.t.Fatalf("lodge: %v", err)
	}
	return k
}

// Tell hands an event in as its conversation's next.
func (w *World) Tell(conv string, e bot.Event) {
	w.t.Helper()
	w.mu.Lock()
	w.seq++
	e.ID, e.At = fmt.Sprintf("tg:%d", w.seq), w.now
	if e.Ref == "" {
		e.Ref = fmt.Sprint(w.seq)
	}
	w.mu.Unlock()
	if e.Lang == "" {
		e.Lang = "zh-hans"
	}
	if err := w.Run.Accept(context.Background(), conv, e); err != nil {
		w.t.Fatalf("tell %s: %v", conv, err)
	}
}

// Settle waits until everything that can happen now has happened: events stepped,
// notices handed on, messages sent or told to wait.
func (w *World) Settle() {
	w.t.Helper()
	limit := time.Now().Add(20 * time.Second)
	for calm := 0; calm < 2; {
		if time.Now().After(limit) {
			w.t.Fatal("the world does not come to rest")
		}
		if w.behind() { // otherwise a look that is still under way could see the next line's notices too early
			w.Run.Wake()
		}
		before := w.Post.count()
		ctx, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
		err := w.Run.WaitIdle(ctx)
		cancel()
		// A chat that Telegram limited is not idle until the wait is over, which no test waits for,
		// nor one whose silence is waited for.
		if calm++; err != nil && !w.Post.holding() && !w.waiting() || w.behind() || w.Post.count() != before {
			calm = 0
		}
		if err != nil { // a message may wait a moment for its file, by a clock that stands still
			w.nudge()
		}
	}
}

func (w *World) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if until := w.now.Add(d); d > 0 && until.After(w.silent) {
		w.silent = until
	}
}

func (w *World) waiting() bool { return w.Now().Before(w.until()) }

func (w *World) until() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.silent
}

func (w *World) nudge() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(2 * time.Millisecond)
}

// missed notes what nobody could be told of, as the program does.
func (w *World) missed(o *petition.Office) func(ctx context.Context, all []telling.Miss) error {
	return func(ctx context.Context, all []telling.Miss) error {
		return w.tasks.NoteMisses(ctx, slices.DeleteFunc(slices.Clone(all), func(m telling.Miss) bool { return !telling.Counts(m.Notice, o) }))
	}
}

// behind reports whether notices wait that may be handed on now.
func (w *World) behind() bool {
	for _, mark := range []string{"notices", "notices-urgent", "notices-office"} {
		at, err := w.store.Mark(context.Background(), mark)
		if err != nil {
			w.t.Fatal(err)
		}
		left, err := w.Cases.Notices(context.Background(), at, 1)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(left) > 0 && !(mark == "notices-office" && w.Cases.Law().OfficeClosed(w.Now())) {
			return true
		}
	}
	return false
}

// render writes a document as the list of what it says: enough to see which one it is.
func render(_ context.Context, out io.Writer, form string, d petition.Document) error {
	_, err := fmt.Fprintf(out, "%s %s %s", form, d.Title, d.Number)
	return err
}
