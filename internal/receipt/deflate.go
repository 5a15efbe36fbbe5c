package receipt

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// squeezer writes the rows of a picture as a zlib stream (RFC 1950, 1951). A row is
// told by what differs from the row above it (PNG filter 2, "up"), which is mostly
// nothing, so all it knows is bytes and runs of one byte, in codes that suit receipts.
type squeezer struct {
	out  []byte
	acc  uint64 // bits not yet written, the lowest first
	n    uint   // how many
	sum  adler
	code []huffman
	more [longest + 1]huffman // so many bytes more of the last one
	head fragment             // of a block
	same huffman              // a row equal to the one above
}

const (
	up       = 2 // PNG: each byte is the difference from the one above
	endSym   = 256
	shortest = 3 // of a match
	longest  = 258
)

// blankRow is a row of white paper.
var blankRow = make([]byte, rowBytes)

func newSqueezer() *squeezer {
	s := &squeezer{code: canonical(codeLengths)}
	for n := shortest; n <= longest; n++ {
		s.more[n] = s.match(n)
	}
	s.clear()
	s.blockHead()
	s.head = s.fragment()
	s.clear()
	s.row(blankRow, blankRow)
	s.same = huffman{uint32(s.acc), s.n} // far from 32 bits
	return s
}

func (s *squeezer) clear() { s.out, s.acc, s.n, s.sum = s.out[:0], 0, 0, adler{a: 1} }

// begin starts a stream of one block.
func (s *squeezer) begin() {
	s.clear()
	s.out = append(s.out, 0x78, 0x01)
	s.join(s.head)
}

// rows writes a sheet that stands under a white row or at the top of the page.
func (s *squeezer) rows(paper *sheet) {
	above, equal := blankRow, 0
	for y := range paper.height {
		row := paper.pix[y*rowBytes : (y+1)*rowBytes]
		if bytes.Equal(row, above) {
			equal++
			continue
		}
		s.again(equal)
		s.row(row, above)
		above, equal = row, 0
	}
	s.again(equal)
}

// again writes the row above n times more.
func (s *squeezer) again(n int) {
	for range n {
		s.put(uint64(s.same.bits), s.same.n)
	}
	s.sum.again(n)
}

// row writes a row under another one.
func (s *squeezer) row(row, above []byte) {
	s.run(up, 1)
	sum, late := uint32(up), uint32(up*rowBytes)
	v, n := byte(0), 0 // the run in hand
	for i := 1; i < rowBytes; i += 8 {
		x, y := binary.LittleEndian.Uint64(row[i:]), binary.LittleEndian.Uint64(above[i:])
		if x == y && v == 0 {
			n += 8
			continue
		}
		eight := minus(x, y)
		for left := 8; left > 0; left-- {
			if v == 0 {
				zeros := min(bits.TrailingZeros64(eight)/8, left)
				n += zeros
				if left -= zeros; left == 0 {
					break
				}
				eight >>= 8 * zeros
			}
			d := byte(eight)
			if d != v {
				s.run(v, n)
				v, n = d, 0
			}
			n++
			sum += uint32(d)
			late += uint32(d) * uint32(rowBytes-i-8+left)
			eight >>= 8
		}
	}
	s.run(v, n)
	s.sum.row(sum, late)
}

// minus subtracts eight bytes from eight bytes, each by itself.
func minus(x, y uint64) uint64 {
	const tops = 0x8080808080808080
	return (x | tops) - (y &^ tops) ^ (x^^y)&tops
}

// run writes n equal bytes.
func (s *squeezer) run(v byte, n int) {
	one := s.code[v]
	if more := n - 1; more >= shortest {
		first := s.more[min(more, longest)]
		s.put(uint64(one.bits|first.bits<<one.n), one.n+first.n)
		s.run(v, more-longest)
		return
	}
	for range n {
		s.put(uint64(one.bits), one.n)
	}
}

// match is the code for n bytes more of the last one, RFC 1951 3.2.5.
func (s *squeezer) match(n int) huffman {
	v, extra := n-shortest, uint(0)
	c := s.code[endSym+1+v&7] // up to 10 bytes each has a code of its own
	switch {
	case n == longest:
		c = s.code[285]
	case v >= 8:
		extra = uint(bits.Len(uint(v))) - 3
		c = s.code[endSym+1+int(extra)*4+v>>extra]
		c.bits |= uint32(v&(1<<extra-1)) << c.n
	}
	return huffman{c.bits, c.n + extra + 1} // and a 0 for the only distance there is, 1
}

func (s *squeezer) put(v uint64, n uint) {
	s.acc |= v << s.n
	if s.n += n; s.n >= 32 {
		s.out = binary.LittleEndian.AppendUint32(s.out, uint32(s.acc))
		s.acc >>= 32
		s.n -= 32
	}
}

// fragment is rows squeezed, ready to be joined to what is before them.
type fragment struct {
	bits []byte
	n    int // bits
	sum  adler
}

// fragment takes out what was written since clear.
func (s *squeezer) fragment() fragment {
	n := len(s.out)*8 + int(s.n)
	return fragment{binary.LittleEndian.AppendUint64(bytes.Clone(s.out), s.acc), n, s.sum}
}

// join writes a fragment.
func (s *squeezer) join(f fragment) {
	s.sum.follow(f.sum)
	for ; f.n >= 64; f.n -= 64 {
		w := binary.LittleEndian.Uint64(f.bits)
		s.out = binary.LittleEndian.AppendUint64(s.out, s.acc|w<<s.n)
		s.acc = w >> (64 - s.n)
		f.bits = f.bits[8:]
	}
	for ; f.n > 0; f.n -= 32 {
		s.put(uint64(binary.LittleEndian.Uint32(f.bits))&(1<<min(f.n, 32)-1), uint(min(f.n, 32)))
		f.bits = f.bits[4:]
	}
}

// end ends the stream, which is good until the next one begins.
func (s *squeezer) end() []byte {
	s.put(uint64(s.code[endSym].bits), s.code[endSym].n)
	for left := int(s.n); left > 0; left -= 8 {
		s.out = append(s.out, byte(s.acc))
		s.acc >>= 8
	}
	return binary.BigEndian.AppendUint32(s.out, s.sum.value())
}
