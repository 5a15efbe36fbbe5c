package petition_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"
	"strings"
	"testing"

	"dengwen/petition"
)

// camera makes a photo as a phone does: with a place, an owner and a comment in it.
func camera(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, body string) []byte {
		s := []byte{0xFF, marker, 0, 0}
		binary.BigEndian.PutUint16(s[2:], uint16(len(body)+2))
		return append(s, body...)
	}
	plain := b.Bytes()
	photo := append([]byte{}, plain[:2]...)
	photo = append(photo, segment(0xE1, "Exif\x00\x00GPS 33.68N 109.11E")...)
	photo = append(photo, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00owner")...)
	photo = append(photo, segment(0xED, "Photoshop 3.0\x00owner")...)
	photo = append(photo, segment(0xFE, "secret comment")...)
	photo = append(photo, plain[2:]...)
	return append(photo, "second picture with GPS behind the end"...)
}

// stored is what is noted of a file.
func (w *world) stored(id string) petition.File {
	w.t.Helper()
	f, err := w.store.Files(w.t.Context(), []string{id})
	if err != nil || len(f) != 1 {
		w.t.Fatalf("file %s: %v, %v", id, f, err)
	}
	return f[0]
}

func attach(w *world, a petition.Actor, id, kind, name string, body []byte) (petition.Attachment, error) {
	return w.s.Attach(w.t.Context(), a, petition.Attachment{ID: id, Kind: kind, Name: name}, bytes.NewReader(body))
}

// A document that could not be emptied safely is kept as it came, staff are told, and the
// sender's word about it counts for nothing.
func TestStaffAreToldOfTraces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.Attachments = []petition.Attachment{{ID: "old", Kind: "document", Name: "合同.doc"}, {ID: "photo", Kind: "photo", Traces: true}}
	n := w.file(f).Number
	old := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "author"...)
	if at, err := attach(w, lin, "old", "document", "合同.doc", old); err != nil || !at.Traces {
		t.Fatalf("attach: %+v, %v", at, err)
	}
	if _, err := attach(w, lin, "photo", "photo", "a.jpg", camera(t)); err != nil {
		t.Fatal(err)
	}
	v, err := w.s.Look(t.Context(), clerk, n, "")
	if err != nil || len(v.Files) != 2 || !v.Files[0].Traces || v.Files[1].Traces {
		t.Errorf("staff see %+v, %v", v.Files, err)
	}
	r, _, err := w.s.Open(t.Context(), clerk, n, "old")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, old) {
		t.Errorf("the copy is %q, %v", got, err)
	}
}

func TestAttachTakesHiddenDataOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.Attachments = []petition.Attachment{{ID: "photo-1", Kind: "photo"}}
	n := w.file(f).Number
	photo := camera(t)
	at, err := attach(w, lin, "photo-1", "photo", "a.jpg", photo)
	if err != nil || at.Type != "image/jpeg" || !at.Stored || at.Size != int64(len(photo)) {
		t.Fatalf("attach: %+v, %v", at, err)
	}
	for _, a := range []petition.Actor{lin, clerk} {
		r, _, err := w.s.Open(t.Context(), a, n, "photo-1")
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(r)
		for _, secret := range []string{"GPS", "owner", "secret", "Exif"} {
			if bytes.Contains(got, []byte(secret)) {
				t.Errorf("the copy still holds %s", secret)
			}
		}
		if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
			t.Errorf("the copy is no picture any more: %v", err)
		}
	}
	if kept := w.stored("photo-1"); !w.blobs.Has(kept.Original) || kept.Original == kept.Copy {
		t.Errorf("the bytes as they came are gone: %+v", kept)
	}
	again, err := attach(w, lin, "photo-1", "photo", "b.jpg", []byte("other bytes"))
	if err != nil || again.Size != at.Size {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	_, err = attach(w, stranger, "photo-1", "photo", "b.jpg", photo)
	wantError(t, err, petition.Conflict, "file.taken")
}

// A name cannot pass for another ending or lead to another folder, wherever it comes in:
// with the bytes, in a filing or in a move.
func TestFileNamesAreShownSafely(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []petition.Attachment
	wants := map[string]string{}
	for i, c := range [][2]string{
		{"photo\u202Egnp.exe.png", "photognp.exe.png"}, {"\u2067a\u2069\u200F\u061C.png", "a.png"}, {"../../etc/a.png", "a.png"}, {`C:\Users\x\b.png`, "b.png"},
		{"a\u202E/b\x00\r\n\u2028.png", "b.png"}, {".\u202E.", ""}, {"..", ""}, {"欠条 1.jpg", "欠条 1.jpg"}, {"a/", ""}, {"👨\u200D👩.png", "👨\u200D👩.png"},
	} {
		id, by := "name-"+strconv.Itoa(i), lin
		if i >= 5 {
			by = clerk
		}
		at, err := attach(w, by, id, "photo", c[0], camera(t))
		if err != nil || at.Name != c[1] {
			t.Errorf("%q is kept as %q, %v; want %q", c[0], at.Name, err, c[1])
		}
		all = append(all, petition.Attachment{ID: id, Kind: "photo", Name: c[0]})
		wants[id] = c[1]
	}
	f := filing(petition.Claim)
	f.Attachments = all[:5]
	n := w.file(f).Number
	note := m(petition.MoveNote, "text", "见附件")
	note.Files = all[5:]
	w.do(clerk, n, note)
	v, err := w.s.Look(t.Context(), clerk, n, "")
	if err != nil || len(v.Files) < 5 {
		t.Fatalf("%d files, %v", len(v.Files), err)
	}
	shown := v.Files
	for _, e := range v.Timeline {
		shown = append(shown, e.Files...)
	}
	for _, f := range shown {
		if f.Name != wants[f.ID] {
			t.Errorf("%s is shown as %q, want %q", f.ID, f.Name, wants[f.ID])
		}
	}
}

func TestOpenOnlyWhatBelongsToTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := attach(w, stranger, "theirs", "photo", "a.jpg", camera(t)); err != nil {
		t.Fatal(err)
	}
	f := filing(petition.Claim)
	f.Attachments = []petition.Attachment{{ID: "theirs", Kind: "photo"}}
	_, err := w.s.File(t.Context(), lin, f)
	wantError(t, err, petition.Invalid, "file.not_found")
	f.Attachments = []petition.Attachment{{ID: "comes-from-them", Kind: "photo"}, {ID: "never-came", Kind: "photo"}}
	n := w.file(f).Number
	if _, err := attach(w, stranger, "comes-from-them", "photo", "a.jpg", camera(t)); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"theirs", "comes-from-them", "never-came", "unheard-of"} {
		_, _, err := w.s.Open(t.Context(), lin, n, id)
		wantError(t, err, petition.NotFound, "file.not_found")
	}
	_, _, err = w.s.Open(t.Context(), water, n, "theirs")
	wantError(t, err, petition.NotFound, "lookup.no_match")
	if _, err := attach(w, clerk, "memo", "document", "memo.txt", []byte("内部材料，先不公开")); err != nil {
		t.Fatal(err)
	}
	note := m(petition.MoveNote, "text", "见附件")
	note.Files = []petition.Attachment{{ID: "memo", Kind: "document"}}
	w.do(clerk, n, note)
	_, _, err = w.s.Open(t.Context(), lin, n, "memo")
	wantError(t, err, petition.NotFound, "file.not_found")
	if _, _, err := w.s.Open(t.Context(), clerk, n, "memo"); err != nil {
		t.Errorf("the office opens its own note: %v", err)
	}
}

// What an officer stores in their own chat counts for their office's cases and for their
// own petition; what was stored before chats were noted still opens to officers.
func TestFilesOfAnOfficerWhoIsAPetitioner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self := road
	self.Owner = lin.Owner
	if _, err := attach(w, self, "proof", "photo", "a.jpg", camera(t)); err != nil {
		t.Fatal(err)
	}
	before := petition.File{Attachment: petition.Attachment{ID: "old", Kind: "photo"}, By: "staff:" + road.Staff, At: w.now()}
	if _, err := w.store.PutFile(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.blobs.Put(t.Context(), "old", strings.NewReader("old"), 10); err != nil {
		t.Fatal(err)
	}
	f := filing(petition.Claim)
	f.Attachments = []petition.Attachment{{ID: "proof", Kind: "photo"}}
	own := w.file(f).Number
	f = filing(petition.Claim)
	f.Key, f.Owner = "other", "tg:2"
	theirs := w.file(f).Number
	w.do(clerk, theirs, m(petition.MoveTransfer, "unit", "transport"))
	note := m(petition.MoveNote, "text", "见附件")
	note.Files = []petition.Attachment{{ID: "proof", Kind: "photo"}, {ID: "old", Kind: "photo"}}
	w.do(road, theirs, note)
	for _, c := range []struct {
		actor      petition.Actor
		number, id string
	}{{lin, own, "proof"}, {clerk, own, "proof"}, {roadHead, theirs, "proof"}, {clerk, theirs, "old"}} {
		r, _, err := w.s.Open(t.Context(), c.actor, c.number, c.id)
		if err != nil {
			t.Errorf("%s opens %s: %v", c.actor.Staff, c.id, err)
			continue
		}
		_ = r.Close()
	}
}

func TestAttachRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name string
		body []byte
		key  string
	}{
		{"empty.jpg", nil, "file.empty"},
		{"virus.exe", []byte("MZ\x90\x00\x03"), "file.kind"},
		{"page.jpg", []byte("<html><script>alert(1)</script></html>"), "file.kind"},
		{"a.zip", []byte("PK\x03\x04 anything"), "file.kind"},
		{"half.jpg", []byte("\xFF\xD8\xFF\xE1\xFF\xFFshort"), "file.damaged"},
		{"half.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "file.damaged"},
		{"big.txt", bytes.Repeat([]byte("a"), 20<<20+1), "file.too_large"},
	} {
		_, err := attach(w, lin, "x-"+strings.ReplaceAll(c.name, ".", "-"), "document", c.name, c.body)
		wantError(t, err, petition.Invalid, c.key)
	}
	_, err := attach(w, petition.Actor{}, "x", "photo", "a.jpg", camera(t))
	wantError(t, err, petition.Forbidden, "file.who")
	_, err = w.s.Attach(t.Context(), lin, petition.Attachment{ID: "y", Kind: "photo"}, failing{})
	if petition.CodeOf(err) == "" {
		t.Error("a reader that fails stores something")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("line cut") }

func TestTypesThatAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct{ head, want string }{
		"voice.oga": {"OggS\x00\x02", "audio/ogg"}, "a.pdf": {"%PDF-1.7\n", "application/pdf"},
		"a.mp4": {"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isom", "video/mp4"}, "a.mov": {"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00", "video/quicktime"},
		"a.m4a": {"\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00", "audio/mp4"}, "a.amr": {"#!AMR\n<", "audio/amr"},
		"a.docx": {"PK\x03\x04\x14\x00", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"a.txt":  {"欠条", "text/plain"}, "a.gif": {"GIF89a\x01\x00", "image/gif"},
		"a.doc": {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", "application/msword"},
	} {
		at, err := attach(w, lin, "t-"+strings.ReplaceAll(name, ".", "-"), "document", name, []byte(c.head))
		if err != nil || at.Type != c.want {
			t.Errorf("%s: %s, %v; want %s", name, at.Type, err, c.want)
		}
	}
}

func TestPNGAndWebPLoseHiddenData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	chunk := func(kind, body string) []byte {
		c := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		c = append(append(c, kind...), body...)
		return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
	}
	picture := append(append([]byte{}, plain[:33]...), chunk("eXIf", "GPS")...)
	picture = append(append(picture, chunk("tEXt", "Author\x00owner")...), plain[33:]...)
	webp := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x01\x00\x00EXIF\x04\x00\x00\x00GPS!VP8 \x02\x00\x00\x00ab")
	binary.LittleEndian.PutUint32(webp[4:], uint32(len(webp)-8))
	for name, body := range map[string][]byte{"a.png": picture, "a.webp": webp} {
		id := strings.ReplaceAll(name, ".", "-")
		f := filing(petition.Claim)
		f.Key, f.Attachments = id, []petition.Attachment{{ID: id, Kind: "photo"}}
		n := w.file(f).Number
		if _, err := attach(w, lin, id, "photo", name, body); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r, _, err := w.s.Open(t.Context(), clerk, n, id)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(r)
		if bytes.Contains(got, []byte("GPS")) || bytes.Contains(got, []byte("owner")) {
			t.Errorf("%s still holds its place or owner", name)
		}
		if _, err := png.Decode(bytes.NewReader(got)); name == "a.png" && err != nil {
			t.Errorf("%s is no picture any more: %v", name, err)
		}
		if size := binary.LittleEndian.Uint32(got[4:]); name == "a.webp" && (int(size) != len(got)-8 || got[20] != 0) {
			t.Errorf("webp says %d bytes of %d, flags %x", size, len(got), got[20])
		}
	}
}

func TestCleanup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"kept", "left"} {
		if _, err := attach(w, lin, id, "photo", "a.jpg", camera(t)); err != nil {
			t.Fatal(err)
		}
	}
	f := filing(petition.Claim)
	f.Attachments = []petition.Attachment{{ID: "kept", Kind: "photo"}}
	w.file(f)
	kept, left := w.stored("kept"), w.stored("left")
	w.days(30)
	if n, err := w.s.Cleanup(t.Context()); n != 0 || err != nil {
		t.Errorf("within the draft's time: removed %d, %v", n, err)
	}
	w.days(1)
	if n, err := w.s.Cleanup(t.Context()); n != 1 || err != nil {
		t.Errorf("after it: removed %d, %v", n, err)
	}
	if w.blobs.Has(left.Copy) || w.blobs.Has(left.Original) || !w.blobs.Has(kept.Copy) || !w.blobs.Has(kept.Original) {
		t.Error("the wrong bytes are gone")
	}
}
