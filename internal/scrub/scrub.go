// Package scrub tells the format of an uploaded file by its bytes and takes out what
// device and program wrote into it (place, time, owner, author), each file within a budget
// of memory and time; it stores nothing and decides nothing about cases.
package scrub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"dengwen/petition"

	"golang.org/x/sync/semaphore"
)

// Limits bound what cleaning may cost, whatever a file was made to do.
type Limits struct {
	Memory   int64         // bytes that all cleanings running at once may hold
	AtOnce   int64         // cleanings running at once
	Unpacked int64         // bytes that the compressed parts of one file may unpack to
	Entries  int           // parts, objects, boxes, items and samples of one file
	Time     time.Duration // for one file, waiting for the others not counted
}

// DefaultLimits clean every ordinary file of up to 64 MB.
func DefaultLimits() Limits {
	return Limits{Memory: 256 << 20, AtOnce: 4, Unpacked: 64 << 20, Entries: 500_000, Time: 10 * time.Second}
}

// format is how one kind of file is cleaned.
type format struct {
	// clean answers the file without what device and program wrote into it. traces: some
	// of it had to stay. It charges its budget before it spends. errPicture: a picture or
	// film that can't be read.
	clean func(bud *budget, b []byte) (out []byte, traces bool, err error)

	inPlace bool // clean changes b, and answers a part of it

	// memory is the most that cleaning a file of n bytes holds, the file included.
	memory func(n int64) int64
}

// formats are the kinds that hold such data. Those without clean are kept as they come.
func formats() map[string]format {
	picture := func(n int64) int64 { return 2*n + 1<<20 }
	item := func(n int64) int64 { return 2*n + 24<<20 }                 // numbers of items
	sample := func(n int64) int64 { return 2*n + 32<<20 }               // places of samples
	object := func(n int64) int64 { return 2*n + 24<<20 + 3*maxStream } // places of objects
	part := func(n int64) int64 { return 3*n + n/8 + 32<<20 }           // what came, what goes, one picture
	return map[string]format{
		"image/jpeg":         {cleanJPEG, true, picture},
		"image/png":          {cleanPNG, true, picture},
		"image/webp":         {cleanWebP, true, picture},
		"image/heic":         {cleanHEIC, true, item},
		"video/mp4":          {cleanFilm, true, sample},
		"video/quicktime":    {cleanFilm, true, sample},
		"audio/mp4":          {cleanFilm, true, sample},
		"application/pdf":    {cleanPDF, true, object},
		zipped[".docx"]:      {cleanOffice, false, part},
		zipped[".xlsx"]:      {cleanOffice, false, part},
		"application/msword": {},
		zipped[".ofd"]:       {},
	}
}

// scrubber cleans within limits.
type scrubber struct {
	limits  Limits
	formats map[string]format
	memory  *semaphore.Weighted
}

// New answers the formats the case service takes. The limits hold for all its cleanings
// together, so a process has one.
func New(l Limits) petition.Scrub {
	s := &scrubber{l, formats(), semaphore.NewWeighted(l.Memory)}
	return petition.Scrub{Sniff: Sniff, Clean: s.clean}
}

// clean is petition.Scrub.Clean. A file that would cost more than it may goes to put as it
// came; its memory is reserved until put is done with it.
func (s *scrubber) clean(ctx context.Context, kind string, in io.Reader, size int64, put func(io.Reader) error) (traces bool, err error) {
	f, ok := s.formats[kind]
	if !ok || f.clean == nil || f.memory(size) > s.limits.Memory {
		return ok, put(in)
	}
	reserved := max(f.memory(size), s.limits.Memory/s.limits.AtOnce)
	if err := s.memory.Acquire(ctx, reserved); err != nil {
		return false, fmt.Errorf("wait to clean a file: %w", err)
	}
	defer s.memory.Release(reserved)
	b := make([]byte, size)
	if _, err := io.ReadFull(in, b); err != nil {
		return false, fmt.Errorf("read file to clean: %w", err)
	}
	out, traces, err := s.limits.within(ctx, f, b)
	switch {
	case errors.Is(err, errBudget):
		out, traces = b, true
	case errors.Is(err, errPicture):
		return false, &petition.Error{Code: petition.Invalid, Key: "file.damaged", Err: err}
	case err != nil:
		return false, err
	}
	return traces, put(bytes.NewReader(out))
}

// within cleans b. A panic is an error: one file does not end the process.
func (l Limits) within(ctx context.Context, f format, b []byte) (out []byte, traces bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("clean file: %v\n%s", p, debug.Stack())
		}
	}()
	return l.run(ctx, f, b)
}

func (l Limits) run(ctx context.Context, f format, b []byte) (out []byte, traces bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, l.Time, errBudget)
	defer cancel()
	bud := newBudget(ctx, l, len(b))
	if f.inPlace {
		b = append(make([]byte, 0, len(b)+2), b...) // a JPEG may get its end mark
	}
	out, traces, err = f.clean(bud, b)
	if bud.err != nil { // wherever it ran out, what was done so far is not the whole
		return nil, false, bud.err
	}
	return out, traces, err
}
