// Package backlog takes the petitions of another system over from a table: XLSX or CSV as offices
// keep it, columns found by their names, every line looked at before anything is written down.
package backlog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"dengwen/petition"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// What one table may be at most. A year of a county is some thousand lines of a few hundred
// characters.
const (
	MaxFile   = 32 << 20  // bytes
	maxInside = 160 << 20 // bytes of a workbook, unpacked
	maxText   = 64 << 20  // bytes of all cells
	maxRows   = 50_000
	maxCells  = 200 // of a row
	maxMerges = 10_000
)

// table is what stands in a file: rows of cells, without those that are empty, and where each stood.
type table struct {
	rows     [][]string
	lines    []int // of each row: its line in the file, from 1
	workbook bool  // days may be numbers, as workbooks keep them
	since    bool  // and count from 1904
	size     int
	work     int // cells and lines gone through
}

var (
	errLarge = petition.Fail(petition.Invalid, "import.file.large")
	errKind  = petition.Fail(petition.Invalid, "import.file.kind")
)

// readTable reads a file by its first bytes. Invalid "import.file.large" for one beyond the
// limits, "import.file.old" for a workbook of before 2007 or with a password, "import.file.kind" for anything else.
func readTable(data []byte) (*table, error) {
	switch {
	case len(data) > MaxFile:
		return nil, errLarge
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")): // OLE: .xls, or a workbook with a password
		return nil, petition.Fail(petition.Invalid, "import.file.old")
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("\x89PNG")), bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return nil, errKind
	}
	return readCSV(data)
}

func (t *table) add(line int, cells []string) error {
	if t.work += len(cells) + 1; t.work > maxWork {
		return errLarge
	}
	if len(cells) > maxCells {
		cells = slices.Clone(cells[:maxCells]) // what is cut off is not kept
	}
	empty := true
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
		empty = empty && cells[i] == ""
		t.size += len(c)
	}
	if empty {
		return nil
	}
	if len(t.rows) == maxRows || t.size > maxText {
		return errLarge
	}
	t.rows, t.lines = append(t.rows, cells), append(t.lines, line)
	return nil
}

// decoded is text in the encoding that a file says or shows: a mark of Unicode, UTF-8, else GB18030,
// as spreadsheets in Chinese write CSV.
func decoded(data []byte) io.Reader {
	in := bytes.NewReader(data)
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return bytes.NewReader(data[3:])
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case mostlyUTF8(data):
		return in
	}
	return transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder())
}

// mostlyUTF8 reports whether text is UTF-8 but for a few broken places, which belong to their
// lines and not to the file. Two bytes of GB18030 are seldom valid UTF-8.
func mostlyUTF8(data []byte) bool {
	wide, broken := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			broken++
		} else if n > 1 {
			wide++
		}
		data = data[n:]
	}
	return broken*20 <= wide
}

func readCSV(data []byte) (*table, error) {
	if bytes.IndexByte(data[:min(len(data), 4096)], 0) >= 0 && !bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, errKind
	}
	text, err := io.ReadAll(io.LimitReader(decoded(data), maxText+1))
	if err != nil {
		return nil, fmt.Errorf("decode table: %w", err)
	}
	if len(text) > maxText {
		return nil, errLarge
	}
	in := &patient{from: bytes.NewReader(text), most: maxAtOnce}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, separator(text)
	t := &table{}
	for {
		in.reset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if errors.Is(err, errLarge) {
			return nil, errLarge
		}
		if err != nil {
			return nil, errKind
		}
		line, _ := r.FieldPos(0)
		if err := t.add(line, cells); err != nil {
			return nil, err
		}
	}
}

// separator is what parts the cells of the first lines: the most frequent of those in use.
func separator(text []byte) rune {
	head, best := text[:min(len(text), 2000)], ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(head, []byte(string(c))) > bytes.Count(head, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// readWorkbook reads the first sheet that has a line of known column names, else the first.
func readWorkbook(data []byte) (*table, error) {
	in, err := look(data)
	if err != nil {
		return nil, err
	}
	// Nothing of it goes into temporary files: the second limit is that of the first.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxInside, UnzipXMLSizeLimit: maxInside})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return nil, errLarge
		}
		return nil, errKind
	}
	defer f.Close()
	props, err := f.GetWorkbookProps()
	since := err == nil && props.Date1904 != nil && *props.Date1904
	var first *table
	for _, sheet := range f.GetSheetList() {
		t, err := readSheet(f, sheet, in.of(sheet))
		if err != nil {
			return nil, err
		}
		t.workbook, t.since = true, since
		if t.heads() >= 0 {
			return t, nil
		}
		if first == nil {
			first = t
		}
	}
	if first == nil {
		return nil, errKind
	}
	return first, nil
}

func readSheet(f *excelize.File, sheet string, merged []string) (*table, error) {
	all, err := mergedCells(merged)
	if err != nil {
		return nil, errKind
	}
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, errKind
	}
	defer rows.Close()
	t := &table{}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, errKind
		}
		t.work += len(all)
		if err := t.add(line, all.fill(line, cells)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// merges are the rectangles of a sheet that show one value. Those that go down are filled: a village
// that stands once for five lines belongs to each. Those that only go across are headings.
type merges []*merge

type merge struct {
	left, top, right, bottom int
	value                    string
}

func mergedCells(refs []string) (all merges, err error) {
	for _, ref := range refs {
		from, to, ok := strings.Cut(ref, ":")
		if !ok {
			continue
		}
		m := &merge{}
		if m.left, m.top, err = excelize.CellNameToCoordinates(from); err != nil {
			return nil, err
		}
		if m.right, m.bottom, err = excelize.CellNameToCoordinates(to); err != nil {
			return nil, err
		}
		if m.bottom > m.top {
			all = append(all, m)
		}
	}
	return all, nil
}

func (all merges) fill(line int, cells []string) []string {
	for _, m := range all {
		if line < m.top || line > m.bottom {
			continue
		}
		if line == m.top {
			if m.left <= len(cells) {
				m.value = cells[m.left-1]
			}
			continue
		}
		if m.left > maxCells {
			continue
		}
		for len(cells) < m.left {
			cells = append(cells, "")
		}
		if cells[m.left-1] == "" {
			cells[m.left-1] = m.value
		}
	}
	return cells
}
