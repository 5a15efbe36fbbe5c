package receipt

import "image/color"

// The colours, at most 16 so that a pixel takes half a byte. Those of letters come with
// their shades toward white, for the edges.
const (
	white byte = iota
	panel
	line
	green
	red
	ink1
	ink2
	ink3
	ink
	red1
	red2
	red3
	grey1
	grey2
	grey3
	grey
)

var palette = [16]color.RGBA{
	white: rgb(0xffffff), panel: rgb(0xf6f2ea), line: rgb(0xd5d0c5), green: rgb(0x1f5c4b), red: rgb(0x9c2f22),
	ink1: rgb(0xc4c8c7), ink2: rgb(0x8b9391), ink3: rgb(0x525d5a), ink: rgb(0x18231f),
	red1: rgb(0xe3c8c2), red2: rgb(0xcb948a), red3: rgb(0xb36156),
	grey1: rgb(0xd4d8d7), grey2: rgb(0xaab2af), grey3: rgb(0x7f8b87), grey: rgb(0x55635e),
}

func rgb(v uint32) color.RGBA { return color.RGBA{byte(v >> 16), byte(v >> 8), byte(v), 255} }

// tone is a colour of letters: the colours of two pixels whose coverage, 0 to 4 each,
// is packed in a byte. No coverage is colour 0.
type tone [256]byte

var (
	inkTone  = newTone(ink1, ink2, ink3, ink)
	redTone  = newTone(red1, red2, red3, red)
	greyTone = newTone(grey1, grey2, grey3, grey)
	covered  = newTone(15, 15, 15, 15) // a mask of the pixels that have any
)

func newTone(shades ...byte) *tone {
	var t tone
	shades = append([]byte{0}, shades...)
	for a, left := range shades {
		for b, right := range shades {
			t[a<<4|b] = left<<4 | right
		}
	}
	return &t
}

// canvas holds pixels as the data of a PNG does: rows of a filter byte, 0 for none, and
// two pixels a byte, each an index into palette.
type canvas struct {
	pix    []byte
	height int
}

const (
	stride   = pageWidth / 2
	rowBytes = 1 + stride
)

// reset makes it white and so high.
func (c *canvas) reset(height int) {
	n := rowBytes * height
	if cap(c.pix) < n {
		c.pix = make([]byte, n)
	}
	c.pix, c.height = c.pix[:n], height
	clear(c.pix)
}

// row is the pixels of a row, packed.
func (c *canvas) row(y int) []byte { return c.pix[y*rowBytes+1 : (y+1)*rowBytes] }

// fill paints a rectangle. Its edges may share a byte with what lies beside it.
func (c *canvas) fill(r rect) {
	from, to := (r.x+1)/2, (r.x+r.w)/2 // whole bytes
	for y := r.y; y < r.y+r.h; y++ {
		row := c.row(y)
		if r.x&1 == 1 && r.w > 0 {
			row[r.x/2] = row[r.x/2]&0xf0 | r.colour
		}
		if (r.x+r.w)&1 == 1 && r.w > 0 {
			row[to] = row[to]&0x0f | r.colour<<4
		}
		if y > r.y && from < to {
			copy(row[from:to], c.row(r.y)[from:to])
			continue
		}
		for i := from; i < to; i++ {
			row[i] = r.colour<<4 | r.colour
		}
	}
}
