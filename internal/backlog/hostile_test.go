package backlog

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
)

// workbookOf is a workbook with the given parts besides those that every one has. A part is written by
// its function; what a name has already is left out.
func workbookOf(tb testing.TB, parts map[string]func(w io.Writer)) []byte {
	tb.Helper()
	text := func(s string) func(io.Writer) { return func(w io.Writer) { io.WriteString(w, s) } }
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	all := map[string]func(io.Writer){
		"[Content_Types].xml": text(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`),
		"_rels/.rels":         text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/workbook.xml":     text(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + rel + `"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`),
		"xl/worksheets/sheet1.xml": sheet(heads),
	}
	for name, write := range parts {
		all[name] = write
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, write := range all {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		write(w)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// heads is a row by which a table is known.
const heads = `<row r="1"><c r="A1" t="inlineStr"><is><t>登记日期</t></is></c><c r="B1" t="inlineStr"><is><t>信访内容</t></is></c></row>`

func sheet(rows ...string) func(io.Writer) { return sheetWith("", rows...) }

func sheetWith(after string, rows ...string) func(io.Writer) {
	return func(w io.Writer) {
		io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
		for _, r := range rows {
			io.WriteString(w, r)
		}
		io.WriteString(w, `</sheetData>`+after+`</worksheet>`)
	}
}

func repeated(n int, of func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(of(i))
	}
	return b.String()
}

// hostileTables are files that unpack to much, or make much of little.
func hostileTables(tb testing.TB) map[string]func() []byte {
	same := func(s string) func(int) string { return func(int) string { return s } }
	book := func(name string, write func(io.Writer)) func() []byte {
		return func() []byte { return workbookOf(tb, map[string]func(io.Writer){name: write}) }
	}
	const first = "xl/worksheets/sheet1.xml"
	return map[string]func() []byte{
		"a line of commas":            func() []byte { return bytes.Repeat([]byte(","), MaxFile) },
		"commas between quoted lines": func() []byte { return []byte(strings.Repeat("\"\n\",", MaxFile/4)) },
		"lines of a thousand cells":   func() []byte { return bytes.Repeat([]byte("a"+strings.Repeat(",", 1000)+"\n"), MaxFile/1002) },
		"a cell at both ends of every row": book(first, sheet(heads, repeated(49_000, func(i int) string {
			return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>1</v></c><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2, i+2)
		}))),
		"the last cell of a million rows": book(first, sheet(heads, repeated(1_000_000, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2) }))),
		"a row of millions of cells":      book(first, sheet(heads, `<row r="2">`, repeated(10_000_000, same(`<c><v>1</v></c>`)), `</row>`)),
		"empty cells, and one merge":      book(first, sheetWith(`<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>`, heads, `<row r="2">`, repeated(30_000_000, same(`<c/>`)), `</row>`)),
		"merges from top to bottom":       book(first, sheetWith(`<mergeCells>`+repeated(9_999, same(`<mergeCell ref="B2:C1048576"/>`))+`</mergeCells>`, heads, repeated(49_000, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>1</v></c></row>`, i+2, i+2) }))),
		"a million merges":                book(first, sheetWith(`<mergeCells>`+repeated(1_000_000, func(i int) string { return fmt.Sprintf(`<mergeCell ref="A%d:B%d"/>`, i%900_000+1, i%900_000+2) })+`</mergeCells>`, heads)),
		"the last row of all":             book(first, sheetWith(`<mergeCells>`+repeated(9_999, func(i int) string { return fmt.Sprintf(`<mergeCell ref="B%d:B1048576"/>`, i+1) })+`</mergeCells>`, heads, `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`)),
		"a dimension of everything": book(first, func(w io.Writer) {
			io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><cols>`+repeated(1_000_000, same(`<col min="1" max="16384"/>`))+`</cols><sheetData>`+heads+`</sheetData></worksheet>`)
		}),
		"shared strings without words": book("xl/sharedStrings.xml", func(w io.Writer) { io.WriteString(w, `<sst>`+strings.Repeat(`<si/>`, 25_000_000)+`</sst>`) }),
		"shared strings of runs":       book("xl/sharedStrings.xml", func(w io.Writer) { io.WriteString(w, `<sst><si>`+strings.Repeat(`<r/>`, 30_000_000)+`</si></sst>`) }),
		"sheets without end": book("xl/workbook.xml", func(w io.Writer) {
			io.WriteString(w, `<workbook><sheets>`+strings.Repeat(`<sheet/>`, 15_000_000)+`</sheets></workbook>`)
		}),
		"relationships without end": book("xl/_rels/workbook.xml.rels", func(w io.Writer) {
			io.WriteString(w, `<Relationships>`+strings.Repeat(`<Relationship/>`, 8_000_000)+`</Relationships>`)
		}),
		"content types without end": book("[Content_Types].xml", func(w io.Writer) { io.WriteString(w, `<Types>`+strings.Repeat(`<Override/>`, 10_000_000)+`</Types>`) }),
		"blanks": book(first, func(w io.Writer) {
			for range 150 {
				w.Write(bytes.Repeat([]byte(" "), 1<<20))
			}
		}),
		"one part in depth": book(first, func(w io.Writer) { io.WriteString(w, strings.Repeat(`<a>`, 40_000_000)) }),
		"a cell of entities": book(first, func(w io.Writer) {
			io.WriteString(w, `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;&b;</t></is></c></row></sheetData></worksheet>`)
		}),
		"many small parts": func() []byte {
			parts := map[string]func(io.Writer){}
			for i := range 100_000 {
				parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+2)] = func(w io.Writer) { io.WriteString(w, "<a/>") }
			}
			return workbookOf(tb, parts)
		},
	}
}

// What a table of each hostile kind takes, the file itself not counted.
const (
	hostileMemory = 420 << 20
	hostileTime   = 30 * time.Second
)

// A hostile table is refused in words or read within a bound of memory and time, and what is kept of it
// is small.
func TestHostileTables(t *testing.T) {
	if testing.Short() {
		t.Skip("makes files that unpack to hundreds of megabytes, which a short run leaves out")
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(hostileMemory - 60<<20))
	for name, build := range hostileTables(t) {
		t.Run(name, func(t *testing.T) {
			data := build()
			if len(data) > MaxFile {
				t.Fatalf("%d bytes are not taken at all", len(data))
			}
			debug.FreeOSMemory()
			before, stop, most := memory(), make(chan struct{}), uint64(0)
			go func() {
				for {
					select {
					case <-stop:
						stop <- struct{}{}
						return
					case <-time.After(2 * time.Millisecond):
						most = max(most, memory())
					}
				}
			}()
			began := time.Now()
			table, err := readTable(data)
			took := time.Since(began)
			stop <- struct{}{}
			<-stop
			grown := int64(most) - int64(before)
			t.Logf("%d KB: %d MB, %v, %v", len(data)>>10, grown>>20, took.Round(time.Millisecond), err)
			if grown > hostileMemory || took > hostileTime {
				t.Errorf("%d bytes take %d MB and %v", len(data), grown>>20, took)
			}
			if err == nil && len(table.rows) > maxRows {
				t.Errorf("%d rows", len(table.rows))
			}
		})
	}
}

// memory is what the process holds of the system, without what it has given back.
func memory() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}

// Whatever bytes come as a table, they are refused in words or are rows within the limits.
func FuzzTable(f *testing.F) {
	f.Add([]byte("登记日期,信访内容\n2026-1-1,\"路灯\n坏了\"\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00"))
	f.Add([]byte("\xb5\xc7\xbc\xc7\xc8\xd5\xc6\xda\t\xd0\xc5\xb7\xc3\n"))
	f.Add(workbookOf(f, nil))
	f.Fuzz(func(t *testing.T, data []byte) { checkTable(t, data) })
}

// The same of a workbook whose parts are whatever comes.
func FuzzWorkbook(f *testing.F) {
	f.Add(`<worksheet><sheetData>`+heads+`</sheetData><mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="A1"/><mergeCell ref=":"/></mergeCells></worksheet>`, `<sst><si><t>登记日期</t></si></sst>`, "")
	f.Add(`<worksheet><sheetData><row r="9"><c r="B9" t="s"><v>7</v></c><c t="b"><v>1</v></c><c t="d"><v>2026</v></c></row><row r="2"/></sheetData></worksheet>`, `<sst/>`, `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, one, shared, styles string) {
		text := func(s string) func(io.Writer) { return func(w io.Writer) { io.WriteString(w, s) } }
		parts := map[string]func(io.Writer){"xl/worksheets/sheet1.xml": text(one), "xl/sharedStrings.xml": text(shared)}
		if styles != "" {
			parts["xl/styles.xml"] = text(styles)
		}
		checkTable(t, workbookOf(t, parts))
	})
}

func checkTable(t *testing.T, data []byte) {
	t.Helper()
	began := time.Now()
	table, err := readTable(data)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("%d bytes took %v", len(data), took)
	}
	if err != nil {
		if petition.CodeOf(err) != petition.Invalid {
			t.Errorf("refused without words: %v", err)
		}
		return
	}
	for _, r := range table.rows {
		if len(r) > maxCells {
			t.Errorf("a row of %d cells", len(r))
		}
	}
	if at := table.heads(); at >= 0 {
		r := newReader(office.Example(), table, readWords().columns(table.rows[at]), "2026-11-30")
		for i := range table.rows[at+1:] {
			r.line(at+1+i, "import")
		}
	}
}
