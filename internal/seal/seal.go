// Package seal keeps personal data sealed at rest: AES-256-GCM through Tink, bound
// to the record it belongs to, and keyed hashes for looking things up. There may be several
// keys: one seals, all open, see docs/decisions/0009-several-keys.md.
package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Box seals, opens and hashes. It is safe for concurrent use.
type Box struct {
	keys *source
	see  func(act, where string) // nil = nobody looks on
}

// Observed is this box with see called at each Seal ("seal") and Open ("open"), for tests
// that count what a message costs.
func (b *Box) Observed(see func(act, where string)) *Box { return &Box{b.keys, see} }

// ErrKey says that a key text is not one that this program made.
var ErrKey = errors.New("DENGWEN_KEY is not a key made by this program")

// ErrUnknownKey says that something was sealed under a key that is not there. Another process
// may have it already: what fails with it is to be tried again, and never given up.
var ErrUnknownKey = errors.New("sealed under a key that is not in the key file")

// Open is a box with the keys of a text, see Parse. ErrKey when it is none.
func Open(text string) (*Box, error) {
	r, err := readRing(text)
	if err != nil {
		return nil, err
	}
	s := &source{}
	s.ring.Store(r)
	return &Box{keys: s}, nil
}

// OpenFile is a box with the keys of a file. It reads the file again when it has changed:
// before it seals or opens anything, at most once in Refresh, and at once when it meets a key
// that it has not got. A file that can't be read meanwhile leaves the keys as they were.
func OpenFile(path string) (*Box, error) {
	s := &source{path: path}
	if err := s.read(); err != nil {
		return nil, err
	}
	return &Box{keys: s}, nil
}

// Refresh is how long a box goes on with the keys it has read before it looks at the file again.
const Refresh = time.Second

// Seal encrypts plain for the record named by where ("cases:ID:body"); it opens
// only there.
func (b *Box) Seal(plain []byte, where string) ([]byte, error) {
	if b.see != nil {
		b.see("seal", where)
	}
	r := b.keys.now()
	return r.seal(plain, where)
}

// Open decrypts what Seal made for the same record. ErrUnknownKey when its key is not there.
func (b *Box) Open(sealed []byte, where string) ([]byte, error) {
	if b.see != nil {
		b.see("open", where)
	}
	a, err := b.opener(sealed)
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", where, err)
	}
	p, err := a.Decrypt(sealed, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", where, err)
	}
	return p, nil
}

// opener is the key of a sealed record, or the key that seals, which will not open it, for what
// names none.
func (b *Box) opener(sealed []byte) (tink.AEAD, error) {
	id, ok := KeyOf(sealed)
	r := b.keys.now()
	if !ok {
		return r.aeads[r.seals], nil
	}
	if a := r.aeads[id]; a != nil {
		return a, nil
	}
	if a := b.keys.again().aeads[id]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknownKey, id)
}

// Reseal seals under the newest key what was sealed under another, for the same record: the
// first of the places at which it opens. It answers nil for what needs nothing.
func (b *Box) Reseal(sealed []byte, places ...string) (again []byte, err error) {
	if id, ok := KeyOf(sealed); ok && id == b.Seals() {
		return nil, nil
	}
	for _, where := range places {
		var plain []byte
		if plain, err = b.Open(sealed, where); err == nil {
			return b.Seal(plain, where)
		}
	}
	return nil, err
}

// Hash is a keyed 32-byte hash of value for one purpose ("owner", "code"): equal
// values give equal hashes, and nobody without the key can compute or guess them. It is the
// first key's for good, whichever seals: what is found by a hash stays to be found.
func (b *Box) Hash(purpose, value string) []byte { return derive(b.keys.now().hash, purpose, value) }

// Derive is Hash under the key id, for keys derived from it. ErrUnknownKey when it is not there.
func (b *Box) Derive(id ID, purpose, value string) ([]byte, error) {
	p := b.keys.now().prfs[id]
	if p == nil {
		p = b.keys.again().prfs[id]
	}
	if p == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnknownKey, id)
	}
	return derive(p, purpose, value), nil
}

// Seals is the key that seals now.
func (b *Box) Seals() ID { return b.keys.now().seals }

// First is the key whose hashes are used, and whose files of attachments name no key.
func (b *Box) First() ID { return b.keys.now().set[0].ID }

// Keys are the keys of the box, the first first. They hold secrets.
func (b *Box) Keys() Set { return b.keys.now().set }

func derive(p *prf.Set, purpose, value string) []byte {
	// The length prefix keeps ("ab","c") and ("a","bc") apart.
	in := fmt.Appendf(nil, "%d:%s:%s", len(purpose), purpose, value)
	h, err := p.ComputePrimaryPRF(in, 32)
	if err != nil { // 32 bytes of an HMAC-SHA256 PRF cannot be refused
		panic("seal: " + err.Error())
	}
	return h
}

// PrefixSize is how many bytes in front of what is sealed name the key: Tink's output prefix.
const PrefixSize = 5

// KeyOf is the key under which something was sealed. Not ok when it names none.
func KeyOf(sealed []byte) (id ID, ok bool) {
	if len(sealed) < PrefixSize || sealed[0] != 1 {
		return "", false
	}
	return idOf(binary.BigEndian.Uint32(sealed[1:PrefixSize])), true
}

// Prefix is what everything sealed under the key begins with.
func (id ID) Prefix() []byte {
	var n uint32
	_, _ = fmt.Sscanf(string(id), "%08x", &n) // ids are made by idOf
	return binary.BigEndian.AppendUint32([]byte{1}, n)
}

// ring is a set of keys, ready for use.
type ring struct {
	set   Set
	seals ID
	aeads map[ID]tink.AEAD
	prfs  map[ID]*prf.Set
	hash  *prf.Set
}

func (r *ring) seal(plain []byte, where string) ([]byte, error) {
	c, err := r.aeads[r.seals].Encrypt(plain, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", where, err)
	}
	return c, nil
}

func readRing(text string) (*ring, error) {
	set, err := Parse(text)
	if err != nil {
		return nil, err
	}
	r := &ring{set: set, seals: set.Sealing().ID, aeads: map[ID]tink.AEAD{}, prfs: map[ID]*prf.Set{}}
	for _, k := range set {
		p, err := prf.NewPRFSet(k.hash)
		if err != nil {
			return nil, ErrKey
		}
		if r.hash == nil {
			r.hash = p
		}
		if k.seal == nil {
			continue
		}
		if r.aeads[k.ID], err = aead.New(k.seal); err != nil {
			return nil, ErrKey
		}
		r.prfs[k.ID] = p
	}
	return r, nil
}

// source is where the keys come from.
type source struct {
	path   string // "" = a text, which does not change
	ring   atomic.Pointer[ring]
	looked atomic.Int64 // when the file was looked at, in ns since began
	mu     sync.Mutex
	stamp  stamp
}

// now is the keys as of Refresh ago at most.
func (s *source) now() *ring {
	if s.path != "" && time.Duration(clock()-s.looked.Load()) > Refresh {
		_ = s.read()
	}
	return s.ring.Load()
}

// again looks at the file at once.
func (s *source) again() *ring {
	if s.path != "" {
		_ = s.read()
	}
	return s.ring.Load()
}
