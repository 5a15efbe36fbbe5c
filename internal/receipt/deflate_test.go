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
		want := paper.pix[:paper.height*rowBytes]
		for y := range paper.height {
			row := want[y*rowBytes : (y+1)*rowBytes]
			copy(row, want[max(0, y-1)*rowBytes:])
			scribble(rng, row, round)
		}
		s.begin()
		r, err := zlib.NewReader(bytes.NewReader(s.end(s.rows(paper, nil))))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("round %d: read back %d of %d bytes, %v", round, len(got), len(want), err)
		}
	}
}

// scribble changes a row as much as the round says: from nothing to everything.
func scribble(rng *rand.Rand, row []byte, round int) {
	for range rng.IntN(1 + round*6) {
		at, n, v := rng.IntN(rowBytes), 1+rng.IntN(1+round*5), byte(rng.UintN(256))
		for i := at; i < min(rowBytes, at+n); i++ {
			row[i] = v
		}
	}
}
