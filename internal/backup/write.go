package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"

	"dengwen/internal/seal"
)

const (
	magic   = "dengwen backup 1\n"
	purpose = "backup" // of the derived key
	chunk   = 256 << 10
	window  = 1 << 20 // of zstd, which holds a few of them in memory
)

// Writer writes a backup. Close it, or what was written does not open.
type Writer struct {
	tar    *tar.Writer
	zstd   *zstd.Encoder
	sealed io.WriteCloser
	end    End

	part    string // whose rows are gathered
	entries int    // of the part so far
	rows    bytes.Buffer
	count   int
	sum     hash.Hash
}

// NewWriter begins a backup sealed with the key of box.
func NewWriter(to io.Writer, box *seal.Box, head Head) (*Writer, error) {
	key := box.Seals()
	aead, err := box.Streaming(key, purpose)
	if err != nil {
		return nil, err
	}
	if _, err := to.Write(append([]byte(magic), key.Prefix()...)); err != nil {
		return nil, fmt.Errorf("begin backup: %w", err)
	}
	sealed, err := aead.NewEncryptingWriter(to, []byte(magic))
	if err != nil {
		return nil, fmt.Errorf("seal backup: %w", err)
	}
	z, err := zstd.NewWriter(sealed, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("compress backup: %w", err)
	}
	w := &Writer{tar: tar.NewWriter(z), zstd: z, sealed: sealed, end: End{Parts: map[string]Part{}}}
	return w, w.json("head.json", head)
}

// Row adds a line without its line feed to a part. Rows of a part follow each other.
func (w *Writer) Row(part string, line []byte) error {
	if part != w.part {
		if err := w.endPart(); err != nil {
			return err
		}
		w.part, w.sum = part, sha256.New()
	}
	w.count++
	start := w.rows.Len()
	w.rows.Write(line)
	w.rows.WriteByte('\n')
	w.sum.Write(w.rows.Bytes()[start:])
	if w.rows.Len() < chunk {
		return nil
	}
	return w.flush()
}

// Cases begins the tables of the case store.
func (w *Writer) Cases(c Cases) error {
	if err := w.endPart(); err != nil {
		return err
	}
	return w.json("cases.json", c)
}

// Record adds a record of the store of conversations.
func (w *Writer) Record(r Record) error { return w.jsonRow(conversations, r) }

// List adds an attachment that is kept beside.
func (w *Writer) List(l Listed) error { return w.jsonRow(filelist, l) }

func (w *Writer) jsonRow(part string, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s into backup: %w", part, err)
	}
	return w.Row(part, line)
}

// File adds the size sealed bytes of an attachment.
func (w *Writer) File(id string, size int64, from io.Reader) error {
	if err := w.endPart(); err != nil {
		return err
	}
	if err := w.entry(files+id, size); err != nil {
		return err
	}
	if n, err := io.CopyN(w.tar, from, size); err != nil {
		return fmt.Errorf("copy attachment %s into backup, after %d bytes: %w", id, n, err)
	}
	w.end.Files++
	w.end.Bytes += size
	return nil
}

func (w *Writer) entry(name string, size int64) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Format: tar.FormatPAX}); err != nil {
		return fmt.Errorf("write %s into backup: %w", name, err)
	}
	return nil
}

func (w *Writer) whole(name string, b []byte) error {
	if err := w.entry(name, int64(len(b))); err != nil {
		return err
	}
	if _, err := w.tar.Write(b); err != nil {
		return fmt.Errorf("write %s into backup: %w", name, err)
	}
	return nil
}

func (w *Writer) json(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s into backup: %w", name, err)
	}
	return w.whole(name, b)
}

func (w *Writer) flush() error {
	if w.rows.Len() == 0 {
		return nil
	}
	w.entries++
	err := w.whole(fmt.Sprintf("%s/%06d.jsonl", w.part, w.entries), w.rows.Bytes())
	w.rows.Reset()
	return err
}

func (w *Writer) endPart() error {
	if w.part == "" {
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	w.end.Parts[w.part] = Part{Rows: w.count, Sum: hex.EncodeToString(w.sum.Sum(nil))}
	w.part, w.entries, w.count = "", 0, 0
	return nil
}

// Close writes the end. It answers what was written.
func (w *Writer) Close() (End, error) {
	if err := w.endPart(); err != nil {
		return w.end, err
	}
	if err := w.json("end.json", w.end); err != nil {
		return w.end, err
	}
	for _, c := range []io.Closer{w.tar, w.zstd, w.sealed} {
		if err := c.Close(); err != nil {
			return w.end, fmt.Errorf("end backup: %w", err)
		}
	}
	return w.end, nil
}
