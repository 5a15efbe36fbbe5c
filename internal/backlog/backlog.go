package backlog

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"dengwen/petition"
	"dengwen/petition/batch"

	"golang.org/x/sync/errgroup"
)

// The kinds of batches.
const (
	Kind     = "import"
	KindUndo = "undo_import"
)

// Importer takes tables over.
type Importer struct {
	Cases   *petition.Service
	Office  *petition.Office
	Batches batch.Store
	Blobs   petition.Blobs
	Actor   func(ctx context.Context, staff string) (petition.Actor, error) // who asked, as they are now
	NewID   func() string
	Now     func() time.Time

	reading sync.Mutex // a table takes up to some hundred megabytes while it is read
}

func (i *Importer) read(data []byte) (*table, error) {
	i.reading.Lock()
	defer i.reading.Unlock()
	return readTable(data)
}

// input is what a batch of either kind works on.
type input struct {
	Columns Columns `json:"columns,omitempty"`
	Of      string  `json:"of,omitempty"`     // of an undo: the import
	Undone  string  `json:"undone,omitempty"` // of an import: the batch that takes it back
}

func columnsOf(b batch.Batch) (in input, err error) {
	if len(b.Input) > 0 {
		err = json.Unmarshal(b.Input, &in)
	}
	return in, err
}

// Take keeps a table and answers the batch that would take it over: it is looked at first.
func (i *Importer) Take(ctx context.Context, a petition.Actor, name string, r io.Reader) (batch.Batch, error) {
	if !i.Cases.Law().MayImport(a) {
		return batch.Batch{}, petition.Fail(petition.Forbidden, "import.who")
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return batch.Batch{}, petition.Wrap(err, "read table")
	}
	t, err := i.read(data)
	if err != nil {
		return batch.Batch{}, err
	}
	at := t.heads()
	if at < 0 || len(t.rows) == at+1 {
		return batch.Batch{}, petition.Fail(petition.Invalid, "import.file.heads")
	}
	in, err := json.Marshal(input{Columns: readWords().columns(t.rows[at])})
	if err != nil {
		return batch.Batch{}, err
	}
	id := i.NewID()
	b := batch.Batch{ID: id, Kind: Kind, Staff: a.Staff, Name: petition.FileName(name), At: i.Now(), State: batch.Prepared, Total: len(t.rows) - at - 1, Input: in, File: "import-" + id}
	if _, _, err := i.Blobs.Put(ctx, b.File, bytes.NewReader(data), MaxFile); err != nil {
		return b, petition.Wrap(err, "keep table")
	}
	return b, i.Batches.PutBatch(ctx, b)
}

// opened is a table with the place of its first line.
type opened struct {
	*reader
	first int
}

func (i *Importer) open(ctx context.Context, b batch.Batch, c Columns) (*opened, error) {
	in, err := i.Blobs.Open(ctx, b.File)
	if err != nil {
		return nil, petition.Wrap(err, "open table")
	}
	data, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, petition.Wrap(err, "read table")
	}
	t, err := i.read(data)
	if err != nil {
		return nil, err
	}
	return &opened{newReader(i.Office, t, c, petition.Day(i.Now())), t.heads() + 1}, nil
}

func (o *opened) count() int { return len(o.table.rows) - o.first }

// Preview is what a table would become.
type Preview struct {
	Heads   []string // names of the columns
	Columns Columns
	Missing []string // of Needed, those that no column has
	Lines   []Line   // the first ones
	Refused []Line   // those with faults, at most maxShown
	Good    int
	Bad     int
	Faults  map[string]int            // faults by key
	Unknown map[string]map[string]int // subjects and places that are kept as words, with how many lines have them
}

const (
	maxLines = 8
	maxShown = 200
)

// Preview reads every line with these columns (nil = as they were found), and changes nothing: the dry run.
func (i *Importer) Preview(ctx context.Context, b batch.Batch, c Columns) (Preview, error) {
	in, err := columnsOf(b)
	if err != nil {
		return Preview{}, err
	}
	if c == nil {
		c = in.Columns
	}
	o, err := i.open(ctx, b, c)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Heads: o.table.rows[o.first-1], Columns: c, Faults: map[string]int{}, Unknown: map[string]map[string]int{"subject": {}, "place": {}}}
	for _, field := range Needed() {
		if _, have := c[field]; !have {
			p.Missing = append(p.Missing, field)
		}
	}
	for n := range o.count() {
		l := o.line(o.first+n, b.ID)
		p.add(l, n)
	}
	return p, nil
}

func (p *Preview) add(l Line, n int) {
	if n < maxLines {
		p.Lines = append(p.Lines, l)
	}
	for field, value := range l.Unknown {
		if len(p.Unknown[field]) < maxShown {
			p.Unknown[field][value]++
		}
	}
	if len(l.Faults) == 0 {
		p.Good++
		return
	}
	p.Bad++
	for _, f := range l.Faults {
		p.Faults[f.Key]++
	}
	if len(p.Refused) < maxShown {
		p.Refused = append(p.Refused, l)
	}
}

// Start lets a prepared batch begin with these columns. Starting one that began is no error.
func (i *Importer) Start(ctx context.Context, a petition.Actor, b batch.Batch, c Columns) error {
	switch {
	case !i.Cases.Law().MayImport(a):
		return petition.Fail(petition.Forbidden, "import.who")
	case b.Kind != Kind:
		return petition.Fail(petition.NotFound, "batch.none")
	case b.State != batch.Prepared:
		return nil
	}
	in, err := columnsOf(b)
	if err != nil {
		return err
	}
	if c != nil {
		in.Columns = c
	}
	for _, field := range Needed() {
		if _, have := in.Columns[field]; !have {
			return petition.Fail(petition.Invalid, "import.column", "field", field)
		}
	}
	if b.Input, err = json.Marshal(in); err != nil {
		return err
	}
	b.State, b.Staff = batch.Waiting, a.Staff
	return i.Batches.PutBatch(ctx, b)
}

// Undo begins a batch that takes back what an import wrote down, and answers its id: cases that
// somebody worked on since stay and are named.
func (i *Importer) Undo(ctx context.Context, a petition.Actor, b batch.Batch) (string, error) {
	switch {
	case !i.Cases.Law().MayImport(a):
		return "", petition.Fail(petition.Forbidden, "import.who")
	case b.Kind != Kind || !b.Over():
		return "", petition.Fail(petition.Conflict, "import.running")
	}
	in, err := columnsOf(b)
	if err != nil {
		return "", err
	}
	was := in
	in.Of, in.Undone = b.ID, ""
	id := "undo-" + b.ID // pressed twice it is one
	if old, err := i.Batches.Batch(ctx, id); err == nil && (!old.Over() || old.State == batch.Done) {
		return id, nil
	}
	undo := batch.Batch{ID: id, Kind: KindUndo, Staff: a.Staff, Name: b.Name, At: i.Now(), State: batch.Waiting, Total: b.Total, File: b.File}
	if undo.Input, err = json.Marshal(in); err != nil {
		return "", err
	}
	was.Undone = id
	if b.Input, err = json.Marshal(was); err != nil {
		return "", err
	}
	if err := i.Batches.PutBatch(ctx, undo); err != nil {
		return "", err
	}
	return id, i.Batches.PutBatch(ctx, b)
}

// Undone is the batch that takes an import back, "" where there is none.
func Undone(b batch.Batch) string {
	in, err := columnsOf(b)
	if err != nil {
		return ""
	}
	return in.Undone
}

// Kinds are what a worker is to be given.
func (i *Importer) Kinds() map[string]batch.Begin {
	return map[string]batch.Begin{
		Kind: i.begin(func(ctx context.Context, a petition.Actor, l Line) (bool, error) {
			_, err := i.Cases.TakeOver(ctx, a, l.Filing, l.Backlog)
			return err == nil, err
		}),
		KindUndo: i.begin(func(ctx context.Context, a petition.Actor, l Line) (bool, error) {
			number, err := i.Cases.UndoTakeOver(ctx, a, l.Filing, l.Backlog)
			return number != "", err
		}),
	}
}

// Lines that are dealt with between two notes of how far it came, and those at once: the store
// writes several together.
const (
	chunk  = 200
	atOnce = 64
)

func (i *Importer) begin(each func(ctx context.Context, a petition.Actor, l Line) (made bool, err error)) batch.Begin {
	return func(ctx context.Context, b *batch.Batch) (batch.Next, error) {
		in, err := columnsOf(*b)
		if err != nil {
			return nil, err
		}
		o, err := i.open(ctx, *b, in.Columns)
		if err != nil {
			return nil, err
		}
		id := b.ID
		if in.Of != "" {
			id = in.Of
		}
		for n := range b.Done { // what was said before it was interrupted counts as said
			o.line(o.first+n, id)
		}
		b.Total = o.count()
		return func(ctx context.Context, b *batch.Batch) ([]batch.Refusal, bool, error) {
			a, err := i.Actor(ctx, b.Staff)
			if err != nil {
				return nil, false, err
			}
			refused, err := o.chunk(ctx, a, b, id, each)
			return refused, b.Done == b.Total, err
		}, nil
	}
}

// chunk deals with the next lines. An error that is not about a line ends it, and nothing of it is
// noted.
func (o *opened) chunk(ctx context.Context, a petition.Actor, b *batch.Batch, id string, each func(context.Context, petition.Actor, Line) (bool, error)) (refused []batch.Refusal, err error) {
	var mu sync.Mutex
	made, first, n := 0, b.Done, min(chunk, b.Total-b.Done)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for at := range n {
		l := o.line(o.first+first+at, id)
		if len(l.Faults) > 0 {
			if id == b.ID {
				mu.Lock()
				refused = append(refused, l.refusal(first+at))
				mu.Unlock()
			}
			continue
		}
		g.Go(func() error {
			ok, err := each(ctx, a, l)
			mu.Lock()
			defer mu.Unlock()
			var e *petition.Error
			switch {
			case err == nil && ok:
				made++
			case err == nil:
			case errors.As(err, &e) && (e.Code == petition.Invalid || e.Code == petition.Conflict):
				refused = append(refused, batch.Refusal{Item: first + at, What: strconv.Itoa(l.Number), Key: e.Key, Args: e.Args})
			default:
				return err
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	b.Done, b.Made, b.Refused = b.Done+n, b.Made+made, b.Refused+len(refused)
	return refused, nil
}

// refusal is the first of a line's faults; the others show once that one is mended, and in the preview.
func (l Line) refusal(item int) batch.Refusal {
	f := l.Faults[0]
	return batch.Refusal{Item: item, What: strconv.Itoa(l.Number), Key: f.Key, Args: map[string]string{"field": f.Field, "value": f.Value}}
}

// Refused writes the lines of an import that were refused as a table: the line, why, and what stood
// there, to be mended and imported again.
func (i *Importer) Refused(ctx context.Context, b batch.Batch, heads [2]string, why func(batch.Refusal) string, to io.Writer) error {
	in, err := columnsOf(b)
	if err != nil {
		return err
	}
	o, err := i.open(ctx, b, in.Columns)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	if err := w.Write(append(heads[:], o.table.rows[o.first-1]...)); err != nil {
		return fmt.Errorf("write refused lines: %w", err)
	}
	for after := -1; ; {
		some, err := i.Batches.Refusals(ctx, b.ID, after, 500)
		if err != nil {
			return err
		}
		for _, r := range some {
			after = r.Item
			if r.Item >= o.count() {
				continue
			}
			if err := w.Write(append([]string{r.What, why(r)}, o.table.rows[o.first+r.Item]...)); err != nil {
				return fmt.Errorf("write refused lines: %w", err)
			}
		}
		if len(some) == 0 {
			break
		}
	}
	w.Flush()
	return w.Error()
}
