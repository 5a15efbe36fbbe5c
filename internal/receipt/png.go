package receipt

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/klauspost/compress/zlib"
)

// encoder writes its canvas as a PNG. The rows are packed as a PNG holds them already;
// the standard library's encoder asks for every pixel of a 4-bit picture through an
// interface and takes five times as long.
type encoder struct {
	canvas canvas
	zlib   *zlib.Writer
	out    bytes.Buffer
}

func newEncoder() *encoder {
	e := &encoder{}
	e.zlib, _ = zlib.NewWriterLevel(&e.out, zlib.BestSpeed) // fails only for a level there is not
	return e
}

const signature = "\x89PNG\r\n\x1a\n"

// encode is good until the next one.
func (e *encoder) encode() ([]byte, error) {
	e.out.Reset()
	e.out.WriteString(signature)

	start := e.begin("IHDR")
	var b [13]byte
	binary.BigEndian.PutUint32(b[:], pageWidth)
	binary.BigEndian.PutUint32(b[4:], uint32(e.canvas.height))
	b[8], b[9] = 4, 3 // bits a pixel, indexed colours
	e.out.Write(b[:])
	e.end(start)

	start = e.begin("PLTE")
	for _, c := range palette {
		e.out.Write([]byte{c.R, c.G, c.B})
	}
	e.end(start)

	start = e.begin("IDAT")
	e.zlib.Reset(&e.out)
	if _, err := e.zlib.Write(e.canvas.pix); err != nil {
		return nil, err
	}
	if err := e.zlib.Close(); err != nil {
		return nil, err
	}
	e.end(start)

	e.end(e.begin("IEND"))
	return e.out.Bytes(), nil
}

// begin starts a chunk and answers where: its length, then its name and data, over
// which goes the checksum.
func (e *encoder) begin(name string) int {
	start := e.out.Len()
	e.out.Write(make([]byte, 4))
	e.out.WriteString(name)
	return start
}

func (e *encoder) end(start int) {
	chunk := e.out.Bytes()[start:]
	binary.BigEndian.PutUint32(chunk, uint32(len(chunk)-8))
	e.out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk[4:])))
}
