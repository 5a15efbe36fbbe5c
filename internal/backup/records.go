package backup

import (
	"maps"
	"slices"

	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/internal/websession"
)

// Record is one thing that a store of conversations holds; one field is set. Times are ms since
// 1970, bodies are sealed as in the store.
type Record struct {
	Mark         *Mark            `json:"mark,omitempty"`
	Conversation *Conversation    `json:"conversation,omitempty"`
	DeadLetter   *turn.DeadLetter `json:"dead_letter,omitempty"`
	WebSession   *websession.Row  `json:"web_session,omitempty"`
}

// Mark is a named position, see turn.Store.Mark.
type Mark struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Conversation is one conversation at one moment, without its lease.
type Conversation struct {
	Conv    string   `json:"conv"`
	Fence   int64    `json:"fence"`
	Version int64    `json:"version,omitempty"`
	Done    string   `json:"done,omitempty"`    // last event that ended
	Expires int64    `json:"expires,omitempty"` // the session is remembered until then
	Session []byte   `json:"session,omitempty"`
	Events  []Item   `json:"events,omitempty"`
	Rows    []Item   `json:"rows,omitempty"`
	Seen    []SeenID `json:"seen,omitempty"`
	Mailbox *Mailbox `json:"mailbox,omitempty"`
}

// Item is an event or an outbox row, with the time it came in.
type Item struct {
	Key  string `json:"key"`
	At   int64  `json:"at"`
	Body []byte `json:"body"`
}

// SeenID is the id of an event that was taken in, and when.
type SeenID struct {
	ID string `json:"id"`
	At int64  `json:"at"`
}

// Mailbox is what turn.Mailbox keeps of a conversation. Last is the newest Seq given.
type Mailbox struct {
	Last    int64              `json:"last"`
	Expires int64              `json:"expires"`
	Posts   []turn.MailboxItem `json:"posts,omitempty"`
}

// Head says what a backup is of.
type Head struct {
	Made     int64  `json:"made"`     // ms since 1970, before the first row was read
	Program  string `json:"program"`  // version that wrote it
	Instance string `json:"instance"` // identity of the case store
	Beside   bool   `json:"beside"`   // attachments are kept beside

	// Keys are those that could open what is in it, First the one whose hashes are in it.
	Keys  []seal.ID `json:"keys"`
	First seal.ID   `json:"first"`
}

// Cases says of which moment the case store is, which is later than that of Head.
type Cases struct {
	Schema int64 `json:"schema"` // version of the tables
	Links  int64 `json:"links"`  // length of the hash chain
}

// Listed is an attachment that is kept beside under Name.
type Listed struct {
	ID   string `json:"id"`
	Size int64  `json:"size"`
	Name string `json:"name"`
}

// Part is what a part must hold: Rows lines, whose SHA-256 with their line feeds is Sum.
type Part struct {
	Rows int    `json:"rows"`
	Sum  string `json:"sum"`
}

// End closes a backup.
type End struct {
	Parts map[string]Part `json:"parts"`
	Files int             `json:"files"` // attachments inside
	Bytes int64           `json:"bytes"` // of them
}

// Equal reports whether two backups hold the same.
func (e End) Equal(o End) bool {
	return e.Files == o.Files && e.Bytes == o.Bytes && maps.Equal(e.Parts, o.Parts)
}

// Size is about how many bytes a record takes in memory.
func (r Record) Size() int {
	c := r.Conversation
	if c == nil {
		return 1 << 10
	}
	n := len(c.Session) + 64*len(c.Seen)
	for _, i := range slices.Concat(c.Events, c.Rows) {
		n += len(i.Body)
	}
	if c.Mailbox != nil {
		for _, p := range c.Mailbox.Posts {
			n += len(p.Body)
		}
	}
	return n
}
