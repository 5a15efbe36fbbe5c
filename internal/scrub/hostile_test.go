package scrub

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
)

// hostileSize is about what an office lets in by default (max_file_mb: 20).
const hostileSize = 20 << 20

// hostile is one file made to cost memory or time, of about size bytes.
type hostile struct {
	kind, name string
	over       bool // it exceeds the budget
	make       func(size int) []byte
}

func hostiles() []hostile {
	return slices.Concat(hostileOffice(), hostilePDF(), hostileFilms(), hostilePictures())
}

func hostileOffice() []hostile {
	docx := zipped[".docx"]
	picture := func(zeros int) []byte {
		return slices.Concat([]byte{0xFF, 0xD8, 0xFF, 0xDA, 0, 2}, make([]byte, zeros))
	}
	return []hostile{
		{docx, "4,000 entries share one body", true, func(size int) []byte {
			return sharedBody(min(4000, size/200), make([]byte, min(500<<10, size)))
		}},
		{docx, "entries overlap by a few bytes", true, func(size int) []byte {
			z := zipOf(zipEntry{name: "word/a.xml", body: bytes.Repeat([]byte("a"), size/4)}, zipEntry{name: "word/b.xml", body: bytes.Repeat([]byte("b"), size/4)})
			at := bytes.LastIndex(z, []byte("PK\x01\x02"))
			off := binary.LittleEndian.Uint32(z[at+42:])
			copy(z[off-400:], z[off:off+40]) // the second one's head stands in the first one's body
			binary.LittleEndian.PutUint32(z[at+42:], off-400)
			return z
		}},
		{docx, "relations of elements", true, func(size int) []byte {
			return zipOf(zipEntry{name: "_rels/.rels", body: []byte("<R>" + strings.Repeat("<Relationship/>", 3*size/15) + "</R>"), deflate: true})
		}},
		{docx, "relations nested", true, func(size int) []byte {
			return zipOf(zipEntry{name: "_rels/.rels", body: bytes.Repeat([]byte("<a>"), size), deflate: true})
		}},
		{docx, "relations of attributes", true, func(size int) []byte {
			return zipOf(zipEntry{name: "_rels/.rels", body: []byte("<R " + strings.Repeat(`a="" `, 3*size/5) + "/>"), deflate: true})
		}},
		{docx, "relations 9,000 times", false, func(size int) []byte {
			body := zipEntry{name: "_rels/.rels", body: []byte("<R>" + strings.Repeat("<a/>", 1700) + "</R>"), deflate: true}
			return zipOf(slices.Repeat([]zipEntry{body}, min(9000, size/200))...)
		}},
		{docx, "a directory of 46-byte entries", true, func(size int) []byte {
			n := size / 46
			z := bytes.Repeat(centralEntry("", 0, 0, 0, 0, 0), n)
			return append(z, directoryEnd(uint16(n), uint32(len(z)), 0)...)
		}},
		{docx, "pictures that unpack to zeros", false, func(size int) []byte {
			var all []zipEntry
			for i := range 8 {
				all = append(all, zipEntry{name: fmt.Sprintf("word/media/%d.jpg", i), body: picture(size), deflate: true})
			}
			return zipOf(all...)
		}},
		{docx, "a text that unpacks to blanks", false, func(size int) []byte {
			return zipOf(zipEntry{name: "word/document.xml", body: bytes.Repeat([]byte(" "), 6*size), deflate: true})
		}},
		{docx, "a workbook that unpacks to paths", true, func(size int) []byte {
			return zipOf(zipEntry{name: "xl/workbook.xml", body: bytes.Repeat([]byte(`<x15ac:absPath url="a"`), 3*size/22), deflate: true})
		}},
		{docx, "sizes that are not there", false, func(int) []byte {
			z := zipOf(zipEntry{name: "word/a.xml", body: []byte("a")})
			at := bytes.Index(z, []byte("PK\x01\x02"))
			binary.LittleEndian.PutUint32(z[at+20:], 0xFFFFFFF0)
			binary.LittleEndian.PutUint32(z[at+24:], 0xFFFFFFF0)
			return z
		}},
		{docx, "zip64 sizes that are not there", false, func(int) []byte {
			extra := binary.LittleEndian.AppendUint64([]byte{1, 0, 16, 0}, 1<<62)
			extra = binary.LittleEndian.AppendUint64(extra, 1<<62)
			local := localEntry("word/a.xml", 0, 0, 1, 1)
			c := centralEntry("word/a.xml", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0)
			binary.LittleEndian.PutUint16(c[30:], uint16(len(extra)))
			c = append(c, extra...)
			return slices.Concat(local, []byte("a"), c, directoryEnd(1, uint32(len(c)), uint32(len(local)+1)))
		}},
	}
}

// zipEntry is one part of a zip, packed or not.
type zipEntry struct {
	name    string
	body    []byte
	deflate bool
}

func zipOf(entries ...zipEntry) []byte {
	var body, dir []byte
	var before zipEntry
	var packed []byte
	for _, e := range entries {
		method := uint16(0)
		switch {
		case !e.deflate:
			packed = e.body
		case before.name == e.name && bytes.Equal(before.body, e.body): // packed already
			method = 8
		default:
			method = 8
			var b bytes.Buffer
			w, _ := flate.NewWriter(&b, flate.DefaultCompression)
			_, _ = w.Write(e.body)
			_ = w.Close()
			packed = b.Bytes()
		}
		before = e
		sum, at := crc32.ChecksumIEEE(e.body), uint32(len(body))
		body = append(body, localEntry(e.name, method, sum, uint32(len(packed)), uint32(len(e.body)))...)
		body = append(body, packed...)
		dir = append(dir, centralEntry(e.name, method, sum, uint32(len(packed)), uint32(len(e.body)), at)...)
	}
	return slices.Concat(body, dir, directoryEnd(uint16(len(entries)), uint32(len(dir)), uint32(len(body))))
}

// sharedBody is a zip of n entries with one body.
func sharedBody(n int, body []byte) []byte {
	sum := crc32.ChecksumIEEE(body)
	z := append(localEntry("word/0000.xml", 0, sum, uint32(len(body)), uint32(len(body))), body...)
	at := uint32(len(z))
	for i := range n {
		z = append(z, centralEntry(fmt.Sprintf("word/%04d.xml", i), 0, sum, uint32(len(body)), uint32(len(body)), 0)...)
	}
	return append(z, directoryEnd(uint16(n), uint32(len(z))-at, at)...)
}

func localEntry(name string, method uint16, sum, packed, size uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("PK\x03\x04"), 20, 0, 0, 0)
	b = append(le.AppendUint16(b, method), 0, 0, 0, 0)
	b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, sum), packed), size)
	return append(append(le.AppendUint16(b, uint16(len(name))), 0, 0), name...)
}

func centralEntry(name string, method uint16, sum, packed, size, at uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("PK\x01\x02"), 20, 0, 20, 0, 0, 0)
	b = append(le.AppendUint16(b, method), 0, 0, 0, 0)
	b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, sum), packed), size)
	b = append(le.AppendUint16(b, uint16(len(name))), make([]byte, 12)...)
	return append(le.AppendUint32(b, at), name...)
}

func directoryEnd(n uint16, size, at uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("PK\x05\x06"), 0, 0, 0, 0)
	b = le.AppendUint16(le.AppendUint16(b, n), n)
	return append(le.AppendUint32(le.AppendUint32(b, size), at), 0, 0)
}

func hostilePDF() []hostile {
	const kind = "application/pdf"
	fill := func(head, unit, tail string) func(int) []byte {
		return func(size int) []byte {
			return []byte("%PDF-1.7\n" + head + strings.Repeat(unit, size/len(unit)) + tail)
		}
	}
	const root = "\ntrailer<</Root 1 0 R/Info 7 0 R>>\n"
	packed := func(dict, text string) string {
		return "7 0 obj\n" + streamObject("/Type/ObjStm/Filter/FlateDecode"+dict, packedBytes([]byte(text))) + "\nendobj\n"
	}
	return []hostile{
		{kind, "trailers in one comment", true, fill("", "trailer%", root)},
		{kind, "trailers with an open text", true, fill("", "trailer<</A(", root)},
		{kind, "trailers within trailers", true, fill("", "trailer<</A[", root)},
		{kind, "trailers with an Info each", false, func(size int) []byte {
			b := []byte("%PDF-1.7\n")
			for i := 0; len(b) < size; i++ {
				b = fmt.Appendf(b, "trailer<</Info %d 0 R>>", i)
			}
			return append(b, root...)
		}},
		{kind, "objects", false, fill("", "1 0 obj 0 ", root)},
		{kind, "objects with numbers", false, func(size int) []byte {
			b := []byte("%PDF-1.7\n0 0 obj<</Length 7 0 R>>stream\n")
			for i := 0; len(b) < size; i++ {
				b = fmt.Appendf(b, "%d 0 obj 1 endobj ", i)
			}
			return append(b, root...)
		}},
		{kind, "a length that is its own", false, fill("1 0 obj<</Length 1 0 R>>stream\nendstream endobj ", " ", root)},
		{kind, "cross-references in a circle", false, fill("1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 40>>\nstartxref\n40\n%%EOF", " ", "")},
		{kind, "a dictionary of names", false, fill("1 0 obj<<", "/A 1", "/Length 0>>stream\nendstream endobj"+root)},
		{kind, "a dictionary of references", false, fill("7 0 obj<<", "/A 1 0 R", ">>endobj"+root)},
		{kind, "an array nested", false, fill("7 0 obj", "[", root)},
		{kind, "open brackets", false, fill("7 0 obj(", "(", root)},
		{kind, "an object stream of numbers", false, func(size int) []byte {
			text := strings.Repeat("1 ", 3*size/2)
			return []byte("%PDF-1.7\n" + packed(fmt.Sprintf("/N 1/First %d", len(text)), text) + root)
		}},
		{kind, "an object stream of blanks", true, func(size int) []byte {
			return []byte("%PDF-1.7\n" + packed("/N 1/First 4", "7 0 "+strings.Repeat(" ", 40*size)) + root)
		}},
		{kind, "pairs that share one object", true, func(size int) []byte {
			n := size / 4
			text := strings.Repeat("7 0 ", n)
			return []byte("%PDF-1.7\n" + packed(fmt.Sprintf("/N %d/First %d", n, len(text)), text+"["+strings.Repeat("(a)", size/3)+"]") + root)
		}},
		{kind, "object streams with an Info each", false, func(size int) []byte {
			one := packed("/N 1/First 4", "7 0 <</Author(a)>>")
			return []byte("%PDF-1.7\n" + strings.Repeat(one, size/len(one)) + root)
		}},
		{kind, "an object stream slow to pack", false, func(size int) []byte {
			text := []byte("7 0 (" + strings.Repeat("a)", 1))
			r := rand.New(rand.NewPCG(1, 2))
			for len(text) < 3*size {
				text = append(text, strings.Repeat("ab", int(r.Uint32()%60)+1)...)
				text = append(text, byte(r.Uint32()))
			}
			return []byte("%PDF-1.7\n" + packed("/N 1/First 4", string(text)) + root)
		}},
	}
}

func hostileFilms() []hostile {
	mp4, heic := "video/mp4", "image/heic"
	ftyp := atom("ftyp", []byte("mp42"))
	box8 := []byte{0, 0, 0, 8, 'f', 'r', 'e', 'e'}
	meta := func(parts ...[]byte) []byte {
		return slices.Concat(atom("ftyp", []byte("heic")), atom("meta", make([]byte, 4), bytes.Join(parts, nil)))
	}
	return []hostile{
		{mp4, "boxes of eight bytes", true, func(size int) []byte {
			b := slices.Clone(ftyp)
			for len(b) < size {
				b = append(b, atom("moov", bytes.Repeat(box8, min(90_000, size/8)))...)
			}
			return b
		}},
		{mp4, "tracks of eight bytes", true, func(size int) []byte {
			b := slices.Clone(ftyp)
			for len(b) < size {
				b = append(b, atom("moov", bytes.Repeat([]byte("\x00\x00\x00\x08trak"), min(90_000, size/8)))...)
			}
			return b
		}},
		{mp4, "boxes nested", false, func(size int) []byte {
			b := slices.Clone(ftyp)
			for n := uint32(size / 8 * 8); n >= 8; n -= 8 {
				b = append(binary.BigEndian.AppendUint32(b, n), []string{"moov", "trak", "mdia", "minf"}[n/8%4]...)
			}
			return b
		}},
		{mp4, "boxes of no and of all length", false, func(size int) []byte {
			b := slices.Clone(ftyp)
			b = append(b, "\x00\x00\x00\x01moov\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"...)
			return append(b, make([]byte, size)...)
		}},
		{mp4, "samples that share their bytes", true, func(size int) []byte {
			media := atom("mdat", make([]byte, size/2))
			n := uint32(size / 16)
			sizes := words32(0, uint32(size/2), n)
			chunks := slices.Repeat([]uint32{uint32(len(ftyp) + 8)}, int(n))
			return slices.Concat(ftyp, media, atom("moov", atom("mvhd", head(0, 96)), trackOf("meta", sizes, chunks)))
		}},
		{mp4, "samples in a hundred thousand places", false, func(size int) []byte {
			places := min(99_000, size/40)
			b := append(slices.Clone(ftyp), bytes.Repeat(atom("mdat", make([]byte, 8)), places)...)
			n := (size - len(b)) / 4
			last := uint32(len(b) - 8)
			chunks := slices.Repeat([]uint32{last}, n)
			return append(b, atom("moov", atom("mvhd", head(0, 96)), trackOf("meta", words32(0, 1, uint32(n)), chunks))...)
		}},
		{heic, "extents that share their bytes", true, func(size int) []byte {
			infe := atom("infe", []byte{2, 0, 0, 0, 0, 1, 0, 0}, []byte("Exif"), []byte{0})
			extents := min(60_000, size/16)
			iloc := slices.Concat([]byte{0, 0, 0, 0, 0x44, 0, 0, 1}, []byte{0, 1, 0, 0}, binary.BigEndian.AppendUint16(nil, uint16(extents)),
				bytes.Repeat(words32(0, uint32(size/2)), extents))
			build := func() []byte { return meta(atom("iinf", []byte{0, 0, 0, 0, 0, 1}, infe), atom("iloc", iloc)) }
			at := uint32(len(build()) + len("size") + len("mdat"))
			for i := range extents {
				binary.BigEndian.PutUint32(iloc[14+8*i:], at)
			}
			return append(build(), atom("mdat", make([]byte, size/2))...)
		}},
		{heic, "items by the million", false, func(size int) []byte {
			infe := atom("infe", []byte{2, 0, 0, 0, 0, 1, 0, 0}, []byte("Exif"), []byte{0})
			return meta(atom("iinf", []byte{0, 0, 0, 0, 0, 1}, bytes.Repeat(infe, size/len(infe))), atom("iloc", []byte{0, 0, 0, 0, 0x44, 0, 0, 0}))
		}},
		{heic, "extents of no length", true, func(size int) []byte {
			return meta(atom("iinf", make([]byte, 6)), atom("iloc", []byte{0, 0, 0, 0, 0x10, 0, 0xFF, 0xFF}, bytes.Repeat([]byte{0, 1, 0, 0, 0xFF, 0xFF, 0}, size/7)))
		}},
	}
}

// trackOf is a track with this stsz body and one sample to a chunk.
func trackOf(kind string, stsz []byte, chunks []uint32) []byte {
	dref := atom("dref", words32(0, 1), atom("url ", []byte{0, 0, 0, 1}))
	stbl := atom("stbl", atom("stsd", words32(0, 0)), atom("stsc", words32(0, 1, 1, 1, 1)),
		atom("stsz", words32(0), stsz[4:]), atom("stco", words32(0, uint32(len(chunks))), words32(chunks...)))
	return atom("trak", atom("tkhd", head(0, 80)),
		atom("mdia", atom("hdlr", make([]byte, 8), []byte(kind), []byte("name")), atom("minf", atom("dinf", dref), stbl)))
}

func hostilePictures() []hostile {
	fill := func(head, unit, tail string) func(int) []byte {
		return func(size int) []byte { return []byte(head + strings.Repeat(unit, size/len(unit)) + tail) }
	}
	png, webp := "\x89PNG\r\n\x1a\n", "RIFF\xff\xff\xff\x7fWEBP"
	return []hostile{
		{"image/jpeg", "empty segments", false, fill("\xFF\xD8", "\xFF\xE0\x00\x02", "\xFF\xD9")},
		{"image/jpeg", "fill bytes", false, fill("\xFF\xD8", "\xFF", "\xFF\xD9")},
		{"image/jpeg", "empty scans", false, fill("\xFF\xD8", "\xFF\xDA\x00\x02", "\xFF\xD9")},
		{"image/jpeg", "a scan of stuffed bytes", false, fill("\xFF\xD8\xFF\xDA\x00\x02", "\xFF\x00\xFF\xFF", "")},
		{"image/png", "empty chunks", false, fill(png, "\x00\x00\x00\x00IDAT\x00\x00\x00\x00", "\x00\x00\x00\x00IEND\x00\x00\x00\x00")},
		{"image/png", "a chunk of all length", false, fill(png, "\xff\xff\xff\xffIDAT\x00\x00\x00\x00", "")},
		{"image/webp", "empty chunks", false, fill(webp, "VP8 \x00\x00\x00\x00", "")},
		{"image/webp", "flags by the million", false, fill(webp, "VP8X\x01\x00\x00\x00\xff\x00", "")},
		{"image/webp", "a chunk of all length", false, fill(webp, "VP8 \xff\xff\xff\xff", "")},
	}
}
