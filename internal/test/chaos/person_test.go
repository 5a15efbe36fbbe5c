package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
)

// line is how somebody talks to the bot: a chat in Telegram, or the web page.
type line interface {
	say(ctx context.Context, text string) error
	tap(ctx context.Context, m fakeapi.Message, button *regexp.Regexp) (bool, error) // false = it has none
	next(ctx context.Context) (fakeapi.Message, error)                               // waits
	all() []fakeapi.Message                                                          // everything heard
}

// person talks to the bot: does something, reads what comes of it and goes by that.
type person struct {
	line
	r    *run
	name string
	rng  *rand.Rand

	mu    sync.Mutex
	acts  int64
	doing string   // what for, "" = nothing is expected
	last  string   // what was done last
	heard []string // the heads of what was heard first since then
}

func (r *run) newPerson(name string) *person {
	p := &person{r: r, name: name, rng: rand.New(rand.NewPCG(r.seed, uint64(len(r.people)+1)))}
	r.people = append(r.people, p)
	return p
}

// talk runs a person's part and reports how it ended, unless the whole run ended.
func (p *person) talk(part func()) {
	defer func() {
		p.note("", "")
		if e := recover(); e != nil {
			err, ok := e.(error)
			if !ok {
				panic(e)
			}
			if p.r.ctx.Err() == nil {
				p.r.violated("everybody gets on", "%s: %v", p.name, err)
			}
		}
	}()
	part()
}

func (p *person) note(doing, last string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acts++
	p.doing, p.last, p.heard = doing, last, nil
}

func (p *person) must(err error) {
	if err != nil {
		panic(err)
	}
}

// sayFor says something on the way to a goal.
func (p *person) sayFor(goal, text string) {
	p.note(goal, "said "+text)
	p.must(p.say(p.r.ctx, text))
}

// tapFor presses a button of a message; false when the message has none like it.
func (p *person) tapFor(goal string, m fakeapi.Message, button *regexp.Regexp) bool {
	p.note(goal, "pressed "+button.String())
	found, err := p.tap(p.r.ctx, m, button)
	p.must(err)
	return found
}

// reaction is what somebody does about a message that matches; nil = wait for what is
// under way and begin again.
type reaction struct {
	on *regexp.Regexp
	do func(m fakeapi.Message)
}

var (
	unavailable = regexp.MustCompile(`连不上.*再试|刚才有人先动了|现在的情况变了`)
	broken      = regexp.MustCompile(`我们这边出了点问题`)
)

// pursue begins with again and reacts to what is heard until done. The same message
// again, as a message may come twice, is passed by. When the bot says that it can't
// just now, again is done once nothing has been heard for a second: two beginnings at a
// time would make each other's buttons stale for ever.
func (p *person) pursue(goal string, again func(), done func(m fakeapi.Message) bool, reactions ...reaction) fakeapi.Message {
	again()
	seen, anew := fakeapi.Message{}, false
	for {
		m, err := p.hear(anew)
		if anew && errors.Is(err, context.DeadlineExceeded) {
			seen, anew = fakeapi.Message{}, false // what comes next may look the same and is new
			again()
			continue
		}
		p.must(err)
		switch {
		case m.Text == seen.Text && sameButtons(m, seen):
			continue
		case done(m):
			p.note("", "got "+goal)
			return m
		case broken.MatchString(m.Text):
			p.r.violated("no message breaks the program", "%s heard %q after it %s", p.name, m.Text, p.last)
			anew = true
		case unavailable.MatchString(m.Text):
			anew = true
		}
		for _, r := range reactions {
			if anew || !r.on.MatchString(m.Text) {
				continue
			}
			if seen, anew = m, r.do == nil; !anew {
				r.do(m)
			}
			break
		}
	}
}

// hear waits for the next message; briefly, for a second.
func (p *person) hear(briefly bool) (fakeapi.Message, error) {
	ctx, cancel := p.r.ctx, context.CancelFunc(func() {})
	if briefly {
		ctx, cancel = context.WithTimeout(ctx, time.Second)
	}
	defer cancel()
	m, err := p.next(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && len(p.heard) < 6 {
		p.heard = append(p.heard, head(m.Text))
	}
	return m, err
}

// head is the beginning of a message.
func head(text string) string {
	letters := []rune(strings.ReplaceAll(text, "\n", " | "))
	return string(letters[:min(len(letters), 60)])
}

func sameButtons(a, b fakeapi.Message) bool {
	return slices.EqualFunc(a.Buttons, b.Buttons, func(a, b fakeapi.Button) bool { return a.Data == b.Data && a.Text == b.Text })
}

// acts is how much everybody has done so far.
func (r *run) acts() (n int64) {
	for _, p := range r.people {
		p.mu.Lock()
		n += p.acts
		p.mu.Unlock()
	}
	return n
}

// standing are the people who expect something, with how much they have done.
func (r *run) standing() map[*person]int64 {
	all := map[*person]int64{}
	for _, p := range r.people {
		p.mu.Lock()
		if p.doing != "" {
			all[p] = p.acts
		}
		p.mu.Unlock()
	}
	return all
}

// stillStanding drops whoever got on since.
func stillStanding(all map[*person]int64) {
	for p, acts := range all {
		p.mu.Lock()
		if p.acts != acts || p.doing == "" {
			delete(all, p)
		}
		p.mu.Unlock()
	}
}

// calm waits, with nothing broken, until everybody who stands has got on.
func (r *run) calm() {
	r.up()
	all := r.standing()
	for end := time.Now().Add(mended); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if stillStanding(all); len(all) == 0 {
			return
		}
	}
	r.reportStuck("a minute after the fault", all)
}

func (r *run) reportStuck(when string, all map[*person]int64) {
	waits := fmt.Sprintf("%d updates are not taken", r.api.Pending())
	if r.older != "" && !r.upgraded {
		waits += " by the older version" // whose store a newer one would change
	} else if left, err := faults.OpenRecord(r.t, r.at).Left(r.t.Context()); err == nil {
		waits += fmt.Sprintf(", %d events and %d messages wait, the oldest for %v", left.Events, left.Rows, left.Oldest.Round(time.Second))
	}
	for p := range all {
		p.mu.Lock()
		text := fmt.Sprintf("%s, who wants %s, %s and heard %q", p.name, p.doing, p.last, p.heard)
		p.mu.Unlock()
		r.violated("nobody is stuck", "%s: %s; %s", when, text, waits)
	}
}

// chat is a private chat in Telegram.
type chat struct{ c *fakeapi.Citizen }

func newChat(api *fakeapi.Server, id int64) chat { return chat{api.Citizen(id)} }

func (c chat) say(_ context.Context, text string) error {
	c.c.Say(text)
	return nil
}

func (c chat) tap(_ context.Context, m fakeapi.Message, button *regexp.Regexp) (bool, error) {
	return c.c.Tap(m, button), nil
}

func (c chat) next(ctx context.Context) (fakeapi.Message, error) { return c.c.Next(ctx) }

func (c chat) all() []fakeapi.Message { return c.c.Chat.Messages() }

// readRest reads what came after the person stopped listening.
func (p *person) readRest() {
	if page, ok := p.line.(*page); ok {
		ctx, cancel := context.WithTimeout(context.Background(), mended)
		defer cancel()
		page.readAll(ctx)
	}
}
