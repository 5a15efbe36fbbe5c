package killtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dengwen/internal/fakeapi"
	"dengwen/internal/testkit"
	"dengwen/petition"
	"dengwen/storage/seal"
)

// size is how hard the test is: short by default, DENGWEN_KILLS and
// DENGWEN_KILL_CITIZENS make it as hard as wanted (30 and 300 for a release).
type size struct{ kills, citizens int }

func sizeOf(t *testing.T) size {
	s := size{kills: 2, citizens: 30}
	for name, at := range map[string]*int{"DENGWEN_KILLS": &s.kills, "DENGWEN_KILL_CITIZENS": &s.citizens} {
		v := os.Getenv(name)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("%s: %q is not a number", name, v)
		}
		*at = n
	}
	return s
}

// Killed at any moment, the bot files what was confirmed once and tells everybody.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	path, err := buildProgram(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	how := sizeOf(t)
	for _, c := range []struct {
		name        string
		poll, redis bool
	}{
		{"webhook, Redis", false, true}, {"polling, Redis", true, true},
		{"webhook, SQLite", false, false}, {"polling, SQLite", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := setting{poll: c.poll}
			if c.redis {
				s.redis = testkit.Redis(t)
			}
			kill(t, path, s, how)
		})
	}
}

// trial is one run: a program, the people who talk to it and what came of it.
type trial struct {
	t      *testing.T
	api    *fakeapi.Server
	bot    *program
	dir    string
	key    string
	set    setting
	people []*petitioner
	over   atomic.Bool // no petition is begun any more
}

func kill(t *testing.T, path string, s setting, how size) {
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(8) == 0 }, FailEvery: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	x := &trial{t: t, api: api, dir: t.TempDir(), key: key, set: s}
	if x.bot, err = newProgram(path, x.dir, key, testkit.FreePort(t), s, api); err != nil {
		t.Fatal(err)
	}
	if err := x.bot.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	wait := x.letLoose(how.citizens)
	x.killAgainAndAgain(how.kills)
	x.over.Store(true)
	wait()
	x.quiet()
	if err := x.bot.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	x.check(how, time.Since(begin))
}

// letLoose starts the citizens; each lodges petitions until it is over, one at
// least. The answer waits for all of them.
func (x *trial) letLoose(citizens int) (wait func()) {
	var g sync.WaitGroup
	for n := range citizens {
		p := &petitioner{c: x.api.Citizen(int64(7_000_000_000 + n)), n: n + 1}
		x.people = append(x.people, p)
		g.Go(func() {
			for first := true; first || !x.over.Load(); first = false {
				if err := p.lodge(x.t.Context()); err != nil {
					x.t.Errorf("citizen %d, petition %d: stuck at %v", p.n, len(p.said)+1, err)
					return
				}
			}
		})
	}
	return g.Wait
}

func (x *trial) killAgainAndAgain(kills int) {
	for n := range kills {
		time.Sleep(time.Duration(100+rand.IntN(1400)) * time.Millisecond) // a random moment
		if err := x.bot.end(syscall.SIGKILL); err != nil {
			x.t.Fatalf("kill %d: %v", n+1, err)
		}
		if err := x.bot.start(x.t.Context()); err != nil {
			x.t.Fatalf("start after kill %d: %v", n+1, err)
		}
	}
}

// quiet waits until every update was taken and every press answered.
func (x *trial) quiet() {
	for end := time.Now().Add(time.Minute); x.api.Pending() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			x.t.Errorf("%d updates were never taken", x.api.Pending())
			return
		}
	}
}

// check compares what citizens were told with what is on record.
func (x *trial) check(how size, took time.Duration) {
	t, ctx := x.t, context.Background()
	record, err := openRecord(ctx, filepath.Join(x.dir, "data"), x.key)
	if err != nil {
		t.Fatal(err)
	}
	defer record.close()
	var filed, told, doubled, taps int
	seen := map[string]string{}
	for _, p := range x.people {
		owner := fmt.Sprintf("tg:%d", p.c.Chat.ID)
		cases, err := record.of(ctx, owner)
		if err != nil {
			t.Fatal(err)
		}
		x.checkOne(p, cases)
		for _, c := range cases {
			if other := seen[c.Number]; other != "" {
				t.Errorf("number %s is %s's and %s's", c.Number, other, owner)
			}
			seen[c.Number] = owner
		}
		filed, told, taps = filed+len(cases), told+len(p.numbers), taps+p.taps
		doubled += toldTwice(p)
	}
	if left := record.left(ctx, t, x.set); left != "" {
		t.Errorf("after an orderly stop %s", left)
	}
	n := x.api.Counts()
	t.Logf("%d kills, %d citizens in %v: %d petitions confirmed and told, %d on record, %d double taps; %d updates delivered, %d again; %d messages, %d numbers told more than once; %d presses not answered",
		how.kills, how.citizens, took.Round(time.Second), told, filed, taps, n.Delivered, n.Redelivered, n.Sends, doubled, x.api.Unanswered())
}

// checkOne holds one citizen's petitions against the record.
func (x *trial) checkOne(p *petitioner, cases []petition.View) {
	if len(cases) != len(p.numbers) {
		x.t.Errorf("citizen %d was told %d numbers, on record are %d", p.n, len(p.numbers), len(cases))
	}
	for k, number := range p.numbers {
		c := byNumber(cases, number)
		if c == nil {
			x.t.Errorf("citizen %d was told %s, which is not on record", p.n, number)
			continue
		}
		x.checkWords(p.n, k+1, c.Facts)
	}
}

// checkWords: each point once and in the order it was said.
func (x *trial) checkWords(n, k int, facts string) {
	at := -1
	for _, point := range points(n, k) {
		next := strings.Index(facts, point)
		if strings.Count(facts, point) != 1 || next < at {
			x.t.Errorf("citizen %d, petition %d: the words are not as said: %q", n, k, facts)
			return
		}
		at = next
	}
}

func byNumber(cases []petition.View, number string) *petition.View {
	for i := range cases {
		if cases[i].Number == number {
			return &cases[i]
		}
	}
	return nil
}

// toldTwice counts numbers a citizen was told more than once, which may happen (a
// message is sent at least once) and only costs a second look.
func toldTwice(p *petitioner) (n int) {
	times := map[string]int{}
	for _, m := range p.c.Chat.Messages() {
		if f := numberIn.FindStringSubmatch(m.Text); f != nil && strings.HasPrefix(m.Text, "登记好了") && !m.Edited {
			if times[f[1]]++; times[f[1]] == 2 {
				n++
			}
		}
	}
	return n
}
