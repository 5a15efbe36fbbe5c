package scrub

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"
)

// A Word or Excel file (OOXML, ECMA-376) is a zip of parts. Those that say who wrote it,
// with what, when and for whom are replaced by empty ones; pictures in it lose what a
// phone wrote into them; every other part goes over as it is, byte for byte.

// ownParts are what a file says about itself, by the end of the relation's type, and the
// empty part that takes its place. Never written to.
var ownParts = map[string]string{
	"/metadata/core-properties": `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`,
	"/extended-properties":      `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
	"/custom-properties":        `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`,
}

const maxParts = 10_000

// cleanOffice answers the file without what it says about its maker, and whether some of
// that had to stay: names at comments and changes are what the file says, a signature
// would break, and what is no whole file is left alone.
func cleanOffice(b []byte) (out []byte, traces bool) {
	in, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(in.File) > maxParts {
		return b, true
	}
	o := office{own: map[string]string{}, room: maxUnpacked}
	for _, f := range in.File {
		if strings.HasPrefix(f.Name, "_xmlsignatures/") {
			return b, true
		}
		if f.Name == "_rels/.rels" && !o.relations(f) {
			return b, true
		}
	}
	var buf bytes.Buffer
	o.w = zip.NewWriter(&buf)
	for _, f := range in.File {
		if err := o.part(f); err != nil {
			return b, true
		}
	}
	if err := o.w.Close(); err != nil || !o.whole(in, buf.Bytes()) {
		return b, true
	}
	return buf.Bytes(), o.traces
}

// office is one file being written anew.
type office struct {
	w      *zip.Writer
	own    map[string]string // by name, what takes the part's place
	room   int64             // bytes that may still be unpacked
	traces bool
}

// relations finds the parts that a file says about itself.
func (o *office) relations(f *zip.File) bool {
	var all struct {
		Relationship []struct {
			Type   string `xml:",attr"`
			Target string `xml:",attr"`
		}
	}
	b, err := o.read(f)
	if err != nil || xml.Unmarshal(b, &all) != nil {
		return false
	}
	for _, r := range all.Relationship {
		for end, empty := range ownParts {
			if strings.HasSuffix(r.Type, end) {
				o.own[strings.TrimPrefix(path.Clean(r.Target), "/")] = empty
			}
		}
	}
	return true
}

// read unpacks a part, within what may be unpacked at all.
func (o *office) read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, o.room+1))
	if o.room -= int64(len(b)); o.room < 0 {
		return nil, errPicture
	}
	return b, err
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
	case f.Name == "xl/workbook.xml" || f.Name == "word/document.xml":
		return o.text(f)
	}
	return o.same(f)
}

// picture cleans a picture of the file; one that can't be read stays as it is.
func (o *office) picture(f *zip.File) error {
	b, err := o.read(f)
	if err != nil {
		return err
	}
	kind, _, _ := strings.Cut(http.DetectContentType(b), ";")
	if !strings.HasPrefix(kind, "image/") || !Cleans(kind) {
		return o.same(f)
	}
	cleaned, _, err := Clean(kind, b)
	if err != nil {
		o.traces = true
		return o.same(f)
	}
	return o.write(f.Name, cleaned)
}

var (
	// savedIn is the folder a workbook was last saved in, with its owner's name.
	savedIn = regexp.MustCompile(`(<x15ac:absPath\b[^>]*\burl=")[^"]*`)
	// changedBy is who made a change that is still marked in a text.
	changedBy = regexp.MustCompile(`w:author="[^"]`)
)

func (o *office) text(f *zip.File) error {
	b, err := o.read(f)
	if err != nil {
		return err
	}
	o.traces = o.traces || changedBy.Match(b)
	if !savedIn.Match(b) {
		return o.same(f)
	}
	return o.write(f.Name, savedIn.ReplaceAll(b, []byte("$1")))
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
func (o *office) whole(was *zip.Reader, b []byte) bool {
	is, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(is.File) != len(was.File) {
		return false
	}
	for i, f := range is.File {
		_, anew := o.own[f.Name]
		if f.Name != was.File[i].Name || !anew && f.CRC32 != was.File[i].CRC32 {
			return false
		}
	}
	return true
}
