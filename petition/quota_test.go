package petition_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
)

// reading notes whether a byte of a file was read.
type reading struct {
	io.Reader
	read bool
}

func (r *reading) Read(p []byte) (int, error) { r.read = true; return r.Reader.Read(p) }

// A chat stores a hundred files a day, an address three hundred; what is refused is not read,
// and what is stored already is answered.
func TestFilesHaveAQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attach := func(a petition.Actor, id string) (bool, error) {
		r := &reading{Reader: strings.NewReader("\xff\xfb\x90\x64 a recording")}
		_, err := w.s.Attach(t.Context(), a, petition.Attachment{ID: id, Kind: "audio", Name: "a.mp3", Type: "audio/mpeg"}, r)
		return r.read, err
	}
	chat := func(i int) petition.Actor {
		return petition.Actor{Owner: fmt.Sprint("web:", i), Address: "here"}
	}
	for c := range 3 {
		for i := range 100 {
			if read, err := attach(chat(c), fmt.Sprintf("f-%d-%d", c, i)); err != nil && petition.CodeOf(err) != petition.Invalid || !read {
				t.Fatalf("file %d of chat %d: %v", i, c, err)
			}
		}
		if read, err := attach(petition.Actor{Owner: fmt.Sprint("web:", c)}, "more"); read || !errors.Is(err, petition.Fail(petition.Limited, "file.quota")) {
			t.Errorf("the hundred and first of chat %d: read %v, %v", c, read, err)
		}
	}
	if read, err := attach(chat(9), "more"); read || !errors.Is(err, petition.Fail(petition.Limited, "file.quota")) {
		t.Errorf("a fresh chat of that address: read %v, %v", read, err)
	}
	if read, err := attach(petition.Actor{Owner: "web:9", Address: "elsewhere"}, "more"); !read || petition.CodeOf(err) == petition.Limited {
		t.Errorf("from elsewhere: %v", err)
	}
	w.mu.Lock()
	w.at = w.at.Add(24 * time.Hour)
	w.mu.Unlock()
	if read, _ := attach(chat(0), "later"); !read {
		t.Error("a day later nothing is taken")
	}
}

func TestFilesNeedRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.s.WithRoom(func() bool { return false })
	r := &reading{Reader: strings.NewReader("x")}
	_, err := s.Attach(t.Context(), lin, petition.Attachment{ID: "f", Kind: "audio", Name: "a.mp3", Type: "audio/mpeg"}, r)
	if !errors.Is(err, petition.Fail(petition.Limited, "file.no_room")) || r.read {
		t.Errorf("without room: read %v, %v", r.read, err)
	}
	if _, err := s.File(t.Context(), lin, filing(petition.Claim)); err != nil {
		t.Errorf("words are refused too: %v", err)
	}
}
