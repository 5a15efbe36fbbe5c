// Package web is the door in the browser: one chat page, rendered on the server, that works
// on an old phone, with a keyboard, with a screen reader and without JavaScript. With it the
// page is updated by server-sent events, uploads show their progress and messages typed
// offline are sent later. It contains no conversation and no rules.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/netaddr"
	"dengwen/internal/seal"
	"dengwen/internal/webpage"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/reception"
	"dengwen/petition/telling"
)

// Config is what the door works with. Cases, Mail, Box, Sessions, Draw and Locales are needed;
// the rest has defaults.
type Config struct {
	Cases petition.Cases                                        // takes attachments
	Who   func(ctx context.Context, conv string) petition.Actor // who a conversation is; nil = a citizen
	Mail  turn.Mailbox
	Box   *seal.Box

	Sessions *websession.Manager
	Staff    func(ctx context.Context, conv string) (string, error) // id of the officer whose conversation it is, "" = a citizen's; nil = everybody's is
	Joins    func(e bot.Event) bool                                 // an event that uses an invitation; nil = none does

	Prove func(ctx context.Context, number string, first bool) (petition.Proof, error) // of the record; nil = there is no page /verify

	Receptions *reception.Service // nil = there is no page /reception

	Office     *petition.Office                                              // nil = there are no pages /guide and /go
	Statistics func(ctx context.Context, lang string) ([]Table, bool, error) // figures for everybody; false = they are being counted. nil = there are none

	Citizens *telling.Citizens // nil = there is no page /told
	Ways     []string          // telling.SMS, telling.Mail: those by which people can be told

	Draw func(to io.Writer, r bot.Receipt) error // PNG; an error leaves nothing written

	Locales *locales.Catalog // the page's own sentences

	Name       string                   // of the office, 柞水县信访局
	Above      func(lang string) string // name and telephone of the body above it; nil or "" = none is known
	Example    bool                     // shows the banner that names are not checked
	Greeting   func(lang string) string // what an empty conversation opens with; nil = a sentence of the page
	Secure     bool                     // cookies for https only, also behind a proxy that ends TLS
	Proxies    *netaddr.Proxies         // whose X-Forwarded-For is believed (this machine)
	Retention  time.Duration            // of a log after its last message (30 days)
	MaxFile    int64                    // bytes of one attachment (20 MB)
	MaxFiles   int                      // attachments of one message (10)
	Endings    []string                 // of the names of files that are taken, .jpg; the page offers no others. Nil = any
	Limits     Limits                   // zero fields take their defaults
	Zone       *time.Location           // of the times shown (UTC+8)
	Now        func() time.Time         // nil = time.Now
	Log        *slog.Logger             // never gets what citizens write; nil = none
	PingEvery  time.Duration            // between pings on a live connection (20 s)
	CheckEvery time.Duration            // how soon a live connection notices that its session has ended (2 s)
	AnswerWait time.Duration            // how long a post without JavaScript waits for the answer (3 s)
}

// Door serves the chat page and delivers the bot's messages to it.
type Door struct {
	Config
	page    *pages
	limits  *limits
	closing context.Context // ends with Close
	close   context.CancelFunc
}

var _ turn.Sender = (*Door)(nil)

// New makes the door. Close ends its live connections.
func New(c Config) (*Door, error) {
	if c.Cases == nil || c.Mail == nil || c.Box == nil || c.Sessions == nil || c.Draw == nil || c.Locales == nil {
		return nil, errors.New("web door: Cases, Mail, Box, Sessions, Draw and Locales are needed")
	}
	c.defaults()
	p, err := loadPages()
	if err != nil {
		return nil, fmt.Errorf("web door: %w", err)
	}
	d := &Door{Config: c, page: p, limits: newLimits(c.Limits)}
	d.closing, d.close = context.WithCancel(context.Background())
	return d, nil
}

func (c *Config) defaults() {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.PingEvery, 20*time.Second)
	setDefault(&c.CheckEvery, 2*time.Second)
	setDefault(&c.AnswerWait, 3*time.Second)
	if c.MaxFile == 0 {
		c.MaxFile = 20 << 20
	}
	if c.MaxFiles == 0 {
		c.MaxFiles = 10
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("CST", 8*3600)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Proxies == nil {
		c.Proxies = netaddr.Trust(nil, nil)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Limits.defaults()
}

// Close ends the live connections, which http.Server.Shutdown would wait for: give it to
// RegisterOnShutdown. Browsers reconnect by themselves.
func (d *Door) Close() { d.close() }

// Send puts a message of the bot into the conversation's log, once per key. One that says Forget
// removes what the log held before it.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	if err := d.put(ctx, conv, key, entry{At: d.Now(), Say: &say}, say.Forget); err != nil {
		return &turn.SendError{Err: err}
	}
	if !say.Forget {
		return nil
	}
	if err := d.Sessions.RenewAll(ctx, conv); err != nil {
		return &turn.SendError{Err: err}
	}
	return nil
}

// put adds an entry to the log; with restart it is the log's only one.
func (d *Door) put(ctx context.Context, conv, key string, e entry, restart bool) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write post: %w", err)
	}
	mailbox := d.mailbox(conv)
	sealed, err := d.Box.Seal(body, turn.PostPlace(mailbox, key))
	if err != nil {
		return err
	}
	put := d.Mail.Put
	if restart {
		put = d.Mail.Restart
	}
	if err := put(ctx, mailbox, key, sealed, d.Retention); err != nil {
		return fmt.Errorf("put post: %w", err)
	}
	return nil
}

func (d *Door) mailbox(conv string) string { return turn.MailboxName(d.Box, conv) }

// receiver is the door with what takes its posts in.
type receiver struct {
	*Door
	turn.Inbox
}

// Handler serves the page at /, the look-up at /c/<number> and what they need. What people
// post goes to in.
func (d *Door) Handler(in turn.Inbox) http.Handler {
	mux, r := http.NewServeMux(), &receiver{d, in}
	mux.HandleFunc("GET /{$}", d.show)
	mux.HandleFunc("GET /c/{number}", d.show)
	mux.HandleFunc("GET /c/{$}", d.show)
	mux.HandleFunc("POST /say", r.say)
	mux.Handle("GET /say", http.RedirectHandler("/", http.StatusSeeOther)) // the address of a page that was refused
	mux.Handle("POST /leave", http.NewCrossOriginProtection().Handler(http.HandlerFunc(r.leave)))
	mux.HandleFunc("GET /posts", d.poll)
	mux.HandleFunc("GET /live", d.live)
	if d.Prove != nil {
		mux.HandleFunc("GET /verify", d.verifyForm)
		mux.HandleFunc("POST /verify", d.verify)
	}
	if d.Receptions != nil {
		mux.HandleFunc("GET /reception", d.receptionTimetable)
		mux.HandleFunc("POST /reception", d.receptionAsked)
	}
	if d.Office != nil {
		mux.HandleFunc("GET /guide", d.guide)
		mux.HandleFunc("GET /guide.csv", d.guideCSV)
		mux.HandleFunc("GET /go/{code}", d.openCode)
	}
	if d.Citizens != nil {
		mux.HandleFunc("GET /told", d.told)
		mux.HandleFunc("POST /told", d.changeTold)
		mux.HandleFunc("GET /told/{id}", d.leaving)
		mux.HandleFunc("POST /told/{id}", d.leaveMail)
	}
	mux.HandleFunc("GET /receipt/{name}", d.receipt)
	mux.HandleFunc("GET /paper/{post}/{name}", d.document)
	mux.HandleFunc("GET /open/{token}", d.offerLink)
	mux.Handle("POST /open/{token}", http.NewCrossOriginProtection().Handler(http.HandlerFunc(d.useLink)))
	mux.Handle("GET /web/{hash}/{name}", d.page.assets)
	mux.HandleFunc("GET /favicon.ico", d.page.icon)
	mux.HandleFunc("/", d.missing)
	return webpage.Headers(mux, d.Secure)
}

// actor is with whose permissions a conversation reads and attaches: an officer's, or the
// citizen's.
func (d *Door) actor(ctx context.Context, conv string) petition.Actor {
	if d.Who != nil {
		return d.Who(ctx, conv)
	}
	return petition.Actor{Owner: conv, Asker: conv}
}
