package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"dengwen/internal/websession"
)

// update is what happened after a position, ready to be put into the page.
type update struct {
	Last    int64  `json:"last"`
	Lang    string `json:"lang"`
	Waiting bool   `json:"waiting"` // the citizen spoke last
	Items   []item `json:"items"`
}

// item is one bubble: new, or in place of the one with the same id.
type item struct {
	ID   string `json:"id"`
	Key  string `json:"key"`
	HTML string `json:"html"`
}

func (d *Door) updates(r *http.Request, v visitor, after int64) (update, error) {
	t, err := d.since(r.Context(), v.conv, after)
	if err != nil {
		return update{}, err
	}
	wd := d.words(r, t)
	if t.forgotten {
		return update{Lang: wd.Lang, Items: []item{}}, nil // Last 0: the page is loaded anew
	}
	u := update{Last: t.last, Lang: wd.Lang, Waiting: t.waiting(), Items: []item{}}
	for _, m := range t.msgs {
		if m.Changed <= after {
			continue
		}
		b := d.bubble(m, form{wd, v.csrf, randomID(12)})
		var buf bytes.Buffer
		if err := d.page.tmpl.ExecuteTemplate(&buf, "bubble", b); err != nil {
			return update{}, fmt.Errorf("render message: %w", err)
		}
		u.Items = append(u.Items, item{b.Elem, b.Key, buf.String()})
	}
	return u, nil
}

// poll answers what is new after ?after=, for browsers without live connections.
func (d *Door) poll(w http.ResponseWriter, r *http.Request) {
	v, err := d.visitor(r)
	if err != nil {
		f := d.noSession(r, err)
		answer(w, f.status, reply{Error: f.text})
		return
	}
	if !d.limits.addr.Allow(v.addr, d.Now(), 1) {
		answer(w, http.StatusTooManyRequests, reply{Error: d.wordsFor(r).Say("busy")})
		return
	}
	u, err := d.updates(r, v, position(r))
	if err != nil {
		d.Log.Error("web: poll failed", "err", err)
		answer(w, http.StatusServiceUnavailable, reply{Error: d.wordsFor(r).Say("trouble")})
		return
	}
	answer(w, http.StatusOK, u)
}

// position is where the browser stands: what a reconnecting EventSource says, else
// the query.
func position(r *http.Request) int64 {
	s := r.Header.Get("Last-Event-ID")
	if s == "" {
		s = r.FormValue("after")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// live streams updates as server-sent events until the browser goes, the door
// closes or the store fails; the browser comes back with its position.
func (d *Door) live(w http.ResponseWriter, r *http.Request) {
	v, err := d.visitor(r)
	if err != nil {
		f := d.noSession(r, err)
		http.Error(w, f.text, f.status)
		return
	}
	if !d.limits.addr.Allow(v.addr, d.Now(), 1) || !d.limits.streams.acquire(v) {
		w.Header().Set("Retry-After", "30")
		http.Error(w, d.wordsFor(r).Say("busy"), http.StatusTooManyRequests)
		return
	}
	defer d.limits.streams.release(v)
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	defer context.AfterFunc(d.closing, stop)()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold the stream back
	s := stream{w: w, rc: http.NewResponseController(w), writeTimeout: 2 * d.PingEvery}
	defer s.rc.SetWriteDeadline(time.Time{}) // the browser may use the connection again
	if err := d.streamUpdates(ctx, r.WithContext(ctx), v, s); ctx.Err() == nil && !errors.Is(err, websession.ErrNone) {
		d.Log.Warn("web: live connection ended", "err", err)
	}
}

// streamUpdates writes what is new until the connection or ctx ends; its error is never nil.
func (d *Door) streamUpdates(ctx context.Context, r *http.Request, v visitor, s stream) error {
	after := position(r)
	if err := s.write("retry: 2000\nevent: ping\ndata:\n\n"); err != nil {
		return err
	}
	for {
		if _, err := d.visitor(r); err != nil {
			return s.end(err)
		}
		u, err := d.updates(r, v, after)
		if err != nil {
			return err
		}
		if len(u.Items) > 0 || u.Last < after { // a position ahead of the log: the log was forgotten
			if err := s.send(u); err != nil {
				return err
			}
		}
		after = u.Last
		if err := d.wait(ctx, r, v.conv, after, s); err != nil {
			return err
		}
	}
}

// wait returns when there is something new. Meanwhile it looks whether the session still
// holds, and sends pings: proxies close a connection that carries nothing.
func (d *Door) wait(ctx context.Context, r *http.Request, conv string, after int64, s stream) error {
	pinged := time.Now()
	for {
		look, cancel := context.WithTimeout(ctx, min(d.CheckEvery, d.PingEvery))
		err := d.Mail.Wait(look, d.mailbox(conv), after)
		due := look.Err() != nil
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !due && !errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("wait for news: %w", err)
		}
		if _, err := d.visitor(r); err != nil {
			return s.end(err)
		}
		if time.Since(pinged) < d.PingEvery {
			continue
		}
		if err := s.write("event: ping\ndata:\n\n"); err != nil {
			return err
		}
		pinged = time.Now()
	}
}

// stream is one live connection. It is closed when the browser does not read for longer than
// writeTimeout.
type stream struct {
	w            http.ResponseWriter
	rc           *http.ResponseController
	writeTimeout time.Duration
}

// end tells the browser that its session has ended, where that is why; its error is never nil.
func (s stream) end(why error) error {
	if errors.Is(why, websession.ErrNone) {
		return errors.Join(why, s.write("event: ended\ndata:\n\n"))
	}
	return why
}

func (s stream) send(u update) error {
	b, err := json.Marshal(u) // no line breaks in it
	if err != nil {
		return fmt.Errorf("write update: %w", err)
	}
	return s.write(fmt.Sprintf("id: %d\nevent: posts\ndata: %s\n\n", u.Last, b))
}

func (s stream) write(text string) error {
	// The server's own write timeout is meant for pages; not every server has one.
	_ = s.rc.SetWriteDeadline(time.Now().Add(s.writeTimeout))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("write to browser: %w", err)
	}
	if err := s.rc.Flush(); err != nil {
		return fmt.Errorf("flush to browser: %w", err)
	}
	return nil
}

type reply struct {
	OK      bool     `json:"ok,omitempty"`
	Reload  bool     `json:"reload,omitempty"`  // the conversation is an officer's now: the page is another
	Renewed bool     `json:"renewed,omitempty"` // the session has another token: a live connection of the old one ends
	ID      string   `json:"id,omitempty"`
	Error   string   `json:"error,omitempty"`
	Notice  []string `json:"notice,omitempty"` // files that could not be taken, and why
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
