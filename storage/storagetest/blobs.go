// Package storagetest is the conformance suites: what every implementation of a
// storage or service interface of this program must pass.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

// Blobs checks what petition.Blobs promises. open answers an empty store.
func Blobs(t *testing.T, open func(t *testing.T) petition.Blobs) {
	for name, check := range map[string]func(*testing.T, petition.Blobs){
		"bytes come back":                     blobsRoundTrip,
		"head is the first 512 bytes":         blobsHead,
		"too large leaves nothing":            blobsTooLarge,
		"failing reader leaves nothing":       blobsFailingReader,
		"failing replace keeps the old bytes": blobsFailedReplace,
		"replace is seen whole":               blobsReplace,
		"missing is not found":                blobsMissing,
		"ids are checked":                     blobsIDs,
		"cancelled":                           blobsCancelled,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

const mebibyte = 1 << 20

func blobsRoundTrip(t *testing.T, b petition.Blobs) {
	for id, size := range map[string]int{"empty": 0, "one": 1, "a.jpg": 64 << 10, "big-1": 3*mebibyte + 7} {
		want := pattern(size)
		n, _, err := b.Put(t.Context(), id, iotest.OneByteReader(bytes.NewReader(want[:min(size, 100)])), mebibyte)
		if err != nil || n != int64(min(size, 100)) {
			t.Fatalf("put %s byte by byte: %d, %v", id, n, err)
		}
		if n, _, err = b.Put(t.Context(), id, bytes.NewReader(want), int64(size)); err != nil || n != int64(size) {
			t.Fatalf("put %s of exactly the limit: %d, %v", id, n, err)
		}
		if got := readBlob(t, b, id); !bytes.Equal(got, want) {
			t.Errorf("%s came back as %d bytes, want %d equal ones", id, len(got), size)
		}
	}
}

func blobsHead(t *testing.T, b petition.Blobs) {
	for _, size := range []int{0, 3, 512, 2000} {
		_, head, err := b.Put(t.Context(), "h", bytes.NewReader(pattern(size)), mebibyte)
		if err != nil {
			t.Fatal(err)
		}
		if want := pattern(size)[:min(size, 512)]; !bytes.Equal(head, want) {
			t.Errorf("head of %d bytes: %s", size, cmp.Diff(want, head))
		}
	}
}

func blobsTooLarge(t *testing.T, b petition.Blobs) {
	_, _, err := b.Put(t.Context(), "x", bytes.NewReader(pattern(1001)), 1000)
	wantError(t, err, petition.Invalid, "file.too_large")
	_, err = b.Open(t.Context(), "x")
	wantError(t, err, petition.NotFound, "file.not_found")
}

func blobsFailingReader(t *testing.T, b petition.Blobs) {
	broken := errors.New("line cut")
	r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if _, _, err := b.Put(t.Context(), "x", r, 1000); !errors.Is(err, broken) {
		t.Errorf("put of a failing reader: %v, want its error", err)
	}
	_, err := b.Open(t.Context(), "x")
	wantError(t, err, petition.NotFound, "file.not_found")
}

func blobsFailedReplace(t *testing.T, b petition.Blobs) {
	put(t, b, "x", "first")
	_, _, err := b.Put(t.Context(), "x", strings.NewReader("much too long"), 3)
	wantError(t, err, petition.Invalid, "file.too_large")
	if got := readBlob(t, b, "x"); string(got) != "first" {
		t.Errorf("after a failed replace: %q", got)
	}
}

func blobsReplace(t *testing.T, b petition.Blobs) {
	one, two := strings.Repeat("1", 200_000), strings.Repeat("2", 200_000)
	put(t, b, "x", one)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 5 {
			put(t, b, "x", two)
			put(t, b, "x", one)
		}
	})
	for range 10 {
		if got := string(readBlob(t, b, "x")); got != one && got != two {
			t.Errorf("read a mixture of %d bytes", len(got))
		}
	}
	wg.Wait()
}

func blobsMissing(t *testing.T, b petition.Blobs) {
	_, err := b.Open(t.Context(), "nothing")
	wantError(t, err, petition.NotFound, "file.not_found")
	if err := b.Delete(t.Context(), "nothing"); err != nil {
		t.Errorf("delete nothing: %v", err)
	}
	put(t, b, "x", "here")
	if err := b.Delete(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	_, err = b.Open(t.Context(), "x")
	wantError(t, err, petition.NotFound, "file.not_found")
}

func blobsIDs(t *testing.T, b petition.Blobs) {
	for _, id := range []string{"", ".", "..", "../x", "a/b", "a\\b", "a b", "图", "a\x00", strings.Repeat("x", 201)} {
		if _, _, err := b.Put(t.Context(), id, strings.NewReader("x"), 10); petition.CodeOf(err) != petition.Invalid {
			t.Errorf("put under %q: %v, want invalid", id, err)
		}
		if _, err := b.Open(t.Context(), id); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("open %q: %v, want not found", id, err)
		}
	}
	for _, id := range []string{"0192f3aa-7bbb.orig", "AgACAgUAAx-9.jpg", strings.Repeat("x", 200)} {
		put(t, b, id, id)
		if got := readBlob(t, b, id); string(got) != id {
			t.Errorf("%q came back as %q", id, got)
		}
	}
}

func blobsCancelled(t *testing.T, b petition.Blobs) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := b.Put(ctx, "x", strings.NewReader("late"), 10); err == nil {
		t.Error("put with a cancelled context went through")
	}
	_, err := b.Open(t.Context(), "x")
	wantError(t, err, petition.NotFound, "file.not_found")
}

func put(t *testing.T, b petition.Blobs, id, text string) {
	t.Helper()
	if _, _, err := b.Put(t.Context(), id, strings.NewReader(text), mebibyte); err != nil {
		t.Errorf("put %s: %v", id, err)
	}
}

func readBlob(t *testing.T, b petition.Blobs, id string) []byte {
	t.Helper()
	r, err := b.Open(t.Context(), id)
	if err != nil {
		t.Fatalf("open %s: %v", id, err)
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", id, err)
	}
	return all
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// wantError checks code and key of a failure.
func wantError(t *testing.T, err error, code petition.Code, key string) {
	t.Helper()
	if !errors.Is(err, &petition.Error{Code: code, Key: key}) {
		t.Errorf("error is %v, want %s (%s)", err, code, key)
	}
}
