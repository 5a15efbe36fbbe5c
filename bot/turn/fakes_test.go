package turn_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// fakeCases is a case service that counts. down makes it fail that many times.
type fakeCases struct {
	petition.Cases
	mu       sync.Mutex
	filed    map[string]petition.Filing // by key
	calls    map[string]int
	moves    map[string]int // by key
	attached map[string]string
	fail     func(call string, n int) error
	feed     []petition.Notice
}

func newFakeCases() *fakeCases {
	return &fakeCases{
		filed: map[string]petition.Filing{}, calls: map[string]int{}, moves: map[string]int{}, attached: map[string]string{},
		fail: func(string, int) error { return nil },
	}
}

func (c *fakeCases) call(name string) error {
	c.mu.Lock()
	c.calls[name]++
	n, fail := c.calls[name], c.fail
	c.mu.Unlock()
	return fail(name, n)
}

func (c *fakeCases) File(_ context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	if err := c.call("file"); err != nil {
		return petition.Ticket{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.Owner != f.Owner || f.Owner == "" {
		return petition.Ticket{}, petition.Fail(petition.Forbidden, "not.yours")
	}
	c.filed[f.Key] = f
	return petition.Ticket{Number: fmt.Sprintf("T%d", len(c.filed))}, nil
}

func (c *fakeCases) Look(context.Context, petition.Actor, string, string) (petition.View, error) {
	return petition.View{Number: "ZS26-0001-1A"}, c.call("look")
}

func (c *fakeCases) List(context.Context, petition.Actor, petition.Query) (petition.Page, error) {
	return petition.Page{Items: make([]petition.Item, 2)}, c.call("list")
}

func (c *fakeCases) Do(_ context.Context, _ petition.Actor, number string, m petition.Move) (petition.View, error) {
	if err := c.call("do"); err != nil {
		return petition.View{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moves[m.Key]++
	return petition.View{Number: number}, nil
}

func (c *fakeCases) Forget(context.Context, string) (int, error) { return 3, c.call("forget") }

func (c *fakeCases) Attach(_ context.Context, _ petition.Actor, at petition.Attachment, r io.Reader) (petition.Attachment, error) {
	if err := c.call("attach"); err != nil {
		return at, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return at, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attached[at.ID] = string(b)
	return at, nil
}

func (c *fakeCases) Notices(_ context.Context, after string, limit int) ([]petition.Notice, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []petition.Notice
	for _, n := range c.feed {
		if n.ID > after && len(out) < limit {
			out = append(out, n)
		}
	}
	return out, nil
}

func (c *fakeCases) count(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[name]
}

// fakeSender is a door that keeps what it delivers. fail may refuse.
type fakeSender struct {
	mu   sync.Mutex
	out  []string // what was delivered, in order
	to   []string // to whom
	keys map[string]int
	at   []time.Time // of every attempt
	n    int
	fail func(n int, conv, text string) error
}

func newFakeSender() *fakeSender {
	return &fakeSender{keys: map[string]int{}, fail: func(int, string, string) error { return nil }}
}

func (p *fakeSender) Send(_ context.Context, conv, key string, s bot.Say) error {
	p.mu.Lock()
	p.n++
	n, fail := p.n, p.fail
	p.at = append(p.at, time.Now())
	p.mu.Unlock()
	if err := fail(n, conv, s.Text); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out, p.to = append(p.out, s.Text), append(p.to, conv)
	p.keys[conv+"/"+key]++
	return nil
}

func (p *fakeSender) Fetch(_ context.Context, m bot.Media) (io.ReadCloser, error) {
	if m.Ref == "fetch-lost" {
		return nil, &turn.SendError{Drop: true, Err: errors.New("file is gone")}
	}
	return io.NopCloser(strings.NewReader("bytes of " + m.Ref)), nil
}

func (p *fakeSender) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.out...)
}

func (p *fakeSender) tries() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Time(nil), p.at...)
}

// logBuffer is a log that can be searched.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
