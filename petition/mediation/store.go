package mediation

import (
	"context"
	"time"

	"dengwen/petition"
)

// Query selects disputes, newest first. Zero fields do not restrict.
type Query struct {
	Unit   string
	Staff  string // who reported it
	Owner  string // chat that reported it
	Status Status
	Open   bool      // those that are not over
	Round  string    // of a survey
	From   time.Time // received then or later
	To     time.Time // received before
	Limit  int       // 0 = all
}

// Round is a survey of a unit's villages: who goes where between which days (both included). What is
// found there by the unit's people within those days belongs to it.
type Round struct {
	ID       string   `json:"id"`
	Unit     string   `json:"unit"`
	Name     string   `json:"name"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Villages []string `json:"villages"`          // that are to be visited
	Visited  []string `json:"visited,omitempty"` // of Villages
	By       string   `json:"by"`
}

// Store keeps disputes and rounds. SQLite and PostgreSQL pass one suite. Words and names are sealed;
// a chat and an officer are found by a keyed hash.
type Store interface {
	// CreateDispute writes a new one under a key; the same key again answers the dispute as it is.
	// Conflict "dispute.number" when the number is taken.
	CreateDispute(ctx context.Context, key string, d Dispute) (Dispute, error)

	// SaveDispute writes the version after the one that is there. Conflict "dispute.changed" when
	// somebody was first.
	SaveDispute(ctx context.Context, d Dispute, next string) error

	// Dispute reads one. NotFound "dispute.none".
	Dispute(ctx context.Context, number string) (Dispute, error)

	// Disputes lists them.
	Disputes(ctx context.Context, q Query) ([]Dispute, error)

	// DueDisputes are those under an agreement of which a promise falls due on a day or before, and
	// those with entries of the log that nobody was told of, at most limit.
	DueDisputes(ctx context.Context, day string, limit int) ([]Dispute, error)

	// ForgetReporter takes a chat out of the disputes it reported, and answers how many there were.
	ForgetReporter(ctx context.Context, owner string) (int, error)

	PutRound(ctx context.Context, r Round) error
	Rounds(ctx context.Context, unit string) ([]Round, error) // newest first

	NoteAccess(ctx context.Context, x petition.Access) error
}
