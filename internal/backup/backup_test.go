package backup_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"dengwen/internal/backup"
	"dengwen/internal/seal"
)

func newBox(t *testing.T) *seal.Box {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

const marker = "geheim-marker"

// written is a backup with rows of several entries, records and two attachments.
func written(t *testing.T, box *seal.Box) ([]byte, backup.End, []byte) {
	t.Helper()
	var b bytes.Buffer
	w, err := backup.NewWriter(&b, box, backup.Head{Made: 7, Instance: "one"})
	if err != nil {
		t.Fatal(err)
	}
	file := make([]byte, 300_000)
	_, _ = rand.Read(file)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		must(w.Record(backup.Record{Conversation: &backup.Conversation{Conv: marker}}))
	}
	must(w.Cases(backup.Cases{Schema: 3, Links: 4}))
	row := []byte(`["s` + strings.Repeat(marker, 1000) + `"]`)
	for range 100 { // 1.3 MB
		must(w.Row(backup.Table("cases"), row))
	}
	must(w.Row(backup.Table("entries"), row))
	must(w.File("a", int64(len(file)), bytes.NewReader(file)))
	must(w.File("b", 0, bytes.NewReader(nil)))
	end, err := w.Close()
	must(err)
	return b.Bytes(), end, file
}

func TestReadBack(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	b, want, file := written(t, box)
	var records, rows int
	var got []byte
	end, err := backup.Read(bytes.NewReader(b), box, backup.Visitor{
		Record: func(r backup.Record) error { records++; return nil },
		Row:    func(string, []byte) error { rows++; return nil },
		File: func(id string, size int64, from io.Reader) (err error) {
			if id == "a" {
				got, err = io.ReadAll(from)
			}
			return err
		},
	})
	if err != nil || !end.Equal(want) || records != 3 || rows != 101 || !bytes.Equal(got, file) {
		x, _ := json.Marshal(end)
		t.Errorf("%d records, %d rows, %s, %v", records, rows, x, err)
	}
	if bytes.Contains(b, []byte(marker)) || bytes.Contains(b, []byte("head.json")) || bytes.Contains(b, []byte("zstd")) {
		t.Error("a backup shows what is in it")
	}
}

// A backup that was cut, changed or sealed with another key does not open.
func TestDamaged(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	b, _, _ := written(t, box)
	read := func(b []byte, box *seal.Box) error {
		_, err := backup.Read(bytes.NewReader(b), box, backup.Visitor{})
		return err
	}
	if err := read(b, newBox(t)); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("another key: %v", err)
	}
	if err := read([]byte("something else altogether"), box); !errors.Is(err, backup.ErrForeign) {
		t.Errorf("no backup: %v", err)
	}
	for _, at := range []int{25, len(b) / 2, len(b) - 1} {
		changed := bytes.Clone(b)
		changed[at] ^= 1
		if err := read(changed, box); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("a bit changed at %d: %v", at, err)
		}
		if err := read(b[:at], box); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
}
