package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dengwen/petition"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The page /verify shows whether the first entry of a case is in the signed record. The server
// answers with the proof and with its own verdict; verify.js checks the proof again in the browser.

// verdict of a proof, and the name of its sentence.
const (
	proofHolds    = "holds"
	proofUnmarked = "unmarked" // holds; no mark of a receipt was given
	proofOther    = "other"    // holds, for another entry or key than the receipt's
	proofBroken   = "broken"
	proofNotYet   = "not_yet"
)

// verification is what the page shows.
type verification struct {
	form
	Name, Above        string // of the office, and the body to tell of a proof that does not hold
	Assets             string
	Example            bool
	Notice             string
	Number, Code, Mark string
	Verdict            string // "" = nothing was asked
	Verdicts           []sentence
	Proof              *petition.Proof
	JSON               string // the proof, for verify.js
	Received, Signed   string
	Entry              int64
	Fingerprint        string
}

type sentence struct {
	Name, Text string
	Shown      bool
}

// newVerification is the page with what was typed.
func (d *Door) newVerification(r *http.Request, v visitor) *verification {
	w := d.words(r, &thread{})
	above := w.Say("verify.above")
	if d.Above != nil {
		above = cmp.Or(d.Above(w.Lang), above)
	}
	return &verification{
		form: form{w, v.csrf, randomID(12)}, Name: d.Name, Above: above, Example: d.Example, Assets: d.page.assets.Prefix,
		Number: strings.ToUpper(clean(typed(r, "number"))), Mark: strings.ToUpper(clean(typed(r, "mark"))),
	}
}

func typed(r *http.Request, field string) string {
	s := strings.ToValidUTF8(r.FormValue(field), "")
	return strings.TrimSpace(s[:min(len(s), 64)])
}

// verifyForm asks for number, query code and mark.
func (d *Door) verifyForm(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	}
	v, _, err := d.ensureSession(w, r)
	switch {
	case errors.Is(err, errCrowd):
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
	case err != nil:
		d.Log.Error("web: session not made", "err", err)
		d.unavailable(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("away"))
	default:
		d.showVerification(w, r, http.StatusOK, d.newVerification(r, v))
	}
}

// turnedAway says why a form beside the conversation is not taken, with the status of the answer: no session, another
// page's form, too many. 0 = it is taken.
func (d *Door) turnedAway(w http.ResponseWriter, r *http.Request, v visitor, err error) (status int, notice string) {
	switch {
	case err != nil:
		f := d.noSession(r, err)
		return f.status, f.text
	case !v.csrfOK(r.PostFormValue("csrf")):
		return http.StatusForbidden, d.words(r, &thread{}).Say("expired")
	case !d.limits.addr.Allow(v.addr, d.Now(), 1) || !d.limits.conv.Allow(v.conv, d.Now(), 1):
		w.Header().Set("Retry-After", "5")
		return http.StatusTooManyRequests, d.words(r, &thread{}).Say("busy")
	}
	return 0, ""
}

// maxVerifyForm is how many bytes the form of the page has.
const maxVerifyForm = 4 << 10

// verify answers the form.
func (d *Door) verify(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxVerifyForm)
	v, err := d.visitor(r)
	page := d.newVerification(r, v)
	if status, notice := d.turnedAway(w, r, v, err); status != 0 {
		page.Notice = notice
		d.showVerification(w, r, status, page)
		return
	}
	status := d.prove(r.Context(), v, typed(r, "code"), page)
	d.showVerification(w, r, status, page)
}

// prove looks the case up as the conversation does, and fills in what shows its entry.
func (d *Door) prove(ctx context.Context, v visitor, code string, page *verification) int {
	a := d.actor(ctx, v.conv)
	a.Address = d.addressName(v)
	view, err := d.Cases.Look(ctx, a, page.Number, code)
	var p petition.Proof
	if err == nil {
		page.Number, page.Received = view.Number, d.Locales.Moment(page.W.Lang, view.Received.In(d.Zone))
		p, err = d.Prove(ctx, view.Number, true)
	}
	var known *petition.Error
	switch {
	case view.Number != "" && petition.CodeOf(err) == petition.NotFound:
		page.judge(proofNotYet)
	case petition.CodeOf(err) == petition.NotFound: // a wrong number and a wrong code have one answer
		page.Notice = page.W.Say("verify.no_match", "Office", d.Name)
		return http.StatusNotFound
	case errors.As(err, &known) && known.Code == petition.Limited:
		page.Notice = page.W.Say("verify.locked", "Office", d.Name, "Minutes", known.Args["minutes"])
		return http.StatusTooManyRequests
	case err != nil:
		if ctx.Err() == nil {
			d.Log.Error("web: proof not read", "err", err)
		}
		page.Notice = page.W.Say("away")
		return http.StatusServiceUnavailable
	default:
		page.Signed, page.Entry, page.Proof = d.Locales.Moment(page.W.Lang, p.At.In(d.Zone)), p.Position+1, &p
		page.Fingerprint = fingerprint(p.Key)
		page.JSON = proofJSON(p)
		page.judge(checkProof(p, page.Mark))
	}
	return http.StatusOK
}

func proofJSON(p petition.Proof) string {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return string(b)
}

// judge chooses the sentence that is shown; verify.js may choose another.
func (v *verification) judge(verdict string) {
	v.Verdict = verdict
	for _, name := range []string{proofHolds, proofUnmarked, proofOther, proofBroken, proofNotYet} {
		text := v.W.Say("verify."+name, "Received", v.Received, "Above", v.Above)
		v.Verdicts = append(v.Verdicts, sentence{name, text, name == verdict})
	}
}

// checkProof is the server's own verdict.
func checkProof(p petition.Proof, mark string) string {
	if !proved(p) {
		return proofBroken
	}
	if mark == "" {
		return proofUnmarked
	}
	if m, ok := petition.ParseMark(mark); !ok || m != petition.Mark(p.Key, p.Head()) {
		return proofOther
	}
	return proofHolds
}

// proved reports whether the key has signed the checkpoint and the hashes lead from the entry to its root.
func proved(p petition.Proof) bool {
	verifier, err := note.NewVerifier(p.Key)
	if err != nil {
		return false
	}
	n, err := note.Open([]byte(p.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return false
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 3 {
		return false
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return false
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return false
	}
	var path tlog.RecordProof
	for _, text := range p.Hashes {
		b, err := hex.DecodeString(text)
		if err != nil || len(b) != tlog.HashSize {
			return false
		}
		path = append(path, tlog.Hash(b))
	}
	return tlog.CheckRecord(path, size, root, p.Position, tlog.RecordHash(p.Head())) == nil
}

// fingerprint is the id of a key, as checkpoints have it, in letters.
func fingerprint(key string) string {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[0] + "+" + parts[1]
}

func (d *Door) showVerification(w http.ResponseWriter, r *http.Request, status int, page *verification) {
	var buf bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&buf, "verify", page); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buf.Bytes())
}

// verifyLink leads from a receipt to the page with number and mark filled in; neither opens anything.
func verifyLink(number, mark string) string {
	return "/verify?" + url.Values{"number": {number}, "mark": {mark}}.Encode()
}
