package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"dengwen/internal/fonts"
	"dengwen/petition"

	"github.com/rivo/uniseg"
	"github.com/signintech/gopdf"
)

// A4 in points with the margins of an official letter (37 mm above, 28 mm left,
// 26 mm right, 35 mm below).
const (
	pageW, pageH = 595.28, 841.89
	left, top    = 79.4, 104.9
	textW        = pageW - left - 73.7
	bottom       = pageH - 99.2
)

// gap is the space between lines of two styles; a seal needs some above the signature.
func gap(above, below style) float64 {
	switch {
	case above != right && above != title && below == right:
		return 36
	case above == row && below != row:
		return 10
	}
	return 0
}

// page is the page that is being set.
type page struct {
	pdf    gopdf.GoPdf
	y      float64
	note   func(name string, values map[string]int) string
	size   float64      // of the type
	widths map[rune]int // of characters, thousandths of the size
}

// missing stands for a character the font does not have (geta mark, U+3013).
const missing = '〓'

// encodePDF writes an A4 PDF. Characters the font lacks are set as 〓, never dropped.
func (r *Renderer) encodePDF(ctx context.Context, w io.Writer, d petition.Document, lines []line) error {
	s := &page{note: r.note, widths: map[rune]int{}}
	if err := s.open(); err != nil {
		return fmt.Errorf("load font: %w", err)
	}
	s.pdf.SetInfo(gopdf.PdfInfo{Title: lines[0].text, Subject: d.Values["number"], Creator: "Dengwen"})
	err := s.setAll(ctx, lines)
	if errors.Is(err, errFull) {
		err = s.margin(pageH-98, s.note("rest", nil))
	}
	if err != nil {
		return err
	}
	if err := s.number(); err != nil {
		return fmt.Errorf("number pages: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = s.pdf.WriteTo(w)
	return err
}

func (s *page) open() error {
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	return s.pdf.AddTTFFontDataWithOption("sc", fonts.Regular, gopdf.TtfOption{
		OnGlyphNotFoundSubstitute: func(rune) rune { return missing },
	})
}

// setAll sets lines from the top of a first page on. It looks at ctx before each; the
// longest that limit lets through takes less than a tenth of a second.
func (s *page) setAll(ctx context.Context, lines []line) error {
	if err := s.newPage(); err != nil {
		return err
	}
	tail := len(lines) // where the signature begins
	for tail > 0 && lines[tail-1].style == right {
		tail--
	}
	for i, l := range lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i > 0 {
			s.y += gap(lines[i-1].style, l.style)
		}
		if h := float64(len(lines)-i) * 26; i >= tail && h <= bottom-top {
			if err := s.ensureSpace(h); err != nil {
				return err
			}
		}
		if err := s.set(l); err != nil {
			return err
		}
	}
	return nil
}

// errFull: the document has as many pages as it may have.
var errFull = errors.New("too many pages")

func (s *page) newPage() error {
	if s.pdf.GetNumberOfPages() >= maxPages {
		return errFull
	}
	s.pdf.AddPage()
	s.y = top
	return nil
}

// number puts page numbers where there is more than one page.
func (s *page) number() error {
	n := s.pdf.GetNumberOfPages()
	for i := 1; n > 1 && i <= n; i++ {
		if err := s.pdf.SetPage(i); err != nil {
			return err
		}
		if err := s.margin(pageH-70, s.note("page", map[string]int{"Page": i, "Pages": n})); err != nil {
			return err
		}
	}
	return nil
}

// margin writes in the bottom margin of a page.
func (s *page) margin(y float64, text string) error {
	if err := s.font(12); err != nil {
		return err
	}
	s.pdf.SetXY(left, y)
	return s.pdf.CellWithOption(&gopdf.Rect{W: textW, H: 20}, text, gopdf.CellOption{Align: gopdf.Center})
}

func (s *page) set(l line) error {
	switch l.style {
	case title:
		defer func() { s.y += 14 }()
		return s.put(l.text, 22, 34, gopdf.Center, "")
	case right:
		return s.put(l.text, 14, 26, gopdf.Right, "")
	case heading:
		s.y += 6
		return s.put(l.text, 15, 28, gopdf.Left, "")
	case flush:
		return s.put(l.text, 14, 26, gopdf.Left, "")
	case row:
		return s.row(l)
	}
	return s.put(l.text, 14, 26, gopdf.Left, "　　")
}

func (s *page) put(text string, size, lead float64, align int, indent string) error {
	if err := s.font(size); err != nil {
		return err
	}
	rows, err := s.wrap(indent+text, textW)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.ensureSpace(lead); err != nil {
			return err
		}
		s.pdf.SetXY(left, s.y)
		if err := s.pdf.CellWithOption(&gopdf.Rect{W: textW, H: lead}, r, gopdf.CellOption{Align: align}); err != nil {
			return err
		}
		s.y += lead
	}
	return nil
}

// ensureSpace begins a new page where less than h points are left on this one.
func (s *page) ensureSpace(h float64) error {
	if s.y+h > bottom {
		return s.newPage()
	}
	return nil
}

// Rows of a form, in points.
const (
	labelW   = 116
	rowLead  = 22
	rowSpace = 10 // above and below the words together
	padding  = 8
	unbroken = 12 // a row of so many lines is not split over pages
)

// row sets a ruled row. One that is longer than the page goes on overleaf, ruled there
// too.
func (s *page) row(l line) error {
	if err := s.font(13); err != nil {
		return err
	}
	label, err := s.wrap(l.label, labelW-2*padding)
	if err != nil {
		return err
	}
	text, err := s.wrap(l.text, textW-labelW-2*padding)
	if err != nil {
		return err
	}
	if n := max(len(label), len(text)); n <= unbroken {
		if err := s.ensureSpace(float64(n)*rowLead + rowSpace); err != nil {
			return err
		}
	}
	for len(label)+len(text) > 0 {
		if err := s.ensureSpace(2*rowLead + rowSpace); err != nil {
			return err
		}
		n := min(max(len(label), len(text)), int((bottom-s.y-rowSpace)/rowLead))
		if err := s.box(first(&label, n), first(&text, n), n); err != nil {
			return err
		}
	}
	return nil
}

// first takes at most n lines off the front.
func first(lines *[]string, n int) []string {
	n = min(n, len(*lines))
	head := (*lines)[:n]
	*lines = (*lines)[n:]
	return head
}

// box rules one piece of a row of n lines and sets what stands in it.
func (s *page) box(label, text []string, n int) error {
	h, y := float64(n)*rowLead+rowSpace, s.y
	s.pdf.SetLineWidth(0.5)
	s.pdf.RectFromUpperLeftWithStyle(left, y, labelW, h, "D")
	s.pdf.RectFromUpperLeftWithStyle(left+labelW, y, textW-labelW, h, "D")
	if err := s.column(label, left+padding, labelW-2*padding, y); err != nil {
		return err
	}
	if err := s.column(text, left+labelW+padding, textW-labelW-2*padding, y); err != nil {
		return err
	}
	s.y = y + h
	return nil
}

func (s *page) column(lines []string, x, w, y float64) error {
	for i, r := range lines {
		s.pdf.SetXY(x, y+rowSpace/2+float64(i)*rowLead+3)
		if err := s.pdf.CellWithOption(&gopdf.Rect{W: w, H: rowLead}, r, gopdf.CellOption{Align: gopdf.Left}); err != nil {
			return err
		}
	}
	return nil
}

func (s *page) font(size float64) error {
	s.size = size
	return s.pdf.SetFont("sc", "", size)
}

// wrap breaks by the Unicode line-breaking rules, which keep closing marks off the
// start of a line; the PDF library's own splitting knows nothing of them.
func (s *page) wrap(text string, width float64) ([]string, error) {
	var rows []string
	for part := range strings.SplitSeq(text, lineBreak) {
		more, err := s.wrapLine(part, width)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// wrapLine fills rows from the left, in one pass: a text may be one word of twenty
// thousand letters. A word wider than the row is broken where the row ends.
func (s *page) wrapLine(text string, width float64) ([]string, error) {
	var rows []string
	start, at, long, state := 0, 0, 0, -1 // the row is text[start:at], so long
	wide := func(n int) bool { return float64(n)*(s.size/1000) > width }
	for rest := text; rest != ""; {
		var word string
		word, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		n, err := s.width(word)
		if err != nil {
			return nil, err
		}
		if at > start && wide(long+n) {
			rows = append(rows, text[start:at])
			start, long = at, 0
		}
		for i, c := range word {
			if i+at > start && wide(long+s.widths[c]) {
				rows = append(rows, text[start:at+i])
				start, long = at+i, 0
			}
			long += s.widths[c]
		}
		at += len(word)
	}
	return append(rows, text[start:]), nil
}

// width of a text in thousandths of the size. Each character is measured once.
func (s *page) width(text string) (int, error) {
	sum := 0
	for _, c := range text {
		w, ok := s.widths[c]
		if !ok {
			points, err := s.pdf.MeasureTextWidth(string(c))
			if err != nil {
				return 0, err
			}
			w = int(math.Round(points * 1000 / s.size))
			s.widths[c] = w
		}
		sum += w
	}
	return sum, nil
}
