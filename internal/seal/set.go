package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// ID names a key: eight hexadecimal digits, which stand in front of all it sealed.
type ID string

func idOf(n uint32) ID { return ID(fmt.Sprintf("%08x", n)) }

// State is what a key does.
type State string

const (
	Next  State = "next"  // opens, and will seal once every process has it
	Seals State = "seals" // seals and opens; one key does
	Opens State = "opens" // opens what was sealed before
	Finds State = "finds" // retired, and the first: only its hashes are left
)

// Key is one key. It holds secrets.
type Key struct {
	ID    ID
	Made  time.Time // zero = not known, of a key that stands alone
	State State

	text string
	seal *keyset.Handle // nil of one that Finds
	hash *keyset.Handle
}

// Set is the keys of an office, the first first. One of them Seals.
type Set []Key

type keyText struct {
	Seal json.RawMessage `json:"seal,omitempty"`
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
	return keyText{Seal: s, Hash: h}.line()
}

func (k keyText) line() (string, error) {
	b, err := json.Marshal(k)
	if err != nil {
		return "", fmt.Errorf("write key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Parse reads keys: a key alone, or one a line with id, date, what it does and the key between
// blanks. Lines that begin with # say nothing. Where no line seals the last one does. ErrKey when
// it is something else.
func Parse(text string) (Set, error) {
	var set Set
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		k, err := parseLine(strings.Fields(line))
		if err != nil || set.find(k.ID) >= 0 {
			return nil, ErrKey
		}
		set = append(set, k)
	}
	if len(set) == 0 {
		return nil, ErrKey
	}
	if last := &set[len(set)-1]; set.count(Seals) == 0 && last.State != Finds {
		last.State = Seals
	}
	if set.count(Seals) != 1 || slices.ContainsFunc(set[1:], func(k Key) bool { return k.State == Finds }) {
		return nil, ErrKey
	}
	return set, nil
}

func parseLine(words []string) (k Key, err error) {
	switch len(words) {
	case 1:
		k = Key{State: Opens, text: words[0]}
	case 4:
		k = Key{ID: ID(words[0]), State: State(words[2]), text: words[3]}
		if words[1] != unknownDate {
			if k.Made, err = time.Parse(time.RFC3339, words[1]); err != nil {
				return k, err
			}
		}
		if !slices.Contains([]State{Next, Seals, Opens, Finds}, k.State) {
			return k, ErrKey
		}
	default:
		return k, ErrKey
	}
	return k, k.read()
}

const unknownDate = "-"

// read takes the text apart. The id has to be the one that will stand in front of what is sealed.
func (k *Key) read() error {
	raw, err := base64.RawURLEncoding.DecodeString(k.text)
	if err != nil {
		return err
	}
	var t keyText
	if err := json.Unmarshal(raw, &t); err != nil {
		return err
	}
	if k.hash, err = handle(t.Hash); err != nil {
		return err
	}
	if k.State == Finds {
		if t.Seal != nil {
			return ErrKey
		}
		return nil
	}
	if k.seal, err = handle(t.Seal); err != nil {
		return err
	}
	id := idOf(k.seal.KeysetInfo().GetPrimaryKeyId())
	if k.ID != "" && k.ID != id {
		return ErrKey
	}
	k.ID = id
	return nil
}

// String is the set as Parse reads it.
func (s Set) String() string {
	var b strings.Builder
	b.WriteString("# Keys for personal data at rest: id, date, what it does, key. One seals, the others open what was sealed before.\n" +
		"# Keep a copy of this file apart from the data: without its key nothing can be read.\n")
	for _, k := range s {
		made := unknownDate
		if !k.Made.IsZero() {
			made = k.Made.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(&b, "%s %s %s %s\n", k.ID, made, k.State, k.text)
	}
	return b.String()
}

// Sealing is the key that seals.
func (s Set) Sealing() Key {
	return s[slices.IndexFunc(s, func(k Key) bool { return k.State == Seals })]
}

// Next is the key that will seal. Not ok when there is none.
func (s Set) Next() (k Key, ok bool) {
	i := slices.IndexFunc(s, func(k Key) bool { return k.State == Next })
	if i < 0 {
		return k, false
	}
	return s[i], true
}

func (s Set) find(id ID) int { return slices.IndexFunc(s, func(k Key) bool { return k.ID == id }) }

func (s Set) count(state State) (n int) {
	for _, k := range s {
		if k.State == state {
			n++
		}
	}
	return n
}

// WithNext is the set with a fresh key, which opens and does not seal yet.
func (s Set) WithNext(now time.Time) (Set, error) {
	for {
		text, err := NewKey()
		if err != nil {
			return nil, err
		}
		k := Key{Made: now, State: Next, text: text}
		if err := k.read(); err != nil {
			return nil, fmt.Errorf("read the key just made: %w", err)
		}
		if s.find(k.ID) < 0 { // ids are 32 random bits
			return append(slices.Clone(s), k), nil
		}
	}
}

// Advanced is the set in which the next key seals.
func (s Set) Advanced() Set {
	out := slices.Clone(s)
	for i := range out {
		switch out[i].State {
		case Seals:
			out[i].State = Opens
		case Next:
			out[i].State = Seals
		}
	}
	return out
}

// Errors of Without.
var (
	ErrNoSuchKey = errors.New("there is no key of this id")
	ErrInUse     = errors.New("the key seals, or is about to")
)

// Without is the set without a key that only opens. Of the first key the hashes stay, by which
// things are found.
func (s Set) Without(id ID) (Set, error) {
	i := s.find(id)
	switch {
	case i < 0, s[i].State == Finds:
		return nil, ErrNoSuchKey
	case s[i].State != Opens:
		return nil, ErrInUse
	case i > 0:
		return slices.Delete(slices.Clone(s), i, i+1), nil
	}
	h, err := encode(s[0].hash)
	if err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	text, err := keyText{Hash: h}.line()
	if err != nil {
		return nil, err
	}
	out := slices.Clone(s)
	out[0].State, out[0].text, out[0].seal = Finds, text, nil
	return out, nil
}

func cleartext(t *tinkpb.KeyTemplate) ([]byte, error) {
	h, err := keyset.NewHandle(t)
	if err != nil {
		return nil, err
	}
	return encode(h)
}

func encode(h *keyset.Handle) ([]byte, error) {
	var buf bytes.Buffer
	err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf))
	return buf.Bytes(), err
}

func handle(text []byte) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
}
