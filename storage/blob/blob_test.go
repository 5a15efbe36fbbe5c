package blob_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/blob"
	"dengwen/storage/storagetest"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	storagetest.Blobs(t, func(t *testing.T) petition.Blobs { return open(t, "", t.TempDir()) })
}

func TestBucket(t *testing.T) {
	t.Parallel()
	storagetest.Blobs(t, func(t *testing.T) petition.Blobs { return open(t, s3(t), t.TempDir()) })
}

func TestNoPlainTextOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, "", dir)
	secret := strings.Repeat("我家门口的路塌了 ", 1000)
	if _, _, err := b.Put(t.Context(), "x", strings.NewReader(secret), 1<<20); err != nil {
		t.Fatal(err)
	}
	files := walk(t, dir)
	if len(files) != 1 {
		t.Fatalf("files on disk: %d, want 1 (no temporary one left)", len(files))
	}
	for path, raw := range files {
		if bytes.Contains(raw, []byte("路塌了")) {
			t.Errorf("%s shows the text", path)
		}
	}
}

func TestChangedFileDoesNotOpen(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func([]byte) []byte{
		"bit":  func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"cut":  func(b []byte) []byte { return b[:len(b)-20] },
		"tail": func(b []byte) []byte { return b[:70_000] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := open(t, "", dir)
			if _, _, err := b.Put(t.Context(), "x", bytes.NewReader(make([]byte, 200_000)), 1<<20); err != nil {
				t.Fatal(err)
			}
			for path, raw := range walk(t, dir) {
				if err := os.WriteFile(path, spoil(raw), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := drain(t, b, "x"); err == nil {
				t.Error("a spoilt file was read without an error")
			}
		})
	}
}

func TestFileIsBoundToItsID(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, "", dir)
	for _, id := range []string{"one", "two"} {
		if _, _, err := b.Put(t.Context(), id, strings.NewReader("text of "+id), 100); err != nil {
			t.Fatal(err)
		}
	}
	var one, two string
	for path := range walk(t, dir) {
		if filepath.Base(path) == "one" {
			one = path
		} else {
			two = path
		}
	}
	if err := os.Rename(one, two); err != nil {
		t.Fatal(err)
	}
	if got, err := drain(t, b, "two"); err == nil {
		t.Errorf("a file moved to another id opened as %q", got)
	}
}

func TestStorageAway(t *testing.T) {
	t.Parallel()
	srv := fake()
	address := s3URL(srv)
	b := open(t, address, t.TempDir())
	srv.Close()
	_, _, err := b.Put(t.Context(), "x", strings.NewReader("x"), 10)
	if petition.CodeOf(err) != petition.Unavailable {
		t.Errorf("put while the storage is away: %v, want unavailable", err)
	}
}

func drain(t *testing.T, b petition.Blobs, id string) ([]byte, error) {
	t.Helper()
	r, err := b.Open(t.Context(), id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func open(t *testing.T, url, dir string) petition.Blobs {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.Open(t.Context(), url, dir, box)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func s3(t *testing.T) string {
	t.Helper()
	srv := fake()
	t.Cleanup(srv.Close)
	return s3URL(srv)
}

func fake() *httptest.Server {
	return httptest.NewServer(gofakes3.New(s3mem.New()).Server())
}

func s3URL(srv *httptest.Server) string {
	return fmt.Sprintf("s3://key:secret@%s/petitions?tls=false", strings.TrimPrefix(srv.URL, "http://"))
}

func walk(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
