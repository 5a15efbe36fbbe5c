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
