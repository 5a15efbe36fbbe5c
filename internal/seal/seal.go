// Package seal keeps personal data sealed at rest: AES-256-GCM through Tink, bound
// to the record it belongs to, and keyed hashes for looking things up.
package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Box seals, opens and hashes. It is safe for concurrent use.
type Box struct {
	aead tink.AEAD
	prf  *prf.Set
	see  func(act, where string) // nil = nobody looks on
}

// Observed is this box with see called at each Seal ("seal") and Open ("open"), for tests
// that count what a message costs.
func (b *Box) Observed(see func(act, where string)) *Box {
	return &Box{aead: b.aead, prf: b.prf, see: see}
}

// ErrKey says that a key text is not one that NewKey made.
var ErrKey = errors.New("DENGWEN_KEY is not a key made by this program")

type keyText struct {
	Seal json.RawMessage `json:"seal"`
	Hash json.RawMessage `json:"hash"`
}

// NewKey makes a fresh key as one line of text for DENGWEN_KEY.
func NewKey() (string, error) {
	s, err := cleartext(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", fmt.Errorf("make sealing key: %w", err)
	}
	h, err := cleartext(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return "", fmt.Errorf("make hashing key: %w", err)
	}
	b, err := json.Marshal(keyText{Seal: s, Hash: h})
	if err != nil {
		return "", fmt.Errorf("write key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Open reads a key text. ErrKey when it is not one.
func Open(text string) (*Box, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, ErrKey
	}
	var k keyText
	if json.Unmarshal(raw, &k) != nil {
		return nil, ErrKey
	}
	sh, err := handle(k.Seal)
	if err != nil {
		return nil, ErrKey
	}
	hh, err := handle(k.Hash)
	if err != nil {
		return nil, ErrKey
	}
	a, err := aead.New(sh)
	if err != nil {
		return nil, ErrKey
	}
	p, err := prf.NewPRFSet(hh)
	if err != nil {
		return nil, ErrKey
	}
	return &Box{aead: a, prf: p}, nil
}

// Seal encrypts plain for the record named by where ("cases:ID:body"); it opens
// only there.
func (b *Box) Seal(plain []byte, where string) ([]byte, error) {
	if b.see != nil {
		b.see("seal", where)
	}
	c, err := b.aead.Encrypt(plain, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", where, err)
	}
	return c, nil
}

// Open decrypts what Seal made for the same record.
func (b *Box) Open(sealed []byte, where string) ([]byte, error) {
	if b.see != nil {
		b.see("open", where)
	}
	p, err := b.aead.Decrypt(sealed, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", where, err)
	}
	return p, nil
}

// Hash is a keyed 32-byte hash of value for one purpose ("owner", "code"): equal
// values give equal hashes, and nobody without the key can compute or guess them.
func (b *Box) Hash(purpose, value string) []byte {
	// The length prefix keeps ("ab","c") and ("a","bc") apart.
	in := fmt.Appendf(nil, "%d:%s:%s", len(purpose), purpose, value)
	h, err := b.prf.ComputePrimaryPRF(in, 32)
	if err != nil { // 32 bytes of an HMAC-SHA256 PRF cannot be refused
		panic("seal: " + err.Error())
	}
	return h
}

func cleartext(t *keyTemplate) ([]byte, error) {
	h, err := keyset.NewHandle(t)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	err = insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf))
	return buf.Bytes(), err
}

func handle(text []byte) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
}
