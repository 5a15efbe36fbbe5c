package scrub

import (
	"bytes"
	"testing"
)

// No picture, however broken, makes the cleaning panic or run on.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{
		"\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xDA\x00\x02\x01\x02\xFF\xD9", "\xFF\xD8\xFF\xFF\xFF", "\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND\x00\x00\x00\x00",
		string(film()), string(heic()), "RIFF\x20\x00\x00\x00WEBPVP8X\x00\x00\x00\x00EXIF\xff\xff\xff\xff", "RIFF\xff\xff\xff\xffWEBP",
	} {
		f.Add([]byte(seed))
	}
	f.Add(ride(1))
	f.Add(paperFile("/Info 4 0 R", catalogue, pages, streamObject("/Type/Metadata/Filter/FlateDecode", packedBytes(xmp())), "<</Author(x)/B<41>/C 2 0 R>>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []string{"image/jpeg", "image/png", "image/webp", "image/heic", "video/mp4", "application/pdf"} {
			out, _, err := Clean(kind, b)
			if err != nil {
				continue
			}
			if len(out) > len(b)+2 {
				t.Errorf("%s grew from %d to %d bytes", kind, len(b), len(out))
			}
			if again, _, err := Clean(kind, out); err != nil || !bytes.Equal(again, out) {
				t.Errorf("%s: cleaned twice it is another file (%d and %d bytes), %v", kind, len(out), len(again), err)
			}
		}
		if out, _ := cleanOffice(b); !bytes.Equal(out, b) && len(out) == 0 {
			t.Errorf("an office file of %d bytes became none", len(b))
		}
	})
}
