package fakeapi

import (
	"regexp"
	"sync"
	"time"
)

// Button is one button the bot showed.
type Button struct {
	Text, Data, URL   string
	Inline            bool // under the message; else on a keyboard in place of the letters
	Location, Contact bool // asks for the native way
}

// Message is what a chat saw of the bot: a message, or its change.
type Message struct {
	ID      int64
	Text    string // text or caption
	Photo   []byte // the picture or other file, nil = a text
	Topic   int64  // the forum topic it stands in, 0 = none
	Under   int64  // the message it answers, 0 = none
	Buttons []Button
	Edited  bool
	At      time.Time
	markup  string
}

// Button finds a button by its text or data.
func (m *Message) Button(re *regexp.Regexp) (Button, bool) {
	for _, b := range m.Buttons {
		if re.MatchString(b.Text) || b.Data != "" && re.MatchString(b.Data) {
			return b, true
		}
	}
	return Button{}, false
}

// Chat is one private chat with the bot.
type Chat struct {
	ID int64

	mu      sync.Mutex
	log     []Message         // everything in the order it came, changes too
	now     map[int64]Message // messages as they stand
	changed chan struct{}     // closed and replaced with every entry of the log
	blocked bool
	lacks   Lacks
	movedTo int64
	topics  map[int64]*Topic
	waiting []pushed // updates for the webhook
	busy    bool
	sentAt  time.Time // when the newest update first left for the bot
	ackedAt time.Time // when it was answered 2xx
}

func newChat(id int64) *Chat {
	return &Chat{ID: id, now: map[int64]Message{}, changed: make(chan struct{})}
}

// Messages is everything the chat saw, oldest first, changes included.
func (c *Chat) Messages() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Message(nil), c.log...)
}

// Block makes the bot's sends fail with 403, as when a person blocks it.
func (c *Chat) Block(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.blocked = yes
}

// times are when the newest update left and was answered.
func (c *Chat) times() (sent, acked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sentAt, c.ackedAt
}

func (c *Chat) left(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sentAt = at
}

// add records a message or a change; the lock is held.
func (c *Chat) add(m Message) {
	c.log = append(c.log, m)
	c.now[m.ID] = m
	close(c.changed)
	c.changed = make(chan struct{})
}

// Chat is the chat with this id; it begins when somebody first asks for it.
func (s *Server) Chat(id int64) *Chat {
	if c := s.chat(id); c != nil {
		return c
	}
	c, _ := s.chats.LoadOrStore(id, newChat(id))
	return c.(*Chat)
}

// Forget drops a chat, to keep long runs small; sends to it are strays from then on.
func (s *Server) Forget(id int64) { s.chats.Delete(id) }

func (s *Server) chat(id int64) *Chat {
	if c, ok := s.chats.Load(id); ok {
		return c.(*Chat)
	}
	return nil
}
