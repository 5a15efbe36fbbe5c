package receipt

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// The standard encoder asks for every pixel of a 4-bit picture through an interface
// and takes 4 ms for a sheet; rows packed as they are drawn, a squeezer made for them
// and bands kept from the receipt before take a fortieth of that.

const signature = "\x89PNG\r\n\x1a\n"

// press prints pages. One page at a time.
type press struct {
	page  *squeezer
	piece *squeezer
	paper *sheet
	name  []byte
	head  []byte // of the file, before the picture's data,
	tail  []byte // and after it
}

func newPress() *press { return &press{page: newSqueezer(), piece: newSqueezer()} }

// print draws a layout and writes it as a PNG of 16 colours. Nothing is written before
// all is drawn.
func (p *press) print(to io.Writer, l *layout, t *typeface, kept *shelf[fragment]) error {
	p.page.begin()
	at := 0
	for _, b := range l.bands(t) {
		p.page.again(b.top - at)
		p.band(&b, t, kept)
		at = b.top + b.height
	}
	p.page.again(l.height - at)
	data := p.page.end()
	head := chunk(append(p.head[:0], signature...), "IHDR", header(l.height))
	head = chunk(head, "PLTE", colours())
	head = append(binary.BigEndian.AppendUint32(head, uint32(len(data))), "IDAT"...)
	crc := crc32.Update(crc32.ChecksumIEEE([]byte("IDAT")), crc32.IEEETable, data)
	p.head = head
	p.tail = chunk(binary.BigEndian.AppendUint32(p.tail[:0], crc), "IEND", nil)
	for _, part := range [][]byte{p.head, data, p.tail} {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// band writes a band of the page.
func (p *press) band(b *layout, t *typeface, kept *shelf[fragment]) {
	p.name = b.name(p.name[:0])
	f, ok := kept.find(p.name)
	if !ok && (b.own || !kept.again(p.name)) {
		p.page.rows(p.draw(b, t))
		return
	}
	if !ok {
		p.piece.clear()
		p.piece.rows(p.draw(b, t))
		f = p.piece.fragment()
		kept.keep(p.name, f)
	}
	p.page.join(f)
}

func (p *press) draw(b *layout, t *typeface) *sheet {
	p.paper = p.paper.blank(b.top, b.height)
	b.draw(p.paper, t)
	return p.paper
}

// header is the IHDR chunk: width, height, 4 bits a pixel, indexed colours.
func header(height int) []byte {
	h := binary.BigEndian.AppendUint32(nil, Width)
	h = binary.BigEndian.AppendUint32(h, uint32(height))
	return append(h, 4, 3, 0, 0, 0)
}

func colours() []byte {
	var b []byte
	for _, c := range palette {
		b = append(b, c.R, c.G, c.B)
	}
	return b
}

func chunk(out []byte, name string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
