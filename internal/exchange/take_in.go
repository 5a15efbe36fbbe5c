package exchange

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"dengwen/internal/backlog"
	"dengwen/petition"
	"dengwen/petition/batch"
)

// TakeIn answers the batch that takes in what a file has and this office has not, by the batch that compared it. A second
// call for the same one answers the same batch. Conflict "exchange.running" before the comparison is over.
func (x *Exchanger) TakeIn(ctx context.Context, a petition.Actor, compared batch.Batch) (batch.Batch, error) {
	switch {
	case !x.Cases.Law().MayExchange(a):
		return batch.Batch{}, petition.Fail(petition.Forbidden, "exchange.who")
	case compared.Kind != KindCompare || compared.State != batch.Done:
		return batch.Batch{}, petition.Fail(petition.Conflict, "exchange.running")
	}
	id := "in-" + compared.ID
	if b, err := x.Batches.Batch(ctx, id); err == nil {
		return b, nil
	}
	b := batch.Batch{ID: id, Kind: KindImport, Staff: a.Staff, Name: compared.Name, At: x.Now(), State: batch.Waiting, Total: compared.Total, File: compared.File}
	return b, x.Batches.PutBatch(ctx, b)
}

// progress is what an import that was interrupted goes on from beside how many lines are done.
type progress struct {
	Known int `json:"known"` // lines that were here already
}

// Known is how many lines of an import were here already.
func Known(b batch.Batch) int {
	var p progress
	if len(b.Input) == 0 || json.Unmarshal(b.Input, &p) != nil {
		return 0
	}
	return p.Known
}

// unasked are the fields of a line that do not matter when it is taken in: what happened there begins here anew.
var unasked = []string{"status", "day", "unit", "outcome"}

// firstFault is the place of the first of a line's faults that stands against taking it in, -1 = none does.
func firstFault(l backlog.Line) int {
	return slices.IndexFunc(l.Faults, func(f backlog.Fault) bool { return !slices.Contains(unasked, f.Field) })
}

// beginImport takes in line by line what is not here. A line that was taken in and not noted is here already when the
// batch goes on: its number is known.
func (x *Exchanger) beginImport(ctx context.Context, b *batch.Batch) (batch.Next, error) {
	c, err := x.compare(ctx, b)
	if err != nil {
		return nil, err
	}
	b.Total = len(c.sheet.Lines)
	return func(ctx context.Context, b *batch.Batch) ([]batch.Refusal, bool, error) {
		a, err := x.Actor(ctx, b.Staff)
		if err != nil {
			return nil, false, err
		}
		var refused []batch.Refusal
		made, known, n := 0, 0, min(atOnce, b.Total-b.Done)
		for at := b.Done; at < b.Done+n; at++ {
			l := c.sheet.Lines[at]
			ok, err := x.takeLine(ctx, a, c, l)
			var e *petition.Error
			switch {
			case err == nil && ok:
				made++
			case err == nil:
				known++
			case errors.As(err, &e) && (e.Code == petition.Invalid || e.Code == petition.Conflict):
				refused = append(refused, batch.Refusal{Item: at, What: strconv.Itoa(l.Number), Key: e.Key, Args: e.Args})
			default:
				return nil, false, err
			}
		}
		b.Done, b.Made, b.Refused = b.Done+n, b.Made+made, b.Refused+len(refused)
		if b.Input, err = json.Marshal(progress{Known(*b) + known}); err != nil {
			return nil, false, err
		}
		return refused, b.Done == b.Total, nil
	}, nil
}

// takeLine takes in a line; false where it is here already.
func (x *Exchanger) takeLine(ctx context.Context, a petition.Actor, c *comparison, l backlog.Line) (bool, error) {
	f, here, err := c.filing(l)
	if here || err != nil {
		return false, err
	}
	_, made, err := x.Cases.TakeIn(ctx, a, f)
	return made, err
}

// filing is what a line would be lodged as; here = there is one already.
func (c *comparison) filing(l backlog.Line) (f petition.Filing, here bool, err error) {
	if c.find(l) >= 0 {
		return f, true, nil
	}
	if i := firstFault(l); i >= 0 {
		fault := l.Faults[i]
		return f, false, petition.Fail(petition.Invalid, fault.Key, "field", fault.Field, "value", fault.Value)
	}
	f = l.Filing
	f.Origin = petition.Origin{Name: cmp.Or(c.sheet.Cell(l, "sender"), c.office.Exchange.Sender), Number: f.Old, Date: f.Received, Due: backlog.Day(c.sheet.Cell(l, "due"))}
	if !petition.PassedOn(f.Channel) || f.Channel == "above" && f.Origin.Name == "" {
		f.Channel = "above"
		if f.Origin.Name == "" {
			f.Channel = "portal"
		}
	}
	return f, false, nil
}

// Outlook is what an import would do.
type Outlook struct {
	Good, Known int
	Refused     []batch.Refusal
}

// Look reads every line of a compared file as TakeIn would, and changes nothing: the dry run.
func (x *Exchanger) Look(ctx context.Context, a petition.Actor, compared batch.Batch) (o Outlook, err error) {
	c, err := x.compare(ctx, &compared)
	if err != nil {
		return o, err
	}
	seen := map[string]bool{}
	for at, l := range c.sheet.Lines {
		f, here, err := c.filing(l)
		if err == nil && !here {
			_, err = x.Cases.CheckIn(a, f)
		}
		var e *petition.Error
		switch {
		case errors.As(err, &e) && e.Code == petition.Invalid:
			o.Refused = append(o.Refused, batch.Refusal{Item: at, What: strconv.Itoa(l.Number), Key: e.Key, Args: e.Args})
		case err != nil:
			return o, err
		case here || seen[f.Origin.Number]:
			o.Known++
		default:
			o.Good++
			seen[f.Origin.Number] = true
		}
	}
	return o, nil
}
