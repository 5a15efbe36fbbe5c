package receipt

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// Whatever the rows hold, the standard library reads them back.
func TestSqueezerWritesWhatZlibReads(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	s := newSqueezer()
	for round := range 60 {
		var paper *sheet
		paper = paper.blank(0, 1+rng.IntN(20))
		for y := range paper.height {
			row := paper.row(y)
			copy(row, paper.row(max(0, y-1)))
			scribble(rng, row, round)
		}
		s.begin()
		s.rows(paper)
		r, err := zlib.NewReader(bytes.NewReader(s.end()))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(lowered(got), paper.pix) {
			t.Fatalf("round %d: read back %d of %d bytes, %v", round, len(got), len(paper.pix), err)
		}
	}
}

// lowered takes the filter "up" off rows.
func lowered(rows []byte) []byte {
	for i, b := range rows {
		switch {
		case i%rowBytes == 0 && b == up:
			rows[i] = 0
		case i > rowBytes:
			rows[i] += rows[i-rowBytes]
		}
	}
	return rows
}

// scribble changes a row as much as the round says: from nothing to everything.
func scribble(rng *rand.Rand, row []byte, round int) {
	for range rng.IntN(1 + round*6) {
		at, n, v := rng.IntN(packed), 1+rng.IntN(1+round*5), byte(rng.UintN(256))
		for i := at; i < min(packed, at+n); i++ {
			row[i] = v
		}
	}
}
