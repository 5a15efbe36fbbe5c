package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/internal/websession"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// cookieName is the cookie's name over http. Over https it begins with __Host-: such a cookie can be
// set by this very host alone (RFC 6265bis, 4.1.3.2).
const cookieName = "dengwen_desk"

// visit is one request of somebody who is in.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	person  roster.Person
	actor   petition.Actor
	session websession.Session
	names   naming.Names

	receives                 bool // there are reception days here
	imports, exports, office bool // see petition.Law.MayImport, MayExport, MayOffice
	outreach                 bool // prints posters and reads what came of them
	disputes                 bool // reports disputes, works on them or reads their figures
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// partial reports whether the script of the page asks for a part of it.
func (v *visit) partial() bool {
	return v.r.Header.Get("HX-Request") == "true" && v.r.Header.Get("HX-Boosted") == ""
}

// page answers a request of somebody who is in; its error is shown as a page.
type page func(v *visit) error

// inside lets those in whose session holds and who still work here: each request asks the roster.
func (d *Door) inside(next page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := d.visit(w, r)
		switch {
		case errors.Is(err, websession.ErrNone):
			d.sendOut(w, r)
			return
		case err != nil:
			d.fail(w, r, d.namesFor(r), err)
			return
		}
		if r.URL.Path != "/desk/live" { // what a page does by itself keeps no session alive
			if err := d.Sessions.Use(r.Context(), v.session); err != nil && !errors.Is(err, websession.ErrNone) {
				d.Log.Warn("desk: use of a session not noted", "err", err)
			}
			v.session.Used = d.Now() // a page that writes the session must not take it back
		}
		switch err := d.orAsk(v, next(v)); {
		case errors.Is(err, websession.ErrNone): // it ended meanwhile
			d.sendOut(w, r)
		case err != nil:
			d.fail(w, r, v.names, err)
		}
	})
}

// visit is who asks. websession.ErrNone without a session that holds, and for who has left.
func (d *Door) visit(w http.ResponseWriter, r *http.Request) (*visit, error) {
	c, err := r.Cookie(d.cookieName())
	if err != nil {
		return nil, websession.ErrNone
	}
	s, err := d.Sessions.Find(r.Context(), c.Value)
	if err != nil {
		return nil, err
	}
	if s.Kind != websession.Desk {
		return nil, websession.ErrNone
	}
	p, a, err := d.officer(r.Context(), s.Staff)
	if err != nil {
		return nil, err
	}
	a.Asks, a.Reason = true, s.ReasonFor(r.PathValue("number"), d.reasonsSince(r))
	v := &visit{w: w, r: r, person: p, actor: a, session: s, names: d.namesFor(r)}
	v.disputes = d.Disputes != nil && (d.Office.ReportsDisputes(a) || a.Leads())
	v.outreach = d.Outreach != nil && d.Outreach.Sees(a)
	if d.Importer != nil {
		law := d.Importer.Cases.Law()
		v.receives = d.Receptions != nil
		v.imports, v.exports, v.office = law.MayImport(a), law.MayExport(a), law.MayOffice(a)
	}
	return v, nil
}

// officer is the person of an id as they are now, and with whose permissions they act.
// websession.ErrNone for one who has left.
func (d *Door) officer(ctx context.Context, id string) (roster.Person, petition.Actor, error) {
	if err := d.Roster.Readable(ctx); err != nil {
		return roster.Person{}, petition.Actor{}, err
	}
	p, err := d.Roster.Person(ctx, id)
	if petition.CodeOf(err) == petition.NotFound || err == nil && !p.Active() {
		return p, petition.Actor{}, websession.ErrNone
	}
	a := p.Actor()
	a.Owner, a.Asker = p.Chat, "desk:"+p.ID // an officer may be a petitioner too (Art 28)
	return p, a, err
}

// sendOut leads who has no session to the page that says how to get in. A part of a page that was
// asked for would put that page inside the old one: the browser is told to go there instead.
func (d *Door) sendOut(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/desk/live":
		http.Error(w, "", http.StatusUnauthorized)
	case r.Header.Get("HX-Request") == "true":
		w.Header().Set("HX-Redirect", "/desk/enter")
		w.WriteHeader(http.StatusUnauthorized)
	default:
		http.Redirect(w, r, "/desk/enter", http.StatusSeeOther)
	}
}

func (d *Door) cookieName() string {
	if d.Secure {
		return "__Host-" + cookieName
	}
	return cookieName
}

func (d *Door) setCookie(w http.ResponseWriter, token string, age time.Duration) {
	seconds := int(age / time.Second)
	if token == "" {
		seconds = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.cookieName(), Value: token, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.Secure,
	})
}

// Link is a path that opens the desk for an officer once, within the life of a session of kind
// (websession.DeskLink, HandedLink). NotFound "staff.unknown" for who does not work here.
func Link(ctx context.Context, people *roster.Service, sessions *websession.Manager, kind websession.Kind, staff string) (string, error) {
	p, err := people.Person(ctx, staff)
	if err != nil {
		return "", err
	}
	if !p.Active() {
		return "", petition.Fail(petition.NotFound, "staff.unknown")
	}
	token, _, err := sessions.Start(ctx, websession.Session{Kind: kind, Staff: staff})
	return "/desk/enter/" + token, petition.Wrap(err, "make a link to the desk")
}

func opens(s websession.Session) bool {
	return s.Kind == websession.DeskLink || s.Kind == websession.HandedLink
}

// offerEntry asks for one press: programs that look at links before people do must not use it up.
func (d *Door) offerEntry(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	s, err := d.Sessions.Find(r.Context(), r.PathValue("token"))
	if err != nil || !opens(s) {
		d.refuseEntry(w, r, err)
		return
	}
	p, _, err := d.officer(r.Context(), s.Staff)
	if err != nil {
		d.refuseEntry(w, r, err)
		return
	}
	d.show(w, http.StatusOK, "enter", entryPage{frame: d.frame(d.namesFor(r)), Person: p, Path: r.URL.Path})
}

type entryPage struct {
	frame
	Person roster.Person
	Path   string
	Why    string
}

// enter uses a link up and begins a session.
func (d *Door) enter(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	s, err := d.Sessions.Find(r.Context(), r.PathValue("token"))
	if err != nil || !opens(s) {
		d.refuseEntry(w, r, err)
		return
	}
	if _, _, err := d.officer(r.Context(), s.Staff); err != nil {
		d.refuseEntry(w, r, err)
		return
	}
	s.Kind, s.Device, s.Proved = websession.Desk, device(r), d.Now()
	token, s, err := d.Sessions.Renew(r.Context(), s)
	if err != nil {
		d.refuseEntry(w, r, err)
		return
	}
	d.setCookie(w, token, d.Sessions.Longest(s.Kind))
	http.Redirect(w, r, "/desk/", http.StatusSeeOther)
}

// device is what a browser calls itself, for the list of one's own sessions.
func device(r *http.Request) string {
	return naming.Clip(strings.ToValidUTF8(r.UserAgent(), ""), 120)
}

// admit counts who comes to the way in against their network address.
func (d *Door) admit(w http.ResponseWriter, r *http.Request) bool {
	if d.entries.Allow(d.Proxies.Of(r), d.Now(), 1) {
		return true
	}
	n := d.namesFor(r)
	w.Header().Set("Retry-After", "10")
	d.show(w, http.StatusTooManyRequests, "closed", entryPage{frame: d.frame(n), Why: n.Text("desk.page.entry.busy")})
	return false
}

// refuseEntry is the same for a link that never was, was used, or is too old.
func (d *Door) refuseEntry(w http.ResponseWriter, r *http.Request, err error) {
	n := d.namesFor(r)
	if err != nil && !errors.Is(err, websession.ErrNone) {
		d.fail(w, r, n, err)
		return
	}
	d.show(w, http.StatusNotFound, "closed", entryPage{frame: d.frame(n), Why: n.Text("desk.page.entry.used")})
}

// closed says how to get in; with left=1, as the open page of somebody whose access was ended asks it, that it was.
func (d *Door) closed(w http.ResponseWriter, r *http.Request) {
	if d.admit(w, r) {
		p := entryPage{frame: d.frame(d.namesFor(r))}
		if r.FormValue("left") == "1" {
			p.Why = p.T("entry.left")
		}
		d.show(w, http.StatusOK, "closed", p)
	}
}
