package turn

import (
	"context"
	"errors"
	"time"
)

// ErrLost says that the lease was lost: somebody else has the conversation now.
var ErrLost = errors.New("lease lost")

// ErrFull says that a conversation has MaxWaiting events waiting and takes no more
// for now. A door answers so that its network delivers the event again later.
var ErrFull = errors.New("too many events are waiting in this conversation")

// Limits of what a store keeps for one conversation.
const (
	MaxWaiting     = 1000           // undone events
	SeenFor        = 48 * time.Hour // how long the id of an event is remembered
	SeenMost       = 256            // and at most so many, the newest
	MaxEvents      = 8              // events of one Work
	MaxDeadLetters = 1000           // dead letters in each shard; the oldest are removed first
)

// Store remembers conversations: sessions, events not yet stepped, effects not yet
// performed. Names of conversations are opaque and bodies arrive sealed. Two stores
// pass one conformance suite, storage/storagetest: Redis and SQLite. Each method is
// one atomic write and, on Redis, one round trip; all keys of one conversation share
// a hash tag.
//
// A method repeated with the same arguments because its answer got lost has the
// answer of the first call and changes nothing more.
type Store interface {
	// Accept makes an event durable, once per (conv, id) within SeenFor, and in the
	// same write claims the conversation if nobody holds it; Work.Held tells. A
	// Lease without For stores only. ErrFull when too many events wait. The body of
	// the very event may be left out of Work.Events: whoever brought it has it.
	Accept(ctx context.Context, conv, id string, body []byte, lease Lease) (Work, error)

	// Claim takes the lease of a conversation that has something to do. Work.Held
	// is false when somebody else has it or nothing is there.
	Claim(ctx context.Context, conv string, lease Lease) (Work, error)

	// Renew makes a lease last until lease.Now + lease.For. ErrLost when it is gone.
	Renew(ctx context.Context, conv string, fence int64, lease Lease) error

	// Commit ends one event: session at Version+1, new outbox rows behind the old
	// ones, the event gone, all or nothing. ErrLost when the fence is not the
	// current one or the session has another version.
	Commit(ctx context.Context, conv string, c Change) error

	// Settle removes performed rows, keeps the others until Retry, and either hands
	// over the next work or lets go of the lease. ErrLost as Commit.
	Settle(ctx context.Context, conv string, s Settlement) (Work, error)

	// Due lists conversations with work that nobody holds: leases run out, retries
	// whose time has come, events accepted by a process that died.
	Due(ctx context.Context, now time.Time, limit int) ([]string, error)

	// Waiting lists every conversation with work, held or not, whatever its time.
	Waiting(ctx context.Context) ([]string, error)

	// Depth counts undone events, unperformed rows and dead letters, and the age of the
	// oldest, for metrics and for WaitIdle.
	Depth(ctx context.Context, now time.Time) (Depth, error)

	// PutDeadLetter adds a dead letter, once per (Conv, ID).
	PutDeadLetter(ctx context.Context, a DeadLetter) error

	// DeadLetters lists the dead letters, newest first, at most limit.
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)

	// Mark reads a named position that SetMark wrote, "" if none.
	Mark(ctx context.Context, name string) (string, error)
	SetMark(ctx context.Context, name, value string) error

	// Delete removes session, events and rows of a conversation (/forget, retention). Whoever
	// holds it loses the lease. The ids of its events stay known.
	Delete(ctx context.Context, conv string) error
}

// Lease says who claims, from when and for how long. Owner is unique to one claim:
// the same Owner asking again is given what it already holds. The clocks of
// processes that share a store must agree to well within For. A lease that ends more than
// twice For from now was taken by a clock that has been set back since, and holds nobody off.
type Lease struct {
	Owner string
	For   time.Duration
	Now   time.Time
	Seen  Seen // Accept only
}

// Seen says which session a process still has: the one it committed under this fence,
// which made it this version. A fence is given once and the next claim's is one higher,
// so when both fit nobody else has held the conversation since.
type Seen struct {
	Fence   int64 // 0 = none
	Version int64
}

// Work is what a claim hands over.
type Work struct {
	Fresh   bool // Accept only: the event was not seen before
	Held    bool // the lease is ours; Fence proves it
	Fence   int64
	Version int64  // of the session, 0 = none yet
	Session []byte // nil = none yet, or Same
	Same    bool   // the session is the one Lease.Seen tells of, and not handed over again
	Events  []Item // undone events, oldest first, at most Handful
	Rows    []Item // outbox rows not yet performed, oldest first
}

// Item is one event or outbox row.
type Item struct {
	Key  string
	Body []byte
}

// Change is what one stepped event leaves behind.
type Change struct {
	Fence      int64
	Version    int64 // the version that was read; the store writes Version+1
	Session    []byte
	Done       string        // key of the event that ends
	DeadLetter bool          // the event could not be stepped: it becomes a dead letter
	Gone       []string      // keys of rows that were performed and end with this event
	Rows       []Item        // new outbox rows, in order
	Retention  time.Duration // of the session after its last change
	Now        time.Time
}

// Settlement is what became of the outbox.
type Settlement struct {
	Fence   int64
	Done    []string  // keys of rows performed
	Update  []Item    // rows whose body changed (attempt counts), optional
	Retry   time.Time // when rows are left: not before; zero = now
	Release bool      // end the lease even if more work is there
	Lease   Lease     // of the next work
}

// PutOff is how far ahead the next try of a conversation may lie for what waits in it to count as late.
// What is tried later than that waits on purpose: for the end of quiet hours, or for a chat to open.
const PutOff = time.Minute

// Depth is how much is waiting.
type Depth struct {
	Events      int
	Rows        int
	Oldest      time.Duration // age of the oldest undone event or unperformed row that is tried within PutOff
	DeadLetters int           // dead letters
}

// DeadLetter is one event that could not be understood or stepped.
type DeadLetter struct {
	Conv string
	ID   string
	At   time.Time
	Body []byte
}
