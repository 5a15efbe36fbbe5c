// Package wechat is the door of a WeChat official account (服务号): it translates what the
// platform pushes into events, and messages into passive answers, customer service messages and
// subscription notices. It contains no rules and no sentences.
//
// What people may be sent is little: one answer to each message within five seconds, five
// customer service messages within 48 hours of it, and notices that they subscribed to. So one
// event is answered with one message (bot.Door.Whole), buttons are numbers to answer with, and
// what can't be sent any more is kept for the person's next message.
package wechat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/locales"
)

// prefix stands before the openid in the address of a conversation, "wx:o6_bm…".
const prefix = "wx"

// Path is where the platform pushes messages.
const Path = "/wechat"

// Config is what the door works with. AppID, Secret, Token, AESKeys, Mail, Box, Locales and Now are
// needed.
type Config struct {
	AppID   string
	Secret  string
	Token   string   // of the server's settings at the platform
	AESKeys []string // EncodingAESKey, the newest first, at most two
	APIURL  string   // "" = https://api.weixin.qq.com

	// Notice is the subscription notice that says that a case has moved on; the zero Notice = none.
	Notice Notice
	// Menu is the account's; nil = it stays as it is at the platform.
	Menu []MenuColumn

	Mail turn.Mailbox // what was offered last, and what waits for the person's next message
	Box  *seal.Box

	// Page is a link that opens this conversation in the browser once, for what a chat of the
	// platform can't carry; nil = there is none.
	Page func(ctx context.Context, conv string) (string, error)
	// Log shows what is said in the browser too; nil = nowhere.
	Log turn.Sender
	// Public is the address of the page, where a case's papers and receipt are.
	Public string

	Locales *locales.Catalog
	Logger  *slog.Logger // never gets what people write; nil = silent
	Now     func() time.Time
	Answer  time.Duration // how long an answer is waited for before the platform is told to go on (3 s)
}

// Notice is a template of a subscription notice (订阅通知) with the names of its fields. It
// carries the number and that there is news, nothing of the case.
type Notice struct {
	Template string
	Number   string // field of the case's number, character_string1
	News     string // field of "there is news", thing2
}

// MenuColumn is a column of the menu: an entry of its own, or entries below it (自定义菜单, three
// columns of five at most).
type MenuColumn struct {
	MenuEntry
	Below []MenuEntry
}

// MenuEntry is one entry: Command is pressed, or URL opened.
type MenuEntry struct{ Label, Command, URL string }

// Door is the WeChat door. It is safe for concurrent use.
type Door struct {
	cfg      Config
	envelope envelope
	client   *http.Client
	token    accessToken
	mu       sync.Mutex
	waiting  map[string]*waiter // by conversation: a message of the person that waits for its answer
	seen     replays
}

var (
	_ turn.Sender  = (*Door)(nil)
	_ turn.Fetcher = (*Door)(nil)
)

// New checks the settings and makes a door. It does not touch the network.
func New(c Config) (*Door, error) {
	if c.AppID == "" || c.Secret == "" || c.Token == "" || len(c.AESKeys) == 0 {
		return nil, errors.New("make WeChat door: AppID, Secret, Token and AESKeys are needed")
	}
	if c.Mail == nil || c.Box == nil || c.Locales == nil || c.Now == nil {
		return nil, errors.New("make WeChat door: Mail, Box, Locales and Now are needed")
	}
	if err := c.normalise(); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Answer == 0 {
		c.Answer = 3 * time.Second
	}
	e, err := newEnvelope(c.Token, c.AppID, c.AESKeys)
	if err != nil {
		return nil, fmt.Errorf("make WeChat door: %w", err)
	}
	return &Door{cfg: c, envelope: e, client: newClient(), waiting: map[string]*waiter{}, seen: newReplays()}, nil
}

func (c *Config) normalise() error {
	if c.APIURL == "" {
		c.APIURL = "https://api.weixin.qq.com"
	}
	u, err := url.Parse(strings.TrimRight(c.APIURL, "/"))
	if err != nil || u.Host == "" {
		return errors.New("make WeChat door: the address of the API is no address")
	}
	c.APIURL = u.String()
	return nil
}

// Check asks the platform for a token with the settings and answers why it gives none: an id or
// secret that is wrong (40013, 40125), an address of ours that is not on the account's list (40164).
func Check(ctx context.Context, c Config) error {
	if err := c.normalise(); err != nil {
		return err
	}
	_, err := (&Door{cfg: c, client: newClient()}).tokenFor(ctx, "")
	return err
}

// Shows is what this door declares of itself to the conversation.
func Shows() bot.Door { return bot.Door{Whole: true} }

func convOf(openid string) string { return prefix + ":" + openid }

func openidOf(conv string) string { return strings.TrimPrefix(conv, prefix+":") }
