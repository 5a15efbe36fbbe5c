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

// typeface draws letters and caches the glyphs it has drawn.
type typeface struct {
	mu    sync.Mutex // faces draw into a buffer of their own: one at a time
	font  *opentype.Font
	faces map[int]font.Face
	cache map[glyphKey]*glyph
	names sfnt.Buffer
}

type glyphKey struct {
	char rune
	size int
}

// glyph is one letter at one size: where it stands and how much of each pixel it
// covers, 0 to 4, two pixels a byte: once for a place that begins at an even pixel, once
// for one that begins at an odd one.
type glyph struct {
	x, y, w, h int
	advance    int
	stride     int // bytes of a row, in both
	coverage   [2][]byte
}

// maxGlyphs bounds the memory of the cache, about 1 KB each. Receipts use a few
// hundred; whoever writes every character there is starts over.
const maxGlyphs = 8192

// missing stands for a character the font does not have (geta mark, U+3013).
const missing = '〓'

func loadTypeface() (*typeface, error) {
	f, err := opentype.Parse(fonts.Regular)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &typeface{font: f, faces: map[int]font.Face{}, cache: map[glyphKey]*glyph{}}, nil
}

func (t *typeface) glyph(c rune, size int) *glyph {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := glyphKey{c, size}
	if g := t.cache[k]; g != nil {
		return g
	}
	if len(t.cache) >= maxGlyphs {
		clear(t.cache)
	}
	g := t.render(c, size)
	t.cache[k] = g
	return g
}

func (t *typeface) render(c rune, size int) *glyph {
	if i, err := t.font.GlyphIndex(&t.names, c); err != nil || i == 0 {
		c = missing
	}
	face := t.face(size)
	box, mask, at, advance, ok := face.Glyph(fixed.Point26_6{}, c)
	if !ok {
		return &glyph{advance: size}
	}
	g := &glyph{x: box.Min.X, y: box.Min.Y, w: box.Dx(), h: box.Dy(), advance: advance.Round()}
	g.stride = g.w/2 + 1
	g.coverage[0], g.coverage[1] = make([]byte, g.stride*g.h), make([]byte, g.stride*g.h)
	for y := range g.h {
		for x := range g.w {
			_, _, _, a := mask.At(at.X+x, at.Y+y).RGBA()
			g.set(x, y, byte((a*4+0x7fff)/0xffff))
		}
	}
	return g
}

func (g *glyph) set(x, y int, coverage byte) {
	for odd := range g.coverage {
		at := x + odd
		g.coverage[odd][y*g.stride+at/2] |= coverage << (4 * (1 - at&1))
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
		w += t.glyph(c, size).advance
	}
	return w
}

func (t *typeface) draw(to *canvas, x text) {
	at := x.x
	for _, c := range x.words {
		g := t.glyph(c, x.size)
		g.draw(to, at+g.x, x.y+g.y, x.colour)
		at += g.advance
	}
}

// draw puts a letter on the canvas, cut at its edges.
func (g *glyph) draw(to *canvas, left, top int, t *tone) {
	coverage, first := g.coverage[left&1], (left-left&1)/2
	for y := max(0, -top); y < g.h && top+y < to.height; y++ {
		row := to.row(top + y)
		for i, d := range coverage[y*g.stride : (y+1)*g.stride] {
			if at := first + i; d != 0 && at >= 0 && at < stride {
				row[at] = row[at]&^covered[d] | t[d]
			}
		}
	}
}
