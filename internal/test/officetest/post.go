package officetest

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
	"dengwen/petition/roster"
)

// Post is a Telegram that does as it is told. It is safe for concurrent use.
type Post struct {
	w *World

	mu      sync.Mutex
	log     []Sent
	ids     map[string]int // messages so far, by chat
	there   map[string]bool
	closed  map[string]bool   // blocked by the person, or the bot was removed
	moved   map[string]string // groups with a new address
	held    map[string]bool   // told to wait, and nothing sent since
	floods  map[string]int    // sends that will still be refused with 429
	topics  map[string]string // name by "group/id"
	nTopics int
	tries   int
}

// Sent is one thing that happened in a chat.
type Sent struct {
	Conv  string
	Ref   string
	Key   string
	Say   bot.Say
	Files []string // kinds and sizes of what came along
	Topic string   // or: what became of a topic
	Note  string   // or: that a send was refused
}

func newPost(w *World) *Post {
	return &Post{w: w, ids: map[string]int{}, there: map[string]bool{}, closed: map[string]bool{}, moved: map[string]string{}, held: map[string]bool{}, floods: map[string]int{}, topics: map[string]string{}}
}

var _ turn.Referrer = (*Post)(nil)
var _ turn.Forum = (*Post)(nil)

// Send is turn.Sender.
func (p *Post) Send(ctx context.Context, conv, key string, say bot.Say) error {
	_, err := p.SendRef(ctx, conv, key, say, nil)
	return err
}

// SendRef is turn.Referrer.
func (p *Post) SendRef(_ context.Context, conv, key string, say bot.Say, files []turn.File) (string, error) {
	defer turn.CloseAll(files)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if err := p.trouble(conv); err != nil {
		return "", err
	}
	s := Sent{Conv: conv, Key: key, Say: say, Ref: say.Edit}
	for _, f := range files {
		b, err := io.ReadAll(f.Body)
		if err != nil {
			return "", err
		}
		s.Files = append(s.Files, fmt.Sprintf("%s %d bytes", f.Kind, len(b)))
	}
	group := roster.GroupOf(conv)
	delete(p.held, group)
	if s.Ref == "" || !p.there[group+" "+s.Ref] {
		p.ids[group]++
		s.Ref, s.Say.Edit = fmt.Sprint(1000+p.ids[group]), ""
		p.there[group+" "+s.Ref] = true
	}
	p.log = append(p.log, s)
	return s.Ref, nil
}

func (p *Post) trouble(conv string) error {
	group := roster.GroupOf(conv)
	switch {
	case p.moved[group] != "":
		return &turn.SendError{MovedTo: p.moved[group], Err: errors.New("migrated")}
	case p.closed[group]:
		return &turn.SendError{Gone: true, Err: errors.New("blocked")}
	case p.floods[group] > 0:
		p.floods[group]--
		p.held[group] = true
		p.log = append(p.log, Sent{Conv: conv, Note: "429, wait 2 s"})
		return &turn.SendError{After: 2 * time.Second, Err: errors.New("too many requests")}
	case conv != group && p.topics[conv] == "":
		return &turn.SendError{NoTopic: true, Err: errors.New("message thread not found")}
	}
	return nil
}

// Topic is turn.Forum.
func (p *Post) Topic(_ context.Context, group, op, id, name string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if op == "create" {
		p.nTopics++
		id = fmt.Sprint(50 + p.nTopics)
		p.topics[group+"/"+id] = name
	}
	at := group + "/" + id
	if p.topics[at] == "" {
		return "", &turn.SendError{NoTopic: true, Err: errors.New("topic_deleted")}
	}
	if op == "rename" {
		p.topics[at] = name
	}
	p.log = append(p.log, Sent{Conv: at, Topic: op + " " + p.topics[at]})
	return id, nil
}

// Fetch is turn.Fetcher: every file is the same small picture or recording.
func (p *Post) Fetch(_ context.Context, m bot.Media) (io.ReadCloser, error) {
	if m.Kind == "voice" {
		return io.NopCloser(strings.NewReader("OggS" + strings.Repeat("\x00", 60))), nil
	}
	return io.NopCloser(bytes.NewReader(Picture)), nil
}

// Log is everything that happened from a position on.
func (p *Post) Log(from int) []Sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Sent(nil), p.log[from:]...)
}

// holding reports whether a chat was told to wait.
func (p *Post) holding() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.held) > 0
}

func (p *Post) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.log) + p.tries
}

// Block closes a chat to the bot, or opens it again.
func (p *Post) Block(chat string, yes bool) { p.with(func() { p.closed[chat] = yes }) }

// Flood has the next sends to a chat refused with 429.
func (p *Post) Flood(chat string, sends int) { p.with(func() { p.floods[chat] = sends }) }

// Move gives a group a new address.
func (p *Post) Move(from, to string) { p.with(func() { p.moved[from] = to }) }

// DropTopics deletes every topic of a group.
func (p *Post) DropTopics(group string) {
	p.with(func() {
		for at := range p.topics {
			if roster.GroupOf(at) == group {
				delete(p.topics, at)
			}
		}
	})
}

// DropMessages deletes every message of a chat.
func (p *Post) DropMessages(chat string) {
	p.with(func() {
		for at := range p.there {
			if strings.HasPrefix(at, chat+" ") {
				delete(p.there, at)
			}
		}
	})
}

func (p *Post) with(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}
