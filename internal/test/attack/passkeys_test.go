package attack

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// rpName and rpOrigin are whom passkeys are made for.
const rpName, rpOrigin = "localhost", "http://localhost:8080"

// device is an authenticator (WebAuthn Level 3) that does what it is told, wrong things too.
type device struct {
	id, user []byte
	key      *ecdsa.PrivateKey
	counter  uint32
	origin   string
	rp       string
	kind     string // of what is answered, "" = as it should be
	flags    byte
}

// Flags of authenticator data (WebAuthn Level 3, 6.1).
const userPresent, userVerified, attested = 0x01, 0x04, 0x40

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{id: make([]byte, 16), key: key, origin: rpOrigin, rp: rpName, flags: userPresent | userVerified}
	rand.Read(d.id) // never fails
	return d
}

// clone is a copy of the device, which counts on by itself.
func (d *device) clone() *device {
	c := *d
	return &c
}

var text64 = base64.RawURLEncoding

func (d *device) client(kind, challenge string) []byte {
	if d.kind != "" {
		kind = d.kind
	}
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false}) // strings: never fails
	return b
}

func (d *device) data(flags byte) []byte {
	hash := sha256.Sum256([]byte(d.rp))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.counter)
}

func said(id []byte, response map[string]string) string {
	b, _ := json.Marshal(map[string]any{"id": text64.EncodeToString(id), "rawId": text64.EncodeToString(id), "type": "public-key", "response": response}) // strings: never fails
	return string(b)
}

// makes answers that the device has made a passkey, as it was asked to.
func (d *device) makes(t *testing.T, asked string) string {
	t.Helper()
	challenge, user := challengeOf(t, asked)
	d.user = user
	public, err := d.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1:33], -3: public[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(d.data(d.flags|attested), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(append(data, d.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		t.Fatal(err)
	}
	return said(d.id, map[string]string{"clientDataJSON": text64.EncodeToString(d.client("webauthn.create", challenge)), "attestationObject": text64.EncodeToString(object)})
}

// answers signs what was asked.
func (d *device) answers(t *testing.T, asked string) string {
	t.Helper()
	challenge, _ := challengeOf(t, asked)
	client, data := d.client("webauthn.get", challenge), d.data(d.flags)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return said(d.id, map[string]string{
		"clientDataJSON": text64.EncodeToString(client), "authenticatorData": text64.EncodeToString(data), "signature": text64.EncodeToString(signature), "userHandle": text64.EncodeToString(d.user),
	})
}

func challengeOf(t *testing.T, asked string) (challenge string, user []byte) {
	t.Helper()
	var o struct {
		PublicKey struct {
			Challenge string
			User      struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(asked), &o); err != nil || o.PublicKey.Challenge == "" {
		t.Fatalf("nothing was asked: %v, %.300s", err, asked)
	}
	user, err := text64.DecodeString(o.PublicKey.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	return o.PublicKey.Challenge, user
}

func (b *browser) json(path, body string) *browser {
	b.Helper()
	return b.ask(b.request("POST", path, "application/json", strings.NewReader(body)))
}

// enrols gives an officer who is in a passkey on a device.
func (b *browser) enrols() *device {
	b.Helper()
	d := newDevice(b.T)
	b.json("/desk/me/passkey/begin", "")
	if b.json("/desk/me/passkey", d.makes(b.T, b.text)); b.status != http.StatusNoContent {
		b.Fatalf("no passkey was made: %d %.300s", b.status, b.text)
	}
	return d
}

// asked is what a stranger's browser is asked for at the way in.
func (b *browser) asked() string {
	b.Helper()
	return b.json("/desk/enter/passkey/begin", "").text
}

// enters reports whether an answer lets somebody in.
func (b *browser) enters(answer string) bool {
	b.Helper()
	return b.json("/desk/enter/passkey", answer).status == http.StatusNoContent && b.get("/desk/me").status == http.StatusOK
}

// Somebody replays, copies and forges passkeys.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	x := begin(t, "DENGWEN_PUBLIC_URL="+rpOrigin)
	for name, attack := range map[string]func(*target){
		"an answer again": (*target).passkeyAgain, "a copy of a device": (*target).passkeyCopied, "forged answers": (*target).passkeyForged,
		"an answer elsewhere": (*target).passkeyElsewhere, "an open session": (*target).openSession, "told": (*target).toldOfChanges,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attack(&target{t, x.p, x.keys})
		})
	}
}

func (x *target) passkeyAgain() {
	officer, id := x.enter("petition", "intake")
	d := officer.enrols()
	for _, counts := range []bool{false, true} {
		if counts {
			d.counter++
		}
		b := x.browse()
		answer := d.answers(x.T, b.asked())
		fresh := b.copy()
		if !b.enters(answer) {
			x.Fatalf("the officer's own passkey does not let in: %d %.300s", b.status, b.text)
		}
		if fresh.enters(answer) {
			x.Error("an answer lets in twice")
		}
		if other := x.browse(); other.asked() == "" || other.enters(answer) {
			x.Error("an answer to one question answers another")
		}
		first := x.browse()
		if counts {
			d.counter++
		}
		answer = d.answers(x.T, first.asked())
		if in := x.atOnce(8, func(b *browser) bool {
			b.cookies = first.copy().cookies
			return b.enters(answer)
		}); in != 1 {
			x.Errorf("an answer lets in %d of eight at once", in)
		}
	}
	if _, err := x.p.Run("staff", "revoke", id); err != nil {
		x.Fatal(err)
	}
	d.counter++
	if b := x.browse(); b.enters(d.answers(x.T, b.asked())) {
		x.Error("who was revoked enters by a passkey")
	}
}

func (x *target) passkeyCopied() {
	officer, _ := x.enter("petition", "intake")
	d := officer.enrols()
	uses := func(d *device) bool {
		b := x.browse()
		return b.enters(d.answers(x.T, b.asked()))
	}
	d.counter = 7
	copied := d.clone()
	for range 2 {
		if d.counter++; !uses(d) {
			x.Fatal("the officer's own passkey does not let in")
		}
	}
	for _, behind := range []uint32{9, 8, 1, 0} {
		if copied.counter = behind; uses(copied) {
			x.Errorf("a copy of a device that has counted to %d, of 9, lets in", behind)
		}
	}
	if d.counter++; !uses(d) {
		x.Error("a copy that was refused keeps the officer out")
	}
}

func (x *target) passkeyForged() {
	officer, _ := x.enter("petition", "intake")
	d := officer.enrols()
	other, _ := x.enter("water", "officer")
	victim := other.enrols()
	for what, forge := range map[string]func(d *device){
		"for another site":             func(d *device) { d.origin = "https://evil.example" },
		"for another site's name":      func(d *device) { d.rp = "evil.example" },
		"for a part of the name":       func(d *device) { d.origin = rpOrigin + ".evil.example" },
		"by a device that saw nobody":  func(d *device) { d.flags = 0 },
		"by a device that knew nobody": func(d *device) { d.flags = userPresent },
		"made for a new passkey":       func(d *device) { d.kind = "webauthn.create" },
		"in another's name":            func(d *device) { d.user = victim.user },
		"with another's passkey":       func(d *device) { d.id, d.user = victim.id, victim.user },
		"of nobody":                    func(d *device) { d.user = []byte("nobody") },
		"of a passkey there is not":    func(d *device) { d.id = []byte("0123456789abcdef") },
	} {
		bad := d.clone()
		bad.counter++
		forge(bad)
		if b := x.browse(); b.enters(bad.answers(x.T, b.asked())) {
			x.Errorf("an answer %s lets in", what)
		}
	}
	for what, answer := range map[string]string{"nothing": "", "no object": "[]", "a long one": `{"id":"` + strings.Repeat("A", 1<<20) + `"}`} {
		if b := x.browse(); b.asked() == "" || b.enters(answer) {
			x.Errorf("%s lets in", what)
		}
	}
}

// passkeyElsewhere: what was asked at one place is no answer at another.
func (x *target) passkeyElsewhere() {
	officer, _ := x.enter("petition", "intake")
	d := officer.enrols()
	b := x.browse()
	if !b.enters(d.answers(x.T, b.asked())) {
		x.Fatal("the officer's own passkey does not let in")
	}
	// A session that has proved nothing asks for proof; its question is none for the way in, nor for a new passkey.
	question := b.json("/desk/me/passkey/prove/begin", "").text
	stranger := x.browse()
	stranger.asked()
	if stranger.enters(d.answers(x.T, question)) {
		x.Error("the answer to a question of the desk lets in")
	}
	if b.json("/desk/me/passkey", newDevice(x.T).makes(x.T, question)); b.status != http.StatusForbidden {
		x.Errorf("the question for a proof makes a passkey: %d", b.status)
	}
	question = x.browse().asked()
	if b.json("/desk/me/passkey/prove", d.answers(x.T, question)); b.status == http.StatusNoContent {
		x.Error("the answer to a question of the way in is a proof")
	}
	question = b.json("/desk/me/passkey/prove/begin", "").text
	other, _ := x.enter("water", "officer")
	if b.json("/desk/me/passkey/prove", other.enrols().answers(x.T, question)); b.status == http.StatusNoContent {
		x.Error("another's passkey is a proof")
	}
	question = b.json("/desk/me/passkey/prove/begin", "").text
	answer := d.answers(x.T, question)
	if b.json("/desk/me/passkey/prove", answer); b.status != http.StatusNoContent {
		x.Errorf("the officer's own passkey is no proof: %d %.300s", b.status, b.text)
	}
	if b.json("/desk/me/passkey/prove", answer); b.status == http.StatusNoContent {
		x.Error("a proof is taken twice")
	}
}

// openSession: whoever finds a session open changes nothing of how its officer signs in.
func (x *target) openSession() {
	officer, _ := x.enter("petition", "intake")
	d := officer.enrols()
	b := x.browse()
	if !b.enters(d.answers(x.T, b.asked())) {
		x.Fatal("the officer's own passkey does not let in")
	}
	for path, form := range map[string]url.Values{
		"/desk/me/login": {"name": {once()}, "password": {password}}, "/desk/me/login/remove": {}, "/desk/me/passkey/begin": {}, "/desk/me/passkey": {},
		"/desk/me/passkey/drop": {"id": {text64.EncodeToString(d.id)}}, "/desk/me/prove": {"password": {password}},
	} {
		if b.post(path, form); b.status != http.StatusForbidden {
			x.Errorf("%s by an open session: %d", path, b.status)
		}
	}
	again := x.browse()
	if !again.enters(d.answers(x.T, again.asked())) {
		x.Error("the passkey is gone")
	}
}

// toldOfChanges: an officer hears in their chat that somebody changed how they sign in.
func (x *target) toldOfChanges() {
	page := x.browse()
	page.joins("MARKTOLD")
	link, err := x.p.Run("staff", "desk", x.staff("MARKTOLD"))
	if err != nil {
		x.Fatal(err)
	}
	b := x.browse()
	if b.post(linkIn.FindString(link), nil); b.header.Get("Location") != "/desk/" {
		x.Fatalf("not let in: %d", b.status)
	}
	b.enrols()
	page.hears("您登录办公桌的办法刚改过")
}
