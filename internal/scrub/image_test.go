package scrub

import (
	"bytes"
	"slices"
	"testing"
)

// What hangs on behind the end of a picture goes, also when a comment stands before the
// end mark and the bytes behind it look like the length of a segment.
func TestJPEGEndsAtItsEndMark(t *testing.T) {
	t.Parallel()
	picture := []byte("\xFF\xD8\xFF\xDA\x00\x02scan\xFF\xFE\x00\x04no\xFF\xD9")
	out, traces, err := clean("image/jpeg", append(picture, "\x00\x14"+secret...))
	if want := "\xFF\xD8\xFF\xDA\x00\x02scan\xFF\xD9"; err != nil || traces || string(out) != want || bytes.Contains(out, []byte(secret)) {
		t.Errorf("%q, traces %v, %v", out, traces, err)
	}
}

// A marker without a length is no segment in which something could be kept.
func TestJPEGMarkersWithoutLength(t *testing.T) {
	t.Parallel()
	for _, marker := range []byte{0x00, 0x01, 0xD0, 0xD7, 0xD8} {
		hidden := append([]byte{0xFF, marker, 0, 20}, secret...)
		for _, head := range []string{"\xFF\xD8", "\xFF\xD8\xFF\xDA\x00\x02scan\xFF\xFE\x00\x02"} {
			picture := slices.Concat([]byte(head), hidden, []byte("\xFF\xDA\x00\x02scan\xFF\xD9"))
			if out, _, err := clean("image/jpeg", picture); err == nil {
				t.Errorf("%x after %d bytes: %q", marker, len(head), out)
			}
		}
		photo := slices.Concat([]byte("\xFF\xD8"), hidden, []byte("\xFF\xDA\x00\x02scan\xFF\xD9"))
		file := paperFile("", catalogue, pages, streamObject("/Subtype/Image/Filter/DCTDecode", photo))
		if _, traces, err := clean("application/pdf", file); err != nil || !traces {
			t.Errorf("%x in a PDF: traces %v, %v", marker, traces, err)
		}
	}
}

// Of the segments of a JPEG those stay that say how it is shown: JFIF, a colour profile and
// Adobe's transform. What may say who made it, where and with what goes: Exif and XMP (APP1),
// IPTC (APP13), other programs' own, comments.
func TestJPEGKeepsWhatShowsIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		marker byte
		head   string
		stays  bool
	}{
		"JFIF": {0xE0, "JFIF\x00", true}, "colour profile": {0xE2, "ICC_PROFILE\x00", true}, "Adobe": {0xEE, "Adobe", true}, "tables": {0xDB, "", true},
		"Exif": {0xE1, "Exif\x00\x00", false}, "XMP": {0xE1, "http://ns.adobe.com/xap/1.0/\x00", false}, "several pictures": {0xE2, "MPF\x00", false},
		"IPTC": {0xED, "Photoshop 3.0\x00", false}, "Ducky": {0xEC, "Ducky", false}, "another program's": {0xEF, "", false}, "comment": {0xFE, "", false},
	} {
		body := c.head + secret
		segment := append([]byte{0xFF, c.marker, 0, byte(len(body) + 2)}, body...)
		out, traces, err := clean("image/jpeg", slices.Concat([]byte("\xFF\xD8"), segment, []byte("\xFF\xDA\x00\x02scan\xFF\xD9")))
		if err != nil || traces || bytes.Contains(out, segment) != c.stays || bytes.Contains(out, []byte(secret)) != c.stays {
			t.Errorf("%s: %q, traces %v, %v", name, out, traces, err)
		}
	}
}
