package blob

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"dengwen/internal/seal"
	"dengwen/petition"

	"github.com/tink-crypto/tink-go/v2/tink"
)

const headSize = 512 // what http.DetectContentType looks at

// sealer seals streams under keys derived from the office's. What is sealed begins with the
// id of the key, as all that is sealed does; files of before there were several keys begin with
// the stream itself, and were sealed under the first.
type sealer struct{ box *seal.Box }

func (s sealer) stream(id seal.ID) (tink.StreamingAEAD, error) { return s.box.Streaming(id, "blob") }

// seal writes r to w, sealed for id. It answers the size in the clear and the first
// bytes. Invalid "file.too_large" when r holds more than limit bytes.
func (s sealer) seal(ctx context.Context, w io.Writer, id string, r io.Reader, limit int64) (int64, []byte, error) {
	key := s.box.Seals()
	a, err := s.stream(key)
	if err != nil {
		return 0, nil, err
	}
	if _, err := w.Write(key.Prefix()); err != nil {
		return 0, nil, fmt.Errorf("seal file: %w", err)
	}
	enc, err := a.NewEncryptingWriter(w, []byte("blob:"+id))
	if err != nil {
		return 0, nil, fmt.Errorf("seal file: %w", err)
	}
	var head head
	in := io.TeeReader(io.LimitReader(reader{ctx, r}, limit+1), &head)
	n, err := io.Copy(enc, in)
	if err != nil {
		return 0, nil, fmt.Errorf("read file to seal: %w", err)
	}
	if n > limit {
		return 0, nil, petition.Fail(petition.Invalid, "file.too_large")
	}
	if err := enc.Close(); err != nil {
		return 0, nil, fmt.Errorf("seal end of file: %w", err)
	}
	return n, head.bytes, nil
}

// open reads what seal wrote; closing it closes c.
func (s sealer) open(c io.ReadCloser, id string) (io.ReadCloser, error) {
	r := bufio.NewReader(c)
	key, err := s.keyOf(r)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	a, err := s.stream(key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open sealed file: %w", err), c.Close())
	}
	dec, err := a.NewDecryptingReader(r, []byte("blob:"+id))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open sealed file: %w", err), c.Close())
	}
	return opened{dec, c}, nil
}

// keyOf reads which key a file is sealed under, up to where the stream begins.
func (s sealer) keyOf(r *bufio.Reader) (seal.ID, error) {
	head, err := r.Peek(seal.PrefixSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read which key a file is sealed under: %w", err)
	}
	key, ok := seal.KeyOf(head)
	if !ok {
		return s.box.First(), nil
	}
	_, err = r.Discard(seal.PrefixSize)
	return key, err
}

type opened struct {
	io.Reader
	io.Closer
}

// head remembers the first bytes written to it.
type head struct{ bytes []byte }

func (h *head) Write(p []byte) (int, error) {
	if left := headSize - len(h.bytes); left > 0 {
		h.bytes = append(h.bytes, p[:min(left, len(p))]...)
	}
	return len(p), nil
}

// reader ends a long copy when ctx does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
