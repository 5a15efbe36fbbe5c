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

// A photo of a camera that was turned stays turned right; where and when it was taken goes.
func TestJPEGStaysUpright(t *testing.T) {
	t.Parallel()
	tiff := map[string]string{
		"big":    "MM\x00*\x00\x00\x00\x08\x00\x02\x01\x0F\x00\x02\x00\x00\x00\x06\x00\x00\x00\x26\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00HUAWEI",
		"little": "II*\x00\x08\x00\x00\x00\x02\x00\x0F\x01\x02\x00\x06\x00\x00\x00\x26\x00\x00\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00HUAWEI",
	}
	photo := func(exif string) []byte {
		body := "Exif\x00\x00" + exif
		return []byte("\xFF\xD8\xFF\xE1\x00" + string(rune(len(body)+2)) + body + "\xFF\xDA\x00\x02\x11\x22\xFF\xD9")
	}
	for name, exif := range tiff {
		out, _, err := clean("image/jpeg", photo(exif))
		if err != nil || bytes.Contains(out, []byte("HUAWEI")) {
			t.Errorf("%s: %q, %v", name, out, err)
		}
		if i := bytes.Index(out, []byte("Exif")); i < 0 || orientation(0xE1, out[i:]) != 6 || !bytes.HasSuffix(out, []byte("\xFF\xDA\x00\x02\x11\x22\xFF\xD9")) {
			t.Errorf("%s: which way up is lost: %q", name, out)
		}
		for cut := range len(exif) { // cut off anywhere
			if _, _, err := clean("image/jpeg", photo(exif[:cut])); err != nil {
				t.Errorf("%s cut at %d: %v", name, cut, err)
			}
		}
	}
}
