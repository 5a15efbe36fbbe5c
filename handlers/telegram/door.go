// Package telegram is the Telegram door: it translates updates of the Bot API, by webhook or
// long polling, into events, and messages into calls of the Bot API. It contains no rules and
// no sentences.
//
// The library github.com/go-telegram/bot lends its method parameters and types. Its
// client, dispatcher, webhook handler and polling are not used: they confirm an
// update before it is handled and keep no order within a chat, so a crash would
// lose what a citizen said.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"

	"dengwen/bot"
	"dengwen/locales"
)

// prefix stands before the chat id in the address of a conversation, "tg:123".
const prefix = "tg"

// Path is where Telegram delivers updates in webhook mode.
const Path = "/telegram/webhook"

// Config is what the door works with. Token and Now are needed.
type Config struct {
	Token      string
	APIURL     string // Bot API server; "" = https://api.telegram.org
	WebhookURL string // public address; a bare host gets Path appended; "" = long polling
	Secret     string // what Telegram sends with each webhook call; needed with WebhookURL
	Username   string // the bot's, for links; "" = asked of Telegram
	LocalDir   string // folder of the files of a Bot API server on this machine (--local); "" = files are downloaded

	TestEnvironment bool // Telegram's test environment

	PerSecond int // messages a second to all chats together; 0 = no limit

	// Group reports whether a group, or the group of a topic, is bound to a unit of the
	// office; nil = none is, and messages in groups are ignored.
	Group func(ctx context.Context, conv string) bool

	// Draw writes the PNG of a receipt; after an error nothing may have been written.
	// nil = receipts go out as text.
	Draw func(to io.Writer, r bot.Receipt) error

	// Copy and Copied are a cache of Telegram's file_id of files this bot has sent, by name;
	// nil = every file is uploaded each time.
	Copy   func(ctx context.Context, name string) (fileID string)
	Copied func(ctx context.Context, name, fileID string)

	Watch          time.Duration // how often getWebhookInfo is asked (1 min)
	Grace          time.Duration // how long Telegram may be out of reach before the door counts as deaf or mute (15 s)
	AbandonedAfter time.Duration // when a webhook that takes nothing is removed by a process that polls (10 min)

	Commands map[string][]Command // menu of commands by language, "" = everybody else
	Locales  *locales.Catalog     // the labels of two native buttons; nil = they are not offered
	Log      *slog.Logger         // nil = silent
	Now      func() time.Time
}

// Command is one line of the menu of commands (Bot API BotCommand): Name of 1-32
// characters a-z 0-9 _, Text of 1-256 characters.
type Command struct{ Name, Text string }

// Door is the Telegram door. It is safe for concurrent use.
type Door struct {
	cfg         Config
	known       map[string]bool // commands that count in the middle of a text too
	webhookURL  string
	fastClient  *fasthttp.Client // of calls answered at once; nil = httpClient is used
	fileClient  *http.Client     // downloads take longer
	httpClient  *http.Client     // of long polling: own connections, a long timeout
	limiter     *rate.Limiter
	health      *health
	abandoned   abandonedWebhook       // of watch alone
	name        atomic.Pointer[string] // our username, once getMe has answered
	refused     atomic.Int64           // updates refused since the last accepted one
	jsonBuffers bufferPool             // for bodies and answers
	formBuffers bufferPool             // for forms with pictures
}

// New checks the settings and makes a door. It does not touch the network.
func New(cfg Config) (*Door, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.APIURL == "" {
		cfg.APIURL = "https://api.telegram.org"
	}
	cfg.APIURL = strings.TrimRight(cfg.APIURL, "/")
	if cfg.Watch == 0 {
		cfg.Watch = watchEvery
	}
	if cfg.Grace == 0 {
		cfg.Grace = 15 * time.Second
	}
	if cfg.AbandonedAfter == 0 {
		cfg.AbandonedAfter = 10 * time.Minute
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &Door{cfg: cfg, webhookURL: webhookAddress(cfg.WebhookURL), fastClient: newFastClient(cfg.APIURL, http.ProxyFromEnvironment), fileClient: newFileClient(), httpClient: newHTTPClient(),
		known: names(cfg.Commands), limiter: newLimiter(cfg.PerSecond)}
	d.health = &health{now: cfg.Now, grace: cfg.Grace, ears: organ{fault: NotYet}, mouth: organ{fault: NotYet}}
	if cfg.Username != "" {
		d.name.Store(&cfg.Username)
	}
	d.jsonBuffers.largest, d.formBuffers.largest = 16<<10, 128<<10
	return d, nil
}

func (c *Config) check() error {
	switch {
	case c.Token == "":
		return errors.New("make Telegram door: no token")
	case c.Now == nil:
		return errors.New("make Telegram door: Now is needed")
	case c.WebhookURL != "" && c.Secret == "":
		return errors.New("make Telegram door: a webhook needs a secret")
	}
	return nil
}

// polling reports whether updates are fetched rather than delivered.
func (d *Door) polling() bool { return d.webhookURL == "" }

// Name is the bot's user name without @, "" until Telegram has told it.
func (d *Door) Name() string {
	if p := d.name.Load(); p != nil {
		return *p
	}
	return ""
}

// webhookAddress gives a bare public address the path of the webhook.
func webhookAddress(public string) string {
	u, err := url.Parse(public)
	if public == "" || err != nil || strings.Trim(u.Path, "/") != "" {
		return public
	}
	u.Path = Path
	return u.String()
}

func names(menus map[string][]Command) map[string]bool {
	known := map[string]bool{"start": true}
	for _, menu := range menus {
		for _, c := range menu {
			known[c.Name] = true
		}
	}
	return known
}

func newLimiter(perSecond int) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(perSecond), perSecond)
}

func convOf(chat int64) string { return prefix + ":" + strconv.FormatInt(chat, 10) }

// chatOf is the chat id in a conversation's address, and the forum topic, 0 = none.
func chatOf(conv string) (id int64, topic int, err error) {
	chat, in, forum := strings.Cut(strings.TrimPrefix(conv, prefix+":"), "/")
	id, err = strconv.ParseInt(chat, 10, 64)
	if err == nil && forum {
		topic, err = strconv.Atoi(in)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%q is not the address of a Telegram chat", conv)
	}
	return id, topic, nil
}

// Shows is what this door declares of itself to the conversation as of now: links as soon as
// Telegram has told the bot's name.
func (d *Door) Shows() bot.Door {
	shows := Shows(d.Name())
	shows.MaxFileMB = int(d.maxFile() >> 20)
	return shows
}

// Shows is what a door declares whose bot has this user name, without @; "" = it is not known.
// Links carry their payload in start (Bot API, deep linking).
func Shows(name string) bot.Door {
	d := bot.Door{Abroad: true, MaxFileMB: maxFile >> 20}
	if name != "" {
		d.Link = "https://t.me/" + name + "?start="
	}
	return d
}
