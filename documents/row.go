package documents

import "github.com/signintech/gopdf"

// Rows of a form, in points.
const (
	labelW   = 116
	rowLead  = 22
	rowSpace = 10 // above and below the words together
	padding  = 8
	together = 12 // a row of so many lines is not parted
)

// row sets a ruled row. One that is longer than the page goes on overleaf, ruled there
// too.
func (s *page) row(l line) error {
	if err := s.pdf.SetFont("sc", "", 13); err != nil {
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
	if n := max(len(label), len(text)); n <= together {
		s.keep(float64(n)*rowLead + rowSpace)
	}
	for len(label)+len(text) > 0 {
		s.keep(2*rowLead + rowSpace)
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
