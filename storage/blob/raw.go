package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"

	"dengwen/petition"
)

// Stored is one sealed file. Stamp is another when its bytes are.
type Stored struct {
	ID    string
	Size  int64
	Stamp string
}

func (f *folder) List(ctx context.Context, each func(Stored) error) error {
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // deleted meanwhile
		case err != nil:
			return err
		case d.IsDir() && d.Name() == tmpDir:
			return fs.SkipDir
		case d.IsDir(), f.path(d.Name()) != path:
			return ctx.Err()
		}
		at, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return each(Stored{ID: d.Name(), Size: at.Size(), Stamp: fmt.Sprint(at.ModTime().UnixNano())})
	})
	if err != nil {
		return fmt.Errorf("list attachments: %w", err)
	}
	return nil
}

func (f *folder) OpenSealed(_ context.Context, id string) (io.ReadCloser, int64, error) {
	if !goodID(id) {
		return nil, 0, notFound()
	}
	file, err := os.Open(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, notFound()
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open attachment: %w", err)
	}
	at, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open attachment: %w", err), file.Close())
	}
	return file, at.Size(), nil
}

func (f *folder) PutSealed(ctx context.Context, id string, r io.Reader) error {
	if !goodID(id) {
		return petition.Fail(petition.Invalid, "file.id")
	}
	tmp, err := os.CreateTemp(filepath.Join(f.dir, tmpDir), "put-")
	if err != nil {
		return fmt.Errorf("make file for attachment: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails once it has been renamed
	_, err = io.Copy(tmp, reader{ctx, r})
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("write attachment: %w", err)
	}
	return f.place(tmp.Name(), f.path(id))
}

func (b *bucket) List(ctx context.Context, each func(Stored) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing where each has failed
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: key(""), Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list attachments: %w", failure(o.Err))
		}
		if err := each(Stored{ID: strings.TrimPrefix(o.Key, key("")), Size: o.Size, Stamp: o.ETag}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bucket) OpenSealed(ctx context.Context, id string) (io.ReadCloser, int64, error) {
	if !goodID(id) {
		return nil, 0, notFound()
	}
	o, err := b.client.GetObject(ctx, b.name, key(id), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("open attachment: %w", failure(err))
	}
	at, err := o.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open attachment: %w", failure(err)), o.Close())
	}
	return o, at.Size, nil
}

func (b *bucket) PutSealed(ctx context.Context, id string, r io.Reader) error {
	if !goodID(id) {
		return petition.Fail(petition.Invalid, "file.id")
	}
	tmp, err := os.CreateTemp(b.spool, "put-")
	if err != nil {
		return fmt.Errorf("make file for upload: %w", err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if _, err := io.Copy(tmp, reader{ctx, r}); err != nil {
		return fmt.Errorf("write upload: %w", err)
	}
	return b.upload(ctx, id, tmp, "")
}
