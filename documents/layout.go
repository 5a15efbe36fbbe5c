package documents

import (
	"context"
	"errors"
	"math"
	"strings"

	"github.com/rivo/uniseg"
)

// The page of GB/T 9704-2012, in points: A4, margins of 37, 26, 35 and 28 mm, 22 lines
// of 28 characters. 28 characters of 16 pt are wider than the 156 mm between the margins,
// so each stands a quarter of a point closer.
const (
	pageW, pageH = 595.28, 841.89
	left, top    = 79.4, 104.9
	textW, textH = 442.2, 637.8
	bottom       = top + textH

	size   = 16.0
	closer = -0.25
	char   = size + closer
	pitch  = 28.95 // of lines, 579 twips

	titleSize, titlePitch = 22.0, 36.0
	smallSize, smallPitch = 14.0, 24.0 // 4号: page numbers, copies, who printed it

	organTop   = 85.04 // 30 mm from the top edge of the page
	organSize  = 36.0
	organRoom  = 15.84 // under the letterhead: 4 mm and its double line
	whole      = 8     // a last paragraph of so many lines goes over to the signature's page in one piece
	sealLines  = 2     // between text and signature: a seal of 42 mm begins within a line of the text
	dateIndent = 4     // characters between the date and the right margin
)

// Rows of a form, in points.
const (
	cellSize, cellPitch = 14.0, 21.0
	cellSpace           = 10.0 // above and below the words together
	padding             = 6.0
	labelW              = 96.0
	wholeRow            = 12 // a row of so many lines is not split over pages
	rowGap              = 10.0
)

// placed is a piece of text on a page, x and y where its first letter stands on its line.
type placed struct {
	x, y, size, spacing float64
	role                role
	red                 bool
	text                string
}

// stroke is a line that is ruled, box the frame of a cell.
type (
	stroke struct {
		x, y, w, thick float64
		red            bool
	}
	box struct{ x, y, w, h float64 }
)

type sheet struct {
	texts   []placed
	strokes []stroke
	boxes   []box
	fills   []box // black, of QR codes
	bare    bool  // has no page number
}

// setter sets one document page by page.
type setter struct {
	m      *measurer
	sheets []sheet
	y      float64
	split  int // rows of the last paragraph that went over to the signature's page
}

// errFull: the document has as many pages as it may have.
var errFull = errors.New("too many pages")

// layOut sets a document. It looks at ctx before each line of the template; the longest
// that limit lets through takes less than a tenth of a second. With errFull the pages
// that there may be are set, and rest stands under the last one.
func layOut(ctx context.Context, p paper, m *measurer, rest string) ([]sheet, error) {
	s := &setter{m: m}
	err := s.run(ctx, p)
	if errors.Is(err, errFull) {
		s.put(rest, put{role: bodyFace, size: 12, x: left, y: bottom + 16, w: textW, centre: true})
		err = nil
	}
	for i := range s.sheets {
		if !s.sheets[i].bare {
			s.number(i)
		}
	}
	return s.sheets, err
}

func (s *setter) run(ctx context.Context, p paper) error {
	if err := s.newPage(); err != nil {
		return err
	}
	if p.organ != "" {
		s.letterhead(p.organ)
	}
	tail := s.tailHeight(p)
	for i, l := range p.running {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i > 0 {
			s.y += gap(p.running[i-1].style, l.style)
		}
		keep := 0.0
		switch last := len(p.running) - 1; {
		case i == last:
			keep = tail
		case l.style == heading && i == last-1:
			keep = s.goesOver(p.running[last], tail)
		case l.style == heading && p.running[i+1].style == row:
			keep = gap(heading, row) + s.rowHeight(p.running[i+1])
		case l.style == heading && p.running[i+1].style == gridRow:
			keep = rowGap + 4*(gridPitch+gridSpace) // the names of the columns, which may take two lines, and a row
		case l.style == heading:
			keep = pitch
		}
		if err := s.set(l, keep, i > 0 && p.running[i-1].style == attach); err != nil {
			return err
		}
	}
	return s.end(p)
}

func (s *setter) newPage() error {
	if len(s.sheets) >= maxPages {
		return errFull
	}
	s.sheets = append(s.sheets, sheet{})
	s.y = top
	return nil
}

func (s *setter) sheet() *sheet { return &s.sheets[len(s.sheets)-1] }

// gap is the space between two lines of these styles.
func gap(above, below style) float64 {
	switch {
	case above.ruled() && above == below:
		return 0
	case above.ruled() || below.ruled():
		return rowGap
	case below == title && above == right:
		return 2 * pitch // a letter: its number, then its title
	case above == title && below != title && below != right, above == right && below != right:
		return pitch
	case below == attach && above != attach:
		return pitch
	}
	return 0
}

// letterhead sets the name of the organ and the red double lines of a letter: thick above
// thin under the name, thin above thick 20 mm above the edge of the page, 170 mm long.
func (s *setter) letterhead(organ string) {
	const longer, length = 19.84, 481.89
	s.sheet().bare = true
	at, fit := s.organFit(organ)
	s.put(organ, put{role: titleFace, size: fit, x: left, y: organTop, w: textW, pitch: fit, centre: true, red: true})
	lower := pageH - 56.69
	s.sheet().strokes = append(s.sheet().strokes,
		stroke{left - longer, at, length, 3, true}, stroke{left - longer, at + 3.2, length, 0.75, true},
		stroke{left - longer, lower - 4, length, 0.75, true}, stroke{left - longer, lower - 1.5, length, 3, true})
	s.y = organTop + fit + organRoom
}

// organFit is where the line under the letterhead runs and the size of the name.
func (s *setter) organFit(organ string) (at, fit float64) {
	fit = min(organSize, textW/s.width(organ, titleFace, 1, 0))
	return organTop + fit + 11.34, fit
}

// set sets one line of the template. keep points are to remain under it on its page, or it
// goes over to the next one, of a long one the last two lines (a signature never stands alone).
func (s *setter) set(l line, keep float64, follows bool) error {
	switch l.style {
	case title:
		return s.title(l.text)
	case row:
		return s.row(l, keep)
	case gridRow:
		return s.gridRow(l, keep)
	case right:
		return s.lines([]string{l.text}, keep, put{right: true})
	case heading:
		return s.lines(s.wrap(l.text, headingFace, size, closer, 2*char, textW), keep, put{role: headingFace, first: 2 * char})
	case flush:
		return s.lines(s.wrap(l.text, bodyFace, size, closer, 0, textW), keep, put{})
	case attach:
		first, hang := 2*char, 5*char
		if follows {
			first = hang
		}
		return s.lines(s.wrap(l.text, bodyFace, size, closer, first-hang, textW-hang), keep, put{first: first - hang, x: left + hang})
	}
	return s.lines(s.wrap(l.text, l.face(), size, closer, 2*char, textW), keep, put{role: l.face(), first: 2 * char})
}

// goesOver is the room that the last paragraph's first line takes with all that stays with it.
func (s *setter) goesOver(l line, tail float64) float64 {
	if l.style == row {
		return 2*cellPitch + cellSpace + tail
	}
	if rows := s.wrap(l.text, bodyFace, size, closer, 2*char, textW); len(rows) <= whole {
		return float64(len(rows))*pitch + tail
	}
	return pitch
}

// title breaks a long title into lines of about one length.
func (s *setter) title(text string) error {
	rows := s.titleLines(text)
	if err := s.ensureSpace(float64(len(rows)) * titlePitch); err != nil {
		return err
	}
	for _, r := range rows {
		s.put(r, put{role: titleFace, size: titleSize, x: left, y: s.y, w: textW, pitch: titlePitch, centre: true})
		s.y += titlePitch
	}
	return nil
}

func (s *setter) titleLines(text string) []string {
	n := math.Ceil(s.width(text, titleFace, titleSize, 0) / textW)
	return s.wrap(text, titleFace, titleSize, 0, 0, min(textW, s.width(text, titleFace, titleSize, 0)/n+titleSize))
}

// lines sets the rows of a paragraph.
func (s *setter) lines(rows []string, keep float64, p put) error {
	over := len(rows) // the first row that keep takes over to the next page
	if keep > 0 {
		if over -= 2; len(rows) <= whole {
			over = 0
		}
	}
	for i, r := range rows {
		need := pitch
		if i == over {
			need = float64(len(rows)-over)*pitch + keep
		}
		fits := s.y+pitch <= bottom
		if err := s.ensureSpace(min(need, textH)); err != nil {
			return err
		}
		if i == over && i > 0 && fits && s.y == top {
			s.split = len(rows) - over
		}
		q := p
		q.size, q.spacing, q.pitch, q.y, q.w = size, closer, pitch, s.y, left+textW-max(p.x, left)
		q.x = max(p.x, left)
		if i == 0 {
			q.x += p.first
			q.w -= p.first
		}
		q.fill = i < len(rows)-1
		s.put(r, q)
		s.y += pitch
	}
	return nil
}

// ensureSpace begins a new page where less than h points are left on this one.
func (s *setter) ensureSpace(h float64) error {
	if s.y+h > bottom+0.01 {
		return s.newPage()
	}
	return nil
}

// put says how a row of text is put on the page.
type put struct {
	role                     role
	x, y, w                  float64 // of its room
	size, spacing, pitch     float64
	first                    float64 // indent of a paragraph's first row
	centre, right, fill, red bool
}

// put puts one row, filled to its room by wider spaces between letters where it is asked for
// and little is left.
func (s *setter) put(text string, p put) {
	text = strings.TrimRight(text, " ")
	w, n := s.width(text, p.role, p.size, p.spacing), float64(len([]rune(text)))
	if spare := p.w - w; p.fill && n > 1 && spare > 0 && spare < 2*char {
		p.spacing += spare / (n - 1)
	}
	switch {
	case p.centre:
		p.x += (p.w - w) / 2
	case p.right:
		p.x += p.w - w
	}
	s.sheet().texts = append(s.sheet().texts, placed{p.x, p.y + (p.pitch-p.size)/2 + 0.88*p.size, p.size, p.spacing, p.role, p.red, text})
}

// row sets a ruled row. One that is longer than the page goes on overleaf, ruled there
// too.
func (s *setter) row(l line, keep float64) error {
	widths := cellWidths(len(l.cells))
	cells, n := s.cells(l, widths)
	if n <= wholeRow {
		if err := s.ensureSpace(float64(n)*cellPitch + cellSpace + keep); err != nil {
			return err
		}
	}
	for n > 0 {
		if err := s.ensureSpace(2*cellPitch + cellSpace); err != nil {
			return err
		}
		fits := min(n, int((bottom-s.y-cellSpace)/cellPitch))
		s.frame(cells, widths, fits)
		for i := range cells {
			cells[i] = cells[i][min(fits, len(cells[i])):]
		}
		n -= fits
	}
	return s.ensureSpace(keep)
}

// cells are the lines of the texts of a row, and how many lines the row has.
func (s *setter) cells(l line, widths []float64) (cells [][]string, n int) {
	cells, n = make([][]string, len(l.cells)), l.room
	for i, text := range l.cells {
		for part := range strings.SplitSeq(text, lineBreak) {
			cells[i] = append(cells[i], s.wrap(printable(part), bodyFace, cellSize, 0, 0, widths[i]-2*padding)...)
		}
		n = max(n, len(cells[i]))
	}
	return cells, n
}

// rowHeight is what of a row stays in one piece.
func (s *setter) rowHeight(l line) float64 {
	if _, n := s.cells(l, cellWidths(len(l.cells))); n <= wholeRow {
		return float64(n)*cellPitch + cellSpace
	}
	return 2*cellPitch + cellSpace
}

// cellWidths are those of label, text, label, text …; the texts share what is left.
func cellWidths(n int) []float64 {
	w := make([]float64, n)
	labels := float64((n + 1) / 2)
	for i := range w {
		w[i] = labelW
		if i%2 == 1 {
			w[i] = (textW - labels*labelW) / float64(n/2)
		}
	}
	if n == 1 {
		w[0] = textW
	}
	return w
}

// frame rules one piece of a row of n lines and sets what stands in it.
func (s *setter) frame(cells [][]string, widths []float64, n int) {
	h, x := float64(n)*cellPitch+cellSpace, left
	for i, rows := range cells {
		s.sheet().boxes = append(s.sheet().boxes, box{x, s.y, widths[i], h})
		for j := range min(n, len(rows)) {
			s.put(rows[j], put{x: x + padding, y: s.y + cellSpace/2 + float64(j)*cellPitch, w: widths[i] - 2*padding, size: cellSize, pitch: cellPitch})
		}
		x += widths[i]
	}
	s.y += h
}

// end sets signature and date, the contact line, and the foot of the last page.
func (s *setter) end(p paper) error {
	if err := s.ensureSpace(s.tailHeight(p)); err != nil {
		return err
	}
	s.signature(p.sign)
	if p.contact != "" {
		if err := s.set(line{style: body, text: p.contact}, 0, false); err != nil {
			return err
		}
	}
	return s.foot(p)
}

func (s *setter) tailHeight(p paper) float64 {
	h := s.footHeight(p)
	if n := len(p.sign); n > 0 {
		h += float64(n+sealLines) * pitch
	}
	if p.contact != "" {
		h += float64(len(s.wrap(p.contact, bodyFace, size, closer, 2*char, textW))) * pitch
	}
	return min(h, textH)
}

// signature sets the date four characters from the margin and the name above it, centred
// on the date; one too long for that ends at the margin.
func (s *setter) signature(sign []line) {
	if len(sign) == 0 {
		return
	}
	s.y += sealLines * pitch
	room := s.signRoom(sign[len(sign)-1].text)
	for _, l := range sign {
		p := put{x: left + textW - room, y: s.y, w: room, size: size, spacing: closer, pitch: pitch, centre: true}
		if s.width(l.text, bodyFace, size, closer) > room {
			p = put{x: left, y: s.y, w: textW, size: size, spacing: closer, pitch: pitch, right: true}
		}
		s.put(l.text, p)
		s.y += pitch
	}
}

// signRoom is the width at the right margin whose middle is that of the date.
func (s *setter) signRoom(date string) float64 {
	return s.width(date, bodyFace, size, closer) + 2*dateIndent*char
}

// foot sets who else gets the document at the bottom of its last page: in a letter without
// more, elsewhere between lines and with who printed it.
func (s *setter) foot(p paper) error {
	h := s.footHeight(p)
	if h == 0 {
		return nil
	}
	const thick, thin = 1.0, 0.7 // 0.35 and 0.25 mm
	y := bottom - h
	s.y = bottom
	rule := func(at, width float64) {
		if p.organ == "" {
			s.sheet().strokes = append(s.sheet().strokes, stroke{left, at, textW, width, false})
		}
	}
	rule(y, thick)
	for i, r := range s.copyLines(p) {
		x := left + smallSize
		if i > 0 {
			x += 3 * smallSize
		}
		s.put(r, put{x: x, y: y, w: textW, size: smallSize, pitch: smallPitch})
		y += smallPitch
	}
	if len(p.printed) > 0 {
		if p.copies != "" {
			rule(y, thin)
		}
		s.put(p.printed[0], put{x: left + smallSize, y: y, w: textW, size: smallSize, pitch: smallPitch})
		s.put(p.printed[1], put{x: left, y: y, w: textW - smallSize, size: smallSize, pitch: smallPitch, right: true})
		y += smallPitch
	}
	rule(y, thick)
	return nil
}

func (s *setter) footHeight(p paper) float64 {
	return float64(len(s.copyLines(p))+min(len(p.printed), 1)) * smallPitch
}

// copyLines wrap under the first character after the colon.
func (s *setter) copyLines(p paper) []string {
	if p.copies == "" {
		return nil
	}
	return s.wrap(p.copies, bodyFace, smallSize, 0, -3*smallSize, textW-5*smallSize)
}

// number sets the page number between dashes, 7 mm under the text: right on odd pages,
// left on even ones, a character from the margin.
func (s *setter) number(i int) {
	all := s.sheets
	s.sheets = all[:i+1]
	s.put("— "+itoa(i+1)+" —", put{x: left + smallSize, y: bottom + 19.84, w: textW - 2*smallSize, size: smallSize, pitch: smallSize, right: i%2 == 0})
	s.sheets = all
}

// segment is the first piece of a text that is not broken. A case number may be broken after
// its hyphens, as word processors do.
func segment(text string, state int) (word, rest string, next int) {
	if before, _, ok := strings.Cut(text[:min(len(text), 64)], "-"); ok {
		if word, _, _, _ = uniseg.FirstLineSegmentInString(text, state); len(word) > len(before)+1 {
			return text[:len(before)+1], text[len(before)+1:], -1
		}
	}
	word, rest, _, next = uniseg.FirstLineSegmentInString(text, state)
	return word, rest, next
}

func (s *setter) width(text string, r role, size, spacing float64) float64 {
	sum := 0.0
	for _, c := range text {
		sum += s.m.glyph(r, c).width*size/1000 + spacing
	}
	return sum
}

// wrap fills rows from the left, in one pass: a text may be one word of twenty thousand
// letters. It breaks by the Unicode line-breaking rules, which keep closing marks off the
// start of a line; a word wider than the row is broken where the row ends. first is the
// indent of the first row.
func (s *setter) wrap(text string, r role, size, spacing, first, width float64) []string {
	var rows []string
	start, at, long, state := 0, 0, first, -1 // the row is text[start:at], so long
	width += 0.01
	of := func(c rune) float64 { return s.m.glyph(r, c).width*size/1000 + spacing }
	for rest := text; rest != ""; {
		var word string
		word, rest, state = segment(rest, state)
		n := 0.0
		for _, c := range strings.TrimRight(word, " ") {
			n += of(c)
		}
		if at > start && long+n > width {
			rows = append(rows, text[start:at])
			start, long = at, 0
		}
		for i, c := range word {
			w := of(c)
			if i+at > start && c != ' ' && long+w > width {
				rows = append(rows, text[start:at+i])
				start, long = at+i, 0
			}
			long += w
		}
		at += len(word)
	}
	return append(rows, text[start:])
}
