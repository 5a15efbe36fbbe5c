// Package receipt draws the picture a citizen keeps, a PNG with office, number, query
// code, what happens next, and a QR code that leads back to the petition. Official
// papers with a seal are not its business: dengwen/documents makes them.
package receipt

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"dengwen/bot"
	"dengwen/locales"
)

// Painter draws receipts. It reads the font at the first picture and then keeps the
// glyphs it has drawn: letters, never a citizen's words. It is safe for concurrent use.
type Painter struct {
	locales  *locales.Catalog // of the labels
	once     sync.Once
	err      error // of reading the font
	face     *typeface
	qrCodes  qrCache
	encoders sync.Pool
	slots    chan struct{} // a semaphore: more at once than processors would only take memory
}

// New makes a painter; it does no work yet.
func New(words *locales.Catalog) *Painter {
	return &Painter{locales: words, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// pageWidth is that of every picture, pixels: half of what most phones have, which show each one as
// two by two. The height follows from the text. What a receipt costs grows with its
// pixels.
const pageWidth = 540

const (
	margin = 42
	inner  = pageWidth - 2*margin
)

// PNG draws a receipt: 16 colours, 540 pixels wide, about 13 KB. Characters the font
// does not have appear as 〓. What cannot be drawn leaves nothing written.
func (p *Painter) PNG(to io.Writer, r bot.Receipt) error {
	p.once.Do(func() { p.face, p.err = loadTypeface() })
	if p.err != nil {
		return fmt.Errorf("draw receipt: %w", p.err)
	}
	qr, err := p.qrCodes.code(r.Link)
	if err != nil {
		return fmt.Errorf("draw receipt: QR code: %w", err)
	}
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	e, _ := p.encoders.Get().(*encoder)
	if e == nil {
		e = newEncoder()
	}
	defer p.encoders.Put(e)
	l := p.layout(r, qr)
	e.canvas.reset(l.height)
	l.draw(&e.canvas, p.face)
	picture, err := e.encode()
	if err != nil {
		return fmt.Errorf("draw receipt: %w", err)
	}
	if _, err := to.Write(picture); err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	return nil
}
