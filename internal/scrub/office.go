package scrub

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Word or Excel file (OOXML, ECMA-376) is a zip of parts. Those that say who wrote it,
// with what, when and for whom are replaced by empty ones; pictures in it lose what a
// phone wrote into them; every other part goes over as it is, byte for byte.

// emptyParts are what a file says about itself, by the end of the relation's type, and the
// empty part that takes its place. Never written to.
var emptyParts = map[string]string{
	"/metadata/core-properties": `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`,
	"/extended-properties":      `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
	"/custom-properties":        `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`,
}

const (
	maxParts     = 10_000
	maxDirectory = 2 << 20   // names, extra fields and comments of all parts
	maxRelations = 256 << 10 // _rels/.rels; an ordinary one has under 2 KB
	maxWorkbook  = 2 << 20   // xl/workbook.xml; the cells are elsewhere
	// pictures are packed already, so none unpacks to much more than the whole file
	morePicture = 4 << 20
)

// errOffice is a file that is left alone.
var errOffice = errors.New("not an office file to clean")

// cleanOffice answers the file without what it says about its maker, and whether some of
// that had to stay: names at comments and changes are what the file says, a signature
// would break, and what is no whole file is left alone.
func cleanOffice(bud *budget, b []byte) (out []byte, traces bool, err error) {
	o := office{bud: bud, size: len(b), own: map[string]string{}, out: bud.output(len(b) + len(b)/8 + 1<<20)}
	switch err := o.clean(b); {
	case bud.err != nil:
		return nil, false, bud.err
	case err != nil:
		return b, true, nil
	}
	return o.out.Bytes(), o.traces, nil
}

// office is one file being written anew.
type office struct {
	bud    *budget
	size   int
	out    *output
	w      *zip.Writer
	own    map[string]string // by name, what takes the part's place
	traces bool
}

func (o *office) clean(b []byte) error {
	in, err := o.open(b)
	if err != nil {
		return err
	}
	for _, f := range in.File {
		if strings.HasPrefix(f.Name, "_xmlsignatures/") {
			return errOffice
		}
		if f.Name == "_rels/.rels" {
			if err := o.relations(f); err != nil {
				return err
			}
		}
	}
	o.out.Grow(o.out.max)
	o.w = zip.NewWriter(o.out)
	for _, f := range in.File {
		if err := o.part(f); err != nil {
			return err
		}
	}
	if err := o.w.Close(); err != nil {
		return err
	}
	return o.whole(in)
}

// open reads the directory of a zip. A zip whose entries share bytes would be longer when
// each is copied; one with two parts of a name shows one reader this and another that.
func (o *office) open(b []byte) (*zip.Reader, error) {
	if err := o.checkDirectory(b); err != nil {
		return nil, err
	}
	in, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	names, spans := map[string]bool{}, make([]span, 0, len(in.File))
	for _, f := range in.File {
		at, err := f.DataOffset()
		if err != nil {
			return nil, err
		}
		if names[f.Name] || f.CompressedSize64 > uint64(len(b)) || at > int64(len(b))-int64(f.CompressedSize64) {
			return nil, errOffice
		}
		names[f.Name] = true
		spans = append(spans, span{int(at), int(at) + int(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(x, y span) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	for i := 1; i < len(spans); i++ {
		if spans[i-1].to > spans[i].from {
			return nil, o.bud.fail(errBudget)
		}
	}
	return in, nil
}

// checkDirectory charges what the directory names before package zip, which believes no
// count, keeps every entry it finds.
func (o *office) checkDirectory(b []byte) error {
	if err := o.bud.spend(len(b)); err != nil {
		return err
	}
	named, n := 0, 0
	for i := 0; ; i += 4 {
		k := bytes.Index(b[i:], []byte("PK\x01\x02"))
		if k < 0 {
			break
		}
		if i += k; i+34 <= len(b) {
			for _, at := range []int{28, 30, 32} { // APPNOTE 4.3.12: lengths of name, extra field, comment
				named += int(binary.LittleEndian.Uint16(b[i+at:]))
			}
		}
		n++
	}
	if n > maxParts || named > maxDirectory {
		return o.bud.fail(errBudget)
	}
	return o.bud.count(n)
}

// relations finds the parts that a file says about itself.
func (o *office) relations(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := o.bud.readAll(o.bud.unpacking(r), maxRelations)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth == 2 && t.Name.Local == "Relationship" {
				o.relation(t)
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				return nil
			}
		}
		if err := o.bud.count(1); err != nil {
			return err
		}
	}
}

func (o *office) relation(t xml.StartElement) {
	var kind, target string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "Type":
			kind = a.Value
		case "Target":
			target = a.Value
		}
	}
	for end, empty := range emptyParts {
		if strings.HasSuffix(kind, end) {
			o.own[strings.TrimPrefix(path.Clean(target), "/")] = empty
		}
	}
}

// named are parts where the file itself names people.
var named = regexp.MustCompile(`^(word/(comments|people)|xl/(comments|threadedComments|persons|revisions)|ppt/comment)`)

// part writes one part: emptied, cleaned or as it is.
func (o *office) part(f *zip.File) error {
	o.traces = o.traces || named.MatchString(f.Name)
	switch empty, own := o.own[f.Name]; {
	case own:
		return o.write(f.Name, []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+empty))
	case strings.Contains(f.Name, "/media/") || strings.HasPrefix(f.Name, "docProps/"):
		return o.picture(f)
	case f.Name == "xl/workbook.xml":
		return o.workbook(f)
	case f.Name == "word/document.xml":
		return o.text(f)
	}
	return o.same(f)
}

// picture cleans a picture of the file; one that can't be read stays as it is.
func (o *office) picture(f *zip.File) error {
	packed, err := f.Open()
	if err != nil {
		return err
	}
	defer packed.Close()
	r := o.bud.unpacking(packed)
	head := make([]byte, min(512, f.UncompressedSize64))
	if _, err := io.ReadFull(r, head); err != nil {
		return err
	}
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if kind != "image/jpeg" && kind != "image/png" && kind != "image/webp" {
		return o.same(f)
	}
	if f.UncompressedSize64 > uint64(o.size+morePicture) || int64(f.UncompressedSize64) > o.bud.unpacked {
		return o.bud.fail(errBudget)
	}
	b := append(make([]byte, 0, f.UncompressedSize64+2), head...) // a JPEG may get its end mark
	b = b[:f.UncompressedSize64]
	if _, err := io.ReadFull(r, b[len(head):]); err != nil {
		return err
	}
	if n, err := r.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) { // and its checksum is right
		return errors.Join(errOffice, err)
	}
	cleaned, _, err := formats()[kind].clean(o.bud, b)
	if errors.Is(err, errPicture) {
		o.traces = true
		return o.same(f)
	}
	if err != nil {
		return err
	}
	return o.write(f.Name, cleaned)
}

// savedIn is the folder a workbook was last saved in, with its owner's name.
var savedIn = regexp.MustCompile(`(<x15ac:absPath\b[^>]*\burl=")[^"]*`)

func (o *office) workbook(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := o.bud.readAll(o.bud.unpacking(r), maxWorkbook)
	if err != nil {
		return err
	}
	if !savedIn.Match(b) {
		return o.same(f)
	}
	return o.write(f.Name, savedIn.ReplaceAll(b, []byte("$1")))
}

// text looks through a text for who made a change that is still marked in it.
func (o *office) text(f *zip.File) error {
	packed, err := f.Open()
	if err != nil {
		return err
	}
	defer packed.Close()
	r := o.bud.unpacking(packed)
	author := []byte(`w:author="`)
	buf, kept := make([]byte, 64<<10), 0 // buf[:kept] may be the beginning of it
	for {
		n, err := r.Read(buf[kept:])
		have := buf[:kept+n]
		for at := have; ; {
			i := bytes.Index(at, author)
			if i < 0 || i+len(author) == len(at) {
				break
			}
			at = at[i+len(author):]
			o.traces = o.traces || at[0] != '"'
		}
		if errors.Is(err, io.EOF) {
			return o.same(f)
		}
		if err != nil {
			return err
		}
		kept = copy(buf, have[max(0, len(have)-len(author)):])
	}
}

func (o *office) write(name string, b []byte) error {
	o.own[name] = "" // it differs from what came
	w, err := o.w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// same copies a part as it is packed, without its times and comments.
func (o *office) same(f *zip.File) error {
	h := f.FileHeader
	//lint:ignore SA1019 CreateRaw writes these fields as they are
	h.Modified, h.ModifiedTime, h.ModifiedDate, h.Extra, h.Comment = time.Time{}, 0, 0, nil, ""
	r, err := f.OpenRaw()
	if err != nil {
		return err
	}
	w, err := o.w.CreateRaw(&h)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// whole reports whether what was written can be read, and holds every part that came, as
// it came but for those that were written anew.
func (o *office) whole(was *zip.Reader) error {
	b := o.out.Bytes()
	is, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(is.File) != len(was.File) {
		return errors.Join(errOffice, err)
	}
	for i, f := range is.File {
		_, anew := o.own[f.Name]
		if f.Name != was.File[i].Name || !anew && f.CRC32 != was.File[i].CRC32 {
			return errOffice
		}
	}
	return nil
}
