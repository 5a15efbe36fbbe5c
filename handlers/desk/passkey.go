package desk

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"dengwen/internal/login"
	"dengwen/internal/websession"
	"dengwen/petition"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkeys: a device that knows its officer signs in for them (WebAuthn Level 3). It must have
// recognised them, and no name is typed.

// passkeys is what checks them for an origin; nil where the browser would have none, at a
// network address instead of a name.
func passkeys(origin, office string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: office, RPOrigins: []string{u.Scheme + "://" + u.Host}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys of %s: %w", origin, err)
	}
	return w, nil
}

// holder is an officer as the protocol knows them.
type holder struct {
	id, name string
	keys     []login.Passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.id) }
func (h holder) WebAuthnName() string        { return h.name }
func (h holder) WebAuthnDisplayName() string { return h.name }
func (h holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, k := range h.keys {
		all = append(all, k.Credential)
	}
	return all
}

// maxCeremony bounds what a browser answers for a passkey, in bytes.
const maxCeremony = 32 << 10

func (d *Door) holderOf(v *visit) (holder, error) {
	keys, err := d.Logins.Passkeys(v.ctx(), v.person.ID)
	return holder{v.person.ID, v.person.Name, keys}, petition.Wrap(err, "read passkeys")
}

// beginPasskey asks the browser of somebody who is in to make a passkey.
func (d *Door) beginPasskey(v *visit) error {
	h, err := d.holderOf(v)
	if err != nil {
		return err
	}
	if d.keys == nil || len(h.keys) >= login.MaxPasskeys {
		return petition.Fail(petition.Limited, "desk.page.passkey.many")
	}
	var have []protocol.CredentialDescriptor
	for _, c := range h.WebAuthnCredentials() {
		have = append(have, c.Descriptor())
	}
	options, asked, err := d.keys.BeginRegistration(h, webauthn.WithExclusions(have))
	if err != nil {
		return fmt.Errorf("ask for a passkey: %w", err)
	}
	return d.putCeremony(v, asked, options)
}

// addPasskey takes the passkey that the browser has made.
func (d *Door) addPasskey(v *visit) error {
	h, asked, err := d.takeCeremony(v)
	if err != nil {
		return err
	}
	made, err := d.keys.FinishRegistration(h, asked, v.r)
	if err != nil {
		return petition.Fail(petition.Invalid, "desk.page.passkey.wrong")
	}
	if err := d.Logins.AddPasskey(v.ctx(), v.person.ID, login.Passkey{Label: device(v.r), Credential: *made}); err != nil {
		return petition.Wrap(err, "keep passkey")
	}
	d.signInChanged(v)
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

// dropPasskey takes a passkey away.
func (d *Door) dropPasskey(v *visit) error {
	id, err := base64.RawURLEncoding.DecodeString(v.r.FormValue("id"))
	if err != nil {
		return petition.Fail(petition.NotFound, "desk.page.nothing")
	}
	if err := d.Logins.DropPasskey(v.ctx(), v.person.ID, id); err != nil {
		return petition.Wrap(err, "take passkey away")
	}
	d.signInChanged(v)
	http.Redirect(v.w, v.r, "/desk/me", http.StatusSeeOther)
	return nil
}

// askCookie holds the token of a session of kind Asking.
const askCookie = "dengwen_desk_key"

// askPasskey asks the browser of a stranger for a passkey.
func (d *Door) askPasskey(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	if d.keys == nil {
		http.NotFound(w, r)
		return
	}
	options, asked, err := d.keys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	var s websession.Session
	if err == nil {
		s.Kind = websession.Asking
		s.Ceremony, err = json.Marshal(asked)
	}
	var token string
	if err == nil {
		token, _, err = d.Sessions.Start(r.Context(), s)
	}
	if err != nil {
		d.fail(w, r, d.namesFor(r), err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: askCookie, Value: token, Path: "/desk/enter", MaxAge: int(d.Sessions.Longest(s.Kind) / time.Second), HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: d.Secure})
	if err := answerJSON(w, options); err != nil {
		d.Log.Warn("desk: question for a passkey not sent", "err", err)
	}
}

// enterByPasskey lets in whose passkey answers what was asked. Whatever is wrong has one answer.
func (d *Door) enterByPasskey(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	id, err := d.passkeyOf(w, r)
	if err == nil {
		_, _, err = d.officer(r.Context(), id)
	}
	switch {
	case errors.Is(err, login.ErrWrong) || errors.Is(err, websession.ErrNone):
		w.WriteHeader(http.StatusForbidden)
		return
	case err != nil:
		d.fail(w, r, d.namesFor(r), err)
		return
	}
	d.begins(w, r, websession.Session{Staff: id}, func() { w.WriteHeader(http.StatusNoContent) })
}

// passkeyOf is whose passkey answered what was asked. login.ErrWrong for none's.
func (d *Door) passkeyOf(w http.ResponseWriter, r *http.Request) (string, error) {
	c, err := r.Cookie(askCookie)
	if err != nil || d.keys == nil {
		return "", login.ErrWrong
	}
	s, err := d.Sessions.Find(r.Context(), c.Value)
	if err != nil {
		return "", err
	}
	var asked webauthn.SessionData
	if s.Kind != websession.Asking || json.Unmarshal(s.Ceremony, &asked) != nil {
		return "", login.ErrWrong
	}
	if err := d.Sessions.Take(r.Context(), s); err != nil { // it is answered once
		return "", err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxCeremony)
	var trouble error
	who, used, err := d.keys.FinishPasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		var keys []login.Passkey
		keys, trouble = d.Logins.Passkeys(r.Context(), string(handle))
		return holder{id: string(handle), keys: keys}, trouble
	}, asked, r)
	switch {
	case trouble != nil:
		return "", trouble
	case err != nil:
		return "", login.ErrWrong
	}
	id := string(who.WebAuthnID())
	return id, d.Logins.UsePasskey(r.Context(), id, *used)
}

func answerJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b)
	return nil
}

// passkeyLine is one passkey on an officer's own page.
type passkeyLine struct{ ID, Label, Added, Used string }

func (d *Door) passkeyLines(v *visit, f frame) (all []passkeyLine, err error) {
	keys, err := d.Logins.Passkeys(v.ctx(), v.person.ID)
	for _, k := range keys {
		l := passkeyLine{ID: base64.RawURLEncoding.EncodeToString(k.Credential.ID), Label: k.Label, Added: f.Day(k.Added)}
		if !k.Used.IsZero() {
			l.Used = f.Day(k.Used) + " " + f.Clock(k.Used)
		}
		all = append(all, l)
	}
	return all, petition.Wrap(err, "list passkeys")
}
