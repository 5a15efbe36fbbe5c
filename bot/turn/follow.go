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

// breath is how long a wake waits for others: on a busy day one look serves many.
const breath = 10 * time.Millisecond

// Wake has Follow look soon, because the case service of this process has just written a
// notice. It never blocks.
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
	trouble := failureLog{what: "follow the notices"}
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
			wait(ctx, breath)
		}
	}
}

// reader is one who follows the feed from a mark of its own.
type reader struct {
	mark string
	tell func(ctx context.Context, n petition.Notice) error
}

func (r *Runner) readers() []reader {
	all := []reader{{feed, r.tellCitizen}}
	if r.p.Roster != nil && (r.p.OfficeClosed == nil || !r.p.OfficeClosed(r.p.Now())) {
		all = append(all, reader{officeFeed, r.tellOffice})
	}
	return all
}

func (r *Runner) tellCitizen(ctx context.Context, n petition.Notice) error {
	if forOffice(n.To) {
		return nil
	}
	return r.tell(ctx, n)
}

func (r *Runner) tellOffice(ctx context.Context, n petition.Notice) error {
	if !forOffice(n.To) {
		return nil
	}
	return r.announce(ctx, n)
}

// most is how many notices one page of the feed has.
const most = 100

// follow hands on one page to each reader; more says that there may be another. Readers
// who have come equally far read the same page.
func (r *Runner) follow(ctx context.Context) (more bool, err error) {
	pages := map[string][]petition.Notice{}
	for _, to := range r.readers() {
		after, err := r.p.Store.Mark(ctx, to.mark)
		if err != nil {
			return more, err
		}
		page, read := pages[after]
		if !read {
			if page, err = r.p.Cases.Notices(ctx, after, most); err != nil {
				return more, err
			}
			pages[after] = page
		}
		if err := r.handOn(ctx, to, after, page); err != nil {
			return more, err
		}
		more = more || len(page) == most
	}
	return more, nil
}

// handOn tells a page's notices and moves the reader's mark behind the last one told.
func (r *Runner) handOn(ctx context.Context, to reader, after string, page []petition.Notice) (err error) {
	reached := after
	for _, n := range page {
		if err = to.tell(ctx, n); err != nil {
			break
		}
		reached = n.ID
	}
	if reached != after {
		err = errors.Join(err, r.p.Store.SetMark(ctx, to.mark, reached))
	}
	return err
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
