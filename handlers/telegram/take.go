package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// take reads one raw update. JSON nobody can decode is set aside and counts as
// taken: left in the way it would hold up everybody behind it. The only error is
// errNotJSON.
func (d *Door) take(raw []byte) (taken, error) {
	t := translator{username: d.username(), known: d.known}
	u, err := t.translate(raw, d.cfg.Now())
	if err == nil || errors.Is(err, errNotJSON) {
		return u, err
	}
	d.aside.Add(1)
	d.cfg.Log.Error("telegram: update set aside, it cannot be decoded", "update", u.ID, "err", err)
	if d.cfg.Aside != nil {
		d.cfg.Aside(raw)
	}
	return taken{ID: u.ID, Skip: "undecodable"}, nil
}

// accept makes the event of an update durable. Nothing is lost when it fails: the
// update is not confirmed and Telegram delivers it again.
func (d *Door) accept(ctx context.Context, u taken) error {
	if u.Conv == "" {
		d.cfg.Log.Debug("telegram: update needs no answer", "update", u.ID, "why", u.Skip)
		return nil
	}
	if err := d.cfg.Accept(ctx, u.Conv, u.Event); err != nil {
		d.cfg.Log.Error("telegram: update not accepted, it will come again", "update", u.ID, "err", d.redact(err))
		return fmt.Errorf("accept update %d: %w", u.ID, err)
	}
	return nil
}

// redact keeps the token, which is part of every address, out of a log line.
func (d *Door) redact(err error) slog.Value { return slog.StringValue(d.clean(err.Error())) }
