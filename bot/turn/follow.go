package turn

import (
	"context"
	"errors"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// feeds are the positions up to which notices were handed on. The office has its own,
// so that what it is told can wait for the morning and citizens never do.
const (
	feed       = "notices"
	officeFeed = "notices-office"
)

// Wake has Follow look at once, because the case service of this process has just
// written a notice. It never blocks.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Follow reads the feed of notices until ctx ends and accepts each that is for a
// conversation as an event, once. It looks every second and at every Wake. Several
// processes may follow; a notice is still told once.
func (r *Runner) Follow(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	trouble := outage{what: "follow the notices"}
	for {
		more, err := r.follow(ctx)
		if ctx.Err() == nil {
			trouble.note(r.p.Log, err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.late.Done():
			return nil
		case <-tick.C:
		case <-r.wake:
		}
	}
}

// follow hands on one page of each feed; more says that there may be another.
func (r *Runner) follow(ctx context.Context) (more bool, err error) {
	more, err = r.page(ctx, feed, func(n petition.Notice) error {
		if forOffice(n.To) {
			return nil
		}
		return r.tell(ctx, n)
	})
	if err != nil || r.p.Desk == nil || r.p.Quiet != nil && r.p.Quiet(r.p.Now()) {
		return more, err
	}
	also, err := r.page(ctx, officeFeed, func(n petition.Notice) error {
		if !forOffice(n.To) {
			return nil
		}
		return r.announce(ctx, n)
	})
	return more || also, err
}

func (r *Runner) page(ctx context.Context, mark string, tell func(petition.Notice) error) (more bool, err error) {
	const most = 100
	after, err := r.p.Store.Mark(ctx, mark)
	if err != nil {
		return false, err
	}
	notices, err := r.p.Cases.Notices(ctx, after, most)
	if err != nil || len(notices) == 0 {
		return false, err
	}
	reached := after
	for _, n := range notices {
		if err = tell(n); err != nil {
			break
		}
		reached = n.ID
	}
	if reached != after {
		err = errors.Join(err, r.p.Store.SetMark(ctx, mark, reached))
	}
	return len(notices) == most, err
}

func (r *Runner) tell(ctx context.Context, n petition.Notice) error {
	if r.elsewhere(n.To) {
		return nil
	}
	err := r.Accept(ctx, n.To, bot.Event{ID: "notice:" + n.ID, At: r.p.Now(), Notice: &n})
	if errors.Is(err, ErrEvent) {
		// It would stop the feed for everybody.
		r.p.Log.Error("notice cannot be handed on", "notice", n.ID, "err", err)
		return nil
	}
	if err == nil {
		r.m.Notices.Add(1)
	}
	return err
}

func (r *Runner) elsewhere(conv string) bool { return r.p.Elsewhere != nil && r.p.Elsewhere(conv) }
