package web

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"dengwen/internal/websession"
)

// receipt draws the picture of a receipt in the visitor's own log. Nothing of it is
// kept anywhere but in the sealed log.
func (d *Door) receipt(w http.ResponseWriter, r *http.Request) {
	v, err := d.visitor(r)
	if err != nil && !errors.Is(err, websession.ErrNone) {
		http.Error(w, d.noSession(r, err).text, http.StatusServiceUnavailable)
		return
	}
	known := err == nil
	name, png := strings.CutSuffix(r.PathValue("name"), ".png")
	seq, err := strconv.ParseInt(name, 10, 64)
	if !known || !png || err != nil || seq < 1 {
		http.Error(w, d.wordsFor(r).Say("missing"), http.StatusNotFound)
		return
	}
	if !d.limits.addr.Allow(v.addr, d.Now(), 1) {
		http.Error(w, d.wordsFor(r).Say("busy"), http.StatusTooManyRequests)
		return
	}
	posts, err := d.Mail.Since(r.Context(), d.mailbox(v.conv), seq-1, 1)
	if err != nil {
		d.Log.Error("web: receipt not read", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusServiceUnavailable)
		return
	}
	if len(posts) == 0 || posts[0].Seq != seq {
		http.Error(w, d.wordsFor(r).Say("missing"), http.StatusNotFound)
		return
	}
	e := d.open(v.conv, posts[0])
	if e.Say == nil || e.Say.Receipt == nil {
		http.Error(w, d.wordsFor(r).Say("missing"), http.StatusNotFound)
		return
	}
	var picture bytes.Buffer
	if err := d.Draw(&picture, *e.Say.Receipt); err != nil {
		d.Log.Error("web: receipt not drawn", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Write(picture.Bytes())
}
