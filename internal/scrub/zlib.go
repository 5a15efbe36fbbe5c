package scrub

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
)

// mostStored is how many bytes one block that is not packed holds.
const mostStored = 65535

// storedRoom is how many bytes fit into n bytes of zlib without being packed, -1 when
// none do.
func storedRoom(n int) int {
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

// repack packs a text into zlib of exactly so many bytes, filled up with blanks behind
// it; what comes out has another length where that can't be.
func repack(text []byte, size int) []byte {
	var buf bytes.Buffer
	buf.Write([]byte{0x78, 0xDA})
	w, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(text); err != nil || w.Flush() != nil { // Flush ends at a whole byte
		return nil
	}
	fill := storedRoom(size - buf.Len() + 2)
	if fill < 0 {
		return nil
	}
	blanks := bytes.Repeat([]byte{' '}, fill)
	return storeOn(buf.Bytes(), blanks, adler32.Checksum(append(bytes.Clone(text), blanks...)))
}
