package receipt

import (
	"strings"

	"github.com/rivo/uniseg"
	"github.com/skip2/go-qrcode"

	"dengwen/bot"
)

// layout is a receipt with every piece in its place.
type layout struct {
	height int
	rects  []rect
	texts  []text
	qr     [][]bool
	qrX    int
	qrY    int
	cell   int // pixels of one QR module
}

type rect struct {
	x, y, w, h int
	colour     byte
}

// text is one line; y is its baseline.
type text struct {
	x, y, size int
	colour     tone
	words      string
}

const qrSide = 232 // most pixels of the QR code, quiet zone not counted

// code is the QR code of a link, nil without one. Medium correction: it survives a
// fold or a stain of 15 %.
func code(link string) ([][]bool, error) {
	if link == "" {
		return nil, nil
	}
	q, err := qrcode.New(link, qrcode.Medium)
	if err != nil {
		return nil, err
	}
	q.DisableBorder = true // the sheet's own white is the quiet zone
	return q.Bitmap(), nil
}

func (p *Painter) layout(r bot.Receipt, qr [][]bool) layout {
	t, lb := p.face, labelsOf(r)
	l := layout{qr: qr}
	l.bar(0, 0, Width, 14, green)
	y := l.centred(t, 86, 42, inkTone, r.Office)
	y = l.centred(t, y+50, 28, greyTone, r.Title)
	y += 34
	l.bar(margin, y, inner, 2, green)
	l.put(margin, y+52, 24, greyTone, lb.number)
	l.put(margin, y+122, t.fit(r.Number, 72, inner), inkTone, r.Number)
	y += 152
	l.bar(margin, y, inner, 124, panel)
	l.bar(margin, y, 8, 124, red)
	l.put(margin+30, y+40, 24, greyTone, lb.code)
	l.put(margin+30, y+98, t.fit(r.Code, 54, inner-60), redTone, r.Code)
	y = l.lines(t, y+124+22, r.Lines)
	return l.foot(t, y, lb)
}

// lines writes the sentences, each with a mark before it, wrapped.
func (l *layout) lines(t *typeface, y int, lines []string) int {
	const size, lead, indent = 27, 41, 30
	for _, s := range lines[:min(len(lines), maxLines)] {
		y += 10
		l.bar(margin+4, y+lead-18, 10, 10, green)
		for _, row := range t.wrap(s, size, inner-indent) {
			y += lead
			l.put(margin+indent, y, size, inkTone, row)
		}
	}
	return y
}

func (l *layout) foot(t *typeface, y int, lb labels) layout {
	y += 34
	l.bar(margin, y, inner, 2, line)
	if l.qr == nil {
		l.height = l.centred(t, y+52, 23, greyTone, lb.keep) + 34
		return *l
	}
	l.cell = max(1, qrSide/len(l.qr))
	side := l.cell * len(l.qr)
	l.qrX, l.qrY = margin, y+32
	x, w := margin+side+36, inner-side-36
	mid := l.qrY + side/2 - 10
	l.put(x, mid, t.fit(lb.scan, 30, w), inkTone, lb.scan)
	for i, row := range t.wrap(lb.keep, 23, w) {
		l.put(x, mid+46+i*34, 23, greyTone, row)
	}
	l.height = l.qrY + side + 40
	return *l
}

func (l *layout) bar(x, y, w, h int, colour byte) {
	l.rects = append(l.rects, rect{x, y, w, h, colour})
}

func (l *layout) put(x, y, size int, c tone, words string) {
	l.texts = append(l.texts, text{x, y, size, c, words})
}

// centred writes words in the middle, wrapped where they must be, and answers the
// last baseline.
func (l *layout) centred(t *typeface, y, size int, c tone, words string) int {
	for i, row := range t.wrap(words, size, inner) {
		if i > 0 {
			y += size * 4 / 3
		}
		l.put((Width-t.width(row, size))/2, y, size, c, row)
	}
	return y
}

func (l *layout) draw(s *sheet, t *typeface) {
	for _, r := range l.rects {
		s.fill(r)
	}
	for _, x := range l.texts {
		t.draw(s, x)
	}
	for y, row := range l.qr {
		for x, dark := range row {
			if dark {
				s.fill(rect{l.qrX + x*l.cell, l.qrY + y*l.cell, l.cell, l.cell, ink})
			}
		}
	}
}

// Bounds that keep a runaway text from becoming a runaway picture.
const (
	maxLines  = 12
	maxRows   = 8    // of one text
	maxHeight = 6000 // pixels that come of it
)

// wrap breaks words into rows at most width wide by the Unicode line breaking rules,
// which keep 。 and 》 off the start of a row.
func (t *typeface) wrap(words string, size, width int) []string {
	var rows []string
	row, state := "", -1
	for rest := strings.Join(strings.Fields(words), " "); rest != ""; {
		var piece string
		piece, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		for _, part := range t.split(piece, size, width) {
			if row != "" && t.width(strings.TrimRight(row+part, " "), size) > width {
				rows = append(rows, strings.TrimRight(row, " "))
				row = ""
			}
			row += part
		}
		if len(rows) == maxRows {
			return rows
		}
	}
	return append(rows, strings.TrimRight(row, " "))
}

// split cuts a piece that alone is wider than a row.
func (t *typeface) split(piece string, size, width int) []string {
	if t.width(piece, size) <= width {
		return []string{piece}
	}
	var parts []string
	part := ""
	for _, c := range piece {
		if part != "" && t.width(part+string(c), size) > width {
			parts = append(parts, part)
			part = ""
		}
		part += string(c)
	}
	return append(parts, part)
}

// fit is the largest size, at most size, at which words are no wider than width.
func (t *typeface) fit(words string, size, width int) int {
	for size > 12 && t.width(words, size) > width {
		size -= 2
	}
	return size
}
