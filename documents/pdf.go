package documents

import (
	"fmt"
	"io"
	"strings"

	"dengwen/internal/fonts"

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

// signature reports whether only the lines of the signature are left.
func signature(rest []line) bool {
	for _, l := range rest {
		if l.style != right {
			return false
		}
	}
	return true
}

type page struct {
	pdf gopdf.GoPdf
	y   float64
}

// PDF writes a notice as A4. Characters the font lacks are set as 〓, never dropped.
// Invalid when a required part is missing.
func (p *Renderer) PDF(w io.Writer, k string, v Values) error {
	lines, err := p.lines(k, v)
	if err != nil {
		return err
	}
	s := &page{}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	s.pdf.SetInfo(gopdf.PdfInfo{Title: lines[0].text, Subject: v["number"], Creator: "Dengwen"})
	err = s.pdf.AddTTFFontDataWithOption("sc", fonts.Regular, gopdf.TtfOption{
		OnGlyphNotFoundSubstitute: func(rune) rune { return '〓' },
	})
	if err != nil {
		return fmt.Errorf("load font: %w", err)
	}
	s.newPage()
	for i, l := range lines {
		if i > 0 {
			s.y += gap(lines[i-1].style, l.style)
		}
		if signature(lines[i:]) {
			s.keep(float64(len(lines)-i) * 26)
		}
		if err := s.set(l); err != nil {
			return fmt.Errorf("set notice %s: %w", k, err)
		}
	}
	if err := s.numbered(); err != nil {
		return fmt.Errorf("number pages of notice %s: %w", k, err)
	}
	if _, err := s.pdf.WriteTo(w); err != nil {
		return fmt.Errorf("write notice %s: %w", k, err)
	}
	return nil
}

func (s *page) newPage() {
	s.pdf.AddPage()
	s.y = top
}

// numbered puts page numbers where there is more than one page.
func (s *page) numbered() error {
	n := s.pdf.GetNumberOfPages()
	for i := 1; n > 1 && i <= n; i++ {
		if err := s.pdf.SetPage(i); err != nil {
			return err
		}
		if err := s.pdf.SetFont("sc", "", 12); err != nil {
			return err
		}
		s.pdf.SetXY(left, pageH-70)
		if err := s.pdf.CellWithOption(&gopdf.Rect{W: textW, H: 20}, fmt.Sprintf("第 %d 页，共 %d 页", i, n), gopdf.CellOption{Align: gopdf.Center}); err != nil {
			return err
		}
	}
	return nil
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
	if err := s.pdf.SetFont("sc", "", size); err != nil {
		return err
	}
	rows, err := s.wrap(indent+text, textW)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.cell(left, textW, lead, r, align); err != nil {
			return err
		}
		s.y += lead
	}
	return nil
}

// keep begins a new page unless that much room is left on this one.
func (s *page) keep(h float64) {
	if s.y+h > bottom {
		s.newPage()
	}
}

func (s *page) cell(x, w, lead float64, text string, align int) error {
	s.keep(lead)
	s.pdf.SetXY(x, s.y)
	return s.pdf.CellWithOption(&gopdf.Rect{W: w, H: lead}, text, gopdf.CellOption{Align: align})
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

func (s *page) wrapLine(text string, width float64) ([]string, error) {
	var rows []string
	line, state := "", -1
	for rest := text; rest != ""; {
		var word string
		word, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		w, err := s.pdf.MeasureTextWidth(line + word)
		if err != nil {
			return nil, err
		}
		if w > width && line != "" {
			rows, line = append(rows, line), ""
		}
		for line += word; ; {
			head, tail, err := s.cut(line, width)
			if err != nil {
				return nil, err
			}
			if tail == "" {
				break
			}
			rows, line = append(rows, head), tail
		}
	}
	return append(rows, line), nil
}

// cut splits a word that alone is wider than the line.
func (s *page) cut(word string, width float64) (head, tail string, err error) {
	w, err := s.pdf.MeasureTextWidth(word)
	if err != nil || w <= width {
		return word, "", err
	}
	runes := []rune(word)
	n := len(runes)
	for n > 1 {
		if w, err = s.pdf.MeasureTextWidth(string(runes[:n])); err != nil {
			return "", "", err
		}
		if w <= width {
			break
		}
		n--
	}
	return string(runes[:n]), string(runes[n:]), nil
}
