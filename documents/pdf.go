package documents

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/sfnt"
)

func itoa(n int) string { return strconv.Itoa(n) }

// encodePDF writes an A4 PDF/A-1b.
func (r *Renderer) encodePDF(ctx context.Context, w io.Writer, d petition.Document, p paper, m *measurer) error {
	p.running = append(p.running, r.lackingNote(p)...)
	sheets, err := layOut(ctx, p, m, r.note("rest", nil))
	if err != nil {
		return err
	}
	return writePDF(ctx, w, info{title: d.Title, subject: d.Number}, *gopdf.PageSizeA4, sheets, m)
}

// writePDF draws sheets on pages of a size.
func writePDF(ctx context.Context, w io.Writer, of info, page gopdf.Rect, sheets []sheet, m *measurer) error {
	c := &canvas{m: m, shared: map[glyphKey]rune{}, fonts: map[string]bool{}}
	c.pdf.Start(gopdf.Config{PageSize: page})
	for _, s := range sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.draw(s); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if _, err := c.pdf.WriteTo(&b); err != nil {
		return err
	}
	out, err := archival(b.Bytes(), of)
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// lackingNote says which characters are shown as 〓.
func (r *Renderer) lackingNote(p paper) []line {
	var all strings.Builder
	for _, l := range slices.Concat(p.running, p.sign) {
		all.WriteString(l.text)
		all.WriteString(strings.Join(l.cells, ""))
	}
	lacking := r.Lacking(all.String() + p.organ + p.contact + p.copies + strings.Join(p.printed, ""))
	if len(lacking) == 0 {
		return nil
	}
	return []line{{style: body, text: r.note("lacking", map[string]any{"Count": len(lacking), "Which": Codes(lacking)})}}
}

// Codes names characters by their code points, as U+2A6DF、U+30EDE; at most 20 of them.
func Codes(of []rune) string {
	var codes []string
	for _, c := range of[:min(len(of), 20)] {
		codes = append(codes, fmt.Sprintf("U+%04X", c))
	}
	return strings.Join(codes, "、")
}

// canvas draws sheets with gopdf.
type canvas struct {
	pdf    gopdf.GoPdf
	m      *measurer
	shared map[glyphKey]rune // which character a glyph of a font stands for
	fonts  map[string]bool   // that the file has already
}

type glyphKey struct {
	font  string
	glyph sfnt.GlyphIndex
}

func (c *canvas) draw(s sheet) error {
	c.pdf.AddPage()
	c.pdf.SetLineWidth(0.5)
	for _, b := range s.boxes {
		c.pdf.RectFromUpperLeftWithStyle(b.x, b.y, b.w, b.h, "D")
	}
	for _, f := range s.fills {
		c.pdf.RectFromUpperLeftWithStyle(f.x, f.y, f.w, f.h, "F")
	}
	for _, l := range s.strokes {
		c.pdf.SetLineWidth(l.thick)
		c.colour(l.red)
		c.pdf.Line(l.x, l.y, l.x+l.w, l.y)
	}
	for _, t := range s.texts {
		if err := c.text(t); err != nil {
			return err
		}
	}
	return nil
}

func (c *canvas) colour(red bool) {
	if red {
		c.pdf.SetStrokeColor(255, 0, 0)
		return
	}
	c.pdf.SetStrokeColor(0, 0, 0)
}

// text draws a piece of text in runs of one font each.
func (c *canvas) text(t placed) error {
	if t.red {
		c.pdf.SetTextColor(255, 0, 0)
		defer c.pdf.SetTextColor(0, 0, 0)
	}
	var run []rune
	font, x, w := "", t.x, 0.0
	flush := func() error {
		if len(run) == 0 {
			return nil
		}
		if err := c.pdf.SetFont(font, "", t.size); err != nil {
			return err
		}
		if err := c.pdf.SetCharSpacing(t.spacing); err != nil {
			return err
		}
		c.pdf.SetXY(x, t.y)
		err := c.pdf.Text(string(run))
		run, x, w = run[:0], x+w, 0
		return err
	}
	for _, r := range t.text {
		g := c.m.glyph(t.role, r)
		name, err := c.font(g)
		if err != nil {
			return err
		}
		if name != font {
			if err := flush(); err != nil {
				return err
			}
			font = name
		}
		run = append(run, g.char)
		w += g.width*t.size/1000 + t.spacing
	}
	return flush()
}

// font is the name of the font in the file that has a glyph. Some characters share one
// (乙 and the radical ⼄); a font gives each of its glyphs back as one character when text
// is copied, so the second one is set in a further copy of the font.
func (c *canvas) font(g glyph) (string, error) {
	name := g.face.name
	for n := 2; ; n++ {
		k := glyphKey{name, g.index}
		if was, ok := c.shared[k]; !ok || was == g.char {
			c.shared[k] = g.char
			break
		}
		name = g.face.name + "-" + itoa(n)
	}
	if c.fonts[name] {
		return name, nil
	}
	c.fonts[name] = true
	if name != g.face.name {
		return name, c.pdf.AddTTFFontData(name, g.face.data)
	}
	if err := g.face.ready(); err != nil {
		return "", err
	}
	return name, c.pdf.AddTTFFontFromFontContainer(name, &c.m.faces.container)
}
