package turn

import (
	"context"
	"errors"
	"time"
)

// ErrLost says that the lease was lost: somebody else has the conversation now.
var ErrLost = errors.New("lease lost")

// Store remembers conversations: sessions, events not yet stepped, messages not yet
// sent. Bodies are opaque and arrive sealed. Two stores pass one conformance suite,
// storage/storagetest: Redis and SQLite. Each method is one atomic write and, on
// Redis, one round trip; all keys of one conversation share a hash tag.
type Store interface {
	// Accept makes an event durable, once per (conv, id) within 48 hours, and in
	// the same write claims the conversation if nobody holds it. Work.Held tells.
	Accept(ctx context.Context, conv, id string, body []byte, lease Lease) (Work, error)

	// Claim takes the lease of a conversation that has something to do. Work.Held
	// is false when somebody else has it or nothing is there.
	Claim(ctx context.Context, conv string, lease Lease) (Work, error)

	// Commit ends one event: session at Version+1, new outbox rows, the event gone.
	// ErrLost when the fence is not the current one.
	Commit(ctx context.Context, conv string, c Change) error

	// Settle removes performed rows, keeps the others until Retry, and either hands
	// over the next work or lets go of the lease. ErrLost as Commit.
	Settle(ctx context.Context, conv string, s Settlement) (Work, error)

	// Due lists conversations with work that nobody holds: leases run out, retries
	// whose time has come, events accepted by a process that died.
	Due(ctx context.Context, now time.Time, limit int) ([]string, error)

	// Depth counts undone events and unsent rows, and the age of the oldest, for
	// metrics and for tests that wait until all is quiet.
	Depth(ctx context.Context) (Depth, error)

	// Delete removes all of a conversation (the /forget errand, retention).
	Delete(ctx context.Context, conv string) error
}

// Lease names who claims and for how long.
type Lease struct {
	Owner string
	For   time.Duration
	Now   time.Time
}

// Work is what a claim hands over.
type Work struct {
	Fresh   bool // Accept only: the event was not seen before
	Held    bool // the lease is ours; Fence proves it
	Fence   int64
	Version int64  // of the session, 0 = none yet
	Session []byte // nil = none yet
	Events  []Item // undone events, oldest first, at most a handful
	Rows    []Item // outbox rows not yet performed, oldest first
}

// Item is one event or outbox row.
type Item struct {
	Key  string
	Body []byte
}

// Change is what one stepped event leaves behind.
type Change struct {
	Fence   int64
	Version int64 // the version that was read; the store writes Version+1
	Session []byte
	Done    string        // key of the event that ends
	Rows    []Item        // new outbox rows, in order
	Keep    time.Duration // how long a session is remembered after its last change
}

// Settlement is what became of the outbox.
type Settlement struct {
	Fence   int64
	Done    []string  // keys of rows performed
	Update  []Item    // rows whose body changed (attempt counts), optional
	Retry   time.Time // not before: when rows are left; zero = now
	Release bool      // let go even if more is there
	Lease   Lease     // for going on
}

// Depth is how much is waiting.
type Depth struct {
	Events int
	Rows   int
	Oldest time.Duration
}
