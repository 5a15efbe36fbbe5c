// Package archive writes every case that somebody sees into a zip file that other programs read: JSON
// Lines with their JSON Schema, what a spreadsheet shows of them as CSV, and reads it again. Every 5,000
// cases begin new files, so that neither writing nor reading needs more memory for more cases.
package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/batch"
)

// Kind is the kind of batch.
const Kind = "export"

// Format is the version of the files' form.
const Format = 1

// Manifest says what an archive is.
type Manifest struct {
	Format   int       `json:"format" doc:"version of the files' form"`
	Office   string    `json:"office"`
	At       time.Time `json:"at"`
	Cases    int       `json:"cases"`
	Entries  int       `json:"entries"`
	Contacts bool      `json:"contacts" doc:"whether petitioners' names, telephone numbers and addresses are in it"`
	Reason   string    `json:"reason"`
}

// Exporter writes archives.
type Exporter struct {
	Cases  *petition.Service
	Office *petition.Office
	Blobs  petition.Blobs
	Actor  func(ctx context.Context, staff string) (petition.Actor, error) // who asked, as they are now
	Now    func() time.Time
}

// Wanted is what a batch works on.
type Wanted struct {
	Reason   string `json:"reason"`
	Contacts bool   `json:"contacts"`
}

// maxArchive is how many bytes an archive has at most.
const maxArchive = 4 << 30

// Kinds are what a worker is to be given.
func (x *Exporter) Kinds() map[string]batch.Begin { return map[string]batch.Begin{Kind: x.begin} }

// begin writes an archive into the blob store, which seals it. Interrupted it begins anew: nothing but the
// file comes of it.
func (x *Exporter) begin(_ context.Context, b *batch.Batch) (batch.Next, error) {
	var want Wanted
	if err := json.Unmarshal(b.Input, &want); err != nil {
		return nil, err
	}
	b.Done, b.Made, b.Result = 0, 0, "archive-"+b.ID
	r, w := io.Pipe()
	stored := make(chan error, 1)
	var run *Run
	return func(ctx context.Context, b *batch.Batch) (_ []batch.Refusal, over bool, err error) {
		a, err := x.Actor(ctx, b.Staff)
		if err == nil && run == nil {
			go func() {
				_, _, err := x.Blobs.Put(ctx, b.Result, r, maxArchive)
				stored <- errors.Join(err, r.CloseWithError(err))
			}()
			run, err = x.Begin(w, want)
		}
		if err == nil {
			over, err = run.Next(ctx, a)
		}
		if err != nil {
			return nil, false, errors.Join(err, w.CloseWithError(err))
		}
		b.Done, b.Made, b.Total = run.Cases, run.Cases, max(b.Total, run.Cases)
		if !over {
			return nil, false, nil
		}
		b.Total = b.Done
		return nil, true, errors.Join(w.Close(), <-stored)
	}, nil
}

// Run is an archive that is being written.
type Run struct {
	Manifest
	x     *Exporter
	out   *Writer
	after string
}

// Begin begins an archive of everything that somebody sees.
func (x *Exporter) Begin(to io.Writer, want Wanted) (*Run, error) {
	m := Manifest{Format: Format, Office: x.Office.Name, At: x.Now(), Contacts: want.Contacts, Reason: want.Reason}
	out, err := NewWriter(to, m)
	return &Run{Manifest: m, x: x, out: out}, err
}

// Next adds the next cases; over = it is whole now.
func (r *Run) Next(ctx context.Context, a petition.Actor) (over bool, err error) {
	a.Reason = r.Reason
	cases, next, err := r.x.Cases.ExportPage(ctx, a, r.Contacts, r.after)
	if err != nil {
		return false, err
	}
	for _, c := range cases {
		if err := r.out.Add(c); err != nil {
			return false, err
		}
	}
	r.after, r.Cases, r.Entries = next, r.out.manifest.Cases, r.out.manifest.Entries
	if next != "" {
		return false, nil
	}
	return true, r.out.Close()
}

// Writer writes an archive.
type Writer struct {
	z        *zip.Writer
	manifest Manifest
	part     *part
}

// partCases is how many cases the files of one part hold.
const partCases = 5000

// part is the files of some cases. A zip file takes one file at a time: they wait in memory, deflated.
type part struct {
	cases                 *file
	table, entries, files *file
	n                     int
}

type file struct {
	buf bytes.Buffer
	z   *zip.Writer
	w   io.Writer
	csv *csv.Writer
}

func newFile(name string, number int, ending string, columns ...string) (*file, error) {
	f := &file{}
	f.z = zip.NewWriter(&f.buf)
	var err error
	if f.w, err = f.z.Create(fmt.Sprintf("%s-%03d.%s", name, number, ending)); err != nil || len(columns) == 0 {
		return f, err
	}
	f.csv = csv.NewWriter(f.w)
	_, err = io.WriteString(f.w, "\ufeff")
	return f, errors.Join(err, f.csv.Write(columns))
}

func newPart(number int) (p *part, err error) {
	p = &part{}
	for _, f := range []struct {
		to           **file
		name, ending string
		columns      []string
	}{{&p.cases, "cases", "jsonl", nil}, {&p.table, "cases", "csv", caseColumns}, {&p.entries, "entries", "csv", entryColumns}, {&p.files, "attachments", "csv", fileColumns}} {
		if *f.to, err = newFile(f.name, number, f.ending, f.columns...); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// into copies the files into the archive as they are.
func (p *part) into(z *zip.Writer) error {
	for _, f := range []*file{p.cases, p.table, p.entries, p.files} {
		if f.csv != nil {
			f.csv.Flush()
			if err := f.csv.Error(); err != nil {
				return err
			}
		}
		if err := f.z.Close(); err != nil {
			return err
		}
		in, err := zip.NewReader(bytes.NewReader(f.buf.Bytes()), int64(f.buf.Len()))
		if err != nil {
			return err
		}
		for _, one := range in.File {
			if err := z.Copy(one); err != nil {
				return err
			}
		}
	}
	return nil
}

// NewWriter begins an archive. Cases and Entries of m are counted here.
func NewWriter(to io.Writer, m Manifest) (*Writer, error) {
	w := &Writer{z: zip.NewWriter(to), manifest: m}
	for name, schema := range Schemas() {
		f, err := w.z.Create("schema/" + name)
		if err == nil {
			_, err = f.Write(schema)
		}
		if err != nil {
			return nil, fmt.Errorf("write schema: %w", err)
		}
	}
	var err error
	w.part, err = newPart(1)
	return w, err
}

var (
	caseColumns  = []string{"number", "old", "status", "class", "received", "channel", "subject", "place", "place_text", "unit", "officer", "title", "facts", "request", "people", "name", "phone", "address"}
	entryColumns = []string{"case", "seq", "at", "move", "by", "staff", "unit", "from", "to", "text"}
	fileColumns  = []string{"case", "id", "kind", "name", "type", "bytes"}
)

// Add writes a case.
func (w *Writer) Add(c petition.Case) error {
	if w.part.n == partCases {
		if err := w.part.into(w.z); err != nil {
			return err
		}
		var err error
		if w.part, err = newPart(w.manifest.Cases/partCases + 1); err != nil {
			return err
		}
	}
	p, f := w.part, c.Filing
	err := errors.Join(lineOf(p.cases.w, c), p.table.csv.Write(Inert(c.Number, f.Old, string(c.Status), string(f.Class), petition.Day(c.Received), f.Channel, f.Subject, f.Place.Code, f.Place.Text, c.Unit, c.Officer,
		f.Title, f.Facts, f.Request, strconv.Itoa(f.People), f.Contact.Name, f.Contact.Phone, f.Contact.Address)))
	files := slices.Clone(f.Attachments)
	for _, e := range c.Timeline {
		err = errors.Join(err, p.entries.csv.Write(Inert(c.Number, strconv.Itoa(e.Seq), e.At.Format(time.RFC3339), string(e.Move), e.By, e.Staff, e.Unit, string(e.From), string(e.To), e.Text)))
		files = append(files, e.Files...)
	}
	seen := map[string]bool{}
	for _, a := range files {
		if !seen[a.ID] {
			seen[a.ID] = true
			err = errors.Join(err, p.files.csv.Write(Inert(c.Number, a.ID, a.Kind, a.Name, a.Type, strconv.FormatInt(a.Size, 10))))
		}
	}
	p.n++
	w.manifest.Cases, w.manifest.Entries = w.manifest.Cases+1, w.manifest.Entries+len(c.Timeline)
	return err
}

func lineOf(to io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write line: %w", err)
	}
	_, err = to.Write(append(line, '\n'))
	return err
}

// Inert keeps a spreadsheet from taking what a citizen wrote for a formula (OWASP, CSV injection).
func Inert(cells ...string) []string {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}

// Close ends the archive.
func (w *Writer) Close() error {
	if err := w.part.into(w.z); err != nil {
		return err
	}
	f, err := w.z.Create("manifest.json")
	if err != nil {
		return err
	}
	return errors.Join(lineOf(f, w.manifest), w.z.Close())
}

// Limits on what is read of an archive.
const (
	maxLine  = 16 << 20
	maxInner = 16 << 30
)

var errArchive = petition.Fail(petition.Invalid, "import.archive")

// Read hands over the cases of an archive in its order, each with its timeline. Invalid
// "import.archive" for what is none.
func Read(path string, do func(petition.Case) error) (m Manifest, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return m, err
		}
		return m, errArchive
	}
	defer z.Close()
	if err := each(&z.Reader, "manifest.json", func(line []byte) error { return json.Unmarshal(line, &m) }); err != nil || m.Format != Format {
		return m, errArchive
	}
	for number := 1; ; number++ {
		name := fmt.Sprintf("cases-%03d.jsonl", number)
		if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == name }) {
			return m, nil
		}
		err := each(&z.Reader, name, func(line []byte) error {
			var c petition.Case
			if err := json.Unmarshal(line, &c); err != nil {
				return errArchive
			}
			return do(c)
		})
		if err != nil {
			return m, err
		}
	}
}

func lines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(io.LimitReader(r, maxInner))
	s.Buffer(nil, maxLine)
	return s
}

func each(z *zip.Reader, name string, do func(line []byte) error) error {
	f, err := z.Open(name)
	if err != nil {
		return errArchive
	}
	defer f.Close()
	all := lines(f)
	for all.Scan() {
		if err := do(all.Bytes()); err != nil {
			return err
		}
	}
	return all.Err()
}
