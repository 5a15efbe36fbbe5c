package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"

	"dengwen/internal/seal"
)

// Names of parts in the stream.
const (
	conversations = "conversations"
	filelist      = "filelist"
	files         = "files/"
	cases         = "cases/"
)

// Limits of what a reader holds: of small entries, and of one row, a mailbox of 500 pictures.
const (
	maxJSON = 4 << 20
	maxRow  = 512 << 20
)

var (
	// ErrForeign says that a file is no backup, or one of a later format.
	ErrForeign = errors.New("this is not a backup of this program")

	// ErrDamaged says that a backup was cut or changed.
	ErrDamaged = errors.New("the backup is damaged")
)

// Visitor is handed what a backup holds, in its order. What it does not ask for (nil) is read and
// checked all the same.
type Visitor struct {
	Head   func(Head) error
	Record func(Record) error
	Cases  func(Cases) error
	Row    func(table string, line []byte) error
	File   func(id string, size int64, from io.Reader) error
	Listed func(Listed) error
}

// Read hands a backup to v and compares every part with the backup's end. Nothing that was not
// sealed by a key of box reaches v. seal.ErrUnknownKey when box lacks the key.
func Read(from io.Reader, box *seal.Box, v Visitor) (End, error) {
	in := bufio.NewReaderSize(from, 64<<10)
	start := make([]byte, len(magic)+seal.PrefixSize)
	if _, err := io.ReadFull(in, start); err != nil || !strings.HasPrefix(string(start), magic) {
		return End{}, ErrForeign
	}
	key, ok := seal.KeyOf(start[len(magic):])
	if !ok {
		return End{}, ErrDamaged
	}
	aead, err := box.Streaming(key, purpose)
	if err != nil {
		return End{}, err
	}
	opened, err := aead.NewDecryptingReader(in, []byte(magic))
	if err != nil {
		return End{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	z, err := zstd.NewReader(opened, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return End{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer z.Close()
	r := &reader{v: v, tar: tar.NewReader(z), found: End{Parts: map[string]Part{}}, sums: map[string]hash.Hash{}}
	return r.all()
}

type reader struct {
	v     Visitor
	tar   *tar.Reader
	found End
	sums  map[string]hash.Hash
	end   *End
}

func (r *reader) all() (End, error) {
	for {
		h, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r.found, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if r.end != nil {
			return r.found, fmt.Errorf("%w: %s stands behind its end", ErrDamaged, h.Name)
		}
		if err := r.entry(h); err != nil {
			return r.found, err
		}
	}
	for part, sum := range r.sums {
		r.found.Parts[part] = Part{Rows: r.found.Parts[part].Rows, Sum: hex.EncodeToString(sum.Sum(nil))}
	}
	if r.end == nil || !r.end.Equal(r.found) {
		return r.found, fmt.Errorf("%w: what it holds is not what its end says", ErrDamaged)
	}
	return r.found, nil
}

func (r *reader) entry(h *tar.Header) error {
	switch {
	case h.Name == "head.json":
		var head Head
		if err := r.json(&head); err != nil || r.v.Head == nil {
			return err
		}
		return r.v.Head(head)
	case h.Name == "cases.json":
		var c Cases
		if err := r.json(&c); err != nil || r.v.Cases == nil {
			return err
		}
		return r.v.Cases(c)
	case h.Name == "end.json":
		r.end = &End{}
		return r.json(r.end)
	case strings.HasPrefix(h.Name, files):
		return r.file(strings.TrimPrefix(h.Name, files), h.Size)
	default:
		return r.rows(path.Dir(h.Name))
	}
}

func (r *reader) json(v any) error {
	if err := json.NewDecoder(io.LimitReader(r.tar, maxJSON)).Decode(v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

func (r *reader) file(id string, size int64) error {
	if r.v.File != nil {
		if err := r.v.File(id, size, r.tar); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, r.tar); err != nil {
		return fmt.Errorf("%w: attachment %s: %w", ErrDamaged, id, err)
	}
	r.found.Files++
	r.found.Bytes += size
	return nil
}

func (r *reader) rows(part string) error {
	if r.sums[part] == nil {
		r.sums[part] = sha256.New()
	}
	lines := bufio.NewScanner(r.tar)
	lines.Buffer(make([]byte, 0, 64<<10), maxRow)
	for lines.Scan() {
		line := lines.Bytes()
		r.sums[part].Write(line)
		r.sums[part].Write([]byte{'\n'})
		r.found.Parts[part] = Part{Rows: r.found.Parts[part].Rows + 1}
		if err := r.row(part, line); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, part, err)
	}
	return nil
}

func (r *reader) row(part string, line []byte) error {
	table, isTable := strings.CutPrefix(part, cases)
	switch {
	case isTable && r.v.Row != nil:
		return r.v.Row(table, line)
	case part == conversations && r.v.Record != nil:
		return decode(line, r.v.Record)
	case part == filelist && r.v.Listed != nil:
		return decode(line, r.v.Listed)
	}
	return nil
}

func decode[T any](line []byte, to func(T) error) error {
	var v T
	if err := json.Unmarshal(line, &v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return to(v)
}

// Table is the part that the rows of a table of the case store belong to.
func Table(name string) string { return cases + name }
