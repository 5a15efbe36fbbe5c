package petition

import (
	"context"
	"io"
	"strings"
)

// Blobs keeps the bytes of attachments: a data folder or S3-compatible storage.
// Bytes are sealed at rest. IDs are those of BlobID.
type Blobs interface {
	// Put writes at most limit bytes under id and answers how many there were and
	// the first 512 of them. A reader with more is Invalid "file.too_large" and
	// leaves nothing behind, as does a reader that fails. Put under an id that is
	// there replaces it in one step: a reader never sees half of each.
	Put(ctx context.Context, id string, r io.Reader, limit int64) (size int64, head []byte, err error)

	// Open reads what Put wrote. NotFound "file.not_found" otherwise.
	Open(ctx context.Context, id string) (io.ReadCloser, error)

	// Delete removes it. Nothing there is no error.
	Delete(ctx context.Context, id string) error
}

// BlobID reports whether an id can name something in every blob store: 1 to 200
// letters, digits, '-', '_' and '.', the first no '.'.
func BlobID(id string) bool {
	return len(id) >= 1 && len(id) <= 200 && id[0] != '.' && strings.Trim(id, blobLetters) == ""
}

const blobLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

// Scrub knows the formats of files. The zero Scrub knows none, and no file is taken.
type Scrub struct {
	// Sniff is the media type of a file by its first 512 bytes; its name decides only
	// between kinds of the same container. False for kinds that are not taken.
	Sniff func(head []byte, name string) (kind string, ok bool)

	// Clean reads a file of size bytes, takes out of it what device and program wrote into
	// it (place, time, owner, author) and hands the copy to put, once or not at all. A
	// picture or film that can't be read is Invalid "file.damaged". A document is never
	// spoilt: what could not be taken out safely stays, and traces says so; so does a
	// file that would cost more memory or time than one may. It waits while too many are
	// cleaned. Errors of reading and of put come back as they are.
	Clean func(ctx context.Context, kind string, in io.Reader, size int64, put func(io.Reader) error) (traces bool, err error)
}

// WithScrub is the same service with the formats it takes.
func (s *Service) WithScrub(f Scrub) *Service {
	c := *s
	c.scrub = f
	return &c
}
