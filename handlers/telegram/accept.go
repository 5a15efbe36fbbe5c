package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"

	"dengwen/bot/turn"
)

// received is one update, translated and raw.
type received struct {
	translated
	raw       []byte
	decodeErr error // why nobody can read it
}

// decode translates one raw update. The only error is errNotJSON.
func (d *Door) decode(raw []byte) (received, error) {
	t := translator{username: d.Name(), known: d.known}
	u, err := t.translate(raw, d.cfg.Now())
	if errors.Is(err, errNotJSON) {
		return received{}, err
	}
	return received{translated: u, raw: raw, decodeErr: err}, nil
}

// receiver is the door with what takes its updates in.
type receiver struct {
	*Door
	turn.Inbox
}

// accept makes what an update holds durable. Nothing is lost when it fails: the
// update is not confirmed and Telegram delivers it again, with the same event id.
func (d *receiver) accept(ctx context.Context, u received) error {
	err := d.take(ctx, u)
	d.logAccept(u.ID, err)
	if err != nil {
		return fmt.Errorf("accept update %d: %w", u.ID, err)
	}
	return nil
}

func (d *receiver) take(ctx context.Context, u received) error {
	if u.decodeErr != nil {
		if err := d.deadLetter(ctx, u, u.decodeErr); err != nil {
			return err
		}
	}
	if u.Event.From != "" && !d.inBoundGroup(ctx, u) {
		u.Conv, u.Skip = "", "group"
	}
	if u.Conv == "" {
		d.cfg.Log.Debug("telegram: update needs no answer", "update", u.ID, "why", u.Skip)
		return nil
	}
	err := d.Accept(ctx, u.Conv, u.Event)
	if errors.Is(err, turn.ErrEvent) {
		return d.deadLetter(ctx, u, err)
	}
	return err
}

// logAccept says once that updates are not accepted, and once that they are again: a
// store that is away refuses hundreds in a second. One chat that has too much waiting is
// its own affair.
func (d *Door) logAccept(id int64, err error) {
	switch {
	case errors.Is(err, turn.ErrFull):
		d.cfg.Log.Debug("telegram: too much waits in this chat, the update will come again", "update", id)
	case err != nil:
		if d.refused.Add(1) == 1 {
			d.cfg.Log.Error("telegram: updates are not accepted, they will come again", "first", id, "err", d.redact(err))
		}
	case d.refused.Load() > 0:
		if n := d.refused.Swap(0); n > 0 {
			d.cfg.Log.Info("telegram: updates are accepted again", "refused", n)
		}
	}
}

// inBoundGroup reports whether a message of a group is accepted: the group is bound to a
// unit, or the message binds it. Nothing else of a group is stored or answered.
func (d *Door) inBoundGroup(ctx context.Context, u received) bool {
	if d.cfg.Group == nil {
		return false
	}
	return u.Event.Command == "bind" || usesInvitation(&u.Event) || d.cfg.Group(ctx, u.Conv)
}

// deadLetter moves an update that can never be handled to the dead letters. It counts as
// accepted: Telegram would deliver it again and again before all later updates.
func (d *receiver) deadLetter(ctx context.Context, u received, why error) error {
	d.cfg.Log.Error("telegram: update moved to the dead letters, it cannot be handled", "update", u.ID, "why", d.redact(why))
	return d.PutDeadLetter(ctx, prefix, deadLetterID(u), u.raw)
}

func deadLetterID(u received) string {
	if u.ID != 0 {
		return eventID(u.ID)
	}
	sum := sha256.Sum256(u.raw)
	return prefix + ":" + hex.EncodeToString(sum[:8])
}

// redact keeps the token, which is part of every address, out of a log line.
func (d *Door) redact(err error) slog.Value { return slog.StringValue(d.withoutToken(err.Error())) }
