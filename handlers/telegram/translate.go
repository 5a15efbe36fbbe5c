package telegram

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"dengwen/bot"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

// translated is one update as an event. Conv is "" when there is nothing for a
// conversation, and Skip says why.
type translated struct {
	ID       int64
	Conv     string
	Event    bot.Event
	Callback string // callback query that waits for answerCallbackQuery
	Skip     string // group, channel, blocked, unblocked, service, unknown
}

// translator knows what it takes to tell our commands from others'.
type translator struct {
	username string          // "" = not known yet
	known    map[string]bool // command names
}

// translate reads one raw update of the Bot API. The error never holds content.
func (t translator) translate(raw []byte, now time.Time) (translated, error) {
	var u update
	if err := quickjson.Unmarshal(raw, &u); err != nil {
		return translated{ID: updateID(raw)}, undecodable(err)
	}
	out := translated{ID: u.ID}
	switch {
	case u.Message != nil:
		t.message(&out, u.Message, false)
	case u.Edited != nil:
		t.message(&out, u.Edited, true)
	case u.Callback != nil:
		press(&out, u.Callback)
	case u.Member != nil:
		membership(&out, u.Member)
	case u.Post != nil || u.PostEdit != nil:
		out.Skip = "channel"
	default:
		out.Skip = "unknown"
	}
	if out.Event.From != "" && out.Event.Other != "" || out.Event.Other == unknown && isServiceMessage(raw) {
		return translated{ID: u.ID, Skip: "service"}, nil
	}
	if out.Conv != "" {
		out.Event.ID, out.Event.At = prefix+":"+strconv.FormatInt(u.ID, 10), now
	}
	return out, nil
}

// errNotJSON says that the bytes are no JSON at all: Telegram did not send them.
var errNotJSON = errors.New("decode update: not JSON")

// undecodable names the field at fault and leaves out its value.
func undecodable(err error) error {
	var field *quickjson.UnmarshalTypeError
	if errors.As(err, &field) {
		return fmt.Errorf("decode update: field %q", field.Field)
	}
	return errNotJSON
}

func updateID(raw []byte) int64 {
	var u struct {
		ID int64 `json:"update_id"`
	}
	_ = quickjson.Unmarshal(raw, &u) // 0 = not even that
	return u.ID
}

func (t translator) message(out *translated, m *message, edited bool) {
	if why := skipChat(m.Chat); why != "" {
		out.Skip = why
		return
	}
	if isGroup(m.Chat) && !inGroup(out, m) {
		return
	}
	e := &out.Event
	e.Text, e.Edited, e.Ref = m.Text, edited, strconv.FormatInt(m.ID, 10)
	marks := m.Entities
	if m.Caption != "" {
		e.Text, marks = m.Caption, m.Captions
	}
	e.Command, e.Args = t.command(e.Text, marks)
	e.Forward = len(m.Origin) > 0 || len(m.OldFrom) > 0 || m.OldDate > 0
	if m.From != nil {
		e.Lang = m.From.Lang
	}
	if m.From != nil && usesInvitation(e) {
		e.Name = m.From.name()
	}
	if m.ReplyTo != nil {
		e.ReplyTo = strconv.FormatInt(m.ReplyTo.ID, 10)
	}
	e.Media, e.Location, e.Contact = m.media(), m.locationEvent(), m.contactEvent()
	if !hasContent(e) {
		e.Other = m.other()
	}
	if out.Conv == "" {
		out.Conv = convOf(m.Chat.ID)
	}
}

func hasContent(e *bot.Event) bool {
	return e.Text != "" || len(e.Media) > 0 || e.Location != nil || e.Contact != nil
}

// press reads a CallbackQuery. The chat of a private press is the presser, so a
// query without a message still finds its conversation.
func press(out *translated, c *callback) {
	out.Callback = c.ID
	out.Event.Lang = c.From.Lang
	out.Event.Press = &bot.Press{Data: c.Data}
	home := chat{ID: c.From.ID, Type: "private"}
	if c.Message != nil {
		if c.Message.Chat.ID != 0 {
			home = c.Message.Chat
		}
		if c.Message.ID != 0 {
			out.Event.Press.Ref = strconv.FormatInt(c.Message.ID, 10)
		}
	}
	if why := skipChat(home); why != "" {
		out.Skip, out.Event = why, bot.Event{}
		return
	}
	out.Conv = convOf(home.ID)
	if isGroup(home) {
		out.Conv = topicConv(home, c.Message)
		out.Event.From, out.Event.Forum = convOf(c.From.ID), home.Forum
		out.Event.Topic = topicOf(out.Conv)
	}
}

// skipChat is why a chat is not answered, "" for private chats and groups; whether a group is
// the office's is asked in accept.
func skipChat(c chat) string {
	if c.Type == "channel" {
		return "channel"
	}
	return ""
}
