package blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"dengwen/internal/seal"
	"dengwen/petition"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	segment  = 64 << 10 // bytes of one sealed segment: what a reader holds in memory
	headSize = 512      // what http.DetectContentType looks at
)

// sealer seals streams under a key derived from the office's key.
type sealer struct{ aead tink.StreamingAEAD }

func newSealer(box *seal.Box) (sealer, error) {
	a, err := subtle.NewAESGCMHKDF(box.Hash("blob", "streaming key"), "SHA256", 32, segment, 0)
	if err != nil {
		return sealer{}, fmt.Errorf("make file sealer: %w", err)
	}
	return sealer{a}, nil
}

// seal writes r to w, sealed for id. It answers the size in the clear and the first
// bytes. Invalid "file.too_large" when r holds more than limit bytes.
func (s sealer) seal(ctx context.Context, w io.Writer, id string, r io.Reader, limit int64) (int64, []byte, error) {
	enc, err := s.aead.NewEncryptingWriter(w, []byte("blob:"+id))
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
	dec, err := s.aead.NewDecryptingReader(c, []byte("blob:"+id))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open sealed file: %w", err), c.Close())
	}
	return opened{dec, c}, nil
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
