// Package receipt draws the picture a citizen keeps: office, number, query code,
// what happens next, and a QR code that leads back to the petition.
package receipt

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"unicode"

	"dengwen/bot"
)

// Painter draws receipts. It reads the font at the first picture and then keeps the
// shapes it has drawn. It is safe for concurrent use.
type Painter struct {
	once    sync.Once
	err     error // of reading the font
	face    *typeface
	presses sync.Pool
	kept    *shelf[fragment]
	plans   plans
	easels  chan struct{} // more at once than there are processors would only take memory
}

// New makes a painter; it does no work yet.
func New() *Painter {
	return &Painter{kept: newShelf[fragment](), easels: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Width of every picture, pixels. The height follows from the text.
const Width = 720

const (
	margin = 56
	inner  = Width - 2*margin
)

// PNG draws a receipt: indexed colours, 720 pixels wide, about 22 KB. Characters the
// font does not have appear as 〓. What cannot be drawn leaves nothing written.
func (p *Painter) PNG(to io.Writer, r bot.Receipt) error {
	p.once.Do(func() { p.face, p.err = loadTypeface() })
	if p.err != nil {
		return fmt.Errorf("draw receipt: %w", p.err)
	}
	qr, err := p.plans.code(r.Link)
	if err != nil {
		return fmt.Errorf("draw receipt: QR code: %w", err)
	}
	p.easels <- struct{}{}
	defer func() { <-p.easels }()
	l := p.layout(r, qr)
	press, _ := p.presses.Get().(*press)
	if press == nil {
		press = newPress()
	}
	defer p.presses.Put(press)
	if err := press.print(to, &l, p.face, p.kept); err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	return nil
}

// labels are the few words of the picture that are not in the receipt.
type labels struct{ number, code, scan, keep string }

func labelsOf(r bot.Receipt) labels {
	for _, c := range r.Title {
		if unicode.Is(unicode.Han, c) {
			return labels{"编号", "查询码", "扫一扫，查进度", "编号和查询码请一起保管，不要给别人看"}
		}
	}
	return labels{"Number", "Query code", "Scan to follow it", "Keep number and code together and to yourself"}
}
