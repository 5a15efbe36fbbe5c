package receipt

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A receipt is printed band by band. Most bands, the office's name or a sentence with
// its date, are those of the receipt before: they are drawn and squeezed once and then
// only copied. What is one citizen's own, number, code and QR code, is drawn each time
// and not kept.

// piece is a rectangle or a line of words, and the rows it covers.
type piece struct {
	top, bottom int // bottom is the row after the last
	rect        *rect
	text        *text
}

// bands cuts a layout where a row is white from side to side. Each band ends with such
// a row, the first begins with row 0.
func (l *layout) bands(t *typeface) []layout {
	var all []layout
	for _, p := range l.pieces(t) {
		last := len(all) - 1
		if last < 0 || p.top >= all[last].top+all[last].height {
			all = append(all, layout{top: p.top})
			last++
		}
		b := &all[last]
		b.height = max(b.height, p.bottom+1-b.top)
		switch {
		case p.rect != nil:
			b.rects = append(b.rects, *p.rect)
		case p.text != nil:
			b.texts = append(b.texts, *p.text)
			b.own = b.own || p.text.own
		default:
			b.qr, b.qrX, b.qrY, b.cell, b.own = l.qr, l.qrX, l.qrY, l.cell, true
		}
	}
	return all
}

// pieces of a layout from the top down; what stands on something comes after it.
func (l *layout) pieces(t *typeface) []piece {
	all := make([]piece, 0, len(l.rects)+len(l.texts)+1)
	for i := range l.rects {
		r := &l.rects[i]
		all = append(all, piece{top: r.y, bottom: r.y + r.h, rect: r})
	}
	for i := range l.texts {
		x := &l.texts[i]
		if top, bottom := t.extent(x); top < bottom {
			all = append(all, piece{top: max(top, 0), bottom: bottom, text: x})
		}
	}
	if l.qr != nil {
		all = append(all, piece{top: l.qrY, bottom: l.qrY + l.side()})
	}
	slices.SortStableFunc(all, func(a, b piece) int { return cmp.Compare(a.top, b.top) })
	return all
}

// name tells bands apart: equal names look alike.
func (l *layout) name(key []byte) []byte {
	put := func(numbers ...int) {
		for _, n := range numbers {
			key = binary.AppendVarint(key, int64(n))
		}
	}
	put(l.height, len(l.rects))
	for _, r := range l.rects {
		put(r.x, r.y-l.top, r.w, r.h, int(r.colour))
	}
	for _, x := range l.texts {
		put(x.x, x.y-l.top, x.size, int(x.colour[1]), len(x.words))
		key = append(key, x.words...)
	}
	return key
}
