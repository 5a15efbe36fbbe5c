package scrub

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// errBudget is a file that would cost more than one may.
var errBudget = errors.New("file costs more than it may")

// budget is what the cleaning of one file may still spend. Every format charges it before
// it reads, copies, unpacks or keeps something, so that bytes which are gone through again
// and again are paid for each time. Once spent, err stays.
type budget struct {
	ctx      context.Context
	work     int64 // bytes still to be gone through or copied
	unpacked int64 // bytes still to come out of compressed parts
	entries  int
	clock    int64 // work until the time is looked at
	err      error
}

const (
	// workPerByte is more than twice what the slowest ordinary file needs: a PDF of
	// nothing but dictionaries is gone through some twelve times.
	workPerByte = 32
	// clockEvery is about a millisecond of work.
	clockEvery = 1 << 20
)

func newBudget(ctx context.Context, l Limits, size int) *budget {
	return &budget{ctx: ctx, work: workPerByte*int64(size) + 4*l.Unpacked, unpacked: l.Unpacked, entries: l.Entries, clock: clockEvery}
}

// spend charges n bytes gone through or copied.
func (b *budget) spend(n int) error {
	if b.work -= int64(n); b.work < 0 {
		b.fail(errBudget)
	}
	if b.clock -= int64(n); b.clock < 0 {
		b.clock = clockEvery
		if b.ctx.Err() != nil {
			b.fail(context.Cause(b.ctx))
		}
	}
	return b.err
}

// count charges n entries that are looked at or kept.
func (b *budget) count(n int) error {
	if b.entries -= n; b.entries < 0 {
		b.fail(errBudget)
	}
	return b.spend(n)
}

// unpack charges n bytes that come out of a compressed part.
func (b *budget) unpack(n int) error {
	if b.unpacked -= int64(n); b.unpacked < 0 {
		b.fail(errBudget)
	}
	return b.spend(n)
}

func (b *budget) fail(err error) error {
	if b.err == nil {
		b.err = err
	}
	return b.err
}

// unpacking charges what is read from r as unpacked.
func (b *budget) unpacking(r io.Reader) io.Reader { return unpacking{b, r} }

type unpacking struct {
	bud *budget
	r   io.Reader
}

func (u unpacking) Read(p []byte) (int, error) {
	if u.bud.err != nil {
		return 0, u.bud.err
	}
	n, err := u.r.Read(p)
	if over := u.bud.unpack(n); over != nil {
		return n, over
	}
	return n, err
}

// readAll reads r to its end; more than most bytes are over the budget.
func (b *budget) readAll(r io.Reader, most int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if len(out) > most {
		return nil, b.fail(errBudget)
	}
	return out, err
}

// output holds at most max bytes and charges them.
type output struct {
	bytes.Buffer
	bud *budget
	max int
}

func (b *budget) output(max int) *output { return &output{bud: b, max: max} }

func (o *output) Write(p []byte) (int, error) {
	if o.Len()+len(p) > o.max {
		return 0, o.bud.fail(errBudget)
	}
	if err := o.bud.spend(len(p)); err != nil {
		return 0, err
	}
	return o.Buffer.Write(p)
}
