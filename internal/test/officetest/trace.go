package officetest

import (
	"context"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// trace is what happens on a message's way, in order: round trips to the conversation store,
// records written or read as JSON (each is sealed or opened), calls of the case service and of
// the roster's store, and messages sent. It is safe for concurrent use.
type trace struct {
	mu    sync.Mutex
	lines []string
	names map[string]string // conversations by the store's name of them
}

func (t *trace) add(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, what)
}

// know has the trace call a conversation by its address.
func (t *trace) know(box *seal.Box, convs ...string) {
	t.names = map[string]string{}
	for _, c := range convs {
		t.names[hex.EncodeToString(box.Hash("conversation", c)[:16])] = c
	}
}

// take returns what happened since the last take to one conversation, or with it to none.
func (t *trace) take(conv string) (own []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.lines {
		if what, of, _ := strings.Cut(l, " @"); roster.GroupOf(of) == conv || of == "" {
			own = append(own, what)
		}
	}
	t.lines = nil
	return own
}

// saw is a Box's observer. where is "turn:<conversation>:<kind>" or "<table>:<id>…".
func (t *trace) saw(act, where string) {
	act = map[string]string{"seal": "write", "open": "read"}[act]
	if rest, ok := strings.CutPrefix(where, "turn:"); ok {
		key, kind, _ := strings.Cut(rest, ":")
		t.add(act + " " + kind + " @" + t.names[key])
		return
	}
	kind, rest, _ := strings.Cut(where, ":")
	if kind == "cases" {
		kind = rest[strings.LastIndex(rest, ":")+1:] // "<id>:<version>:body"
	}
	t.add(act + " " + kind)
}

func (t *trace) store(s turn.Store) turn.Store { return tracedStore{s, t} }

type tracedStore struct {
	turn.Store
	t *trace
}

func (s tracedStore) trip(conv, what string) { s.t.add("trip " + what + " @" + s.t.names[conv]) }

func (s tracedStore) Accept(ctx context.Context, conv, id string, body []byte, l turn.Lease) (turn.Work, error) {
	s.trip(conv, "Accept")
	return s.Store.Accept(ctx, conv, id, body, l)
}

func (s tracedStore) Claim(ctx context.Context, conv string, l turn.Lease) (turn.Work, error) {
	s.trip(conv, "Claim")
	return s.Store.Claim(ctx, conv, l)
}

func (s tracedStore) Commit(ctx context.Context, conv string, c turn.Change) error {
	s.trip(conv, "Commit")
	return s.Store.Commit(ctx, conv, c)
}

func (s tracedStore) Settle(ctx context.Context, conv string, m turn.Settlement) (turn.Work, error) {
	s.trip(conv, "Settle")
	return s.Store.Settle(ctx, conv, m)
}

func (t *trace) cases(c petition.Cases) petition.Cases { return tracedCases{c, t} }

type tracedCases struct {
	petition.Cases
	t *trace
}

func (c tracedCases) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	c.t.add("case File @" + a.Owner)
	return c.Cases.File(ctx, a, f)
}

func (c tracedCases) Look(ctx context.Context, a petition.Actor, number, code string) (petition.View, error) {
	c.t.add("case Look")
	return c.Cases.Look(ctx, a, number, code)
}

func (c tracedCases) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	c.t.add("case Do")
	return c.Cases.Do(ctx, a, number, m)
}

// tracedRoster is a roster's store.
type tracedRoster struct {
	roster.Store
	t *trace
}

func (r tracedRoster) Refs(ctx context.Context, chat string, refs ...string) (map[string]string, error) {
	r.t.add("roster Refs @" + chat)
	return r.Store.Refs(ctx, chat, refs...)
}

func (r tracedRoster) PutRefs(ctx context.Context, chat string, refs map[string]string, at time.Time) error {
	r.t.add("roster PutRefs @" + chat)
	return r.Store.PutRefs(ctx, chat, refs, at)
}

func (t *trace) door(p *Post) turn.Sender { return tracedPost{p, t} }

type tracedPost struct {
	*Post
	t *trace
}

func (p tracedPost) Send(ctx context.Context, conv, key string, say bot.Say) error {
	p.t.add("send @" + conv)
	return p.Post.Send(ctx, conv, key, say)
}

func (p tracedPost) SendRef(ctx context.Context, conv, key string, say bot.Say, files []turn.File) (string, error) {
	p.t.add("send @" + conv)
	return p.Post.SendRef(ctx, conv, key, say, files)
}
