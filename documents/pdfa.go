package documents

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf16"

	"dengwen/internal/fonts"
)

// info is what a file says of itself.
type info struct{ title, subject string }

const producer = "Dengwen"

// archival makes a file of gopdf's a PDF/A-1b (ISO 19005-1) with a right text layer: gopdf writes
// the map from glyphs to characters with five hexadecimal digits beyond U+FFFF, where
// readers take four, leaves out how glyphs of a font are numbered, and gives the length
// of some streams wrong. Colours get their profile, the file its metadata and an identity.
// Equal pages make equal files: no date stands in them but those that are printed.
func archival(pdf []byte, of info) ([]byte, error) {
	objects, err := split(pdf)
	if err != nil {
		return nil, err
	}
	n := len(objects)
	for i, o := range objects {
		switch {
		case bytes.Contains(o, []byte("/Type /Catalog")):
			refs := fmt.Sprintf("/Metadata %d 0 R\n/OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R>>]\n>>", n+1, n+2)
			objects[i] = replaceLast(o, ">>", refs)
		case bytes.Contains(o, []byte("/Subtype /CIDFontType2")):
			objects[i] = replaceLast(o, ">>", "/CIDToGIDMap /Identity\n>>")
		case bytes.Contains(o, []byte("beginbfrange")):
			objects[i] = stream("", toUnicode(o))
		default:
			objects[i] = measured(o)
		}
	}
	objects = append(objects, stream("/Type /Metadata /Subtype /XML", metadata(of)), stream("/N 3", fonts.SRGB), infoObject(of))
	return join(objects), nil
}

var startxref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)

// split takes a file apart into its objects, the first of which has the number 1.
func split(pdf []byte) ([][]byte, error) {
	m := startxref.FindSubmatch(pdf[max(0, len(pdf)-64):])
	if m == nil {
		return nil, errors.New("no table of objects")
	}
	table, _ := strconv.Atoi(string(m[1]))
	if table <= 0 || table >= len(pdf) {
		return nil, errors.New("table of objects out of the file")
	}
	var starts []int
	for _, l := range bytes.Split(pdf[table:], []byte("\n")) {
		if bytes.HasSuffix(l, []byte(" 00000 n ")) {
			at, err := strconv.Atoi(string(l[:10]))
			if err != nil || at >= table {
				return nil, fmt.Errorf("object at %q", l)
			}
			starts = append(starts, at)
		}
	}
	starts = append(starts, table)
	if !slices.IsSorted(starts) {
		return nil, errors.New("objects out of order")
	}
	objects := make([][]byte, len(starts)-1)
	for i := range objects {
		_, body, ok := bytes.Cut(pdf[starts[i]:starts[i+1]], []byte(" obj\n"))
		end := bytes.LastIndex(body, []byte("endobj"))
		if !ok || end < 0 {
			return nil, fmt.Errorf("object %d has no end", i+1)
		}
		objects[i] = body[:end]
	}
	return objects, nil
}

// join writes objects as a file. Its identity is that of its content.
func join(objects [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe7\x99\xbb\xe9\x97\xbb\n")
	starts := make([]int, len(objects))
	for i, o := range objects {
		starts[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, bytes.TrimRight(o, "\n"))
	}
	id, table := sha256.Sum256(b.Bytes()), b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range starts {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R /Info %d 0 R /ID [<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, len(objects), id[:16], id[:16], table)
	return b.Bytes()
}

func replaceLast(o []byte, old, with string) []byte {
	i := bytes.LastIndex(o, []byte(old))
	if i < 0 {
		return o
	}
	return slices.Concat(o[:i], []byte(with), o[i+len(old):])
}

func stream(entries string, data []byte) []byte {
	return slices.Concat(fmt.Appendf(nil, "<<%s /Length %d>>\nstream\n", entries, len(data)), data, []byte("\nendstream"))
}

var length = regexp.MustCompile(`/Length \d+`)

// measured is an object with the length that its stream has, if it is one.
func measured(o []byte) []byte {
	dict, data, ok := bytes.Cut(o, []byte("stream\n"))
	end := bytes.LastIndex(data, []byte("endstream"))
	if !ok || end < 0 {
		return o
	}
	data = bytes.TrimSuffix(data[:end], []byte("\n"))
	dict = length.ReplaceAll(dict, fmt.Appendf(nil, "/Length %d", len(data)))
	return slices.Concat(dict, []byte("stream\n"), data, []byte("\nendstream"))
}

var mapped = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>`)

// toUnicode writes the map from glyphs to characters anew: UTF-16, at most a hundred
// lines a block.
func toUnicode(o []byte) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(mapped.FindAllSubmatch(o, -1), 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for _, m := range block {
			c, _ := strconv.ParseUint(string(m[2]), 16, 32)
			fmt.Fprintf(&b, "<%s><%s>\n", m[1], utf16Hex(string(rune(c))))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.Bytes()
}

func utf16Hex(s string) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

func infoObject(of info) []byte {
	return fmt.Appendf(nil, "<</Title <FEFF%s> /Subject <FEFF%s> /Producer (%s)>>", utf16Hex(of.title), utf16Hex(of.subject), producer)
}

// metadata says the same as infoObject, which PDF/A demands.
func metadata(of info) []byte {
	esc := func(s string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(s)) // a Buffer cannot fail
		return b.String()
	}
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title><dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>%s</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`, "\ufeff", esc(cmp.Or(of.title, producer)), esc(of.subject), producer)
}
