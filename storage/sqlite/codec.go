package sqlite

import (
	"encoding/binary"
	"errors"
)

var errEncoding = errors.New("conversation is damaged")

// encodeBody encodes the undone work of a conversation: the events, the rows (of each list a count, then
// key, time and body of each), then when to try again.
func encodeBody(b *conversation) []byte {
	lists := [][]entry{b.events, b.rows}
	size := 10
	for _, l := range lists {
		size += 10
		for _, e := range l {
			size += len(e.key) + len(e.body) + 30
		}
	}
	to := make([]byte, 0, size)
	for _, l := range lists {
		to = binary.AppendUvarint(to, uint64(len(l)))
		for _, e := range l {
			to = appendText(to, e.key)
			to = binary.AppendVarint(to, e.at)
			to = appendText(to, e.body)
		}
	}
	return binary.AppendVarint(to, b.retry)
}

// decode reads what encodeBody wrote.
func (b *conversation) decode(body []byte) error {
	d := decoder{from: body}
	b.events, b.rows, b.retry = d.entries(), d.entries(), d.number()
	return d.err()
}

func appendText[T string | []byte](to []byte, s T) []byte {
	to = binary.AppendUvarint(to, uint64(len(s)))
	return append(to, s...)
}

// decoder reads what encodeBody wrote. After an error it reads nothing more.
type decoder struct {
	from []byte
	bad  bool
}

func (d *decoder) number() int64 {
	v, n := binary.Varint(d.from)
	d.skip(n)
	return v
}

func (d *decoder) count() int {
	v, n := binary.Uvarint(d.from)
	d.skip(n)
	if d.bad || v > uint64(len(d.from)) {
		d.bad = true
		return 0
	}
	return int(v)
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		d.bad, d.from = true, nil
		return
	}
	d.from = d.from[n:]
}

func (d *decoder) text() []byte {
	n := d.count()
	out := d.from[:n:n]
	d.from = d.from[n:]
	return out
}

func (d *decoder) entries() []entry {
	n := d.count()
	out := make([]entry, 0, n)
	for range n {
		out = append(out, entry{key: string(d.text()), at: d.number(), body: d.text()})
	}
	return out
}

func (d *decoder) err() error {
	if d.bad || len(d.from) > 0 {
		return errEncoding
	}
	return nil
}
