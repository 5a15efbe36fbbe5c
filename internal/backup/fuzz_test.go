package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"dengwen/internal/seal"
)

// What reading n bytes may take: the decoder's windows, and a row as often as its buffer grows.
func fuzzMemory(n int) uint64 { return 64*uint64(n) + 64<<20 }

const fuzzTime = 10 * time.Second

// readBounded reads a backup within bounds of memory and time. It fails as damaged, or as none.
func readBounded(t *testing.T, box *seal.Box, b []byte) error {
	t.Helper()
	var before, after runtime.MemStats
	start := time.Now()
	runtime.ReadMemStats(&before)
	_, err := Read(bytes.NewReader(b), box, Visitor{
		Head: func(Head) error { return nil }, Record: func(Record) error { return nil }, Cases: func(Cases) error { return nil },
		Row: func(string, []byte) error { return nil }, Listed: func(Listed) error { return nil },
		File: func(string, int64, io.Reader) error { return nil },
	})
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > fuzzMemory(len(b)) {
		t.Errorf("a backup of %d bytes took %d KB of memory", len(b), n>>10)
	}
	if d := time.Since(start); d > fuzzTime {
		t.Errorf("a backup of %d bytes took %v", len(b), d)
	}
	if err != nil && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrDamaged) && !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("a bad backup is answered %v", err)
	}
	return err
}

func fuzzBox(f *testing.F) (*seal.Box, []byte) {
	f.Helper()
	key, err := seal.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, box, Head{Made: 7, Instance: "one"})
	if err != nil {
		f.Fatal(err)
	}
	err = w.Row(Table("cases"), []byte(`["x"]`))
	_, last := w.Close()
	if err := errors.Join(err, last); err != nil {
		f.Fatal(err)
	}
	return box, b.Bytes()
}

// A file of a stranger's making opens as no backup.
func FuzzSealedBackup(f *testing.F) {
	box, good := fuzzBox(f)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := readBounded(t, box, b); err == nil && !bytes.Equal(b, good) {
			t.Error("a changed backup opens")
		}
	})
}

// What stands inside a seal is bounded too: the key may have got into wrong hands.
func FuzzBackup(f *testing.F) {
	box, _ := fuzzBox(f)
	var inner bytes.Buffer
	f.Add([]byte("head.json"))
	for _, name := range []string{"head.json", "cases.json", "conversations/1", "cases/cases/1", "filelist/1", "files/a", "end.json"} {
		w := &Writer{tar: tar.NewWriter(&inner)}
		if err := w.whole(name, []byte(`{"x":1}`)); err != nil {
			f.Fatal(err)
		}
		f.Add(inner.Bytes())
	}
	f.Fuzz(func(t *testing.T, tarred []byte) {
		key := box.Seals()
		aead, err := box.Streaming(key, purpose)
		if err != nil {
			t.Fatal(err)
		}
		b := bytes.NewBuffer(append([]byte(magic), key.Prefix()...))
		sealed, err := aead.NewEncryptingWriter(b, []byte(magic))
		if err != nil {
			t.Fatal(err)
		}
		z, err := zstd.NewWriter(sealed, zstd.WithWindowSize(window))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(tarred); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(z.Close(), sealed.Close()); err != nil {
			t.Fatal(err)
		}
		_ = readBounded(t, box, b.Bytes())
	})
}
