package blob

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

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
	if err := os.MkdirAll(filepath.Join(dir, tmpDir), 0o700); err != nil {
		return nil, fmt.Errorf("make folder for attachments: %w", err)
	}
	return &folder{dir: dir, sealer: sealer{box}}, nil
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

// Each is Store.Each.
func (f *folder) Each(ctx context.Context, do func(id string, key seal.ID) error) error {
	return filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // deleted meanwhile
			return nil
		case err != nil:
			return fmt.Errorf("list attachments: %w", err)
		case d.IsDir() && d.Name() == tmpDir:
			return fs.SkipDir
		case d.IsDir(), f.path(d.Name()) != path:
			return ctx.Err()
		}
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look at attachment: %w", err)
		}
		key, err := f.sealer.keyOf(bufio.NewReaderSize(file, 16))
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		return errors.Join(do(d.Name(), key), ctx.Err())
	})
}

// Reseal is Store.Reseal.
func (f *folder) Reseal(ctx context.Context, id string) error {
	old, err := os.Open(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open attachment: %w", err)
	}
	was, err := old.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("open attachment: %w", err), old.Close())
	}
	tmp, err := os.CreateTemp(filepath.Join(f.dir, tmpDir), "reseal-")
	if err != nil {
		return errors.Join(fmt.Errorf("make file for attachment: %w", err), old.Close())
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if err := f.sealer.again(ctx, tmp, id, old); err != nil {
		return err
	}
	if err := replaceFile(tmp.Name(), f.path(id), was); err != nil {
		return fmt.Errorf("place attachment: %w", err)
	}
	return syncDir(filepath.Dir(f.path(id)))
}

// Tidy is Store.Tidy.
func (f *folder) Tidy(now time.Time) error { return tidy(filepath.Join(f.dir, tmpDir), now) }

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
