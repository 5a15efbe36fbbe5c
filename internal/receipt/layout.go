package receipt

import (
	"strings"

	"github.com/rivo/uniseg"
	"rsc.io/qr/coding"

	"dengwen/bot"
)

// layout is a receipt with every piece in its place.
type layout struct {
	height int
	rects  []rect
	texts  []text
	qr     *coding.Code // nil without a link
	qrX    int
	qrY    int
	module int // pixels of one module of the QR code
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
}

const qrSide = 190 // most pixels of the QR code, quiet zone not counted

func (p *Painter) layout(r bot.Receipt, qr *coding.Code) layout {
	t, label := p.face, func(key string, args ...any) string { return p.locales.Say(r.Lang, "receipt.label."+key, args...) }
	l := layout{qr: qr}
	l.bar(0, 0, pageWidth, 10, green)
	y := l.centred(t, 64, 32, inkTone, r.Office)
	y = l.centred(t, y+38, 22, greyTone, r.Title)
	y += 26
	l.bar(margin, y, inner, 2, green)
	l.put(margin, y+40, 18, greyTone, label("number"))
	l.put(margin, y+92, t.fit(r.Number, 54, inner), inkTone, r.Number)
	y += 114
	l.bar(margin, y, inner, 94, panel)
	l.bar(margin, y, 6, 94, red)
	l.put(margin+22, y+31, 18, greyTone, label("code"))
	l.put(margin+22, y+74, t.fit(r.Code, 40, inner-44), redTone, r.Code)
	y = l.lines(t, y+94+14, r.Lines)
	return l.foot(t, y, r, label)
}

// lines writes the sentences, each with a mark before it, wrapped.
func (l *layout) lines(t *typeface, y int, lines []string) int {
	const size, lead, indent = 20, 30, 22
	for _, s := range lines[:min(len(lines), maxLines)] {
		y += 8
		l.bar(margin+4, y+lead-12, 7, 7, green)
		for _, row := range t.wrap(s, size, inner-indent) {
			y += lead
			l.put(margin+indent, y, size, inkTone, row)
		}
	}
	return y
}

func (l *layout) foot(t *typeface, y int, r bot.Receipt, label func(key string, args ...any) string) layout {
	y += 25
	l.bar(margin, y, inner, 2, line)
	if l.qr == nil {
		y = l.centred(t, y+39, 18, greyTone, label("keep"))
		l.height = l.record(t, y, r, label) + 25
		return *l
	}
	l.module = max(1, qrSide/l.qr.Size)
	quiet := 4 * l.module // ISO/IEC 18004: readers want it white all round
	l.qrX, l.qrY = (pageWidth-l.side())/2, y+2+quiet
	y = l.centred(t, l.qrY+l.side()+quiet+20, 22, inkTone, label("scan"))
	y = l.centred(t, y+32, 18, greyTone, label("keep"))
	l.height = l.record(t, y, r, label) + 26
	return *l
}

// record writes the mark of the entry in the record, and where it is compared.
func (l *layout) record(t *typeface, y int, r bot.Receipt, label func(key string, args ...any) string) int {
	if r.Mark == "" {
		return y
	}
	y = l.centred(t, y+34, 18, inkTone, label("mark")+" "+r.Mark)
	if r.Check != "" {
		y = l.centred(t, y+26, 18, greyTone, label("check", "Address", strings.TrimPrefix(strings.TrimPrefix(r.Check, "https://"), "http://")))
	}
	return y
}

func (l *layout) bar(x, y, w, h int, colour byte) {
	l.rects = append(l.rects, rect{x, y, w, h, colour})
}

func (l *layout) put(x, y, size int, c *tone, words string) {
	l.texts = append(l.texts, text{x, y, size, c, words})
}

// centred writes words in the middle, wrapped where they must be, and answers the
// last baseline.
func (l *layout) centred(t *typeface, y, size int, c *tone, words string) int {
	for i, row := range t.wrap(words, size, inner) {
		if i > 0 {
			y += size * 4 / 3
		}
		l.put((pageWidth-t.width(row, size))/2, y, size, c, row)
	}
	return y
}

func (l *layout) draw(to *canvas, t *typeface) {
	for _, r := range l.rects {
		to.fill(r)
	}
	for _, x := range l.texts {
		t.draw(to, x)
	}
	if l.qr != nil {
		l.drawQR(to)
	}
}

// side of the QR code in pixels.
func (l *layout) side() int { return l.module * l.qr.Size }

// drawQR draws the QR code. The canvas's own white is its quiet zone, so the bytes at
// its edges hold nothing else.
func (l *layout) drawQR(to *canvas) {
	from, end := l.qrX/2, (l.qrX+l.side()+1)/2
	for y := range l.qr.Size {
		top := l.qrY + y*l.module
		for x := range l.qr.Size {
			if l.qr.Black(x, y) {
				to.fill(rect{l.qrX + x*l.module, top, l.module, 1, ink})
			}
		}
		for more := 1; more < l.module; more++ {
			copy(to.row(top + more)[from:end], to.row(top)[from:end])
		}
	}
}

// Bounds that keep a runaway text from becoming a runaway picture.
const (
	maxLines  = 12
	maxRows   = 8    // of one text
	maxHeight = 4500 // pixels that come of it
)

// wrap breaks words into rows at most width wide, by the Unicode line breaking rules,
// which keep 。 and 》 off the start of a row.
func (t *typeface) wrap(words string, size, width int) []string {
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
		if long += t.glyph(c, size).advance; long > width && i > 0 {
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
