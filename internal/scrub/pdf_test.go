package scrub

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

const writer = "Zhang Sanfeng"

// paperFile puts a PDF together from objects, with a right cross-reference table.
func paperFile(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, table)
	return b.Bytes()
}

func streamObject(dict string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

func packedBytes(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// scanned is a page's picture as a phone's camera wrote it.
func scanned() []byte {
	note := []byte("Exif\x00\x00" + writer + secret)
	b := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(note)+2))...)
	return append(append(b, note...), 0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0xD9)
}

const (
	catalogue = "<</Type/Catalog/Pages 2 0 R>>"
	pages     = "<</Type/Pages/Kids[]/Count 0>>"
	words     = "BT (the bridge is down) Tj ET"
)

func xmp() []byte {
	return []byte("<?xpacket begin=''?><rdf>" + writer + strings.Repeat(" of the third group", 10) + "</rdf><?xpacket end='w'?>")
}

// What a PDF says of its maker is blanked where it stands, however it is packed; what it
// shows and where everything lies does not change.
func TestPDFLosesItsMaker(t *testing.T) {
	t.Parallel()
	inner := "<</Author(" + writer + ")/Title<5A68616E67>/CreationDate(D:20261123130001+08'00')>>"
	ofObjects := "5 0 6 " + fmt.Sprint(len(inner)+1) + " "
	objectStream := packedBytes([]byte(ofObjects + inner + "\n<</S/Other/T(kept)>>"))
	for name, file := range map[string][]byte{
		"Info":          paperFile("/Info 4 0 R", catalogue, pages, streamObject("", []byte(words)), "<</Author("+writer+" \\(\\) (x))/ModDate (D:20261123130001Z)>>"),
		"pointed to":    paperFile("/Info 4 0 R", catalogue, pages, streamObject("", []byte(words)), "<</Author 5 0 R>>", "("+writer+")"),
		"XMP":           paperFile("", catalogue, pages, streamObject("", []byte(words)), streamObject("/Type/Metadata/Subtype/XML", xmp())),
		"packed XMP":    paperFile("", catalogue, pages, streamObject("", []byte(words)), streamObject("/Type/Metadata/Subtype/XML/Filter/FlateDecode", packedBytes(xmp()))),
		"photo":         paperFile("", catalogue, pages, streamObject("", []byte(words)), streamObject("/Subtype/Image/Filter/DCTDecode", scanned())),
		"object stream": paperFile("/Info 5 0 R", catalogue, pages, streamObject("", []byte(words)), streamObject(fmt.Sprintf("/Type/ObjStm/N 2/First %d/Filter/FlateDecode", len(ofObjects)), objectStream)),
		"length beside": paperFile("/Info 5 0 R", catalogue, pages, "<</Length 4 0 R>>\nstream\n"+words+"\nendstream", fmt.Sprint(len(words)), "<</Author("+writer+")>>"),
	} {
		out, traces, err := clean("application/pdf", file)
		if err != nil || traces || len(out) != len(file) {
			t.Errorf("%s: %d of %d bytes, traces %v, %v", name, len(out), len(file), traces, err)
		}
		if bytes.Equal(out, file) || bytes.Contains(plainly(t, out), []byte("Zhang")) || bytes.Contains(out, []byte(secret)) {
			t.Errorf("%s: the maker is still in it:\n%q", name, plainly(t, out))
		}
		if !bytes.Contains(out, []byte(words)) || !bytes.Equal(out[bytes.LastIndex(out, []byte("xref")):], file[bytes.LastIndex(file, []byte("xref")):]) {
			t.Errorf("%s: what it shows was touched", name)
		}
		if name == "object stream" && (!bytes.Contains(plainly(t, out), []byte("/T(kept)")) || !bytes.Contains(plainly(t, out), []byte("(D:19700101000000+00'00')"))) {
			t.Errorf("another object beside was touched: %q", plainly(t, out))
		}
	}
}

// plainly is a file with its packed streams unpacked behind it; each must be whole.
func plainly(t *testing.T, b []byte) []byte {
	t.Helper()
	p := pdf{syntax: syntax{newBudget(t.Context(), DefaultLimits(), len(b)), b}, infos: map[int]bool{}}
	if !p.scan() {
		t.Errorf("it can't be followed any more: %q", b)
	}
	out := bytes.Clone(b)
	for _, o := range p.objects {
		if o.stream() && bytes.Contains(p.b[o.at:o.end], []byte("FlateDecode")) {
			text := p.unpack(p.b[o.data:o.last])
			if text == nil {
				t.Errorf("a stream is broken: %q", p.b[o.data:o.last])
			}
			out = append(out, text...)
		}
	}
	return out
}

// A file in which something is in doubt stays as it came, and that is said.
func TestPDFInDoubtIsLeftAlone(t *testing.T) {
	t.Parallel()
	info := "<</Author(" + writer + ")>>"
	for name, file := range map[string][]byte{
		"signed":           paperFile("/Info 3 0 R", catalogue, pages, info, "<</Type/Sig/ByteRange[0 10 20 30]>>"),
		"encrypted":        paperFile("/Info 3 0 R/Encrypt 4 0 R", catalogue, pages, info, "<</Filter/Standard>>"),
		"wrong length":     paperFile("/Info 3 0 R", catalogue, pages, info, "<</Length 3>>\nstream\n"+words+"\nendstream"),
		"cut off":          paperFile("/Info 3 0 R", catalogue, pages, info, streamObject("", []byte(words)))[:170],
		"no PDF":           []byte("%PDF-"),
		"brackets without": []byte("%PDF-1.4\n1 0 obj\n<</A(" + strings.Repeat("(", 1000)),
		"deep":             []byte("%PDF-1.4\n1 0 obj\n" + strings.Repeat("[", 1000)),
	} {
		out, traces, err := clean("application/pdf", file)
		if err != nil || !traces || !bytes.Equal(out, file) {
			t.Errorf("%s: traces %v, changed %v, %v", name, traces, !bytes.Equal(out, file), err)
		}
	}
	// The rest is emptied, what holds files of its own is said to.
	out, traces, _ := clean("application/pdf", paperFile("/Info 3 0 R", catalogue, pages, info, streamObject("/Type/EmbeddedFile", []byte("x"))))
	if !traces || bytes.Contains(out, []byte(writer)) {
		t.Errorf("with a file inside: traces %v, %q", traces, out)
	}
}
