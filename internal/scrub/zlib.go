package scrub

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"slices"
)

// mostStored is how many bytes one block that is not packed holds.
const mostStored = 65535

// storedSize is how many bytes fit into n bytes of zlib without being packed, -1 when
// none do.
func storedSize(n int) int {
	n -= 2 + 4 // head and checksum
	if n < 5 {
		return -1
	}
	blocks := (n + mostStored + 4) / (mostStored + 5)
	return n - 5*blocks
}

// stored is zlib of text without packing it.
func stored(text []byte) []byte {
	return storeOn([]byte{0x78, 0x01}, text, adler32.Checksum(text))
}

// storeOn ends a zlib stream with text that is not packed.
func storeOn(out, text []byte, sum uint32) []byte {
	for {
		n := min(len(text), mostStored)
		last := byte(0)
		if n == len(text) {
			last = 1
		}
		out = append(out, last, byte(n), byte(n>>8), byte(^n), byte(^n>>8))
		out = append(out, text[:n]...)
		if text = text[n:]; last == 1 {
			return binary.BigEndian.AppendUint32(out, sum)
		}
	}
}

// repack packs a text into zlib of exactly so many bytes, filled up with blanks behind it;
// nil where that can't be.
func repack(bud *budget, w *flate.Writer, text []byte, size int) []byte {
	var buf bytes.Buffer
	buf.Write([]byte{0x78, 0xDA})
	w.Reset(&buf)
	sum := adler32.New()
	_, _ = sum.Write(text)
	for part := range slices.Chunk(text, packAtOnce) {
		if bud.spend(packWork*len(part)) != nil || buf.Len() > size {
			return nil
		}
		if _, err := w.Write(part); err != nil {
			return nil
		}
	}
	if w.Flush() != nil { // it ends at a whole byte
		return nil
	}
	fill := storedSize(size - buf.Len() + 2)
	if fill < 0 {
		return nil
	}
	blanks := bytes.Repeat([]byte{' '}, fill)
	_, _ = sum.Write(blanks)
	return storeOn(buf.Bytes(), blanks, sum.Sum32())
}

const (
	packAtOnce = 64 << 10 // the time is looked at in between
	packWork   = 16       // packing a byte takes as long as going over so many
)
