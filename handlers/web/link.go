package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dengwen/internal/websession"
)

// Link is a path that opens a conversation of another door in a browser once, within a quarter of
// an hour.
func Link(ctx context.Context, sessions *websession.Manager, conv string) (string, error) {
	token, _, err := sessions.Start(ctx, websession.Session{Kind: websession.PageLink, Conv: conv})
	if err != nil {
		return "", fmt.Errorf("make a link to the page: %w", err)
	}
	return "/open/" + token, nil
}

// linkPage asks for one press: programs that look at links before people do must not use it up.
type linkPage struct {
	W            words
	Name, Assets string
	Path         string
}

func (d *Door) offerLink(w http.ResponseWriter, r *http.Request) {
	if _, ok := d.linked(w, r); !ok {
		return
	}
	var b bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&b, "link", linkPage{d.wordsFor(r), d.Name, d.page.assets.Prefix, r.URL.Path}); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

// linked is the session of a link that opens the page; ok false: it was answered why it does not.
func (d *Door) linked(w http.ResponseWriter, r *http.Request) (websession.Session, bool) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return websession.Session{}, false
	}
	s, err := d.Sessions.Find(r.Context(), r.PathValue("token"))
	switch {
	case errors.Is(err, websession.ErrNone) || err == nil && s.Kind != websession.PageLink:
		d.unavailable(w, r, http.StatusNotFound, d.wordsFor(r).Say("link.gone"))
	case err != nil:
		d.Log.Error("web: session not found", "err", err)
		d.unavailable(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("away"))
	default:
		return s, true
	}
	return s, false
}

// useLink uses a link up and begins the session that it was made for.
func (d *Door) useLink(w http.ResponseWriter, r *http.Request) {
	s, ok := d.linked(w, r)
	if !ok {
		return
	}
	s.Kind, s.Device = websession.Citizen, device(r)
	token, s, err := d.Sessions.Renew(r.Context(), s)
	if err != nil {
		d.unavailable(w, r, http.StatusNotFound, d.wordsFor(r).Say("link.gone"))
		return
	}
	d.setCookie(w, r, token, s)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// ofAnotherDoor reports whether a conversation goes on elsewhere when it is left in the browser.
func ofAnotherDoor(conv string) bool { return !strings.HasPrefix(conv, "web:") }
