package cases

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The hash chain, see docs/decisions/0007-a-chain-of-changes.md. Each timeline entry has a hash
// over its content and the entry before, each version of a case a link over its row, its last
// entry and the version before, each line of the access log a link of its own. Links have
// consecutive positions, given under the lock of the feed; they are the leaves of the Merkle
// tree in tree.go. A link holds hashes only. What is hashed of content is keyed, and salted
// with what goes when the content goes.

// link is one row of the table chain.
type link struct {
	pos     int64
	number  string // of the case, "" for a line of the access log
	version int64
	content []byte // of the row, or of the line
	head    []byte // of this link and those of the case before it
}

const linkColumns = `pos, number, version, content, head`

func (l *link) targets() []any { return []any{&l.pos, &l.number, &l.version, &l.content, &l.head} }

// newSalt is stored beside content inside its seal: without it the hash of erased content can't
// be guessed even with the key.
func newSalt() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, crypto/rand
	return base64.RawStdEncoding.EncodeToString(b[:])
}

// contentHash is the keyed hash of what stands inside a seal.
func (s *Store) contentHash(plain []byte) []byte { return s.box.Hash("content", string(plain)) }

// lineHash is SHA-256 over a name and values, one a line, bytes in hexadecimal.
func lineHash(name string, values ...any) []byte {
	b := make([]byte, 0, 512)
	b = append(b, name...)
	for _, v := range values {
		b = append(b, '\n')
		switch v := v.(type) {
		case []byte:
			b = hex.AppendEncode(b, v)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case bool:
			b = strconv.AppendBool(b, v)
		case string:
			b = append(b, v...)
		}
	}
	sum := sha256.Sum256(append(b, '\n'))
	return sum[:]
}

func entryHash(number string, seq, version int64, before, content []byte) []byte {
	return lineHash("dengwen entry 1", number, seq, version, before, content)
}

// caseHead is what a citizen can compute: no part of it is a column but number and version.
func caseHead(number string, version int64, before, content []byte) []byte {
	return lineHash("dengwen case 1", number, version, before, content)
}

func accessHead(pos int64, content []byte) []byte {
	return lineHash("dengwen access 1", pos, content)
}

// rowHash covers the plain columns, so that none can be changed alone. checks follow from the
// body and the office's rules. Units and files have line feeds and blanks inside.
func (w *row) rowHash(class, category, place string, content []byte) []byte {
	return lineHash("dengwen row 1", w.id, w.owner, w.status, w.unit, w.officer, strings.ReplaceAll(w.units, "\n", " "), w.due, w.open, w.sealed,
		w.received, w.entries, w.files, class, category, place, content, w.tip, w.urgent)
}

// chain links a version of a case to the one before, whose head and tip stand in w. entries
// are those it adds.
func (w *row) chain(class, category, place string, content []byte, entries []entryRow) link {
	for i := range entries {
		e := &entries[i]
		e.version = w.version
		e.hash = entryHash(w.number, e.seq, e.version, w.tip, e.content)
		w.tip = e.hash
	}
	l := link{number: w.number, version: w.version, content: w.rowHash(class, category, place, content)}
	l.head = caseHead(w.number, w.version, w.head, l.content)
	w.head = l.head
	return l
}

var errUnreadable = errors.New("what is stored does not open")

// adopt gives a case of before the chain its first link and its body the version it belongs to.
// It changes w to what is written.
func (s *Store) adopt(ctx context.Context, tx Tx, w *row, b *batch) error {
	plain, err := s.box.Open(w.body, casePlaceBefore(w.id))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	var class, category, place string
	if err := tx.QueryRowContext(ctx, `SELECT class, category, place FROM cases WHERE ref = $1`, w.ref).Scan(&class, &category, &place); err != nil {
		return err
	}
	entries, err := s.rehash(ctx, tx, *w)
	if err != nil {
		return err
	}
	l := w.chain(class, category, place, s.contentHash(plain), entries)
	if w.body, err = s.box.Seal(plain, casePlace(w.id, w.version)); err != nil {
		return err
	}
	b.links = append(b.links, l)
	changes := []statement{{"link case", `UPDATE cases SET body = $1, head = $2, tip = $3 WHERE ref = $4 AND head IS NULL`, []any{w.body, w.head, w.tip, w.ref}}}
	n, err := tx.all(ctx, append(changes, hashUpdates(w.ref, entries)...))
	if err == nil && n[0] == 0 {
		err = changed() // by another process, since it was read
	}
	return err
}

// rehash reads the entries of a case with the hashes of their content.
func (s *Store) rehash(ctx context.Context, q querier, w row) ([]entryRow, error) {
	found, err := scan(ctx, q, func(e *sealedEntry) []any { return []any{&e.ref, &e.seq, &e.body} },
		`SELECT ref, seq, body FROM entries WHERE ref = $1 AND seq <= $2 ORDER BY seq`, w.ref, w.entries)
	if err != nil {
		return nil, err
	}
	out := make([]entryRow, 0, len(found))
	for _, e := range found {
		plain, err := s.box.Open(e.body, entryPlace(w.id, e.seq))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUnreadable, err)
		}
		out = append(out, entryRow{ref: e.ref, seq: e.seq, content: s.contentHash(plain)})
	}
	return out, nil
}

func hashUpdates(ref int64, entries []entryRow) (all []statement) {
	for _, e := range entries {
		all = append(all, statement{"link entry", `UPDATE entries SET version = $1, hash = $2 WHERE ref = $3 AND seq = $4`, []any{e.version, e.hash, ref, e.seq}})
	}
	return all
}

// adoptions is how many cases of before the chain one call links.
const adoptions = 200

// LinkOld gives links to cases that were filed before there was a chain, some at a time, and
// answers how many. Several processes may do so at once.
func (s *Store) LinkOld(ctx context.Context) (int, error) {
	linked := 0
	err := s.write(ctx, "link cases of before", func(ctx context.Context, tx Tx) error {
		lock := ""
		if !s.engine.oneWriter() {
			lock = ` FOR UPDATE SKIP LOCKED`
		}
		rows, err := scan(ctx, tx, func(w *row) []any { return w.targets() },
			`SELECT `+rowColumns+` FROM cases WHERE head IS NULL AND ref > $1 ORDER BY ref LIMIT $2`+lock, s.linkedUpto.Load(), adoptions)
		if err != nil {
			return err
		}
		var b batch
		linked = 0
		for i := range rows {
			switch err := s.adopt(ctx, tx, &rows[i], &b); {
			case err == nil:
				linked++
			case errors.Is(err, errUnreadable): // it stays, and verify names it
				s.damaged.note(rows[i].number)
			default:
				return err
			}
			s.linkedUpto.Store(rows[i].ref)
		}
		return s.writeBatch(ctx, tx, &b)
	})
	return linked, err
}

// linkRows are links as rows, the last at position last.
func linkRows(last int64, links []link) (rows [][]any) {
	for i, l := range links {
		rows = append(rows, []any{last - int64(len(links)-1-i), l.number, l.version, l.content, l.head})
	}
	return rows
}

// accessContent covers a line of the access log and the cases it is about.
func accessContent(x *accessRow) []byte {
	numbers := slices.SortedFunc(slices.Values(x.numbers), cmp.Compare)
	return lineHash("dengwen line 1", x.pos, x.at, x.unit, x.officer, strings.Join(slices.Compact(numbers), " "), x.hash)
}

func sameHash(a, b []byte) bool { return len(a) == sha256.Size && bytes.Equal(a, b) }
