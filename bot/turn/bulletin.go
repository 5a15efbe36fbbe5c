package turn

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// consent is a chat's consent to service notices, after the change that was asked for; nil = none.
func (r *Runner) consent(ctx context.Context, conv string, n *bot.Notices) (*bulletin.Consent, error) {
	if r.p.Bulletins == nil {
		return nil, petition.Fail(petition.Unavailable, "notices.away")
	}
	switch n.Want {
	case "on":
		c, err := r.p.Bulletins.Agree(ctx, conv, n.Lang)
		return &c, err
	case "off":
		return nil, r.p.Bulletins.Disagree(ctx, conv)
	}
	return r.p.Bulletins.Consent(ctx, conv)
}

// forget ends a chat's consent to service notices, its appointments and its ownership of cases and disputes.
func (r *Runner) forget(ctx context.Context, conv string) (int, error) {
	if r.p.Bulletins != nil {
		if err := r.p.Bulletins.Disagree(ctx, conv); err != nil {
			return 0, err
		}
	}
	if r.p.Receptions != nil {
		if err := r.p.Receptions.Forget(ctx, conv); err != nil {
			return 0, err
		}
	}
	if r.p.Disputes != nil {
		if _, err := r.p.Disputes.Forget(ctx, conv); err != nil {
			return 0, err
		}
	}
	return r.p.Cases.Forget(ctx, conv)
}

// bulletinQuery answers an officer's query about service notices. The notice's id is a hash
// of the idempotency key, so that a turn that runs again posts nothing twice.
func (r *Runner) bulletinQuery(ctx context.Context, conv, key string, me petition.Actor, q *bot.BulletinQuery, out *bot.Outcome) (err error) {
	if r.p.Bulletins == nil || r.p.Roster == nil {
		return petition.Fail(petition.Unavailable, "notices.away")
	}
	switch {
	case q.Post != "":
		sum := sha256.Sum256([]byte(key))
		var n bulletin.Bulletin
		n, err = r.p.Bulletins.Post(ctx, me, bulletin.Bulletin{ID: hex.EncodeToString(sum[:16]), Text: q.Post, Name: r.p.Roster.Name(ctx, me.Staff), Chat: conv})
		out.Notice = &n
	case q.Stop != "":
		var n bulletin.Bulletin
		n, err = r.p.Bulletins.Stop(ctx, me, q.Stop, r.p.Roster.Name(ctx, me.Staff))
		out.Notice = &n
	default:
		if out.Notice, err = r.p.Bulletins.Bulletin(ctx, ""); err == nil {
			out.Count, err = r.p.Bulletins.Agreed(ctx)
		}
	}
	return err
}

// sendBulletin sends a service notice if consent still stands at this moment, and records the
// result. One that may not go out counts as sent, so that its row leaves the outbox.
func (r *Runner) sendBulletin(ctx context.Context, p *outboxEntry, send func() error) error {
	id := p.Effect.Say.Bulletin
	if r.p.Bulletins == nil {
		return &SendError{Drop: true, Err: errors.New("no service notices here")}
	}
	due, err := r.p.Bulletins.Due(ctx, p.Conv, id)
	if err != nil || !due {
		return err
	}
	if err = send(); err == nil {
		r.m.Bulletins.Add(1)
		r.recordBulletin(ctx, p.Conv, id, bulletin.Sent, false)
		return nil
	}
	var s *SendError
	if errors.As(err, &s) && (s.Gone || s.Drop) {
		r.recordBulletin(ctx, p.Conv, id, bulletin.Failed, s.Gone)
	}
	return err
}

func (r *Runner) recordBulletin(ctx context.Context, conv, id, outcome string, gone bool) {
	if err := r.p.Bulletins.Told(context.WithoutCancel(ctx), conv, id, outcome, gone); err != nil {
		r.p.Log.Warn("note what became of a service notice", "err", err)
	}
}
