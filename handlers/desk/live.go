package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/internal/websession"
	"dengwen/petition"
)

// news is which cases have changed, told to the pages that are open, and who has which case open.
type news struct {
	mu      sync.Mutex
	readers map[*reader]bool
	after   int64 // position that Follow has read to, -1 before it began
}

// reader is one open page.
type reader struct {
	number string      // of the case that it shows, "" = a list
	tell   chan string // "case" or "list"; a page that is told is told no more until it has looked
}

func newNews() *news { return &news{readers: map[*reader]bool{}, after: -1} }

func (n *news) add(r *reader) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.readers[r] = true
}

func (n *news) drop(r *reader) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.readers, r)
}

// changed tells the pages that show one of these cases, or a list.
func (n *news) changed(numbers []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for r := range n.readers {
		what := "list"
		if r.number != "" {
			if !slices.Contains(numbers, r.number) {
				continue
			}
			what = "case"
		}
		select {
		case r.tell <- what:
		default:
		}
	}
}

// Follow tells open pages what any process has changed, until ctx ends.
func (d *Door) Follow(ctx context.Context) error {
	tick := time.NewTicker(d.Look)
	defer tick.Stop()
	for {
		if err := d.follow(ctx); err != nil && ctx.Err() == nil {
			d.Log.Warn("desk: what has changed not read", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// follow reads which cases have changed since it was here. The first time it only finds the end.
func (d *Door) follow(ctx context.Context) error {
	for {
		numbers, next, err := d.Changes(ctx, d.news.after)
		if err != nil {
			return fmt.Errorf("read which cases have changed: %w", err)
		}
		if len(numbers) > 0 {
			d.news.changed(numbers)
		}
		if next == d.news.after {
			return nil
		}
		d.news.after = next
	}
}

// live is the connection by which an open page learns that what it shows has changed. It carries no
// content: the page asks for that itself.
func (d *Door) live(v *visit) error {
	me := &reader{number: strings.ToUpper(v.r.FormValue("case")), tell: make(chan string, 1)}
	if me.number != "" { // when it changes is for those alone who see it
		c, err := d.lookToFollow(v, me.number)
		if err != nil {
			return petition.Wrap(err, "follow case")
		}
		me.number = c.Number
	}
	here, err := d.arrive(v, me.number) // before the page itself listens
	if err != nil {
		return err
	}
	defer here.leave()
	d.news.add(me)
	defer d.news.drop(me)
	ctx, stop := context.WithCancel(v.ctx())
	defer stop()
	defer context.AfterFunc(d.closing, stop)()
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the stream back
	send := func(event string) error {
		c := http.NewResponseController(v.w)
		_ = c.SetWriteDeadline(time.Now().Add(2 * d.Ping)) // not every server has one
		if _, err := fmt.Fprintf(v.w, "event: %s\ndata:\n\n", event); err != nil {
			return err
		}
		return c.Flush()
	}
	if err := send("ping"); err != nil {
		return nil
	}
	check, ping := time.NewTicker(d.Look), time.NewTicker(d.Ping)
	defer check.Stop()
	defer ping.Stop()
	for {
		var event string
		select {
		case <-ctx.Done():
			return nil
		case event = <-me.tell:
		case <-ping.C:
			if event = "ping"; here.changed(ctx) {
				event = "case"
			}
		case <-check.C:
			now, err := d.visit(v.w, v.r)
			switch {
			case errors.Is(err, websession.ErrNone):
				if _, _, err := d.officer(v.ctx(), v.person.ID); errors.Is(err, websession.ErrNone) {
					_ = send("left") // no way back in, which is to be said
				} else {
					_ = send("ended")
				}
				return nil
			case err == nil && (now.actor.Unit != v.actor.Unit || !slices.Equal(now.actor.Roles, v.actor.Roles)):
				return nil // the browser comes back, and is asked as who it is now
			}
			continue
		}
		if err := send(event); err != nil {
			return nil
		}
		if event == "case" {
			if _, err := d.lookToFollow(v, me.number); petition.CodeOf(err) == petition.NotFound {
				return nil // it went to others, or was sealed: what happens to it now is not for them
			}
		}
	}
}

// lookToFollow is the case whose changes an open page is told of, for as long as its officer sees it.
func (d *Door) lookToFollow(v *visit, number string) (petition.View, error) {
	a := v.actor
	a.Reason = v.session.ReasonFor(number, time.Time{})
	return d.Cases.Look(v.ctx(), a, number, "")
}
