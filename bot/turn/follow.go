package turn

import (
	"context"
	"errors"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// Names of the marks, the positions up to which notices were accepted. The office has its
// own, so that notices to it can wait until it opens without holding up those to citizens;
// those of danger to people have another, since they never wait.
const (
	citizenFeed = "notices"
	urgentFeed  = "notices-urgent"
	officeFeed  = "notices-office"
)

// debounce delays the look after a Wake, so that many notices written at once are read as one
// page.
const debounce = 10 * time.Millisecond

// Wake lets Follow read the feed at once. Who writes notices is handed one before the Runner
// exists.
type Wake struct{ c chan struct{} }

// NewWake makes a Wake for one Runner.
func NewWake() Wake { return Wake{make(chan struct{}, 1)} }

// Signal says that a notice was written. It never blocks.
func (w Wake) Signal() {
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// Wake lets Follow read the feed at once, because a notice was written.
func (r *Runner) Wake() { r.p.Wake.Signal() }

// Follow reads the feed of notices until ctx ends and accepts each that is for a
// conversation as an event, once. It looks every second and at every Wake. Several
// processes may follow; a notice is still told once.
func (r *Runner) Follow(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	failures := failureLog{what: "follow the notices"}
	for {
		more, err := r.follow(ctx)
		if ctx.Err() == nil {
			failures.note(r.p.Log, err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.runCtx.Done():
			return nil
		case <-tick.C:
		case <-r.p.Wake.c:
			sleep(ctx, debounce)
		}
	}
}

// feedReader reads the feed from a mark of its own.
type feedReader struct {
	mark   string
	accept func(ctx context.Context, n petition.Notice) ([]telling.Miss, error)
}

func (r *Runner) feedReaders() []feedReader {
	all := []feedReader{{citizenFeed, r.tellCitizen}}
	if r.p.Roster == nil {
		return all
	}
	all = append(all, feedReader{urgentFeed, r.tellUrgent})
	if r.p.OfficeClosed == nil || !r.p.OfficeClosed(r.p.Now()) {
		all = append(all, feedReader{officeFeed, r.tellOffice})
	}
	return all
}

func (r *Runner) tellCitizen(ctx context.Context, n petition.Notice) ([]telling.Miss, error) {
	if forOffice(n.To) {
		return nil, nil
	}
	return nil, r.acceptNotice(ctx, n)
}

func (r *Runner) tellOffice(ctx context.Context, n petition.Notice) ([]telling.Miss, error) {
	if !forOffice(n.To) || n.Urgent() {
		return nil, nil
	}
	return r.announce(ctx, n)
}

func (r *Runner) tellUrgent(ctx context.Context, n petition.Notice) ([]telling.Miss, error) {
	if !n.Urgent() {
		return nil, nil
	}
	return r.announce(ctx, n)
}

// position is where a reader goes on. One of urgent notices that never read begins where the
// office's stands, not at notices of years ago.
func (r *Runner) position(ctx context.Context, mark string) (string, error) {
	at, err := r.p.Store.Mark(ctx, mark)
	if at == "" && err == nil && mark == urgentFeed {
		return r.p.Store.Mark(ctx, officeFeed)
	}
	return at, err
}

// feedPage is the most notices in one page of the feed.
const feedPage = 100

// follow accepts one page for each reader; more says that there may be another. Readers at
// the same position share one call of the case service.
func (r *Runner) follow(ctx context.Context) (more bool, err error) {
	pages := map[string][]petition.Notice{}
	for _, reader := range r.feedReaders() {
		after, err := r.position(ctx, reader.mark)
		if err != nil {
			return more, err
		}
		page, read := pages[after]
		if !read {
			if page, err = r.p.Cases.Notices(ctx, after, feedPage); err != nil {
				return more, err
			}
			pages[after] = page
		}
		if err := r.acceptPage(ctx, reader, after, page); err != nil {
			return more, err
		}
		more = more || len(page) == feedPage
	}
	return more, nil
}

// acceptPage accepts a page's notices, notes those that nobody gets in one write, and sets the mark
// behind the last one that succeeded. A crash before SetMark reads them again, and their ids make
// them known.
func (r *Runner) acceptPage(ctx context.Context, reader feedReader, after string, page []petition.Notice) (err error) {
	reached := after
	var misses []telling.Miss
	for _, n := range page {
		var missed []telling.Miss
		if missed, err = reader.accept(ctx, n); err != nil {
			break
		}
		misses, reached = append(misses, missed...), n.ID
	}
	if noteErr := r.noteMisses(ctx, misses); noteErr != nil {
		return errors.Join(err, noteErr)
	}
	if reached != after {
		err = errors.Join(err, r.p.Store.SetMark(ctx, reader.mark, reached))
	}
	return err
}

func (r *Runner) acceptNotice(ctx context.Context, n petition.Notice) error {
	if r.elsewhere(n.To) {
		return nil
	}
	places, err := r.placesOf(ctx, n)
	if err != nil {
		return err
	}
	for _, place := range places {
		err := r.Accept(ctx, place, bot.Event{ID: "notice:" + n.ID, At: r.p.Now(), Notice: &n})
		if errors.Is(err, ErrEvent) {
			// Returning it would stop the feed at this notice for everybody.
			r.p.Log.Error("notice cannot be handed on", "notice", n.ID, "err", err)
			continue
		}
		if err != nil {
			return err
		}
		r.m.Notices.Add(1)
	}
	return nil
}

func (r *Runner) elsewhere(conv string) bool { return r.p.Elsewhere != nil && r.p.Elsewhere(conv) }
