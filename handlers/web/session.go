package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/websession"
)

// cookieName is the cookie's name where the page is served over http. Over https it begins with
// __Host-: such a cookie can be set by this very host alone (RFC 6265bis, 4.1.3.2).
const cookieName = "dengwen"

// visitor is one browser with a session that holds now.
type visitor struct {
	session websession.Session
	conv    string // the conversation's address
	csrf    string
	addr    string
}

// visitor is whose session the request's cookie opens, as it is now; websession.ErrNone
// without one.
func (d *Door) visitor(r *http.Request) (visitor, error) {
	token := d.token(r)
	if token == "" {
		return visitor{}, websession.ErrNone
	}
	s, err := d.Sessions.Find(r.Context(), token)
	if err != nil {
		return visitor{}, err
	}
	if s.Conv == "" || s.Kind == websession.PageLink { // of the desk, and a link
		return visitor{}, websession.ErrNone
	}
	if s, err = d.entitled(r.Context(), s); err != nil {
		return visitor{}, err
	}
	return visitor{session: s, conv: s.Conv, csrf: d.csrfOf(s.Conv), addr: d.Proxies.Of(r)}, nil
}

func (d *Door) token(r *http.Request) string {
	c, err := r.Cookie(d.cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

func (d *Door) cookieName(r *http.Request) string {
	if d.secure(r) {
		return "__Host-" + cookieName
	}
	return cookieName
}

func (d *Door) secure(r *http.Request) bool { return d.Secure || r.TLS != nil }

// entitled compares a session with who its conversation belongs to now. It becomes an
// officer's when the request that joined gave it its token, and ends when the officer has
// left, or the conversation came to an officer in any other way.
func (d *Door) entitled(ctx context.Context, s websession.Session) (websession.Session, error) {
	if d.Staff == nil {
		return s, nil
	}
	staff, err := d.Staff(ctx, s.Conv)
	switch {
	case err != nil:
		return s, fmt.Errorf("look whose conversation it is: %w", err)
	case staff == s.Staff && !(s.Joins && staff != ""):
		return s, nil
	case s.Joins && staff != "" && (s.Staff == "" || s.Staff == staff):
		s.Kind, s.Staff, s.Joins, s.Began, s.Used = websession.Officer, staff, false, d.Now(), d.Now()
		return s, d.Sessions.Change(ctx, s)
	}
	if err := d.Sessions.End(ctx, s); err != nil {
		d.Log.Error("web: session not ended", "err", err)
	}
	if err := d.wipe(ctx, s.Conv); err != nil {
		d.Log.Error("web: log not removed", "err", err)
	}
	return s, websession.ErrNone
}

// wipe removes what a conversation's log holds: no session shows it any more.
func (d *Door) wipe(ctx context.Context, conv string) error {
	return d.put(ctx, conv, "wiped:"+randomID(12), entry{At: d.Now()}, true)
}

// csrfOf is what the forms of a conversation carry, whatever token its session has. It opens nothing.
func (d *Door) csrfOf(conv string) string {
	return hex.EncodeToString(d.Box.Hash("web.csrf", conv)[:16])
}

// errCrowd says that a browser has no session and its address may begin none for now.
var errCrowd = errors.New("too many new sessions from one address")

// ensureSession answers the visitor of a page: a new one gets a session, an old one keeps it
// longer. ended says that the browser came with a session that has ended.
func (d *Door) ensureSession(w http.ResponseWriter, r *http.Request) (v visitor, ended bool, err error) {
	ctx, token := r.Context(), d.token(r)
	v, err = d.visitor(r)
	switch {
	case err == nil && v.session.Renew:
		token, v.session, err = d.Sessions.Renew(ctx, v.session)
	case err == nil:
		err = d.Sessions.Use(ctx, v.session)
	}
	if errors.Is(err, websession.ErrNone) {
		ended = token != ""
		if !d.limits.sessions.Allow(d.Proxies.Of(r), d.Now(), 1) {
			return v, ended, errCrowd
		}
		s := websession.Session{Kind: websession.Visitor, Conv: "web:" + randomHex(16), Device: device(r)}
		if old := d.before(r); old != "" {
			s.Kind, s.Conv, ended = websession.Citizen, old, false
		}
		token, v.session, err = d.Sessions.Start(ctx, s)
	}
	v.conv, v.csrf, v.addr = v.session.Conv, d.csrfOf(v.session.Conv), d.Proxies.Of(r)
	if err == nil {
		d.setCookie(w, r, token, v.session)
	}
	return v, ended, err
}

// before is the conversation of a browser whose cookie was made before sessions were kept:
// then the address was a hash of the cookie. It is taken over once, while its log is there
// and nobody else's session has it; an officer's is not.
func (d *Door) before(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil || len(c.Value) != 43 {
		return ""
	}
	ctx := r.Context()
	conv := "web:" + hex.EncodeToString(d.Box.Hash("web.conv", c.Value)[:16])
	posts, err := d.Mail.Since(ctx, d.mailbox(conv), 0, 1)
	if err != nil || len(posts) == 0 {
		return ""
	}
	if others, err := d.Sessions.List(ctx, conv); err != nil || len(others) > 0 {
		return ""
	}
	if d.Staff != nil {
		if staff, err := d.Staff(ctx, conv); err != nil || staff != "" {
			return ""
		}
	}
	return conv
}

func (d *Door) setCookie(w http.ResponseWriter, r *http.Request, token string, s websession.Session) {
	http.SetCookie(w, d.cookie(r, token, int(d.Sessions.Longest(s.Kind)/time.Second)))
}

func (d *Door) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: d.cookieName(r), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.secure(r),
	}
}

// device is what the browser calls itself, for the list of somebody's own sessions.
func device(r *http.Request) string {
	return clean(strings.ToValidUTF8(r.UserAgent()[:min(len(r.UserAgent()), 120)], ""))
}

// joining gives the browser that uses an invitation another token before it is used, so that
// no other that knows the old one becomes an officer's.
func (d *Door) joining(w http.ResponseWriter, r *http.Request, v visitor) error {
	s := v.session
	s.Joins = true
	token, s, err := d.Sessions.Renew(r.Context(), s)
	if err != nil {
		return err
	}
	d.setCookie(w, r, token, s)
	return nil
}

// succeed gives the browser that says the first words another token: whoever had opened the page there
// before, and kept its cookie, does not read them.
func (d *Door) succeed(w http.ResponseWriter, r *http.Request, v visitor) error {
	s := v.session
	s.Kind = websession.Citizen
	token, s, err := d.Sessions.Succeed(r.Context(), s)
	if err != nil {
		return err
	}
	d.setCookie(w, r, token, s)
	return nil
}

// used notes that somebody spoke.
func (d *Door) used(ctx context.Context, s websession.Session) error {
	if s.Kind != websession.Visitor {
		return d.Sessions.Use(ctx, s)
	}
	s.Kind, s.Used = websession.Citizen, d.Now()
	return d.Sessions.Change(ctx, s)
}

// csrfOK tells a form of this page from one that another site made.
func (v visitor) csrfOK(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(v.csrf)) == 1
}

// noSession is why a request without a session, or with one that can't be looked up, is refused.
func (d *Door) noSession(r *http.Request, err error) *fault {
	if errors.Is(err, websession.ErrNone) {
		return &fault{http.StatusForbidden, d.wordsFor(r).Say("expired")}
	}
	if r.Context().Err() == nil {
		d.Log.Error("web: session not found", "err", err)
	}
	return &fault{http.StatusServiceUnavailable, d.wordsFor(r).Say("trouble")}
}

// leave ends the session and removes the log; the petitions stay where they are. It
// is told to the conversation, which ends the service notices. That it can't be told
// just now keeps nobody on a device that is not theirs.
func (d *receiver) leave(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v, err := d.visitor(r)
	if errors.Is(err, websession.ErrNone) || err == nil && !v.csrfOK(r.PostFormValue("csrf")) {
		d.refuse(w, r, http.StatusForbidden, d.wordsFor(r).Say("expired"))
		return
	}
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		w.Header().Set("Retry-After", "5")
		d.refuse(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("busy"))
		return
	}
	if err == nil {
		err = d.end(r, v)
	}
	if err != nil {
		d.Log.Error("web: leaving not told", "err", err)
	}
	http.SetCookie(w, d.cookie(r, "", -1))
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// end ends a session for good. The session ends first: whatever fails after it, it opens
// nothing.
func (d *receiver) end(r *http.Request, v visitor) error {
	err := d.Sessions.End(r.Context(), v.session)
	if ofAnotherDoor(v.conv) {
		return err
	}
	return errors.Join(err, d.acceptLeft(r, v), d.wipe(r.Context(), v.conv))
}

// acceptLeft tells the conversation that nobody reads it any more. One that never began
// has nothing to end.
func (d *receiver) acceptLeft(r *http.Request, v visitor) error {
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

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
