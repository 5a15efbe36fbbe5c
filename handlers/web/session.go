package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"

	"dengwen/bot"
)

const cookieName = "dengwen"

// cookieAge is how long a browser stays the same citizen, seconds: half a year from
// the last visit, so that "my petitions" works until the matter is answered.
const cookieAge = 180 * 24 * 3600

// visitor is one browser. conv is its conversation's address; it is a keyed hash of
// the cookie, so what the stores hold opens no session.
type visitor struct {
	conv string
	csrf string
	addr string
}

// visitor reads the browser's cookie; false without a good one.
func (d *Door) visitor(r *http.Request) (visitor, bool) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return visitor{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(raw) != 32 {
		return visitor{}, false
	}
	return d.visitorOf(r, c.Value), true
}

func (d *Door) visitorOf(r *http.Request, secret string) visitor {
	return visitor{
		conv: "web:" + hex.EncodeToString(d.Box.Hash("web.conv", secret)[:16]),
		csrf: hex.EncodeToString(d.Box.Hash("web.csrf", secret)[:16]),
		addr: d.address(r),
	}
}

// ensureCookie answers the visitor of a page, giving a cookie to a new one and a longer
// life to an old one.
func (d *Door) ensureCookie(w http.ResponseWriter, r *http.Request) visitor {
	v, known := d.visitor(r)
	secret := randomID(32)
	if known {
		c, _ := r.Cookie(cookieName)
		secret = c.Value
	} else {
		v = d.visitorOf(r, secret)
	}
	http.SetCookie(w, d.cookie(r, secret, cookieAge))
	return v
}

func (d *Door) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: d.Secure || r.TLS != nil,
	}
}

// csrfOK tells a form of this page from one that another site made.
func (v visitor) csrfOK(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(v.csrf)) == 1
}

// leave forgets the conversation on this device; the petitions stay where they are. It
// is told to the conversation, which ends the service notices. That it can't be told
// just now keeps nobody on a device that is not theirs.
func (d *Door) leave(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v, known := d.visitor(r)
	if !known || !v.csrfOK(r.PostFormValue("csrf")) {
		d.refuse(w, r, http.StatusForbidden, wordsFor(r).Expired)
		return
	}
	if !d.limits.addr.allow(v.addr, d.Now(), 1) {
		w.Header().Set("Retry-After", "5")
		d.refuse(w, r, http.StatusTooManyRequests, wordsFor(r).Busy)
		return
	}
	if err := d.acceptLeft(r, v); err != nil {
		d.Log.Error("web: leaving not told", "err", err)
	}
	http.SetCookie(w, d.cookie(r, "", -1))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// acceptLeft tells the conversation that nobody reads it any more. One that never began
// has nothing to end.
func (d *Door) acceptLeft(r *http.Request, v visitor) error {
	t, err := d.thread(r.Context(), v.conv)
	if err != nil || len(t.msgs) == 0 {
		return err
	}
	return d.Accept(r.Context(), v.conv, bot.Event{ID: "web:left:" + randomID(12), At: d.Now(), Left: true})
}

// randomID is n random bytes as text.
func randomID(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
