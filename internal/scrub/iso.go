package scrub

import (
	"encoding/binary"
	"iter"
)

// Films (MP4, MOV, M4A) and HEIC pictures are made of boxes (ISO 14496-12, ISO 23008-12).
// A box that nobody needs to show the thing is made empty where it stands, so that no
// other one moves.

// box is one box of a file: b[at:body] is its head, b[body:end] its content.
type box struct {
	kind          string
	at, body, end int
}

// boxes goes through what stands in b[from:to] and charges each box. A last box that is
// cut off ends where b does, at the top of a file only. The first error is the last step.
func boxes(bud *budget, b []byte, from, to int) iter.Seq2[box, error] {
	return func(yield func(box, error) bool) {
		for i := from; i+8 <= to; {
			if err := bud.count(1); err != nil {
				yield(box{}, err)
				return
			}
			n, body := int64(binary.BigEndian.Uint32(b[i:])), i+8
			switch {
			case n == 0:
				n = int64(to - i)
			case n == 1 && i+16 <= to:
				n, body = int64(min(binary.BigEndian.Uint64(b[i+8:]), 1<<62)), i+16
			}
			if n < int64(body-i) || n > int64(to-i) && from > 0 {
				yield(box{}, errPicture)
				return
			}
			last := i + int(min(n, int64(to-i)))
			if !yield(box{string(b[i+4 : i+8]), i, body, last}, nil) {
				return
			}
			i = last
		}
	}
}

// blankBox makes a box empty; its length stays.
func blankBox(bud *budget, b []byte, x box) error {
	copy(b[x.at+4:], "free")
	return wipe(bud, b[x.body:x.end])
}

func wipe(bud *budget, b []byte) error {
	if err := bud.spend(len(b)); err != nil {
		return err
	}
	clear(b)
	return nil
}

// find is the first box of a kind in x; the zero box when there is none. What stands
// behind it must be boxes too.
func find(bud *budget, b []byte, x box, kind string) (found box, err error) {
	for y, err := range boxes(bud, b, x.body, x.end) {
		if err != nil {
			return box{}, err
		}
		if y.kind == kind && found.end == 0 {
			found = y
		}
	}
	return found, nil
}

// down follows a path of boxes; the zero box where it does not lead on.
func down(bud *budget, b []byte, x box, path ...string) (box, error) {
	for _, kind := range path {
		var err error
		if x, err = find(bud, b, x, kind); err != nil {
			return box{}, err
		}
	}
	return x, nil
}

// reader takes numbers off the front of bytes; short once there were too few.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short = true
		return nil
	}
	t := r.b[:n]
	r.b = r.b[n:]
	return t
}

// number is a big-endian number of n bytes, at most 8.
func (r *reader) number(n int) uint64 {
	var whole [8]byte
	if n > 8 {
		r.short = true
		return 0
	}
	copy(whole[8-n:], r.take(n))
	return binary.BigEndian.Uint64(whole[:])
}
