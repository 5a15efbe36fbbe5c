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
	KindPapers = "papers" // their documents, each a file of a zip file
	KindPrint  = "print"  // their documents behind one another, to be printed
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
	Merge func(w io.Writer, pdfs [][]byte) error                          // writes one PDF of the pages of others
}

// Kinds are what a worker is to be given.
func (w Works) Kinds() map[string]Begin {
	return map[string]Begin{KindMoves: w.moves, KindPapers: w.papers(zipped), KindPrint: w.papers(w.merged)}
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

// paper is an official document of a case.
type paper struct {
	name string
	pdf  []byte
}

// papers prints every official document of each case into one file, which bind makes of them. Interrupted it begins anew: nothing
// but the file comes of it.
func (w Works) papers(bind func(to io.Writer, all []paper) error) Begin {
	return func(_ context.Context, b *Batch) (Next, error) {
		c, err := chosen(b)
		if err != nil {
			return nil, err
		}
		b.Done, b.Made, b.Refused = 0, 0, 0
		var all []paper
		size := 0
		return func(ctx context.Context, b *Batch) (refused []Refusal, over bool, err error) {
			a, err := w.Actor(ctx, b.Staff)
			if err != nil {
				return nil, false, err
			}
			number := c.Numbers[b.Done]
			printed, err := w.print(ctx, a, number)
			switch {
			case err != nil && passing(err):
				return nil, false, err
			case err == nil && len(printed) == 0:
				err = petition.Fail(petition.NotFound, "batch.no_papers")
				fallthrough
			case err != nil:
				refused = []Refusal{refusalOf(b.Done, number, err)}
				b.Refused++
			default:
				all = append(all, printed...)
				b.Made++
			}
			for _, p := range printed {
				size += len(p.pdf)
			}
			if b.Done++; size > maxPapers {
				return refused, false, petition.Fail(petition.Invalid, "batch.papers_large")
			}
			if b.Done < b.Total || len(all) == 0 {
				return refused, b.Done == b.Total, nil
			}
			var file bytes.Buffer
			if err := bind(&file, all); err != nil {
				unbound := petition.Fail(petition.Invalid, "batch.unbound")
				unbound.Err = err
				return refused, false, unbound
			}
			b.Result = "papers-" + b.ID
			_, _, err = w.Blobs.Put(ctx, b.Result, &file, maxPapers*2)
			return refused, true, err
		}, nil
	}
}

// zipped are papers as files of a zip file.
func zipped(to io.Writer, all []paper) error {
	z := zip.NewWriter(to)
	for _, p := range all {
		out, err := z.Create(p.name)
		if err == nil {
			_, err = out.Write(p.pdf)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// merged are the pages of papers behind one another.
func (w Works) merged(to io.Writer, all []paper) error {
	files := make([][]byte, len(all))
	for i, p := range all {
		files[i] = p.pdf
	}
	return w.Merge(to, files)
}

// print are the documents of a case.
func (w Works) print(ctx context.Context, a petition.Actor, number string) (all []paper, err error) {
	v, err := w.Cases.Look(ctx, a, number, "")
	if err != nil {
		return nil, err
	}
	for _, e := range v.Timeline {
		for _, kind := range slices.Compact(petition.DocumentsOf(e, false)) {
			in, at, err := w.Cases.Document(ctx, a, number, "", petition.DocumentRef{Seq: e.Seq, Kind: kind, Form: "pdf"})
			if err != nil {
				return nil, err
			}
			pdf, err := io.ReadAll(io.LimitReader(in, maxPapers))
			if err := errors.Join(err, in.Close()); err != nil {
				return nil, petition.Wrap(err, "print "+at.Name)
			}
			all = append(all, paper{fmt.Sprintf("%s/%02d-%s.pdf", number, e.Seq, petition.DocumentTitle(kind)), pdf})
		}
	}
	return all, nil
}
