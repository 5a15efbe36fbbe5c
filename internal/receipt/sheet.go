package receipt

import "image/color"

// The colours, at most 16 so that a pixel takes half a byte. Tones come with their
// shades toward white, for the edges of letters.
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

// tone is a colour of letters: what two pixels so dark, 0 to 4 each and packed in a
// byte, look like in it. Where nothing is dark it says 0.
type tone [256]byte

var (
	inkTone  = newTone(ink1, ink2, ink3, ink)
	redTone  = newTone(red1, red2, red3, red)
	greyTone = newTone(grey1, grey2, grey3, grey)
	covering = newTone(15, 15, 15, 15) // the pixels that are covered
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

// sheet is the paper as a PNG holds it: rows of a filter byte, 0 for as it is, and
// two pixels a byte, each an index into palette.
type sheet struct {
	pix    []byte
	top    int // where on the page its first row is
	height int
}

const (
	packed   = Width / 2 // eight at a time are compared: Width is a multiple of 16
	rowBytes = 1 + packed
)

// blank is white paper of this height for the page from row top on; it takes old paper
// again where it is long enough.
func (s *sheet) blank(top, height int) *sheet {
	n := rowBytes * height
	if s == nil || cap(s.pix) < n {
		return &sheet{pix: make([]byte, n), top: top, height: height}
	}
	s.pix, s.top, s.height = s.pix[:n], top, height
	clear(s.pix)
	return s
}

// row is the pixels of a row of the page, packed.
func (s *sheet) row(y int) []byte {
	y -= s.top
	return s.pix[y*rowBytes+1 : (y+1)*rowBytes]
}

// fill paints a rectangle. Its edges may share a byte with what lies beside it.
func (s *sheet) fill(r rect) {
	from, to := (r.x+1)/2, (r.x+r.w)/2 // whole bytes
	for y := r.y; y < r.y+r.h; y++ {
		row := s.row(y)
		if r.x&1 == 1 && r.w > 0 {
			row[r.x/2] = row[r.x/2]&0xf0 | r.colour
		}
		if (r.x+r.w)&1 == 1 && r.w > 0 {
			row[to] = row[to]&0x0f | r.colour<<4
		}
		if y > r.y && from < to {
			copy(row[from:to], s.row(r.y)[from:to])
			continue
		}
		for i := from; i < to; i++ {
			row[i] = r.colour<<4 | r.colour
		}
	}
}
