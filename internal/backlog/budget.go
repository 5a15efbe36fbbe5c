package backlog

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What the parts of a workbook may make of themselves. The library keeps every part but sheets as a
// tree in memory, and of a sheet a row at a time.
const (
	maxParts   = 1000
	maxSheets  = 500
	maxPart    = 16 << 20   // bytes of a part that is neither a sheet nor the shared strings, unpacked
	maxShared  = 96 << 20   // bytes of the shared strings, unpacked
	maxTags    = 1_000_000  // elements of a part that is neither
	maxStrings = 2_000_000  // elements of the shared strings
	maxDepth   = 64         // elements within each other
	maxColumns = 16_384     // cells of a row: as many as a workbook has columns
	maxInCell  = 10_000     // elements of one cell
	maxAtOnce  = 1 << 20    // bytes of one tag or text of a workbook, or one record of CSV
	maxWork    = 30_000_000 // cells, lines and merges at a line gone through
)

// patient hands on what it reads and fails when too much comes before reset: what a parser takes at
// once is bounded by it.
type patient struct {
	from io.Reader
	most int
	n    int
}

func (p *patient) reset() { p.n = 0 }

func (p *patient) Read(b []byte) (int, error) {
	n, err := p.from.Read(b[:min(len(b), 4096)])
	if p.n += n; p.n > p.most {
		return 0, errLarge
	}
	return n, err
}

// inside is what a workbook says of its sheets.
type inside struct {
	sheets [][2]string         // name and id of the relation
	parts  map[string]string   // path of the part, by id of the relation
	merged map[string][]string // ranges that show one value, by path
}

// look goes through the parts of a workbook as the library would, keeping nothing, and refuses one that
// makes more of itself than a table needs. What can't be read the library can't read either.
func look(data []byte) (*inside, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errKind
	}
	if len(z.File) > maxParts {
		return nil, errLarge
	}
	left := uint64(maxInside)
	for _, f := range z.File {
		if f.UncompressedSize64 > left {
			return nil, errLarge
		}
		left -= f.UncompressedSize64
	}
	in := &inside{parts: map[string]string{}, merged: map[string][]string{}}
	charset := excelize.NewFile().CharsetReader
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, errKind
		}
		bytesOf := &patient{from: r, most: maxInside}
		p := &part{inside: in, name: f.Name, read: bytesOf, step: &patient{from: bytesOf, most: maxAtOnce}}
		p.tokens = xml.NewDecoder(p.step)
		p.tokens.CharsetReader = charset
		err = p.look()
		_ = r.Close()
		if errors.Is(err, errLarge) {
			return nil, errLarge
		}
	}
	return in, nil
}

// part is a part of a workbook that is gone through.
type part struct {
	*inside
	name   string
	read   *patient // counts all
	step   *patient // counts a step
	tokens *xml.Decoder

	root                 string
	depth, tags          int
	cells, ofCell, opens int // of the row, of the cell, and how deep the cell stands
}

func (p *part) look() error {
	for {
		p.step.reset()
		t, err := p.tokens.RawToken()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if p.depth++; p.root == "" {
				p.root = t.Name.Local
				p.read.most = map[string]int{"worksheet": maxInside, "sst": maxShared}[p.root]
				p.read.most = max(p.read.most, maxPart)
			}
			if err := p.count(t); err != nil {
				return err
			}
		case xml.EndElement:
			if p.depth--; p.depth < p.opens {
				p.opens = 0
			}
		}
	}
}

// count charges an element, and notes what is said of sheets.
func (p *part) count(t xml.StartElement) error {
	p.tags++
	p.ofCell++
	switch t.Name.Local {
	case "row":
		p.cells = 0
	case "c":
		p.cells++
		p.ofCell, p.opens = 0, p.depth
	case "sheet":
		p.sheets = append(p.sheets, [2]string{attr(t, "name"), attr(t, "id")})
	case "Relationship":
		if id := attr(t, "Id"); id != "" && p.name == "xl/_rels/workbook.xml.rels" {
			p.parts[id] = path.Join("/xl", attr(t, "Target"))
			if strings.HasPrefix(attr(t, "Target"), "/") {
				p.parts[id] = attr(t, "Target")
			}
		}
	case "mergeCell":
		p.merged["/"+p.name] = append(p.merged["/"+p.name], attr(t, "ref"))
	}
	most := map[string]int{"worksheet": maxInside, "sst": maxStrings}[p.root]
	if most = max(most, maxTags); p.tags > most || p.depth > maxDepth || p.cells > maxColumns || p.opens > 0 && p.ofCell > maxInCell || len(p.sheets) > maxSheets || len(p.merged["/"+p.name]) > maxMerges {
		return errLarge
	}
	return nil
}

// attr is the value of an attribute by its name without prefix.
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// of are the ranges of a sheet.
func (in *inside) of(sheet string) (refs []string) {
	for _, s := range in.sheets {
		if s[0] == sheet {
			refs = in.merged[in.parts[s[1]]]
		}
	}
	return refs
}
