package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/storage/blob"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

func newSet(t *testing.T) (old, fresh, newest *seal.Box) {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	old, err = seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	set, err := old.Keys().WithNext(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if fresh, err = seal.Open(set.Advanced().String()); err != nil {
		t.Fatal(err)
	}
	if set, err = set.Advanced().Without(old.Seals()); err != nil {
		t.Fatal(err)
	}
	if newest, err = seal.Open(set.String()); err != nil {
		t.Fatal(err)
	}
	return old, fresh, newest
}

func openWith(t *testing.T, url, dir string, box *seal.Box) blob.Store {
	t.Helper()
	b, err := blob.Open(t.Context(), url, dir, box)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, b blob.Store, id, text string) {
	t.Helper()
	if _, _, err := b.Put(t.Context(), id, strings.NewReader(text), 1<<20); err != nil {
		t.Fatal(err)
	}
}

func under(t *testing.T, b blob.Store) map[string]seal.ID {
	t.Helper()
	all := map[string]seal.ID{}
	err := b.Each(t.Context(), func(id string, key seal.ID) error { all[id] = key; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Files are sealed anew one by one; then the new key alone opens them, and the old one none.
func TestReseal(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"folder": "", "bucket": s3(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, fresh, newest := newSet(t)
			dir := t.TempDir()
			long := strings.Repeat("我家门口的路塌了 ", 9000) // some segments
			before := openWith(t, url, dir, old)
			put(t, before, "short", "一句话")
			put(t, before, "long", long)
			put(t, before, "empty", "")
			b := openWith(t, url, dir, fresh)
			put(t, b, "later", "后来的")
			for id, key := range under(t, b) {
				if err := b.Reseal(t.Context(), id); err != nil {
					t.Errorf("%s, sealed under %s: %v", id, key, err)
				}
			}
			if got := fmt.Sprint(under(t, b)); strings.Contains(got, string(old.Seals())) || strings.Count(got, string(fresh.Seals())) != 4 {
				t.Errorf("sealed under: %s", got)
			}
			alone := openWith(t, url, dir, newest)
			for id, want := range map[string]string{"short": "一句话", "long": long, "empty": "", "later": "后来的"} {
				if got, err := drain(t, alone, id); err != nil || string(got) != want {
					t.Errorf("%s: %d bytes, %v", id, len(got), err)
				}
				if _, err := drain(t, before, id); !errors.Is(err, seal.ErrUnknownKey) {
					t.Errorf("%s with the old key: %v", id, err)
				}
			}
			if err := b.Reseal(t.Context(), "gone"); err != nil {
				t.Errorf("a file that is gone: %v", err)
			}
			for path := range walk(t, dir) {
				if strings.Contains(path, "reseal-") {
					t.Errorf("%s is left", path)
				}
			}
		})
	}
}

// A file of before files named their key opens, and is the first key's.
func TestFilesOfBefore(t *testing.T) {
	t.Parallel()
	old, fresh, _ := newSet(t)
	dir := t.TempDir()
	put(t, openWith(t, "", dir, old), "x", "")
	for path := range walk(t, dir) {
		if err := os.WriteFile(path, withoutKey(t, old, "x", "以前的"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := openWith(t, "", dir, fresh)
	if got := under(t, b)["x"]; got != old.Seals() {
		t.Errorf("sealed under %q, want the first", got)
	}
	for range 2 {
		if got, err := drain(t, b, "x"); err != nil || string(got) != "以前的" {
			t.Errorf("%q, %v", got, err)
		}
		if err := b.Reseal(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
	}
	if got := under(t, b)["x"]; got != fresh.Seals() {
		t.Errorf("sealed under %q", got)
	}
}

// withoutKey is a file as it was stored before files named their key.
func withoutKey(t *testing.T, box *seal.Box, id, text string) []byte {
	t.Helper()
	a, err := subtle.NewAESGCMHKDF(box.Hash("blob", "streaming key"), "SHA256", 32, 64<<10, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := a.NewEncryptingWriter(&out, []byte("blob:"+id))
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whoever deletes a file while it is sealed anew has deleted it: reading the old one ends only
// after the deletion here.
func TestDeletedWhileSealedAnew(t *testing.T) {
	t.Parallel()
	old, fresh, _ := newSet(t)
	dir := t.TempDir()
	put(t, openWith(t, "", dir, old), "x", strings.Repeat("要删的", 50_000))
	b := openWith(t, "", dir, fresh)
	ctx := &onSecondLook{Context: t.Context(), do: func() {
		if err := b.Delete(t.Context(), "x"); err != nil {
			t.Error(err)
		}
	}}
	if err := b.Reseal(ctx, "x"); err != nil {
		t.Fatal(err)
	}
	if ctx.looks < 2 {
		t.Fatal("the file was never deleted")
	}
	if files := walk(t, dir); len(files) > 0 {
		t.Errorf("%d files are there again", len(files))
	}
}

// onSecondLook is a context that does something in the middle of a copy.
type onSecondLook struct {
	context.Context
	looks int
	do    func()
}

func (c *onSecondLook) Err() error {
	if c.looks++; c.looks == 2 {
		c.do()
	}
	return c.Context.Err()
}

// A spoilt file stays as it is, and is told.
func TestSpoiltFileStays(t *testing.T) {
	t.Parallel()
	old, fresh, _ := newSet(t)
	dir := t.TempDir()
	put(t, openWith(t, "", dir, old), "x", strings.Repeat("x", 200_000))
	var at string
	var spoilt []byte
	for path, raw := range walk(t, dir) {
		raw[len(raw)/2] ^= 1
		at, spoilt = path, raw
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := openWith(t, "", dir, fresh).Reseal(t.Context(), "x"); err == nil {
		t.Error("a spoilt file was sealed anew")
	}
	if is, err := os.ReadFile(at); err != nil || !bytes.Equal(is, spoilt) {
		t.Errorf("the spoilt file changed: %v", err)
	}
}
