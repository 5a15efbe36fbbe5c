package receipt

import (
	"encoding/binary"
	"strings"

	"github.com/rivo/uniseg"
	"rsc.io/qr/coding"

	"dengwen/bot"
)

// layout is a receipt, or a band of one, with every piece in its place on the page.
type layout struct {
	top    int // its first row
	height int
	own    bool // it shows what is one citizen's own
	rects  []rect
	texts  []text
	qr     *coding.Code // nil without a link
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
	colour     *tone
	words      string
	own        bool // one citizen's own
}

const qrSide = 232 // most pixels of the QR code, quiet zone not counted

func (p *Painter) layout(r bot.Receipt, square *coding.Code) layout {
	t, lb := p.face, labelsOf(r)
	l := layout{qr: square}
	l.bar(0, 0, Width, 14, green)
	y := l.centred(t, 86, 42, inkTone, r.Office)
	y = l.centred(t, y+50, 28, greyTone, r.Title)
	y += 34
	l.bar(margin, y, inner, 2, green)
	l.put(margin, y+52, 24, greyTone, lb.number)
	l.putOwn(margin, y+122, t.fit(r.Number, 72, inner), inkTone, r.Number)
	y += 152
	l.bar(margin, y, inner, 124, panel)
	l.bar(margin, y, 8, 124, red)
	l.put(margin+30, y+40, 24, greyTone, lb.code)
	l.putOwn(margin+30, y+98, t.fit(r.Code, 54, inner-60), redTone, r.Code)
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
	l.cell = max(1, qrSide/l.qr.Size)
	l.qrX, l.qrY = (Width-l.side())/2, y+32
	// Beside the code the same words would have to be drawn anew for each citizen.
	y = l.centred(t, l.qrY+l.side()+54, 30, inkTone, lb.scan)
	l.height = l.centred(t, y+42, 23, greyTone, lb.keep) + 36
	return *l
}

func (l *layout) bar(x, y, w, h int, colour byte) {
	l.rects = append(l.rects, rect{x, y, w, h, colour})
}

func (l *layout) put(x, y, size int, c *tone, words string) {
	l.texts = append(l.texts, text{x, y, size, c, words, false})
}

func (l *layout) putOwn(x, y, size int, c *tone, words string) {
	l.texts = append(l.texts, text{x, y, size, c, words, true})
}

// centred writes words in the middle, wrapped where they must be, and answers the
// last baseline.
func (l *layout) centred(t *typeface, y, size int, c *tone, words string) int {
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
	if l.qr != nil {
		l.square(s)
	}
}

// side of the QR code in pixels.
func (l *layout) side() int { return l.cell * l.qr.Size }

// square draws the QR code. The sheet's own white is its quiet zone, so the bytes at
// its edges hold nothing else.
func (l *layout) square(s *sheet) {
	from, to := l.qrX/2, (l.qrX+l.side()+1)/2
	for y := range l.qr.Size {
		top := l.qrY + y*l.cell
		for x := range l.qr.Size {
			if l.qr.Black(x, y) {
				s.fill(rect{l.qrX + x*l.cell, top, l.cell, 1, ink})
			}
		}
		for more := 1; more < l.cell; more++ {
			copy(s.row(top + more)[from:to], s.row(top)[from:to])
		}
	}
}

// Bounds that keep a runaway text from becoming a runaway picture.
const (
	maxLines  = 12
	maxRows   = 8    // of one text
	maxHeight = 6000 // pixels that come of it
)

// wrap breaks words into rows at most width wide. Nobody may change the rows.
func (t *typeface) wrap(words string, size, width int) []string {
	name := append(binary.AppendVarint(binary.AppendVarint(make([]byte, 0, 256), int64(size)), int64(width)), words...)
	rows, ok := t.lines.find(name)
	if ok {
		return rows
	}
	rows = t.broken(words, size, width)
	if t.lines.again(name) {
		t.lines.keep(name, rows)
	}
	return rows
}

// broken follows the Unicode line breaking rules, which keep 。 and 》 off the start of
// a row.
func (t *typeface) broken(words string, size, width int) []string {
	text := strings.Join(strings.Fields(words), " ")
	var rows []string
	start, at, long, state := 0, 0, 0, -1 // the row is text[start:at]
	for rest := text; rest != ""; {
		var piece string
		for piece, rest, _, state = uniseg.FirstLineSegmentInString(rest, state); piece != ""; {
			part := t.head(piece, size, width)
			piece = piece[len(part):]
			if at > start && long+t.width(strings.TrimRight(part, " "), size) > width {
				rows = append(rows, strings.TrimRight(text[start:at], " "))
				start, long = at, 0
			}
			if len(rows) == maxRows {
				return rows
			}
			at += len(part)
			long += t.width(part, size)
		}
	}
	return append(rows, strings.TrimRight(text[start:], " "))
}

// head is as much of a piece as a row can hold, one character at least.
func (t *typeface) head(piece string, size, width int) string {
	long := 0
	for i, c := range piece {
		if long += t.width(string(c), size); long > width && i > 0 {
			return piece[:i]
		}
	}
	return piece
}

// fit is the largest size, at most size, at which words are no wider than width.
func (t *typeface) fit(words string, size, width int) int {
	for size > 12 && t.width(words, size) > width {
		size -= 2
	}
	return size
}
