package desk

import (
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"dengwen/internal/login"
	"dengwen/internal/websession"
	"dengwen/petition"

	"rsc.io/qr"
)

// signIn lets somebody in by name, password and code. Whatever is wrong has one answer, and a name
// that was tried wrongly too often waits.
func (d *Door) signIn(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxSignIn)
	n := d.namesFor(r)
	refuse := func(status int, key string) {
		d.show(w, status, "closed", entryPage{frame: d.frame(n), Why: n.Text(key)})
	}
	name := login.Fold(r.PostFormValue("name"))
	if !d.mayTry(name, d.Proxies.Of(r)) {
		refuse(http.StatusTooManyRequests, "desk.page.entry.slow")
		return
	}
	id, err := d.Logins.Check(r.Context(), name, r.PostFormValue("password"), r.PostFormValue("code"))
	if err == nil {
		_, _, err = d.officer(r.Context(), id)
	}
	switch {
	case errors.Is(err, login.ErrWrong) || errors.Is(err, websession.ErrNone): // ErrNone: who has left
		refuse(http.StatusForbidden, "desk.page.entry.wrong")
		return
	case err != nil:
		d.fail(w, r, n, err)
		return
	}
	d.known.Add(tryOf(name, d.Proxies.Of(r)), struct{}{})
	d.begins(w, r, websession.Session{Staff: id}, func() { http.Redirect(w, r, "/desk/", http.StatusSeeOther) })
}

// mayTry counts a try of a name from a network address. Addresses from which nobody has signed in by that name
// share a budget besides: a stranger's wrong tries keep nobody out of the places where they sign in.
func (d *Door) mayTry(name, address string) bool {
	at := tryOf(name, address)
	return d.names.Allow(at, d.Now(), 1) && (d.known.Contains(at) || d.strangers.Allow(name, d.Now(), 1))
}

func tryOf(name, address string) string { return name + "\x00" + address }

// begins starts a session of an officer who has shown who they are; then answers.
func (d *Door) begins(w http.ResponseWriter, r *http.Request, s websession.Session, then func()) {
	s.Kind, s.Device = websession.Desk, device(r)
	token, s, err := d.Sessions.Start(r.Context(), s)
	if err != nil {
		d.fail(w, r, d.namesFor(r), err)
		return
	}
	d.setCookie(w, token, d.Sessions.Longest(s.Kind))
	then()
}

// maxSignIn bounds the form by which one signs in, in bytes.
const maxSignIn = 8 << 10

type loginPage struct {
	frame
	Name   string // by which one signs in now, "" = not yet
	Ready  bool
	Typed  string // name typed into a form that was refused
	Secret string // to be put into an app, "" = none was made just now
	QR     template.HTML
	Error  string
}

// loginPage is where somebody sets how they sign in.
func (d *Door) loginPage(v *visit) error { return d.showLogin(v, loginPage{}) }

func (d *Door) showLogin(v *visit, p loginPage) error {
	p.frame = d.inFrame(v, "me")
	var err error
	if p.Name, p.Ready, err = d.Logins.Of(v.ctx(), v.person.ID); err != nil && !errors.Is(err, login.ErrNone) {
		return err
	}
	return d.render(v, "login", "body", p)
}

// beginLogin takes a name and a password, and shows what an app needs to make the codes.
func (d *Door) beginLogin(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxSignIn)
	name := v.r.PostFormValue("name")
	address, secret, err := d.Logins.Begin(v.ctx(), v.person.ID, name, v.r.PostFormValue("password"))
	for fault, key := range map[error]string{login.ErrName: "name", login.ErrWeak: "weak", login.ErrTaken: "taken", login.ErrStale: "stale"} {
		if errors.Is(err, fault) {
			return d.showLogin(v, loginPage{Typed: name, Error: v.names.Text("desk.page.login." + key)})
		}
	}
	if err != nil {
		return err
	}
	return d.offerSecret(v, address, secret, "")
}

func (d *Door) offerSecret(v *visit, address, secret, why string) error {
	drawn, err := picture(address)
	if err != nil {
		return err
	}
	return d.showLogin(v, loginPage{Secret: login.Spell(secret), QR: drawn, Error: why})
}

// confirmLogin ends it with the first code of the app.
func (d *Door) confirmLogin(v *visit) error {
	err := d.Logins.Confirm(v.ctx(), v.person.ID, v.r.PostFormValue("code"))
	if errors.Is(err, login.ErrWrong) {
		address, secret, err := d.Logins.Pending(v.ctx(), v.person.ID)
		if err != nil {
			return err
		}
		return d.offerSecret(v, address, secret, v.names.Text("desk.page.login.code.wrong"))
	}
	if errors.Is(err, login.ErrNone) {
		return petition.Fail(petition.Conflict, "desk.page.login.stale")
	}
	if err != nil {
		return err
	}
	d.signInChanged(v)
	http.Redirect(v.w, v.r, "/desk/me/login", http.StatusSeeOther)
	return nil
}

// removeLogin takes the name and password away: links alone let in then.
func (d *Door) removeLogin(v *visit) error {
	if err := d.Logins.Remove(v.ctx(), v.person.ID); err != nil {
		return err
	}
	d.signInChanged(v)
	http.Redirect(v.w, v.r, "/desk/me/login", http.StatusSeeOther)
	return nil
}

// picture is the QR code of an address as SVG, four modules of white around it (ISO/IEC 18004).
func picture(address string) (template.HTML, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				path.WriteString("M" + strconv.Itoa(x+4) + " " + strconv.Itoa(y+4) + "h1v1h-1z")
			}
		}
	}
	side := strconv.Itoa(code.Size + 8)
	return template.HTML(`<svg class="qr" role="img" viewBox="0 0 ` + side + " " + side + `"><path fill="#fff" d="M0 0h` + side + "v" + side + "h-" + side + `z"/><path d="` + path.String() + `"/></svg>`), nil
}
