package scrub

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"hash/adler32"
	"io"
)

// maxNesting is deeper than any PDF nests its arrays and dictionaries.
const maxNesting = 64

func blankByte(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	return blankByte(c) || bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0
}

// space is the next place at or after i that is neither blank nor comment.
func (p *pdf) space(i int) int {
	for i >= 0 && i < len(p.b) {
		switch {
		case blankByte(p.b[i]):
			i++
		case p.b[i] == '%':
			for i < len(p.b) && p.b[i] != '\n' && p.b[i] != '\r' {
				i++
			}
		default:
			return i
		}
	}
	return min(max(i, 0), len(p.b))
}

// value is where the value that begins at i ends, -1 where it does not. Of a reference
// (12 0 R) it is the first number: three values stand there.
func (p *pdf) value(i, depth int) int {
	if i < 0 || i >= len(p.b) || depth > maxNesting {
		return -1
	}
	switch c := p.b[i]; {
	case bytes.HasPrefix(p.b[i:], []byte("<<")):
		return p.list(i+2, ">>", depth)
	case c == '[':
		return p.list(i+1, "]", depth)
	case c == '(':
		return literal(p.b, i)
	case c == '<':
		if n := bytes.IndexByte(p.b[i:], '>'); n > 0 {
			return i + n + 1
		}
		return -1
	case c == '/':
		i++
	case delimiter(c):
		return -1
	}
	for i < len(p.b) && !delimiter(p.b[i]) {
		i++
	}
	return i
}

// list is where values that go on to a closing mark end.
func (p *pdf) list(i int, closing string, depth int) int {
	for i = p.space(i); i >= 0 && i < len(p.b); i = p.space(i) {
		if bytes.HasPrefix(p.b[i:], []byte(closing)) {
			return i + len(closing)
		}
		if i = p.value(i, depth+1); i < 0 {
			return -1
		}
	}
	return -1
}

// literal is where a text in brackets ends; brackets in it come in pairs or escaped.
func literal(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// noTime takes the place of a date, digit by digit: one of blanks would be no date, and
// strict readers refuse the file for it.
const noTime = "19700101000000000000"

// hushText writes blanks over a text.
func hushText(b []byte) {
	date, digits := bytes.HasPrefix(b, []byte("D:")), 0
	for i := range b {
		switch {
		case date && b[i] >= '0' && b[i] <= '9' && digits < len(noTime):
			b[i] = noTime[digits]
			digits++
		case !date || bytes.IndexByte([]byte("D:Z+-'"), b[i]) < 0:
			b[i] = ' '
		}
	}
}

// blank writes blanks over every text in b[from:to]; the texts keep their length. Names
// and numbers stay.
func blank(b []byte, from, to int) {
	for i := from; i < to; i++ {
		switch {
		case b[i] == '(':
			end := literal(b[:to], i)
			if end < 0 {
				return
			}
			hushText(b[i+1 : end-1])
			i = end - 1
		case b[i] == '<' && i+1 < to && b[i+1] == '<':
			i++
		case b[i] == '<':
			for n := 0; i+1 < to && b[i+1] != '>'; i++ {
				if !blankByte(b[i+1]) {
					b[i+1] = "20"[n%2]
					n++
				}
			}
		}
	}
}

// unpack inflates a stream, within what may be unpacked at all; nil where it can't be.
func (p *pdf) unpack(data []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(r, p.room+1))
	if p.room -= int64(len(b)); err != nil || p.room < 0 {
		return nil
	}
	return b
}

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
