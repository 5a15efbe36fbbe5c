package storagetest

import (
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	county "dengwen/internal/office"
	"dengwen/petition"
)

var serviceFileChecks = map[string]func(*testing.T, petition.Cases){
	"an attachment comes back":     attachRoundTrip,
	"attachments are refused":      attachRefused,
	"an attachment is stored once": attachOnce,
	"who may open":                 attachOpen,
	"files are their uploaders'":   attachOwned,
	"documents":                    documents,
}

// picture is a small PNG.
func picture() string {
	var b strings.Builder
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}

func attach(t *testing.T, s petition.Cases, a petition.Actor, id, body string) (petition.Attachment, error) {
	t.Helper()
	return s.Attach(t.Context(), a, petition.Attachment{ID: id, Kind: "document", Name: "证据 1.txt", Album: "al"}, strings.NewReader(body))
}

// lodgeWith files a case that names these attachments.
func lodgeWith(t *testing.T, s petition.Cases, ids ...string) petition.Ticket {
	t.Helper()
	f := filing("tg:100", "路灯")
	for _, id := range ids {
		f.Attachments = append(f.Attachments, petition.Attachment{ID: id, Kind: "document"})
	}
	ticket, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}

func attachRoundTrip(t *testing.T, s petition.Cases) {
	body := strings.Repeat("路灯坏了。\n", 50_000)
	at, err := attach(t, s, citizen, "f-1", body)
	if err != nil {
		t.Fatal(err)
	}
	if at.Type != "text/plain" || at.Size != int64(len(body)) || !at.Stored || at.Name != "证据 1.txt" || at.Album != "al" {
		t.Errorf("found %+v", at)
	}
	ticket := lodgeWith(t, s, "f-1")
	r, opened, err := s.Open(t.Context(), citizen, ticket.Number, "f-1")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil || string(got) != body {
		t.Errorf("%d bytes came back (%v), want %d", len(got), err, len(body))
	}
	equal(t, "description", opened, at)
}

func attachRefused(t *testing.T, s petition.Cases) {
	_, err := attach(t, s, citizen, "f-1", "MZ\x90\x00 a program")
	wantError(t, err, petition.Invalid, "file.kind")
	_, err = attach(t, s, citizen, "f-1", "")
	wantError(t, err, petition.Invalid, "file.empty")
	_, err = attach(t, s, petition.Actor{Asker: "x"}, "f-1", picture())
	wantError(t, err, petition.Forbidden, "file.who")
	_, err = attach(t, s, citizen, "../f", picture())
	wantError(t, err, petition.Invalid, "file.malformed")
	_, err = s.Attach(t.Context(), citizen, petition.Attachment{ID: "f-1", Kind: "gift"}, strings.NewReader(picture()))
	wantError(t, err, petition.Invalid, "file.malformed")
	tooMuch := int64(county.Example().Settings.Filled().MaxFileMB)<<20 + 1
	_, err = s.Attach(t.Context(), citizen, petition.Attachment{ID: "f-1", Kind: "document"}, io.LimitReader(letters{}, tooMuch))
	wantError(t, err, petition.Invalid, "file.too_large")
	if _, err = attach(t, s, citizen, "f-1", picture()); err != nil {
		t.Errorf("the id is spent by refused files: %v", err)
	}
}

// letters never ends.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func attachOnce(t *testing.T, s petition.Cases) {
	first, err := attach(t, s, citizen, "f-1", "first text")
	if err != nil {
		t.Fatal(err)
	}
	again, err := attach(t, s, citizen, "f-1", "another text, longer")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "a second upload", again, first)
	_, err = attach(t, s, neighbor, "f-1", "a third")
	wantError(t, err, petition.Conflict, "file.taken")
}

func attachOpen(t *testing.T, s petition.Cases) {
	if _, err := attach(t, s, citizen, "f-1", "text"); err != nil {
		t.Fatal(err)
	}
	ticket := lodgeWith(t, s, "f-1", "f-not-there-yet")
	for name, c := range map[string]struct {
		actor petition.Actor
		id    string
		opens bool
	}{
		"owner":          {citizen, "f-1", true},
		"clerk":          {clerk(), "f-1", true},
		"another chat":   {neighbor, "f-1", false},
		"unknown file":   {citizen, "f-9", false},
		"not yet stored": {citizen, "f-not-there-yet", false},
		"no id":          {citizen, "", false},
	} {
		r, _, err := s.Open(t.Context(), c.actor, ticket.Number, c.id)
		if c.opens != (err == nil) || !c.opens && petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = r.Close()
		}
	}
}

// attachOwned: naming somebody else's file in a petition or a move is refused, and naming
// it before it comes opens nothing.
func attachOwned(t *testing.T, s petition.Cases) {
	unit := department(t)
	if _, err := attach(t, s, citizen, "f-1", "text"); err != nil {
		t.Fatal(err)
	}
	f := filing("tg:200", "路灯")
	f.Attachments = []petition.Attachment{{ID: "f-1", Kind: "document"}}
	_, err := s.File(t.Context(), neighbor, f)
	wantError(t, err, petition.Invalid, "file.not_found")
	f.Attachments[0].ID = "f-1.raw"
	_, err = s.File(t.Context(), neighbor, f)
	wantError(t, err, petition.Invalid, "file.malformed")
	_, err = attach(t, s, neighbor, "f-1.RAW", "text")
	wantError(t, err, petition.Invalid, "file.malformed")
	f.Attachments[0].ID = "f-2"
	theirs, err := s.File(t.Context(), neighbor, f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := attach(t, s, citizen, "f-2", "text"); err != nil {
		t.Fatal(err)
	}
	for _, a := range []petition.Actor{neighbor, clerk()} {
		_, _, err = s.Open(t.Context(), a, theirs.Number, "f-2")
		wantError(t, err, petition.NotFound, "file.not_found")
	}
	m := move(petition.MoveTransfer, "")
	m.Unit, m.Files = unit, []petition.Attachment{{ID: "f-1", Kind: "document"}}
	_, err = s.Do(t.Context(), clerk(), theirs.Number, m)
	wantError(t, err, petition.Invalid, "file.not_found")
}
