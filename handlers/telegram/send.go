package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Send delivers one message: a text (sendMessage), a change of an earlier one
// (editMessageText) or a receipt (sendPhoto). A text longer than Telegram takes
// goes out in parts, the buttons under the last. Every error is a *turn.SendError.
// key is not used: Telegram knows no idempotency, so a send is at least once.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	_, err := d.deliver(ctx, conv, say, nil, nil)
	return err
}

// SendRef is Send with files, and answers the id of the message that came of it.
func (d *Door) SendRef(ctx context.Context, conv, key string, say bot.Say, files []turn.File) (string, error) {
	defer turn.CloseAll(files)
	var m sent
	ref, err := d.deliver(ctx, conv, say, files, &m)
	if ref == "" && m.ID != 0 {
		ref = strconv.FormatInt(m.ID, 10)
	}
	return ref, err
}

// sent is the part of a Message that is read of an answer.
type sent struct {
	ID int64 `json:"message_id"`

	// Read leniently: a message that was taken must not be sent again for what its
	// answer looks like.
	Photo    json.RawMessage `json:"photo"`
	Document json.RawMessage `json:"document"`
	Voice    json.RawMessage `json:"voice"`
	Video    json.RawMessage `json:"video"`
	Audio    json.RawMessage `json:"audio"`
}

// target is where a message goes: a chat, a forum topic in it, under a message.
type target struct {
	chat  int64
	topic int
	under int
	sent  *sent // nil = nobody asks which message it became
}

func (t target) reply() *models.ReplyParameters {
	if t.under == 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: t.under, AllowSendingWithoutReply: true}
}

// deliver answers the id of the message that was changed, "" when one was sent.
func (d *Door) deliver(ctx context.Context, conv string, say bot.Say, files []turn.File, got *sent) (string, error) {
	id, topic, err := chatOf(conv)
	if err != nil {
		return "", &turn.SendError{Gone: true, Err: err}
	}
	if strings.TrimSpace(say.Text) == "" && say.Receipt == nil {
		return "", &turn.SendError{Drop: true, Err: errors.New("nothing to say")}
	}
	to := target{chat: id, topic: topic, sent: got}
	if say.Under != "" {
		to.under, _ = strconv.Atoi(say.Under)
	}
	ref := ""
	switch {
	case say.Receipt != nil:
		err = d.receipt(ctx, to, say)
	case fitsPoll(say.Poll):
		err = d.quiz(ctx, to, say)
	case len(files) > 0:
		err = d.sendAttachments(ctx, to, say, files)
	case say.Edit != "":
		ref, err = d.edit(ctx, to, say)
	default:
		err = d.text(ctx, to, say)
	}
	if err != nil {
		return "", d.sendError(err)
	}
	return ref, nil
}

func (d *Door) text(ctx context.Context, to target, say bot.Say) error {
	parts := split(say.Text, bot.MaxText)
	for i, part := range parts {
		p := tg.SendMessageParams{ChatID: to.chat, MessageThreadID: to.topic, Text: part, ReplyParameters: to.reply()}
		if i == len(parts)-1 {
			p.ReplyMarkup = d.markup(say)
		}
		if err := d.paced(ctx, "sendMessage", p, to.sent); err != nil {
			return err
		}
	}
	return nil
}

// edit changes a message. One that looks like that already is done; one that is
// gone, too old or not a text is said anew.
func (d *Door) edit(ctx context.Context, to target, say bot.Say) (string, error) {
	mid, err := strconv.Atoi(say.Edit)
	if err != nil || units(say.Text) > bot.MaxText {
		return "", d.text(ctx, to, say)
	}
	p := tg.EditMessageTextParams{ChatID: to.chat, MessageID: mid, Text: say.Text}
	if rows := d.inline(say.Rows); rows != nil {
		p.ReplyMarkup = rows
	}
	err = d.paced(ctx, "editMessageText", p, nil)
	switch {
	case err == nil, refusedWith(err, "message is not modified"):
		return say.Edit, nil
	case refusedWith(err, "message to edit not found", "message can't be edited", "no text in the message", "message_id_invalid", "message identifier"):
		return "", d.text(ctx, to, say)
	}
	return "", err
}

func (d *Door) paced(ctx context.Context, method string, params any, got *sent) error {
	if err := d.limiter.Wait(ctx); err != nil {
		return err
	}
	return d.call(ctx, method, params, destOf(got))
}

// receipt sends the picture with the text under it. The number matters more than
// the picture: when it cannot be drawn or Telegram refuses it, the text goes alone.
func (d *Door) receipt(ctx context.Context, to target, say bot.Say) error {
	if d.cfg.Draw == nil {
		return d.text(ctx, to, say)
	}
	apart := units(say.Text) > bot.MaxCaption
	p := photoParams{chat: to.chat, topic: to.topic, draw: func(w io.Writer) error { return d.cfg.Draw(w, *say.Receipt) }}
	if !apart {
		p.caption, p.markup = say.Text, d.markup(say)
	}
	err := d.photo(ctx, p)
	if errors.Is(err, errNotDrawn) {
		d.cfg.Log.Error("telegram: receipt not drawn, sent as text", "err", err)
		return d.text(ctx, to, say)
	}
	if errors.Is(err, tg.ErrorBadRequest) && !gone(err) {
		d.cfg.Log.Error("telegram: receipt picture refused, sent as text", "err", d.redact(err))
		return d.text(ctx, to, say)
	}
	if err != nil || !apart {
		return err
	}
	return d.text(ctx, to, say)
}

// sendError answers the turn's three questions about a failed send. Whatever is
// not decided here (5xx, a broken line, a refused token) is worth another try.
func (d *Door) sendError(err error) *turn.SendError {
	out := &turn.SendError{Err: d.hideToken(err)}
	var flood *tg.TooManyRequestsError
	var moved *tg.MigrateError
	switch {
	case errors.As(err, &flood):
		out.After = time.Duration(max(flood.RetryAfter, 1)) * time.Second
	case errors.As(err, &moved):
		out.MovedTo = convOf(int64(moved.MigrateToChatID))
	case refusedWith(err, "message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid"):
		out.NoTopic = true
	case errors.Is(err, tg.ErrorForbidden), gone(err):
		out.Gone = true
	case errors.Is(err, tg.ErrorBadRequest):
		out.Drop = true
	}
	return out
}

// gone tells the 400s that mean the chat, not the message.
func gone(err error) bool {
	return refusedWith(err, "chat not found", "user not found", "peer_id_invalid", "user_deactivated", "user is deactivated")
}

// refusedWith reports whether err is a 400 that says one of these words; the Bot
// API tells its kinds of 400 apart in no other way.
func refusedWith(err error, words ...string) bool {
	if !errors.Is(err, tg.ErrorBadRequest) {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
