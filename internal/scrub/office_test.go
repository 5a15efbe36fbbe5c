package scrub

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// wordFile packs parts, name and content in turn.
func wordFile(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Deflate, Modified: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func partsOf(t *testing.T, b []byte) (names []string, parts map[string]string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in) // its checksum is looked at here
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		names = append(names, f.Name)
		parts[f.Name] = string(body)
		if y := f.Modified.Year(); y == 2026 {
			t.Errorf("%s still says when it was written", f.Name)
		}
	}
	return names, parts
}

const relations = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="/docProps/app.xml"/>
<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" Target="docProps/mine.xml"/></Relationships>`

// A Word or Excel file loses its author, program, company and the place its photos were
// taken at; everything else goes over as it is and in its order.
func TestOfficeFileLosesItsMaker(t *testing.T) {
	t.Parallel()
	body := "<w:document>村口的桥面塌了一半</w:document>"
	file := wordFile(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", relations, "docProps/core.xml", "<a>"+writer+"</a>", "docProps/app.xml", "<a>"+writer+"</a>",
		"docProps/mine.xml", "<a>"+writer+"</a>", "word/document.xml", body, "word/media/image1.jpeg", string(scanned()),
		"xl/workbook.xml", `<workbook><x15ac:absPath url="C:\Users\`+writer+`\" xmlns:x15ac="x"/><sheets/></workbook>`)
	for _, kind := range []string{zipped[".docx"], zipped[".xlsx"]} {
		out, traces, err := clean(kind, file)
		if err != nil || traces {
			t.Fatalf("traces %v, %v", traces, err)
		}
		names, parts := partsOf(t, out)
		for name, part := range parts {
			if strings.Contains(part, writer) || strings.Contains(part, secret) {
				t.Errorf("%s still says %q", name, part)
			}
		}
		if parts["word/document.xml"] != body || parts["_rels/.rels"] != relations || !strings.HasSuffix(parts["xl/workbook.xml"], "<sheets/></workbook>") {
			t.Errorf("what it says was touched: %q", parts)
		}
		if got := strings.Join(names, " "); !strings.HasPrefix(got, "[Content_Types].xml _rels/.rels docProps/core.xml") || len(names) != 8 {
			t.Errorf("parts %s", got)
		}
	}
}

// What would break, or can't be read, stays as it came, and that is said; so are names
// that are a part of the text.
func TestOfficeFileInDoubt(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"signed":        wordFile(t, "_rels/.rels", relations, "docProps/core.xml", writer, "_xmlsignatures/sig1.xml", "<Signature/>"),
		"no zip":        []byte("PK\x03\x04 and nothing"),
		"bad relations": wordFile(t, "_rels/.rels", "<<<"),
	} {
		if out, traces, err := clean(zipped[".docx"], file); err != nil || !traces || !bytes.Equal(out, file) {
			t.Errorf("%s: traces %v, changed %v, %v", name, traces, !bytes.Equal(out, file), err)
		}
	}
	for _, part := range [][2]string{{"word/comments.xml", "<w:comment/>"}, {"word/document.xml", `<w:ins w:author="甲"/>`}, {"word/media/a.jpg", "\xFF\xD8\xFF\xE1\x00\x00"}} {
		out, traces, err := clean(zipped[".docx"], wordFile(t, "_rels/.rels", relations, "docProps/core.xml", writer, part[0], part[1]))
		if _, parts := partsOf(t, out); err != nil || !traces || parts[part[0]] != part[1] || strings.Contains(parts["docProps/core.xml"], writer) {
			t.Errorf("%s: traces %v, %q, %v", part[0], traces, parts, err)
		}
	}
}
