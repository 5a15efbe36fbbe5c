package scrub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"
)

// fuzzLimits are small, so that a short file can reach them.
func fuzzLimits() Limits {
	return Limits{Memory: 256 << 20, AtOnce: 4, Unpacked: 1 << 20, Entries: 20_000, Time: 5 * time.Second}
}

// fuzzMemory is what cleaning n bytes within fuzzLimits may allocate, garbage counted. A
// writer that packs takes over a megabyte, an office file has two and another for its end.
func fuzzMemory(n int) uint64 { return 12*uint64(n) + 16<<20 }

// checkBounded cleans a file and fails when that takes too much memory or time, when the
// copy grew or when it is another one cleaned twice.
func checkBounded(t *testing.T, kind string, b []byte) {
	t.Helper()
	was := bytes.Clone(b)
	once := func(b []byte) ([]byte, bool, error) {
		var before, after runtime.MemStats
		start := time.Now()
		runtime.ReadMemStats(&before)
		out, traces, err := fuzzLimits().run(context.Background(), formats()[kind], b) // a panic ends it
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > fuzzMemory(len(b)) {
			t.Errorf("%s of %d bytes took %d KB of memory", kind, len(b), n>>10)
		}
		if d := time.Since(start); d > 2*fuzzLimits().Time {
			t.Errorf("%s of %d bytes took %v", kind, len(b), d)
		}
		return out, traces, err
	}
	out, _, err := once(b)
	if !bytes.Equal(b, was) {
		t.Errorf("%s: the bytes handed in were changed", kind)
	}
	if err != nil {
		if !errors.Is(err, errBudget) && !errors.Is(err, errPicture) {
			t.Errorf("%s: %v", kind, err)
		}
		return
	}
	if len(out) > len(b)+len(b)/8+1<<20 || len(out) == 0 && len(b) > 0 {
		t.Errorf("%s of %d bytes became %d", kind, len(b), len(out))
	}
	again, _, err := once(out)
	if errors.Is(err, errBudget) {
		return
	}
	if err != nil || !bytes.Equal(again, out) {
		t.Errorf("%s: cleaned twice it is another file (%d and %d bytes), %v", kind, len(out), len(again), err)
	}
}

// fuzzFormat fuzzes one format from ordinary files and from hostile ones of some 4 KB.
func fuzzFormat(f *testing.F, kind string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	for _, h := range hostiles() {
		if h.kind == kind {
			f.Add(h.make(4 << 10))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkBounded(t, kind, b) })
}

func FuzzJPEG(f *testing.F) {
	fuzzFormat(f, "image/jpeg", []byte("\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xDA\x00\x02\x01\x02\xFF\xD9"), []byte("\xFF\xD8\xFF\xFF\xFF"), []byte("\xFF\xD8\xFF\xDA\x00\x02\xFF\xFE\x00\x02\xFF\xD9\x00\x02"),
		[]byte("\xFF\xD8\xFF\xDA\x00\x02\xFF\xFE\x00\x02\xFF\xD4\x00\n\n\n\n\x02\xFF\xFE\x00\x02"), scanned())
}

func FuzzPNG(f *testing.F) {
	fuzzFormat(f, "image/png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x02tEXtab\x00\x00\x00\x00\x00\x00\x00\x00IEND\x00\x00\x00\x00"))
}

func FuzzWebP(f *testing.F) {
	fuzzFormat(f, "image/webp", []byte("RIFF\x20\x00\x00\x00WEBPVP8X\x00\x00\x00\x00EXIF\xff\xff\xff\xff"), []byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x02\x00\x00\x00\xff\xffEXIF\x00\x00\x00\x00"))
}

func FuzzHEIC(f *testing.F) { fuzzFormat(f, "image/heic", heic()) }

func FuzzFilm(f *testing.F) { fuzzFormat(f, "video/mp4", film(), ride(1), ride(0)) }

func FuzzPDF(f *testing.F) {
	fuzzFormat(f, "application/pdf",
		paperFile("/Info 4 0 R", catalogue, pages, streamObject("/Type/Metadata/Filter/FlateDecode", packedBytes(xmp())), "<</Author(x)/B<41>/C 2 0 R>>"),
		paperFile("/Info 4 0 R", catalogue, pages, streamObject("/Filter/DCTDecode", scanned()), "<</Author(D:2026)>>", "<</Length 1 0 R>>"))
}

// FuzzPDFObjects reaches what is packed in a PDF.
func FuzzPDFObjects(f *testing.F) {
	f.Add(2, 8, []byte("4 0 5 20<</Author(Zhang Sanfeng)>><</T(kept)>>"))
	f.Add(900, 3600, bytes.Repeat([]byte("4 0 "), 950))
	f.Add(1, 4, append([]byte("4 0 <</A("), bytes.Repeat([]byte("ab(\\))"), 999)...))
	f.Fuzz(func(t *testing.T, n, first int, text []byte) {
		packed := streamObject(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", n, first), packedBytes(text))
		checkBounded(t, "application/pdf", paperFile("/Info 4 0 R", catalogue, pages, packed))
	})
}

func FuzzOffice(f *testing.F) {
	fuzzFormat(f, zipped[".docx"], zipOf(
		zipEntry{name: "_rels/.rels", body: []byte(relations), deflate: true}, zipEntry{name: "docProps/core.xml", body: []byte(writer)},
		zipEntry{name: "word/media/a.jpg", body: scanned()}, zipEntry{name: "word/document.xml", body: []byte(`<w:ins w:author="x"/>`)}))
}

// FuzzOfficeParts reaches what is packed in a Word or Excel file.
func FuzzOfficeParts(f *testing.F) {
	f.Add([]byte(relations), "word/media/a.jpg", scanned(), []byte(`<x15ac:absPath url="C:\"/>`))
	f.Add(bytes.Repeat([]byte("<a>"), 2000), "docProps/thumbnail.jpeg", []byte("\xFF\xD8\xFF"), []byte("<x15ac:absPath<x15ac:absPath"))
	f.Add([]byte(`<a `+string(bytes.Repeat([]byte(`b="" `), 1000))+`/>`), "word/document.xml", bytes.Repeat([]byte(`w:author="" `), 200), []byte{})
	f.Fuzz(func(t *testing.T, rels []byte, name string, body, workbook []byte) {
		if len(name) > 1<<15 {
			return
		}
		checkBounded(t, zipped[".docx"], zipOf(zipEntry{name: "_rels/.rels", body: rels, deflate: true},
			zipEntry{name: name, body: body, deflate: true}, zipEntry{name: "xl/workbook.xml", body: workbook, deflate: true}))
	})
}
