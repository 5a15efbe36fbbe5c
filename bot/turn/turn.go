// Package turn is how one event is taken in, stepped, committed and answered:
// exactly once, in order for each conversation, whatever crashes.
//
//	accept   the event is durable and counted once            ┐ one round trip
//	claim    the oldest undone event, under a lease           ┘
//	step     the pure function; its questions to the case service, the reader and
//	         the knowledge base are asked here and their outcomes stepped too
//	commit   session, outbox and the event's end in one write   one round trip
//	perform  the outbox in order, with retries; then settled
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
	"dengwen/petition/roster"
)

// Sender delivers messages of one door. conv is the whole conversation address
// ("tg:123"). key is the outbox row's key, equal when a send is tried again.
type Sender interface {
	Send(ctx context.Context, conv, key string, say bot.Say) error
}

// Fetcher gets the bytes of a file a person sent through a door.
type Fetcher interface {
	Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error)
}

// Door is what a conversation address's prefix ("tg", "web", "term") stands for.
// Fetch may be nil where files arrive stored.
type Door struct {
	Send    Sender
	Fetch   Fetcher
	Only    string // the one conversation it serves, "" = all of its prefix
	Channel string // Filing.Channel of what is lodged here: telegram, web, terminal
	Shows   bot.Door
}

// SendError is a delivery that failed, with the three answers that decide what
// happens next.
type SendError struct {
	After   time.Duration // wait exactly this long (429 retry_after); 0 = back off
	Gone    bool          // the person blocked the bot or the chat is gone: never again
	Drop    bool          // this message can never be delivered (refused as malformed); go on with the next
	MovedTo string        // the chat has a new address (Bot API migrate_to_chat_id)
	NoTopic bool          // the forum topic is gone or closed
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

// Parts are what a Runner works with. All are needed but Desk.
type Parts struct {
	Store  Store
	Box    *seal.Box
	Step   Step
	Cases  petition.Cases
	Reader Reader
	Answer Answer
	Doors  map[string]Door // by prefix of the conversation address
	Roster *roster.Service // the office's people; nil = no officer talks to this process, and none is told

	Bulletins *bulletin.Service // service notices; nil = nobody can agree to any here

	// Elsewhere reports whether a conversation lives in another process's store, which
	// tells it what there is to tell; nil = all are here.
	Elsewhere func(conv string) bool

	// Hear turns a recording into text; nil = recordings are kept unheard. name carries
	// the ending that tells the format.
	Hear func(ctx context.Context, recording io.Reader, name string) (string, error)

	// Related proposes petitions that may be about one matter with a case; nil = none.
	Related func(ctx context.Context, v petition.View) ([]bot.Related, error)

	// OfficeClosed reports whether notices to the office wait until it opens; nil = never.
	// What citizens are told never waits.
	OfficeClosed func(now time.Time) bool

	Now func() time.Time
	Log *slog.Logger
}

// Options tune a Runner. The zero value is fit for use.
type Options struct {
	Lease time.Duration // how long a dead process keeps a conversation (10 s)
	Keep  time.Duration // how long a session is remembered (30 days)
	Sweep time.Duration // how often abandoned work is looked for (500 ms)
	Most  int           // conversations worked at once in this process (4096)
	Tasks int           // files fetched and late filings tried at once (32)

	ReadFor  time.Duration // time limit of the reader (3 s)
	CaseFor  time.Duration // of one call of the case service (5 s)
	SendFor  time.Duration // of one delivery (30 s)
	FetchFor time.Duration // of fetching one file (2 min)
	HearFor  time.Duration // of transcribing one recording, after it is kept (20 s)

	FirstRetry time.Duration // first pause after a failed delivery (200 ms)
	LastRetry  time.Duration // and the longest (1 min)

	// Sorry is the one sentence for a person whose message broke the program.
	Sorry func(lang string) string
}
