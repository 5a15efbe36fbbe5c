package blob

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dengwen/internal/seal"
	"dengwen/petition"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps files as objects "files/<id>" of one bucket. A file is sealed into a
// temporary file first: an object is written in one request whose length is known,
// which needs no memory for the whole and leaves nothing behind when it fails.
type bucket struct {
	client *minio.Client
	name   string
	spool  string
	sealer sealer
}

// newBucket connects to s3://key:secret@host:port/bucket?tls=true&region=… and makes
// the bucket when it is not there. tls is true unless the address says false.
func newBucket(ctx context.Context, address, dataDir string, box *seal.Box) (*bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User == nil || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("open S3 storage: the address must be s3://key:secret@host:port/bucket")
	}
	secret, _ := u.User.Password()
	region := u.Query().Get("region")
	c, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Query().Get("tls") != "false",
		Region: region,
	})
	if err != nil {
		return nil, fmt.Errorf("open S3 storage: %w", err)
	}
	b := &bucket{client: c, name: strings.Trim(u.Path, "/"), spool: filepath.Join(dataDir, tmpDir), sealer: sealer{box}}
	if err := os.MkdirAll(b.spool, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for uploads: %w", err)
	}
	return b, b.prepare(ctx, region)
}

func (b *bucket) prepare(ctx context.Context, region string) error {
	there, err := b.client.BucketExists(ctx, b.name)
	if err == nil && !there {
		err = b.client.MakeBucket(ctx, b.name, minio.MakeBucketOptions{Region: region})
	}
	if err != nil {
		return fmt.Errorf("open S3 bucket: %w", failure(err))
	}
	return nil
}

func (b *bucket) Put(ctx context.Context, id string, r io.Reader, limit int64) (int64, []byte, error) {
	if !goodID(id) {
		return 0, nil, petition.Fail(petition.Invalid, "file.id")
	}
	tmp, err := os.CreateTemp(b.spool, "put-")
	if err != nil {
		return 0, nil, fmt.Errorf("make file for upload: %w", err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	n, head, err := b.sealer.seal(ctx, tmp, id, r, limit)
	if err != nil {
		return 0, nil, err
	}
	if err := b.upload(ctx, id, tmp, ""); err != nil {
		return 0, nil, err
	}
	return n, head, nil
}

// upload writes an object; one that is there must have this etag, unless it is "".
func (b *bucket) upload(ctx context.Context, id string, f *os.File, etag string) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read sealed upload: %w", err)
	}
	o := minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true}
	if etag != "" {
		o.SetMatchETag(etag)
	}
	_, err = b.client.PutObject(ctx, b.name, key(id), f, size, o)
	if err != nil {
		return fmt.Errorf("put attachment: %w", failure(err))
	}
	return nil
}

func (b *bucket) Open(ctx context.Context, id string) (io.ReadCloser, error) {
	if !goodID(id) {
		return nil, notFound()
	}
	o, err := b.client.GetObject(ctx, b.name, key(id), minio.GetObjectOptions{})
	if err == nil {
		_, err = o.Stat() // GetObject asks nothing before the first read
	}
	if err != nil {
		return nil, fmt.Errorf("open attachment: %w", failure(err))
	}
	return b.sealer.open(o, id)
}

func (b *bucket) Delete(ctx context.Context, id string) error {
	if !goodID(id) {
		return nil
	}
	err := b.client.RemoveObject(ctx, b.name, key(id), minio.RemoveObjectOptions{})
	if err != nil && petition.CodeOf(failure(err)) != petition.NotFound {
		return fmt.Errorf("delete attachment: %w", failure(err))
	}
	return nil
}

// Each is Store.Each.
func (b *bucket) Each(ctx context.Context, do func(id string, key seal.ID) error) error {
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: key(""), Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list attachments: %w", failure(o.Err))
		}
		under, err := b.sealedUnder(ctx, o.Key)
		if petition.CodeOf(err) == petition.NotFound {
			continue
		}
		if err == nil {
			err = do(strings.TrimPrefix(o.Key, key("")), under)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) sealedUnder(ctx context.Context, name string) (seal.ID, error) {
	o := minio.GetObjectOptions{}
	if err := o.SetRange(0, seal.PrefixSize-1); err != nil {
		return "", err
	}
	r, err := b.client.GetObject(ctx, b.name, name, o)
	if err != nil {
		return "", failure(err)
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, seal.PrefixSize))
	if err != nil {
		return "", failure(err)
	}
	return b.sealer.keyOf(bufio.NewReader(bytes.NewReader(head)))
}

// Reseal is Store.Reseal. The object is written over if it is still the one that was read, where
// the storage knows If-Match; elsewhere one deleted in that moment comes back.
func (b *bucket) Reseal(ctx context.Context, id string) error {
	old, err := b.client.GetObject(ctx, b.name, key(id), minio.GetObjectOptions{})
	var was minio.ObjectInfo
	if err == nil {
		was, err = old.Stat()
	}
	if err != nil {
		return unlessGone(failure(err))
	}
	tmp, err := os.CreateTemp(b.spool, "reseal-")
	if err != nil {
		return errors.Join(fmt.Errorf("make file for upload: %w", err), old.Close())
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if err := b.sealer.again(ctx, tmp, id, old); err != nil {
		return err
	}
	if _, err := b.client.StatObject(ctx, b.name, key(id), minio.StatObjectOptions{}); err != nil {
		return unlessGone(failure(err))
	}
	return unlessGone(b.upload(ctx, id, tmp, was.ETag))
}

// Tidy is Store.Tidy.
func (b *bucket) Tidy(now time.Time) error { return tidy(b.spool, now) }

// unlessGone: what is gone, or is another by now, needs nothing.
func unlessGone(err error) error {
	var answer minio.ErrorResponse
	if petition.CodeOf(err) == petition.NotFound || errors.As(err, &answer) && answer.StatusCode == http.StatusPreconditionFailed {
		return nil
	}
	return err
}

func key(id string) string { return "files/" + id }

// failure is the petition.Error of the storage's: NotFound for a missing object, Unavailable
// where it does not answer.
func failure(err error) error {
	switch code := minio.ToErrorResponse(err); {
	case code.Code == "NoSuchKey" || code.StatusCode == http.StatusNotFound:
		return notFound()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), code.StatusCode >= 500, code.StatusCode == 0:
		return &petition.Error{Code: petition.Unavailable, Key: "file.unavailable", Op: "S3", Err: err}
	default: // refused credentials and the like: an operator has to change something
		return &petition.Error{Code: petition.Internal, Op: "S3", Err: err}
	}
}
