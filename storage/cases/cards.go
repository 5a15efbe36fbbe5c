package cases

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// cardFull is about how many bytes a card has at most: with its key it fits a page of
// SQLite, and twice one of PostgreSQL.
const cardFull = 3800

// card is one card of a drawer: its key, and pairs with the cases that have them,
// one after the other. A pair many cases have goes on over several cards.
//
// body is the key's pair and ref and the lowest ref of the drawer, then for each pair
// how much it is above the one before, the length of what follows in bytes, and its
// refs: the first above the lowest, the others above the one before. All are varints.
type card struct {
	pair, ref int64
	body      []byte
}

var errCard = errors.New("a card of the catalogue of words is spoilt")

// cardReader goes through a card pair by pair.
type cardReader struct {
	card
	base int64
	rest []byte
	at   int64 // pair read last
}

func readCard(body []byte) (cardReader, error) {
	r := cardReader{card: card{body: body}, rest: body}
	for _, to := range []*int64{&r.pair, &r.ref, &r.base} {
		n, err := r.number()
		if err != nil {
			return r, err
		}
		*to = n
	}
	r.at = r.pair
	return r, nil
}

func (r *cardReader) number() (int64, error) {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		return 0, errCard
	}
	r.rest = r.rest[size:]
	return int64(n), nil
}

// next reads the next pair and its refs as they are written; false at the end.
func (r *cardReader) next() (refs []byte, ok bool, err error) {
	if len(r.rest) == 0 {
		return nil, false, nil
	}
	above, err := r.number()
	if err != nil {
		return nil, false, err
	}
	size, err := r.number()
	if err != nil || size < 0 || size > int64(len(r.rest)) {
		return nil, false, errCard
	}
	r.at += above
	refs, r.rest = r.rest[:size], r.rest[size:]
	return refs, true, nil
}

// refs reads what next found, rising, behind those in to.
func (r *cardReader) refs(to []int64, from []byte) ([]int64, error) {
	at := r.base
	for len(from) > 0 {
		n, size := binary.Uvarint(from)
		if size <= 0 {
			return nil, errCard
		}
		at += int64(n)
		to, from = append(to, at), from[size:]
	}
	return to, nil
}

// find goes to one pair and answers its refs as they are written, nil when the card
// does not hold it.
func (r *cardReader) find(pair int64) ([]byte, error) {
	for {
		refs, ok, err := r.next()
		if err != nil || !ok || r.at > pair {
			return nil, err
		}
		if r.at == pair {
			return refs, nil
		}
	}
}

// cardWriter makes cards out of pairs that come in order, each with its refs in
// order, and hands on those that are full.
type cardWriter struct {
	base int64 // no ref is lower
	full int   // bytes
	put  func(card) error
	at   int64
	card
}

func newCardWriter(base int64, put func(card) error) *cardWriter {
	return &cardWriter{base: base, full: cardFull, put: put}
}

func (w *cardWriter) add(pair int64, refs []int64) error {
	for len(refs) > 0 {
		if w.body == nil {
			w.begin(pair, refs[0])
		}
		refs = refs[w.some(pair, refs):]
		if len(refs) > 0 || len(w.body) >= w.full {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *cardWriter) begin(pair, ref int64) {
	w.card = card{pair: pair, ref: ref, body: make([]byte, 0, cardFull+64)}
	for _, n := range []int64{pair, ref, w.base} {
		w.body = binary.AppendUvarint(w.body, uint64(n))
	}
	w.at = pair
}

// some writes as many refs as there is room for, at least one.
func (w *cardWriter) some(pair int64, refs []int64) (count int) {
	text, last := make([]byte, 0, min(4*len(refs)+8, w.full+16)), w.base
	for _, ref := range refs {
		if count > 0 && len(w.body)+len(text) >= w.full {
			break
		}
		text = binary.AppendUvarint(text, uint64(ref-last))
		last = ref
		count++
	}
	w.body = binary.AppendUvarint(w.body, uint64(pair-w.at))
	w.body = binary.AppendUvarint(w.body, uint64(len(text)))
	w.body = append(w.body, text...)
	w.at = pair
	return count
}

// flush hands on the card begun, if there is one.
func (w *cardWriter) flush() error {
	if w.body == nil {
		return nil
	}
	c := w.card
	w.card = card{}
	return w.put(c)
}

// strike takes one ref off one pair of a card. The key stays, also when the first
// ref goes. It answers nil when nothing was to be taken off.
func strike(body []byte, pair, ref int64) ([]byte, error) {
	r, err := readCard(body)
	if err != nil {
		return nil, err
	}
	struck := false
	w := newCardWriter(r.base, nil)
	w.full += 64 // without it the numbers behind may be longer
	w.begin(r.pair, r.ref)
	for {
		raw, ok, err := r.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		refs, err := r.refs(nil, raw)
		if err != nil {
			return nil, err
		}
		if i, has := slices.BinarySearch(refs, ref); has && r.at == pair {
			refs, struck = slices.Delete(refs, i, i+1), true
		}
		if len(refs) > 0 && w.some(r.at, refs) < len(refs) {
			return nil, fmt.Errorf("%w: longer than a card", errCard)
		}
	}
	if !struck {
		return nil, nil
	}
	return w.body, nil
}
