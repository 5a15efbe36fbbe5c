package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dengwen/internal/seal"
	"dengwen/petition"
)

// folder keeps files in a folder, in 256 subfolders so that none grows too long.
// A file is on the disk, name and all, when Put returns.
type folder struct {
	dir    string
	sealer sealer
}

// newFolder makes the folder when it is not there.
func newFolder(dir string, box *seal.Box) (*folder, error) {
	s, err := newSealer(box)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, tmpDir), 0o700); err != nil {
		return nil, fmt.Errorf("make folder for attachments: %w", err)
	}
	return &folder{dir: dir, sealer: s}, nil
}

const tmpDir = "tmp"

func (f *folder) Put(ctx context.Context, id string, r io.Reader, limit int64) (int64, []byte, error) {
	if !goodID(id) {
		return 0, nil, petition.Fail(petition.Invalid, "file.id")
	}
	tmp, err := os.CreateTemp(filepath.Join(f.dir, tmpDir), "put-")
	if err != nil {
		return 0, nil, fmt.Errorf("make file for attachment: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails once it has been renamed
	n, head, err := f.sealer.seal(ctx, tmp, id, r, limit)
	if err != nil {
		return 0, nil, errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return 0, nil, fmt.Errorf("write attachment: %w", err)
	}
	if err := f.place(tmp.Name(), f.path(id)); err != nil {
		return 0, nil, err
	}
	return n, head, nil
}

// place renames a finished file and syncs the folders whose entries changed.
func (f *folder) place(tmp, path string) error {
	sub := filepath.Dir(path)
	err := os.Mkdir(sub, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make folder for attachment: %w", err)
	}
	if err == nil {
		if err := syncDir(f.dir); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("place attachment: %w", err)
	}
	return syncDir(sub)
}

func (f *folder) Open(_ context.Context, id string) (io.ReadCloser, error) {
	if !goodID(id) {
		return nil, notFound()
	}
	file, err := os.Open(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("open attachment: %w", err)
	}
	return f.sealer.open(file, id)
}

func (f *folder) Delete(_ context.Context, id string) error {
	if !goodID(id) {
		return nil
	}
	err := os.Remove(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete attachment: %w", err)
	}
	return syncDir(filepath.Dir(f.path(id)))
}

func (f *folder) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(f.dir, hex.EncodeToString(sum[:1]), id)
}

// syncDir makes a rename or removal survive a power loss.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder to sync: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
