package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

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
		return "", d.sendError(ctx, err)
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
		if err := d.message(ctx, p, to.sent); err != nil {
			return err
		}
	}
	return nil
}

// message sends one text. Where it is refused with its buttons, or as an answer, it goes out
// without: what they would press can be typed too.
func (d *Door) message(ctx context.Context, p tg.SendMessageParams, got *sent) error {
	err := d.paced(ctx, "sendMessage", p, got)
	if remedyOf(err) != other || p.ReplyMarkup == nil && p.ReplyParameters == nil {
		return err
	}
	d.cfg.Log.Error("telegram: message refused, sent without buttons", "err", d.redact(err))
	p.ReplyMarkup, p.ReplyParameters = nil, nil
	return d.paced(ctx, "sendMessage", p, got)
}

// edit changes a message. One that looks like that already is done; one that can't be
// changed, for whatever reason of its own, is said anew.
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
	switch do := remedyOf(err); {
	case err == nil, do == already:
		return say.Edit, nil
	case do == anew, refused(err):
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
// the picture: when it cannot be drawn, or Telegram takes it neither as a photo nor as a
// document, the text goes alone.
func (d *Door) receipt(ctx context.Context, to target, say bot.Say) error {
	if d.cfg.Draw == nil {
		return d.text(ctx, to, say)
	}
	apart := units(say.Text) > bot.MaxCaption
	p := photoParams{kind: "photo", chat: to.chat, topic: to.topic, draw: func(w io.Writer) error { return d.cfg.Draw(w, *say.Receipt) }}
	if !apart {
		p.caption, p.markup = say.Text, d.markup(say)
	}
	err := d.photo(ctx, p)
	if refused(err) {
		p.kind = "document"
		err = d.photo(ctx, p)
	}
	if errors.Is(err, errNotDrawn) || refused(err) {
		d.cfg.Log.Error("telegram: receipt sent as text", "err", d.redact(err))
		return d.text(ctx, to, say)
	}
	if err != nil || !apart {
		return err
	}
	return d.text(ctx, to, say)
}
