// Package bulletin keeps the office's service notices: who agreed to get them, who may
// send one, how far each got. Sending them is bot/broadcast.
package bulletin

import (
	"context"
	"time"
)

// Consent is a chat's yes to service notices. Without one nobody is sent any.
type Consent struct {
	Chat string    `json:"chat"` // conversation address, "tg:123"
	Lang string    `json:"lang,omitempty"`
	At   time.Time `json:"at"` // when it was given
}

// Bulletin is one service notice to everybody who agreed to get them: what it says,
// who sent it and when, and how far it got. Whom it reached is told to nobody.
type Bulletin struct {
	ID      string    `json:"id"`
	Text    string    `json:"text"`
	By      string    `json:"by"`             // officer's id, "system" for the command line, "api:<key>" for a program
	Name    string    `json:"name,omitempty"` // what colleagues call them
	Chat    string    `json:"chat,omitempty"` // where its progress is told, "" = nowhere
	At      time.Time `json:"at"`
	State   string    `json:"state"` // one of the states below
	Ended   time.Time `json:"ended,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"` // with Stopped: who stopped it
	Reach
}

// States of a bulletin.
const (
	Running = "running"
	Stopped = "stopped" // by somebody, before everybody was told
	Done    = "done"
)

// Reach is how far a bulletin got, in people. Total = Sent + Failed + Left + OnWay +
// Waiting + Withheld.
type Reach struct {
	Total    int `json:"total"`    // had agreed when it was sent off
	Sent     int `json:"sent"`     // delivered
	Failed   int `json:"failed"`   // could not be delivered: blocked, gone
	Left     int `json:"left"`     // took their consent back before it came to them
	OnWay    int `json:"on_way"`   // handed to their conversation, not delivered yet
	Waiting  int `json:"waiting"`  // their turn has not come
	Withheld int `json:"withheld"` // not sent because it was stopped
}

// Outcomes of a bulletin for one chat. The first one noted stands.
const (
	Sent     = "sent"
	Failed   = "failed"
	Left     = "left"
	Withheld = "withheld"
)

// Store remembers who agreed to service notices, and the notices. SQLite,
// PostgreSQL and the case API elsewhere pass one conformance suite. Chats and words
// are sealed by the store; a chat is found by a keyed hash. Errors as Store's.
type Store interface {
	// Agree notes a consent. For a chat that has agreed already it answers the one it
	// has and changes nothing.
	Agree(ctx context.Context, c Consent) (Consent, error)

	// Disagree takes a chat's consent back; a chat without one is no error.
	Disagree(ctx context.Context, chat string) error

	// Consent reads a chat's consent. NotFound "notices.none" when there is none.
	Consent(ctx context.Context, chat string) (Consent, error)

	// Agreed counts the chats that agreed.
	Agreed(ctx context.Context) (int, error)

	// PutBulletin sends a bulletin off to everybody who agreed before b.At; Total is
	// counted here. The same ID again answers the bulletin as it is. Conflict
	// "broadcast.running" while another one runs.
	PutBulletin(ctx context.Context, b Bulletin) (Bulletin, error)

	// Bulletin reads one with how far it got, "" = the latest. NotFound
	// "broadcast.none".
	Bulletin(ctx context.Context, id string) (Bulletin, error)

	// BulletinsSince lists those sent off since a moment, newest first, at most 100.
	BulletinsSince(ctx context.Context, t time.Time) ([]Bulletin, error)

	// EndBulletin ends one that runs; one that has ended stays as it is. It answers
	// the bulletin afterwards.
	EndBulletin(ctx context.Context, id, state, by string, at time.Time) (Bulletin, error)

	// Lead makes owner the one process that works a running bulletin, until now +
	// lasts; false when another one is, or when it does not run.
	Lead(ctx context.Context, id, owner string, now time.Time, lasts time.Duration) (bool, error)

	// Next reads the next chats to tell, at most limit, in a fixed order.
	Next(ctx context.Context, id string, limit int) ([]Consent, error)

	// Handed notes that the next n chats, the last of them chat, were handed over.
	// Conflict "broadcast.lost" when owner does not lead any more.
	Handed(ctx context.Context, id, owner, chat string, n int) error

	// Outcome is what was noted for a chat, "" = nothing yet.
	Outcome(ctx context.Context, id, chat string) (string, error)

	// NoteOutcome notes what became of a bulletin for a chat, once: a second outcome
	// changes nothing.
	NoteOutcome(ctx context.Context, id, chat, outcome string) error
}
