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

// consent says how it stands with service notices in a chat, after changing it.
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

// forget cuts a chat from its cases and takes its consent back.
func (r *Runner) forget(ctx context.Context, conv string) (int, error) {
	if r.p.Bulletins != nil {
		if err := r.p.Bulletins.Disagree(ctx, conv); err != nil {
			return 0, err
		}
	}
	return r.p.Cases.Forget(ctx, conv)
}

// bulletinQuery answers an officer's errand to the board. A turn that runs again sends the
// same notice off, once.
func (r *Runner) bulletinQuery(ctx context.Context, conv, once string, me petition.Actor, e *bot.BulletinQuery, out *bot.Outcome) (err error) {
	if r.p.Bulletins == nil || r.p.Roster == nil {
		return petition.Fail(petition.Unavailable, "notices.away")
	}
	switch {
	case e.Post != "":
		sum := sha256.Sum256([]byte(once))
		var n bulletin.Bulletin
		n, err = r.p.Bulletins.Post(ctx, me, bulletin.Bulletin{ID: hex.EncodeToString(sum[:16]), Text: e.Post, Name: r.p.Roster.Name(ctx, me.Staff), Chat: conv})
		out.Notice = &n
	case e.Stop != "":
		var n bulletin.Bulletin
		n, err = r.p.Bulletins.Stop(ctx, me, e.Stop, r.p.Roster.Name(ctx, me.Staff))
		out.Notice = &n
	default:
		if out.Notice, err = r.p.Bulletins.Bulletin(ctx, ""); err == nil {
			out.Count, err = r.p.Bulletins.Agreed(ctx)
		}
	}
	return err
}

// sendBulletin sends a service notice if it may still go out, and notes what became of
// it. One that may not counts as sent: its row is done with.
func (r *Runner) sendBulletin(ctx context.Context, p *pending, send func() error) error {
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
		r.bulletinTold(ctx, p.Conv, id, bulletin.Sent, false)
		return nil
	}
	var s *SendError
	if errors.As(err, &s) && (s.Gone || s.Drop) {
		r.bulletinTold(ctx, p.Conv, id, bulletin.Failed, s.Gone)
	}
	return err
}

func (r *Runner) bulletinTold(ctx context.Context, conv, id, outcome string, gone bool) {
	if err := r.p.Bulletins.Told(context.WithoutCancel(ctx), conv, id, outcome, gone); err != nil {
		r.p.Log.Warn("note what became of a service notice", "err", err)
	}
}
