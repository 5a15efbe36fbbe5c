package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"dengwen/internal/login"
	"dengwen/petition"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// How somebody signs in is changed by who has just shown who they are, not by whoever finds their
// session open (OWASP ASVS 4.0, 2.1.6): by the password they have, by a passkey, or by a link that
// they have just asked for in their chat. Who has neither password nor passkey yet only has a link.

// provenFor is how long that holds.
const provenFor = 10 * time.Minute

// proved lets through who has shown who they are; all others are asked, and led back to a page.
func (d *Door) proved(back string, next page) page {
	return func(v *visit) error {
		if since := d.Now().Sub(v.session.Proved); since >= 0 && since < provenFor {
			return next(v)
		}
		p, err := d.means(v)
		switch {
		case err != nil:
			return err
		case !p.Named && !p.Has:
			return next(v)
		}
		p.Back = back
		return d.askProof(v, http.StatusForbidden, p)
	}
}

// proofPage asks somebody who is in to show who they are.
type proofPage struct {
	frame
	Named, Has bool   // have a password, a passkey
	Back       string // where it leads to
	Error      string
}

// means is by what an officer can show who they are.
func (d *Door) means(v *visit) (p proofPage, err error) {
	if _, p.Named, err = d.Logins.Of(v.ctx(), v.person.ID); err != nil && !errors.Is(err, login.ErrNone) {
		return p, petition.Wrap(err, "look for a password")
	}
	keys, err := d.Logins.Passkeys(v.ctx(), v.person.ID)
	p.Has = len(keys) > 0
	return p, petition.Wrap(err, "look for passkeys")
}

func (d *Door) askProof(v *visit, status int, p proofPage) error {
	p.frame = d.inFrame(v, "me")
	return d.write(v.w, status, "prove", "frame", p)
}

// proofLeads are the pages that proof may lead back to.
var proofLeads = map[string]bool{"/desk/me": true, "/desk/me/login": true}

// provePassword takes the password of somebody who is in.
func (d *Door) provePassword(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxSignIn)
	back := v.r.PostFormValue("back")
	if !proofLeads[back] {
		back = "/desk/me"
	}
	refuse := func(status int, key string) error {
		p, err := d.means(v)
		if err != nil {
			return err
		}
		p.Back, p.Error = back, v.names.Text(key)
		return d.askProof(v, status, p)
	}
	if !d.names.Allow(tryOf("", v.person.ID), d.Now(), 1) {
		return refuse(http.StatusTooManyRequests, "desk.page.prove.slow")
	}
	err := d.Logins.Prove(v.ctx(), v.person.ID, v.r.PostFormValue("password"))
	if errors.Is(err, login.ErrWrong) {
		return refuse(http.StatusForbidden, "desk.page.prove.wrong")
	}
	if err == nil {
		err = d.noteProof(v)
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, back, http.StatusSeeOther)
	return nil
}

// signInChanged has the officer told. The change is made all the same, so an error is only logged.
func (d *Door) signInChanged(v *visit) {
	if d.SignInChanged == nil {
		return
	}
	if err := d.SignInChanged(v.ctx(), v.person, d.NewID()); err != nil {
		d.Log.Warn("desk: an officer is not told that how they sign in was changed", "err", err)
	}
}

func (d *Door) noteProof(v *visit) error {
	v.session.Proved, v.session.Ceremony = d.Now(), nil
	return petition.Wrap(d.Sessions.Change(v.ctx(), v.session), "note that somebody showed who they are")
}

// askOwnPasskey asks the browser of somebody who is in for one of their passkeys.
func (d *Door) askOwnPasskey(v *visit) error {
	h, err := d.holderOf(v)
	if err != nil {
		return err
	}
	if d.keys == nil || len(h.keys) == 0 {
		return petition.Fail(petition.NotFound, "desk.page.nothing")
	}
	options, asked, err := d.keys.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return fmt.Errorf("ask for a passkey: %w", err)
	}
	return d.putCeremony(v, asked, options)
}

// provePasskey takes the answer of the passkey.
func (d *Door) provePasskey(v *visit) error {
	h, asked, err := d.takeCeremony(v)
	if err != nil {
		return err
	}
	used, err := d.keys.FinishLogin(h, asked, v.r)
	if err != nil {
		return petition.Fail(petition.Forbidden, "desk.page.passkey.wrong")
	}
	err = d.Logins.UsePasskey(v.ctx(), v.person.ID, *used)
	if errors.Is(err, login.ErrWrong) {
		return petition.Fail(petition.Forbidden, "desk.page.passkey.wrong")
	}
	if err == nil {
		err = d.noteProof(v)
	}
	if err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

// putCeremony notes in the session what a passkey must answer, and asks the browser for it.
func (d *Door) putCeremony(v *visit, asked *webauthn.SessionData, options any) (err error) {
	if v.session.Ceremony, err = json.Marshal(asked); err != nil {
		return err
	}
	if err := d.Sessions.Change(v.ctx(), v.session); err != nil {
		return petition.Wrap(err, "note what a passkey must answer")
	}
	return answerJSON(v.w, options)
}

// takeCeremony is what a passkey must answer. It is answered once.
func (d *Door) takeCeremony(v *visit) (h holder, asked webauthn.SessionData, err error) {
	if d.keys == nil || json.Unmarshal(v.session.Ceremony, &asked) != nil {
		return h, asked, petition.Fail(petition.Conflict, "desk.page.passkey.wrong")
	}
	if h, err = d.holderOf(v); err != nil {
		return h, asked, err
	}
	v.session.Ceremony = nil
	if err := d.Sessions.Change(v.ctx(), v.session); err != nil {
		return h, asked, petition.Wrap(err, "forget what a passkey must answer")
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxCeremony)
	return h, asked, nil
}
