package memory

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"

	"dengwen/petition"
)

// Blobs is a petition.Blobs in memory. The zero value is empty and ready.
type Blobs struct {
	mu    sync.Mutex
	bytes map[string][]byte
}

var _ petition.Blobs = (*Blobs)(nil)

// Put is petition.Blobs.Put.
func (b *Blobs) Put(ctx context.Context, id string, r io.Reader, limit int64) (int64, []byte, error) {
	if !petition.BlobID(id) {
		return 0, nil, petition.Fail(petition.Invalid, "file.malformed")
	}
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return 0, nil, err
	}
	if int64(len(data)) > limit {
		return 0, nil, petition.Fail(petition.Invalid, "file.too_large")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes == nil {
		b.bytes = map[string][]byte{}
	}
	b.bytes[id] = data
	return int64(len(data)), slices.Clone(data[:min(len(data), 512)]), nil
}

// Open is petition.Blobs.Open.
func (b *Blobs) Open(_ context.Context, id string) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.bytes[id]
	if !ok {
		return nil, petition.Fail(petition.NotFound, "file.not_found")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Delete is petition.Blobs.Delete.
func (b *Blobs) Delete(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.bytes, id)
	return nil
}

// Has reports whether anything lies under an id.
func (b *Blobs) Has(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.bytes[id]
	return ok
}

// Count is how many blobs lie there.
func (b *Blobs) Count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.bytes)
}
