// Package turn is the runtime of conversations: it accepts an event, steps it, commits and
// delivers the answer, exactly once and in order for each conversation, whatever crashes. It
// contains no sentences, no rules of petitions and no store; those are handed in as Parts.
//
//	accept   the event is durable, once per id                 ┐ one round trip
//	claim    the oldest undone event, under a lease            ┘
//	step     the pure function; its questions to the case service, the reader and
//	         the knowledge base are asked here and their outcomes stepped too
//	commit   session, outbox rows and the event's end in one write   one round trip
//	outbox   performed in order, with retries; then settled
//
// A crash before commit runs the same event again from the same session, so the
// same effects carry the same keys: a petition is filed once. A crash after commit
// performs what is left in the outbox: a message is sent at least once.
package turn

import (
	"context"
	"io"
	"log/slog"
	"time"

	"dengwen/bot"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/outreach"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// Sender delivers messages of one door. conv is the whole conversation address
// ("tg:123"). key is the outbox row's key, equal when a send is tried again.
type Sender interface {
	Send(ctx context.Context, conv, key string, say bot.Say) error
}

// Fetcher opens a file that a person sent through a door. A file that can never be had is a
// *petition.Error with Invalid, or a *SendError with Drop or Gone; every other error is
// retried. The caller closes the reader.
type Fetcher interface {
	Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error)
}

// Inbox takes in what doors hear, with the promises of the methods of Runner. A door is
// handed one where it begins to listen: the Runner that it sends for exists by then.
type Inbox interface {
	Accept(ctx context.Context, conv string, e bot.Event) error
	PutDeadLetter(ctx context.Context, source, id string, raw []byte) error
	WaitAnswered(ctx context.Context, conv string) error
}

var _ Inbox = (*Runner)(nil)

// Door is what a conversation address's prefix ("tg", "web", "term") stands for.
// Fetch may be nil where files arrive stored.
type Door struct {
	Send    Sender
	Fetch   Fetcher
	Only    string          // the one conversation it serves, "" = all of its prefix
	Channel string          // Filing.Channel of what is lodged here: telegram, web, terminal
	Shows   func() bot.Door // nil = it declares nothing
}

func (d Door) shows() bot.Door {
	if d.Shows == nil {
		return bot.Door{}
	}
	return d.Shows()
}

// SendError is a delivery that failed, with what decides whether it is retried; see
// docs/turn.md. The zero value with Err is retried with backoff.
type SendError struct {
	After   time.Duration // wait exactly this long (429 retry_after); 0 = backoff
	Gone    bool          // the person blocked the bot or the chat is gone: never again
	Drop    bool          // this message can never be delivered (refused as malformed); go on with the next
	MovedTo string        // the chat has a new address (Bot API migrate_to_chat_id)
	NoTopic bool          // the forum topic is gone or closed, or the group may have none
	Muted   bool          // the chat is there, and the bot may not write in it for now
	Err     error
}

func (e *SendError) Error() string { return "send: " + e.Err.Error() }
func (e *SendError) Unwrap() error { return e.Err }

// Reader understands free text: the offline reader, or a language model.
type Reader interface {
	Read(ctx context.Context, text, lang string, now time.Time) (bot.Reading, error)
}

// Answer answers a question on the rules from the knowledge base.
type Answer func(question, lang string, now time.Time) bot.Answer

// Step is the pure conversation.
type Step func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect)

// Parts are the dependencies of a Runner. Store, Box, Step, Cases, Reader and Answer are
// needed.
type Parts struct {
	Store  Store
	Box    *seal.Box
	Step   Step
	Cases  petition.Cases
	Reader Reader
	Answer Answer
	Doors  map[string]Door // by prefix of the conversation address
	Roster *roster.Service // the office's people; nil = no officer talks to this process, and none is told

	Disputes  *mediation.Service // disputes that are settled early; nil = none here
	Bulletins *bulletin.Service  // service notices; nil = nobody can agree to any here

	Receptions *reception.Service // leaders' reception days; nil = there are none here
	Outreach   *outreach.Service  // counts by place and month; nil = nothing is counted

	Untold   *telling.Desk     // what nobody could be told of; nil = it is not known here
	Citizens *telling.Citizens // where people agreed to be told besides their chat; nil = nobody can here

	// Elsewhere reports whether a conversation lives in another store, whose process accepts
	// its notices; nil = all are here.
	Elsewhere func(conv string) bool

	// Also are conversations in which a notice is said besides the chats of whom it is addressed to;
	// nil = there are none.
	Also func(ctx context.Context, n petition.Notice) ([]string, error)

	// Missed notes notices that did not get to one of the places at which they should be told, or have
	// none. It is asked again where it fails, and after a crash; nil = nobody notes them.
	Missed func(ctx context.Context, all []telling.Miss) error

	// Hear transcribes a recording; nil = recordings are only stored. The extension of name
	// tells the format.
	Hear func(ctx context.Context, recording io.Reader, name string) (string, error)

	// Related proposes petitions that may be about one matter with a case; nil = none.
	Related func(ctx context.Context, v petition.View) ([]bot.Related, error)

	// DeskLink is an address that opens the desk in the browser once for an officer; nil = there is
	// none here.
	DeskLink func(ctx context.Context, staff string) (string, error)

	// OfficeClosed reports whether notices to the office wait until it opens; nil = never.
	// What citizens are told never waits.
	OfficeClosed func(now time.Time) bool

	Wake Wake // whose Signal the case service gives; the zero Wake = Runner.Wake alone
	Now  func() time.Time
	Log  *slog.Logger
}

// Options are the limits of a Runner. Zero fields take the values in brackets.
type Options struct {
	Lease     time.Duration // how long a dead process keeps a conversation (10 s)
	Retention time.Duration // of a session after its last change (30 days)
	Sweep     time.Duration // how often abandoned work is looked for (500 ms)
	Most      int           // conversations worked at once in this process (4096)
	Tasks     int           // background tasks run at once (32)

	ReadFor  time.Duration // time limit of the reader (3 s)
	CaseFor  time.Duration // of one call of the case service (5 s)
	SendFor  time.Duration // of one delivery (30 s)
	FetchFor time.Duration // of fetching one file (2 min)
	HearFor  time.Duration // of transcribing one recording, after it is kept (20 s)

	FirstRetry time.Duration // first pause after a failed delivery (200 ms)
	LastRetry  time.Duration // and the longest (1 min)

	// Sorry is the one sentence for a person whose message broke the program, in the language of
	// their session or, before there is one, that their client says; nil = nothing is said.
	Sorry func(lang string) string
	// Undelivered is written into a case whose citizen a message could not reach.
	Undelivered string
}

func (o *Options) defaults() {
	setDefault(&o.Lease, 10*time.Second)
	setDefault(&o.Retention, 30*24*time.Hour)
	setDefault(&o.Sweep, 500*time.Millisecond)
	setDefault(&o.Most, 4096)
	setDefault(&o.Tasks, 32)
	setDefault(&o.ReadFor, 3*time.Second)
	setDefault(&o.CaseFor, 5*time.Second)
	setDefault(&o.SendFor, 30*time.Second)
	setDefault(&o.FetchFor, 2*time.Minute)
	setDefault(&o.HearFor, 20*time.Second)
	setDefault(&o.FirstRetry, 200*time.Millisecond)
	setDefault(&o.LastRetry, time.Minute)
}

func setDefault[T int | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}
