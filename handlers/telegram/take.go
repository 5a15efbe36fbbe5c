package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"

	"dengwen/bot/turn"
)

// received is one update as it came.
type received struct {
	taken
	raw []byte
	bad error // why nobody can read it
}

// take reads one raw update. The only error is errNotJSON.
func (d *Door) take(raw []byte) (received, error) {
	t := translator{username: d.username(), known: d.known}
	u, err := t.translate(raw, d.cfg.Now())
	if errors.Is(err, errNotJSON) {
		return received{}, err
	}
	return received{taken: u, raw: raw, bad: err}, nil
}

// accept makes what an update holds durable. Nothing is lost when it fails: the
// update is not confirmed and Telegram delivers it again.
func (d *Door) accept(ctx context.Context, u received) error {
	err := u.bad
	if err == nil && u.Event.From != "" && !d.ours(ctx, u) {
		u.Conv, u.Skip = "", "group"
	}
	if err == nil && u.Conv == "" {
		d.cfg.Log.Debug("telegram: update needs no answer", "update", u.ID, "why", u.Skip)
		return nil
	}
	if err == nil {
		err = d.cfg.Accept(ctx, u.Conv, u.Event)
	}
	if u.bad != nil || errors.Is(err, turn.ErrEvent) {
		err = d.setAside(ctx, u, err)
	}
	d.noteAccept(u.ID, err)
	if err != nil {
		return fmt.Errorf("accept update %d: %w", u.ID, err)
	}
	return nil
}

// noteAccept says once that updates are not accepted, and once that they are again: a
// store that is away refuses hundreds in a second. One chat that has too much waiting is
// its own affair.
func (d *Door) noteAccept(id int64, err error) {
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

// ours reports whether something said in a group is for us: the group is tied to a
// unit, or somebody is about to tie it. Nothing else of a group is kept or answered.
func (d *Door) ours(ctx context.Context, u received) bool {
	if d.cfg.Group == nil {
		return false
	}
	return u.Event.Command == "bind" || joins(&u.Event) || d.cfg.Group(ctx, u.Conv)
}

// setAside keeps an update that can never be handled. It counts as taken: left in
// the way it would hold up everybody behind it.
func (d *Door) setAside(ctx context.Context, u received, why error) error {
	d.cfg.Log.Error("telegram: update set aside, it cannot be handled", "update", u.ID, "why", d.redact(why))
	if d.cfg.DeadLetter != nil {
		if err := d.cfg.DeadLetter(ctx, asideID(u), u.raw); err != nil {
			return fmt.Errorf("set aside: %w", err)
		}
	}
	d.aside.Add(1)
	return nil
}

func asideID(u received) string {
	if u.ID != 0 {
		return Prefix + ":" + strconv.FormatInt(u.ID, 10)
	}
	sum := sha256.Sum256(u.raw)
	return Prefix + ":" + hex.EncodeToString(sum[:8])
}

// redact keeps the token, which is part of every address, out of a log line.
func (d *Door) redact(err error) slog.Value { return slog.StringValue(d.clean(err.Error())) }
