package exchange

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"dengwen/internal/backlog"
	"dengwen/petition"
	"dengwen/petition/batch"
)

// Take keeps a file of the system above and answers the batch that compares it with what is here: nothing is
// written down but what differs. It is waiting.
func (x *Exchanger) Take(ctx context.Context, a petition.Actor, name string, r io.Reader) (batch.Batch, error) {
	if !x.Cases.Law().MayExchange(a) {
		return batch.Batch{}, petition.Fail(petition.Forbidden, "exchange.who")
	}
	data, err := io.ReadAll(io.LimitReader(r, backlog.MaxFile+1))
	if err != nil {
		return batch.Batch{}, petition.Wrap(err, "read exchange file")
	}
	if _, err := x.read(data); err != nil {
		return batch.Batch{}, err
	}
	id := x.NewID()
	b := batch.Batch{ID: id, Kind: KindCompare, Staff: a.Staff, Name: petition.FileName(name), At: x.Now(), State: batch.Waiting, File: "exchange-" + id}
	if _, _, err := x.Blobs.Put(ctx, b.File, bytes.NewReader(data), backlog.MaxFile); err != nil {
		return b, petition.Wrap(err, "keep exchange file")
	}
	return b, x.Batches.PutBatch(ctx, b)
}

func (x *Exchanger) read(data []byte) (*backlog.Sheet, error) {
	m := mappingOf(x.Office)
	return backlog.ReadSheet(x.Office, data, m.named(), m.here, petition.Day(x.Now()))
}

// open reads the file of a batch.
func (x *Exchanger) open(ctx context.Context, b *batch.Batch) (*backlog.Sheet, error) {
	in, err := x.Blobs.Open(ctx, b.File)
	if err != nil {
		return nil, petition.Wrap(err, "open exchange file")
	}
	data, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, petition.Wrap(err, "read exchange file")
	}
	return x.read(data)
}

// comparison finds the cases that lines of a file are about.
type comparison struct {
	mapping
	sheet *backlog.Sheet
	all   []petition.Standing
	here  map[string]int // numbers of here and of there, to places in all
	met   []bool         // those of all that a line was about
}

func (x *Exchanger) compare(ctx context.Context, b *batch.Batch) (*comparison, error) {
	sheet, err := x.open(ctx, b)
	if err != nil {
		return nil, err
	}
	a, err := x.Actor(ctx, b.Staff)
	if err != nil {
		return nil, err
	}
	c := &comparison{mapping: mappingOf(x.Office), sheet: sheet, here: map[string]int{}}
	if c.all, err = x.Cases.Standings(ctx, a); err != nil {
		return nil, err
	}
	c.met = make([]bool, len(c.all))
	for i, s := range c.all {
		c.here[s.Number] = i
		if s.Theirs != "" {
			c.here[s.Theirs] = i
		}
	}
	return c, nil
}

// find is the case that a line is about, by the number of here or of there; -1 = none.
func (c *comparison) find(l backlog.Line) int {
	for _, number := range []string{c.sheet.Cell(l, "ours"), l.Filing.Old} {
		if i, ok := c.here[number]; ok && number != "" {
			return i
		}
	}
	return -1
}

// NumberHere is the case of here that a difference is about, "" where there is none.
func NumberHere(difference batch.Refusal) string { return difference.Args["number"] }

// differences are those of a line, each with what to do, which is the sentence of its key; none for a line that
// agrees.
func (c *comparison) differences(l backlog.Line) (all []batch.Refusal) {
	number := l.Filing.Old
	if number == "" {
		number = c.sheet.Cell(l, "ours")
	}
	note := func(kind string, pairs ...string) {
		r := batch.Refusal{What: number, Key: "exchange.diff." + kind, Args: map[string]string{"line": strconv.Itoa(l.Number)}}
		for i := 0; i+1 < len(pairs); i += 2 {
			r.Args[pairs[i]] = pairs[i+1]
		}
		all = append(all, r)
	}
	i := c.find(l)
	switch {
	case number == "":
		note("numberless")
		return all
	case l.Filing.Class == petition.Report:
		note("report")
		return all
	case i < 0 && firstFault(l) < 0:
		note("missing_here")
		return all
	case i < 0:
		note("missing_faulty")
		return all
	}
	c.met[i] = true
	s := c.all[i]
	if text := c.sheet.Cell(l, "status"); text != "" && text != c.there("status", string(s.Status)) && coarse(l.Backlog.Status) != coarse(s.Status) {
		kind := "status"
		if !coarse(s.Status).Ended() && coarse(l.Backlog.Status).Ended() {
			kind = "status_there"
		}
		note(kind, "here", c.there("status", string(s.Status)), "there", text, "number", s.Number)
	}
	if day := c.sheet.Cell(l, "received"); day != "" && l.Filing.Received != s.Received {
		note("received", "here", s.Received, "there", day, "number", s.Number)
	}
	if text := c.sheet.Cell(l, "unit"); text != "" && l.Backlog.Unit != s.Unit && text != c.there("unit", s.Unit) {
		note("unit", "here", c.there("unit", s.Unit), "there", text, "number", s.Number)
	}
	return all
}

// missingThere are the cases of here that no line was about, of those received on the days that the file has.
func (c *comparison) missingThere() (all []batch.Refusal) {
	from, to := "", ""
	for _, l := range c.sheet.Lines {
		if day := l.Filing.Received; day != "" && len(l.Faults) == 0 {
			if from == "" || day < from {
				from = day
			}
			to = max(to, day)
		}
	}
	for i, s := range c.all {
		if !c.met[i] && s.Status != petition.Withdrawn && from != "" && s.Received >= from && s.Received <= to {
			all = append(all, batch.Refusal{What: s.Number, Key: "exchange.diff.missing_there", Args: map[string]string{"number": s.Number, "received": s.Received, "unit": c.there("unit", s.Unit)}})
		}
	}
	return all
}

// beginCompare lists what differs. Interrupted it begins anew.
func (x *Exchanger) beginCompare(ctx context.Context, b *batch.Batch) (batch.Next, error) {
	c, err := x.compare(ctx, b)
	if err != nil {
		return nil, err
	}
	var all []batch.Refusal
	agree := 0
	for _, l := range c.sheet.Lines {
		some := c.differences(l)
		if len(some) == 0 {
			agree++
		}
		all = append(all, some...)
	}
	all = append(all, c.missingThere()...)
	for i := range all {
		all[i].Item = i
	}
	b.Done, b.Made, b.Refused, b.Total = 0, agree, 0, len(c.sheet.Lines)
	return func(_ context.Context, b *batch.Batch) ([]batch.Refusal, bool, error) {
		some := all[b.Refused:min(b.Refused+1000, len(all))]
		b.Refused += len(some)
		if b.Refused == len(all) {
			b.Done = b.Total
		}
		return some, b.Refused == len(all), nil
	}, nil
}
