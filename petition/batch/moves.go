package batch

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"dengwen/petition"
)

// The kinds of batches on chosen cases.
const (
	KindMoves  = "moves"
	KindPapers = "papers"
)

// Chosen is what a batch on chosen cases works on.
type Chosen struct {
	Numbers []string      `json:"numbers"`
	Move    petition.Move `json:"move,omitzero"` // of KindMoves
}

// Works is what the kinds of this package work with.
type Works struct {
	Cases petition.Cases
	Blobs petition.Blobs
	Actor func(ctx context.Context, staff string) (petition.Actor, error) // who asked, as they are now
}

// Kinds are what a worker is to be given.
func (w Works) Kinds() map[string]Begin {
	return map[string]Begin{KindMoves: w.moves, KindPapers: w.papers}
}

// step is how many cases are moved between two notes of how far it came.
const step = 10

func chosen(b *Batch) (c Chosen, err error) {
	err = json.Unmarshal(b.Input, &c)
	b.Total = len(c.Numbers)
	return c, err
}

// moves makes one move on each case, under a key of its own: made again it is the same move.
func (w Works) moves(_ context.Context, b *Batch) (Next, error) {
	c, err := chosen(b)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, b *Batch) (refused []Refusal, over bool, err error) {
		a, err := w.Actor(ctx, b.Staff)
		if err != nil {
			return nil, false, err
		}
		made, to := 0, min(b.Done+step, b.Total)
		for i := b.Done; i < to; i++ {
			m := c.Move
			m.Key = b.ID + ":" + c.Numbers[i]
			switch _, err := w.Cases.Do(ctx, a, c.Numbers[i], m); {
			case err == nil:
				made++
			case passing(err):
				return nil, false, err
			default:
				refused = append(refused, refusalOf(i, c.Numbers[i], err))
			}
		}
		b.Done, b.Made, b.Refused = to, b.Made+made, b.Refused+len(refused)
		return refused, b.Done == b.Total, nil
	}, nil
}

// passing reports whether an error says nothing about the case.
func passing(err error) bool {
	code := petition.CodeOf(err)
	return code == petition.Unavailable || code == petition.Internal
}

func refusalOf(item int, what string, err error) Refusal {
	r := Refusal{Item: item, What: what}
	var e *petition.Error
	if errors.As(err, &e) {
		r.Key, r.Args = e.Key, e.Args
	}
	return r
}

// maxPapers is how many bytes of papers one file holds at most.
const maxPapers = 200 << 20

// papers prints every official document of each case into one zip file. Interrupted it begins anew: nothing
// but the file comes of it.
func (w Works) papers(_ context.Context, b *Batch) (Next, error) {
	c, err := chosen(b)
	if err != nil {
		return nil, err
	}
	b.Done, b.Made, b.Refused = 0, 0, 0
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	return func(ctx context.Context, b *Batch) (refused []Refusal, over bool, err error) {
		a, err := w.Actor(ctx, b.Staff)
		if err != nil {
			return nil, false, err
		}
		number := c.Numbers[b.Done]
		n, err := w.print(ctx, a, number, z)
		switch {
		case err != nil && passing(err):
			return nil, false, err
		case err == nil && n == 0:
			err = petition.Fail(petition.NotFound, "batch.no_papers")
			fallthrough
		case err != nil:
			refused = []Refusal{refusalOf(b.Done, number, err)}
			b.Refused++
		default:
			b.Made++
		}
		if b.Done++; file.Len() > maxPapers {
			return refused, false, petition.Fail(petition.Invalid, "batch.papers_large")
		}
		if b.Done < b.Total {
			return refused, false, nil
		}
		if err := z.Close(); err != nil {
			return refused, false, fmt.Errorf("end zip file: %w", err)
		}
		b.Result = "papers-" + b.ID
		_, _, err = w.Blobs.Put(ctx, b.Result, &file, maxPapers*2)
		return refused, true, err
	}, nil
}

// print adds the documents of a case to a zip file and answers how many there were.
func (w Works) print(ctx context.Context, a petition.Actor, number string, z *zip.Writer) (n int, err error) {
	v, err := w.Cases.Look(ctx, a, number, "")
	if err != nil {
		return 0, err
	}
	for _, e := range v.Timeline {
		for _, kind := range slices.Compact(petition.DocumentsOf(e, false)) {
			in, at, err := w.Cases.Document(ctx, a, number, "", petition.DocumentRef{Seq: e.Seq, Kind: kind, Form: "pdf"})
			if err != nil {
				return n, err
			}
			out, err := z.Create(fmt.Sprintf("%s/%02d-%s.pdf", number, e.Seq, petition.DocumentTitle(kind)))
			if err == nil {
				_, err = io.Copy(out, in)
			}
			if err := errors.Join(err, in.Close()); err != nil {
				return n, petition.Wrap(err, "print "+at.Name)
			}
			n++
		}
	}
	return n, nil
}
