package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	tg "github.com/go-telegram/bot"
)

// Send delivers one message: a text (sendMessage), a change of an earlier one
// (editMessageText) or a receipt (sendPhoto). A text longer than Telegram takes
// goes out in parts, the buttons under the last. Every error is a *turn.SendError.
// key is not used: Telegram knows no idempotency, so a send is at least once.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	id, err := chatOf(conv)
	if err != nil {
		return &turn.SendError{Gone: true, Err: err}
	}
	if strings.TrimSpace(say.Text) == "" && say.Receipt == nil {
		return &turn.SendError{Drop: true, Err: errors.New("nothing to say")}
	}
	switch {
	case say.Receipt != nil:
		err = d.receipt(ctx, id, say)
	case say.Edit != "":
		err = d.edit(ctx, id, say)
	default:
		err = d.text(ctx, id, say)
	}
	if err != nil {
		return d.sendError(err)
	}
	return nil
}

func (d *Door) text(ctx context.Context, id int64, say bot.Say) error {
	parts := split(say.Text, bot.MaxText)
	for i, part := range parts {
		p := tg.SendMessageParams{ChatID: id, Text: part}
		if i == len(parts)-1 {
			p.ReplyMarkup = d.markup(say)
		}
		if err := d.paced(ctx, "sendMessage", p); err != nil {
			return err
		}
	}
	return nil
}

// edit changes a message. One that looks like that already is done; one that is
// gone, too old or not a text is said anew.
func (d *Door) edit(ctx context.Context, id int64, say bot.Say) error {
	mid, err := strconv.Atoi(say.Edit)
	if err != nil || units(say.Text) > bot.MaxText {
		return d.text(ctx, id, say)
	}
	p := tg.EditMessageTextParams{ChatID: id, MessageID: mid, Text: say.Text}
	if rows := d.inline(say.Rows); rows != nil {
		p.ReplyMarkup = rows
	}
	err = d.paced(ctx, "editMessageText", p)
	switch {
	case err == nil, refusedWith(err, "message is not modified"):
		return nil
	case refusedWith(err, "message to edit not found", "message can't be edited", "no text in the message", "message_id_invalid", "message identifier"):
		return d.text(ctx, id, say)
	}
	return err
}

func (d *Door) paced(ctx context.Context, method string, params any) error {
	if err := d.pace.Wait(ctx); err != nil {
		return err
	}
	return d.call(ctx, d.quick, method, params, nil)
}

// receipt sends the picture with the text under it. The number matters more than
// the picture: when it cannot be drawn or Telegram refuses it, the text goes alone.
func (d *Door) receipt(ctx context.Context, id int64, say bot.Say) error {
	png := d.draw(say.Receipt)
	if png == nil {
		return d.text(ctx, id, say)
	}
	apart := units(say.Text) > bot.MaxCaption
	p := picture{chat: id, png: png}
	if !apart {
		p.caption, p.markup = say.Text, d.markup(say)
	}
	err := d.photo(ctx, p)
	if errors.Is(err, tg.ErrorBadRequest) && !gone(err) {
		d.cfg.Log.Error("telegram: receipt picture refused, sent as text", "err", d.redact(err))
		return d.text(ctx, id, say)
	}
	if err != nil || !apart {
		return err
	}
	return d.text(ctx, id, say)
}

func (d *Door) draw(r *bot.Receipt) []byte {
	if d.cfg.Draw == nil {
		return nil
	}
	png, err := d.cfg.Draw(*r)
	if err != nil {
		d.cfg.Log.Error("telegram: receipt not drawn, sent as text", "err", err)
		return nil
	}
	return png
}

// sendError answers the turn's three questions about a failed send. Whatever is
// not decided here (5xx, a broken line, a refused token) is worth another try.
func (d *Door) sendError(err error) *turn.SendError {
	out := &turn.SendError{Err: d.hide(err)}
	var flood *tg.TooManyRequestsError
	var moved *tg.MigrateError
	switch {
	case errors.As(err, &flood):
		out.After = time.Duration(max(flood.RetryAfter, 1)) * time.Second
	case errors.As(err, &moved):
		out.MovedTo = convOf(int64(moved.MigrateToChatID))
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
