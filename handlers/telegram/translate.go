package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"dengwen/bot"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
	"github.com/go-telegram/bot/models"
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

// translate reads one raw update of the Bot API. With an error, which never holds content, the
// library cannot decode it.
func (t translator) translate(raw []byte, now time.Time) (translated, error) {
	var u models.Update
	if err := quickjson.Unmarshal(raw, &u); err != nil {
		return t.unread(raw, now), undecodable(raw, err)
	}
	out := translated{ID: u.ID}
	switch {
	case u.Message != nil:
		t.message(&out, u.Message, false)
	case u.EditedMessage != nil:
		t.message(&out, u.EditedMessage, true)
	case u.CallbackQuery != nil:
		press(&out, u.CallbackQuery)
	case u.MyChatMember != nil:
		membership(&out, u.MyChatMember)
	case u.ChannelPost != nil || u.EditedChannelPost != nil:
		out.Skip = "channel"
	default:
		out.Skip = "unknown"
	}
	if out.Event.From != "" && out.Event.Other != "" || out.Event.Other == unknown && isServiceMessage(raw) {
		return translated{ID: u.ID, Skip: "service"}, nil
	}
	if out.Conv != "" {
		out.Event.ID, out.Event.At = eventID(u.ID), now
	}
	return out, nil
}

// errNotJSON says that the bytes are no JSON at all: Telegram did not send them.
var errNotJSON = errors.New("decode update: not JSON")

// undecodable names the field at fault, where the library tells it, and leaves out its value.
func undecodable(raw []byte, err error) error {
	var field *quickjson.UnmarshalTypeError
	switch {
	case errors.As(err, &field):
		return fmt.Errorf("decode update: field %q", field.Field)
	case json.Valid(raw):
		return errors.New("decode update: of a kind that the library does not know")
	}
	return errNotJSON
}

// unread is what a person is answered where the library cannot decode their private message:
// what they wrote is read all the same, and of anything else they hear that it cannot be.
func (t translator) unread(raw []byte, now time.Time) (out translated) {
	var u struct {
		ID      int64 `json:"update_id"`
		Message struct {
			ID   int         `json:"message_id"`
			Text string      `json:"text"`
			Chat models.Chat `json:"chat"`
		} `json:"message"`
	}
	err := quickjson.Unmarshal(raw, &u)
	out.ID = u.ID // 0 = not even that
	if m := u.Message; err == nil && u.ID != 0 && m.Chat.Type == models.ChatTypePrivate {
		t.message(&out, &models.Message{ID: m.ID, Text: m.Text, Chat: m.Chat}, false)
		out.Event.ID, out.Event.At = eventID(u.ID), now
	}
	return out
}

func eventID(update int64) string { return prefix + ":" + strconv.FormatInt(update, 10) }

func (t translator) message(out *translated, m *models.Message, edited bool) {
	if why := skipChat(m.Chat); why != "" {
		out.Skip = why
		return
	}
	if isGroup(m.Chat) && !inGroup(out, m) {
		return
	}
	e := &out.Event
	e.Text, e.Edited, e.Ref = m.Text, edited, strconv.Itoa(m.ID)
	marks := m.Entities
	if m.Caption != "" {
		e.Text, marks = m.Caption, m.CaptionEntities
	}
	e.Command, e.Args = t.command(e.Text, marks)
	e.Forward = m.ForwardOrigin != nil
	if m.From != nil {
		e.Lang = m.From.LanguageCode
	}
	if m.From != nil && usesInvitation(e) {
		e.Name = nameOf(m.From)
	}
	if m.ReplyToMessage != nil {
		e.ReplyTo = strconv.Itoa(m.ReplyToMessage.ID)
	}
	e.Media, e.Location, e.Contact = mediaOf(m), locationOf(m), contactOf(m)
	if !hasContent(e) {
		e.Other = otherOf(m)
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
func press(out *translated, c *models.CallbackQuery) {
	out.Callback = c.ID
	out.Event.Lang = c.From.LanguageCode
	out.Event.Press = &bot.Press{Data: c.Data}
	home, ref := models.Chat{ID: c.From.ID, Type: models.ChatTypePrivate}, 0
	if m := c.Message.Message; m != nil {
		home, ref = m.Chat, m.ID
	} else if m := c.Message.InaccessibleMessage; m != nil {
		home, ref = m.Chat, m.MessageID
	}
	if ref != 0 {
		out.Event.Press.Ref = strconv.Itoa(ref)
	}
	if why := skipChat(home); why != "" {
		out.Skip, out.Event = why, bot.Event{}
		return
	}
	out.Conv = convOf(home.ID)
	if isGroup(home) {
		out.Conv = topicConv(home, c.Message.Message)
		out.Event.From, out.Event.Forum = convOf(c.From.ID), home.IsForum
		out.Event.Topic = topicOf(out.Conv)
	}
}

// skipChat is why a chat is not answered, "" for private chats and groups; whether a group is
// the office's is asked in accept.
func skipChat(c models.Chat) string {
	if c.Type == models.ChatTypeChannel {
		return "channel"
	}
	return ""
}
