// Package blob keeps the bytes of attachments, petition.Blobs, in a data folder or
// in S3-compatible storage. Both hold only sealed bytes: AES-256-GCM in segments of
// 64 KiB (Tink's streaming AEAD), each file bound to its id, so a file that was cut,
// changed or moved to another id does not open.
package blob

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"dengwen/internal/seal"
	"dengwen/petition"
)

// Store keeps attachments, can seal them anew, and hands over for backups the sealed bytes as they lie there.
type Store interface {
	petition.Blobs

	// Each calls f with every file's id and the key it is sealed under.
	Each(ctx context.Context, f func(id string, key seal.ID) error) error

	// Reseal seals a file under the newest key. The old one stays until the new one has been
	// read to its end. A file that is gone, or changed meanwhile, is no error.
	Reseal(ctx context.Context, id string) error

	// List hands over what is stored, in no order. What is put or deleted meanwhile may be
	// there or not.
	List(ctx context.Context, each func(Stored) error) error

	// OpenSealed reads the sealed bytes of an id and says how many there are. NotFound
	// "file.not_found" when there are none.
	OpenSealed(ctx context.Context, id string) (io.ReadCloser, int64, error)

	// PutSealed stores what OpenSealed of a store with the same keys read.
	PutSealed(ctx context.Context, id string, r io.Reader) error

	// Tidy removes what a Reseal left that was killed, and uploads of a day ago. No Reseal may be
	// under way.
	Tidy(now time.Time) error
}

var (
	_ Store = (*bucket)(nil)
	_ Store = (*folder)(nil)
)

// Open answers the store that url names: "" is the folder "files" in dataDir,
// s3://key:secret@host:port/bucket?tls=true is S3-compatible storage, whose bucket
// is made when it is not there.
func Open(ctx context.Context, url, dataDir string, box *seal.Box) (Store, error) {
	switch {
	case url == "":
		return newFolder(filepath.Join(dataDir, "files"), box)
	case strings.HasPrefix(url, "s3://"):
		return newBucket(ctx, url, dataDir, box)
	default: // the address may hold a secret and is not repeated
		return nil, fmt.Errorf("open blob store: the address must begin with s3://")
	}
}

// maxID keeps ids inside the longest file name and object key of common systems.
const maxID = 200

func goodID(id string) bool {
	if id == "" || len(id) > maxID || strings.Trim(id, ".") == "" {
		return false
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
		default:
			return false
		}
	}
	return true
}

func notFound() error { return petition.Fail(petition.NotFound, "file.not_found") }
