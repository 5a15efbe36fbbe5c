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

// tone is a colour of letters: its shades from faint to full.
type tone [4]byte

var (
	inkTone  = tone{ink1, ink2, ink3, ink}
	redTone  = tone{red1, red2, red3, red}
	greyTone = tone{grey1, grey2, grey3, grey}
)

// sheet is the paper: one byte a pixel, an index into palette, Width pixels a row.
type sheet struct {
	pix    []byte
	height int
}

// blank is white paper of this height; it takes old paper again where it is long
// enough.
func (s *sheet) blank(height int) *sheet {
	n := Width * height
	if s == nil || cap(s.pix) < n {
		return &sheet{pix: make([]byte, n), height: height}
	}
	s.pix, s.height = s.pix[:n], height
	clear(s.pix)
	return s
}

func (s *sheet) row(y int) []byte { return s.pix[y*Width : (y+1)*Width] }

func (s *sheet) fill(r rect) {
	for y := r.y; y < r.y+r.h; y++ {
		row := s.row(y)[r.x : r.x+r.w]
		for i := range row {
			row[i] = r.colour
		}
	}
}
