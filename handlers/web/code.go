package web

import (
	"errors"
	"net/http"

	"dengwen/petition/outreach"
)

// codePage is what a code on a poster opens: where it hangs, and one press. Nothing happens before it, for
// programs look at addresses before people do.
type codePage struct {
	form
	Name, Assets string
	Example      bool
	Place        string // "" = the whole office
	Quiz         bool
	Param        string
}

// openCode answers the address in a code of a place, /go/at_611026102.
func (d *Door) openCode(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	}
	param := r.PathValue("code")
	at, to, ok := outreach.Find(d.Office, param)
	if !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther) // of a place that is no more: what people came for is there
		return
	}
	if to == outreach.Days && d.Receptions != nil {
		http.Redirect(w, r, "/reception", http.StatusSeeOther)
		return
	}
	v, _, err := d.ensureSession(w, r)
	switch {
	case errors.Is(err, errCrowd):
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	case err != nil:
		d.Log.Error("web: session not made", "err", err)
		d.unavailable(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("away"))
		return
	}
	wd := d.words(r, &thread{})
	d.write(w, "code", http.StatusOK, wd, codePage{
		form: form{wd, v.csrf, randomID(12)}, Name: d.Office.NameIn(wd.Lang), Assets: d.page.assets.Prefix, Example: d.Example,
		Place: at.Name(d.Office, wd.Lang), Quiz: to == outreach.Quiz, Param: param,
	})
}
