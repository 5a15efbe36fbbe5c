package receipt

import (
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"dengwen/internal/fonts"
)

// typeface draws letters and keeps the shapes it has drawn.
type typeface struct {
	mu     sync.Mutex // faces draw into a buffer of their own: one at a time
	font   *opentype.Font
	faces  map[int]font.Face
	shapes map[uint64]*shape // by character and size
	lines  *shelf[[]string]  // words broken into rows
	names  sfnt.Buffer
}

// shape is one letter at one size: where it stands and how dark each pixel is, 0 to
// 4, two pixels a byte: once for a place that begins at an even pixel, once for one
// that begins at an odd one.
type shape struct {
	x, y, w, h int
	advance    int
	wide       int // bytes of a row, in both
	dark       [2][]byte
}

// maxShapes bounds the memory of the shapes, about 1 KB each. Receipts use a few
// hundred; whoever writes every character there is starts over.
const maxShapes = 8192

// missing stands for a character the font does not have (geta mark, U+3013).
const missing = '〓'

func loadTypeface() (*typeface, error) {
	f, err := opentype.Parse(fonts.Regular)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &typeface{font: f, faces: map[int]font.Face{}, shapes: map[uint64]*shape{}, lines: newShelf[[]string]()}, nil
}

func (t *typeface) shape(c rune, size int) *shape {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := uint64(c)<<32 | uint64(size)
	if s := t.shapes[k]; s != nil {
		return s
	}
	if len(t.shapes) >= maxShapes {
		clear(t.shapes)
	}
	s := t.render(c, size)
	t.shapes[k] = s
	return s
}

func (t *typeface) render(c rune, size int) *shape {
	if i, err := t.font.GlyphIndex(&t.names, c); err != nil || i == 0 {
		c = missing
	}
	face := t.face(size)
	box, mask, at, advance, ok := face.Glyph(fixed.Point26_6{}, c)
	if !ok {
		return &shape{advance: size}
	}
	s := &shape{x: box.Min.X, y: box.Min.Y, w: box.Dx(), h: box.Dy(), advance: advance.Round()}
	s.wide = s.w/2 + 1
	s.dark[0], s.dark[1] = make([]byte, s.wide*s.h), make([]byte, s.wide*s.h)
	for y := range s.h {
		for x := range s.w {
			_, _, _, a := mask.At(at.X+x, at.Y+y).RGBA()
			s.set(x, y, byte((a*4+0x7fff)/0xffff))
		}
	}
	return s
}

func (g *shape) set(x, y int, dark byte) {
	for odd := range g.dark {
		at := x + odd
		g.dark[odd][y*g.wide+at/2] |= dark << (4 * (1 - at&1))
	}
}

func (t *typeface) face(size int) font.Face {
	f := t.faces[size]
	if f == nil {
		// NewFace fails for no size this package uses.
		f, _ = opentype.NewFace(t.font, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
		t.faces[size] = f
	}
	return f
}

// width of words in pixels.
func (t *typeface) width(words string, size int) int {
	w := 0
	for _, c := range words {
		w += t.shape(c, size).advance
	}
	return w
}

// extent is the rows that a line of words covers, from the first to the one after the
// last.
func (t *typeface) extent(x *text) (top, bottom int) {
	top, bottom = x.y, x.y
	for _, c := range x.words {
		if g := t.shape(c, x.size); g.h > 0 {
			top, bottom = min(top, x.y+g.y), max(bottom, x.y+g.y+g.h)
		}
	}
	return top, bottom
}

func (t *typeface) draw(s *sheet, x text) {
	at := x.x
	for _, c := range x.words {
		g := t.shape(c, x.size)
		g.stamp(s, at+g.x, x.y+g.y, x.colour)
		at += g.advance
	}
}

// stamp puts a letter on the sheet, cut at its edges.
func (g *shape) stamp(s *sheet, left, top int, c *tone) {
	dark, first := g.dark[left&1], (left-left&1)/2
	for y := max(0, s.top-top); y < g.h && top+y < s.top+s.height; y++ {
		row := s.row(top + y)
		for i, d := range dark[y*g.wide : (y+1)*g.wide] {
			if at := first + i; d != 0 && at >= 0 && at < packed {
				row[at] = row[at]&^covering[d] | c[d]
			}
		}
	}
}
