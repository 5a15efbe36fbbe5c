package desk

import (
	"net/http"
	"net/url"
	"strings"

	"dengwen/internal/naming"
	"dengwen/petition"
)

// What somebody looks for and why stands in no address, because browsers, proxies and their logs
// keep addresses. It is posted, the session remembers it, and the list's address names it by an id
// (key "find") that means nothing to anybody else.

// maxWords bounds what is looked for, in characters.
const maxWords = 200

// aboutWords begins what a reason for looking for somebody is about; no number begins so.
const aboutWords = "words\x00"

// find remembers what somebody looks for and leads to the list of it.
func (d *Door) find(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	address, form := addressOf(v.r.PostForm), v.r.PostForm
	if err := d.remember(v, address, form.Get("words"), form.Get("reason")); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/cases?"+address.Encode(), http.StatusSeeOther)
	return nil
}

// remember notes what is looked for in the session, and in an address which of it is meant.
func (d *Door) remember(v *visit, address url.Values, words, reason string) error {
	address.Del("find")
	words, reason = naming.Clip(strings.TrimSpace(words), maxWords), strings.TrimSpace(reason)
	if words == "" {
		return nil
	}
	s, id := v.session.Seek(words, d.NewID)
	if reason != "" {
		s = s.Give(aboutWords+words, naming.Clip(reason, 200), d.Now())
	}
	address.Set("find", id)
	return d.Sessions.Change(v.ctx(), s)
}

// sought is what an address looks for, and who asks, with the reason that was given for it.
// Conflict "desk.page.find.gone" where the session knows nothing of it any more.
func (d *Door) sought(v *visit, address url.Values) (words string, a petition.Actor, err error) {
	a = v.actor
	id := address.Get("find")
	if id == "" {
		return "", a, nil
	}
	words, ok := v.session.Sought(id)
	if !ok {
		return "", a, petition.Fail(petition.Conflict, "desk.page.find.gone")
	}
	a.Reason = v.session.ReasonFor(aboutWords+words, d.reasonsSince(v.r))
	return words, a, nil
}
