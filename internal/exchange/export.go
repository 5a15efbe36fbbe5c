package exchange

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"dengwen/internal/archive"
	"dengwen/petition"
	"dengwen/petition/batch"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// The kinds of batches.
const (
	KindExport  = "exchange_export"
	KindCompare = "exchange_compare"
	KindImport  = "exchange_import"
)

// The forms of a file.
const (
	FormCSV     = "csv"
	FormGB18030 = "gb18030" // CSV in the encoding of older spreadsheets
	FormXLSX    = "xlsx"
)

// Forms are all of them.
func Forms() []string { return []string{FormXLSX, FormCSV, FormGB18030} }

// Exchanger writes and reads exchange files.
type Exchanger struct {
	Cases   *petition.Service
	Office  *petition.Office
	Batches batch.Store
	Blobs   petition.Blobs
	Changed func(ctx context.Context, after int64) (numbers []string, next int64, err error) // cases changed behind a position, see cases.Store.Changed
	Actor   func(ctx context.Context, staff string) (petition.Actor, error)                  // who asked, as they are now
	NewID   func() string
	Now     func() time.Time
}

// Wanted is what an export works on.
type Wanted struct {
	Form string `json:"form"`
	All  bool   `json:"all,omitempty"`  // every case, not only those changed since the last exchange
	Upto int64  `json:"upto,omitempty"` // set when it begins: up to where it has the changes
}

// Kinds are what a worker is to be given.
func (x *Exchanger) Kinds() map[string]batch.Begin {
	return map[string]batch.Begin{KindExport: x.beginExport, KindCompare: x.beginCompare, KindImport: x.beginImport}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// last is up to where the last export that was finished has the changes, 0 when there was none in
// the time that batches are kept.
func (x *Exchanger) last(ctx context.Context) (int64, error) {
	all, err := x.Batches.Batches(ctx, time.Time{}, 1000)
	for _, b := range all {
		var was Wanted
		if b.Kind == KindExport && b.State == batch.Done && json.Unmarshal(b.Input, &was) == nil {
			return was.Upto, nil
		}
	}
	return 0, err
}

// changed are the cases that an export writes, in the order of their numbers, and up to where that is.
func (x *Exchanger) changed(ctx context.Context, want Wanted) (numbers []string, upto int64, err error) {
	if !want.All {
		if upto, err = x.last(ctx); err != nil {
			return nil, 0, err
		}
	}
	seen := map[string]bool{}
	for {
		some, next, err := x.Changed(ctx, upto)
		if err != nil {
			return nil, 0, err
		}
		for _, n := range some {
			if !seen[n] {
				seen[n], numbers = true, append(numbers, n)
			}
		}
		if next == upto {
			slices.Sort(numbers)
			return numbers, upto, nil
		}
		upto = next
	}
}

// maxExport is how many bytes a file has at most.
const maxExport = 1 << 30

// at is how many cases are read between two notes of how far an export has come.
const atOnce = 200

// beginExport writes the file into the blob store, which seals it. Interrupted it begins anew: nothing but the file
// comes of it.
func (x *Exchanger) beginExport(ctx context.Context, b *batch.Batch) (batch.Next, error) {
	var want Wanted
	if err := json.Unmarshal(b.Input, &want); err != nil {
		return nil, err
	}
	if !slices.Contains(Forms(), want.Form) {
		return nil, petition.Fail(petition.Invalid, "exchange.form")
	}
	numbers, upto, err := x.changed(ctx, want)
	if err != nil {
		return nil, err
	}
	want.Upto = upto
	if b.Input, err = json.Marshal(want); err != nil {
		return nil, err
	}
	b.Done, b.Made, b.Total, b.Result = 0, 0, len(numbers), "exchange-"+b.ID
	m := mappingOf(x.Office)
	r, w := io.Pipe()
	stored := make(chan error, 1)
	var out writer
	return func(ctx context.Context, b *batch.Batch) (_ []batch.Refusal, over bool, err error) {
		defer func() {
			if err != nil {
				err = errors.Join(err, w.CloseWithError(err))
			}
		}()
		a, err := x.Actor(ctx, b.Staff)
		if err != nil {
			return nil, false, err
		}
		if out == nil {
			go func() {
				_, _, err := x.Blobs.Put(context.WithoutCancel(ctx), b.Result, r, maxExport)
				stored <- errors.Join(err, r.CloseWithError(err))
			}()
			if out, err = newWriter(w, want.Form, m.heads()); err != nil {
				return nil, false, err
			}
		}
		n := min(atOnce, len(numbers)-b.Done)
		some, err := x.Cases.ExchangeCases(ctx, a, numbers[b.Done:b.Done+n], m.has("name") || m.has("phone") || m.has("address"))
		if err != nil {
			return nil, false, err
		}
		for _, c := range some {
			if err := out.line(m.cells(c)); err != nil {
				return nil, false, err
			}
		}
		if b.Done, b.Made = b.Done+n, b.Made+len(some); b.Done < len(numbers) {
			return nil, false, nil
		}
		return nil, true, errors.Join(out.close(), w.Close(), <-stored)
	}, nil
}

// Ending is how the name of an export's file ends, and Media its media type.
func Ending(b batch.Batch) (ending, media string) {
	var want Wanted
	if json.Unmarshal(b.Input, &want) == nil && want.Form == FormXLSX {
		return "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "csv", "text/csv"
}

// writer writes lines of a file.
type writer interface {
	line(cells []string) error
	close() error
}

func newWriter(to io.Writer, form string, heads []string) (writer, error) {
	if form == FormXLSX {
		return newWorkbook(to, heads)
	}
	t := &text{}
	if form == FormGB18030 {
		encoded := transform.NewWriter(to, simplifiedchinese.GB18030.NewEncoder())
		t.w, t.end = csv.NewWriter(encoded), encoded.Close
	} else {
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return nil, fmt.Errorf("write exchange file: %w", err)
		}
		t.w = csv.NewWriter(to)
	}
	return t, t.w.Write(heads)
}

// text is a file of comma-separated values (RFC 4180).
type text struct {
	w   *csv.Writer
	end func() error
}

func (t *text) line(cells []string) error { return t.w.Write(archive.Inert(cells...)) }

func (t *text) close() error {
	t.w.Flush()
	if err := t.w.Error(); err != nil || t.end == nil {
		return err
	}
	return t.end()
}

// workbook is a file of cells that all are text: numbers of telephones keep their zeros.
type workbook struct {
	to   io.Writer
	book *excelize.File
	w    *excelize.StreamWriter
	n    int
}

func newWorkbook(to io.Writer, heads []string) (*workbook, error) {
	x := &workbook{to: to, book: excelize.NewFile()}
	var err error
	if x.w, err = x.book.NewStreamWriter("Sheet1"); err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	if err := x.w.SetColWidth(1, len(heads), 16); err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	return x, x.line(heads)
}

func (x *workbook) line(cells []string) error {
	x.n++
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return x.w.SetRow("A"+strconv.Itoa(x.n), row)
}

func (x *workbook) close() error {
	if err := x.w.Flush(); err != nil {
		return fmt.Errorf("end workbook: %w", err)
	}
	return errors.Join(x.book.Write(x.to), x.book.Close())
}
