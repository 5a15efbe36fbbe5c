package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"dengwen/bot"
	"dengwen/internal/websession"
	"dengwen/petition"
)

func documentLinks(m *message) []documentLink {
	var out []documentLink
	for _, p := range m.Say.Documents {
		out = append(out, documentLink{fmt.Sprintf("/paper/%d/%s", m.Seq, url.PathEscape(p.ID)), p.Name})
	}
	return out
}

// document hands over an official document that a message of the visitor's own log
// offers. The case service says whether it is theirs.
func (d *Door) document(w http.ResponseWriter, r *http.Request) {
	v, err := d.visitor(r)
	if err != nil && !errors.Is(err, websession.ErrNone) {
		http.Error(w, d.noSession(r, err).text, http.StatusServiceUnavailable)
		return
	}
	known := err == nil
	if known && !d.limits.addr.Allow(v.addr, d.Now(), 1) {
		http.Error(w, d.wordsFor(r).Say("busy"), http.StatusTooManyRequests)
		return
	}
	say, p, ok := d.findDocument(r, v, known)
	if !ok {
		http.Error(w, d.wordsFor(r).Say("missing"), http.StatusNotFound)
		return
	}
	ref, _ := petition.ParseDocumentRef(p.ID)
	body, at, err := d.Cases.Document(r.Context(), d.actor(r.Context(), v.conv), say.About, p.Code, ref)
	switch {
	case petition.CodeOf(err) == petition.NotFound:
		http.Error(w, d.wordsFor(r).Say("missing"), http.StatusNotFound)
		return
	case err != nil:
		d.Log.Error("web: document not printed", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusServiceUnavailable)
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", at.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": at.Name}))
	w.Header().Set("Cache-Control", "private, no-store")
	io.Copy(w, body)
}

// findDocument finds the document in the message that the address names.
func (d *Door) findDocument(r *http.Request, v visitor, known bool) (bot.Say, bot.Document, bool) {
	seq, err := strconv.ParseInt(r.PathValue("post"), 10, 64)
	if !known || err != nil || seq < 1 {
		return bot.Say{}, bot.Document{}, false
	}
	posts, err := d.Mail.Since(r.Context(), d.mailbox(v.conv), seq-1, 1)
	if err != nil || len(posts) == 0 || posts[0].Seq != seq {
		return bot.Say{}, bot.Document{}, false
	}
	e := d.open(v.conv, posts[0])
	if e.Say == nil {
		return bot.Say{}, bot.Document{}, false
	}
	i := slices.IndexFunc(e.Say.Documents, func(p bot.Document) bool { return p.ID == r.PathValue("name") })
	if i < 0 {
		return bot.Say{}, bot.Document{}, false
	}
	return *e.Say, e.Say.Documents[i], true
}
