package documents

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"dengwen/petition"
)

// Report is figures as offices publish them: tables under a title, signed by the office.
type Report struct {
	Title  string
	Notes  []string // under the title: for whom it is, how it was counted
	Draft  Draft    // of a commentary, before the tables
	Tables []Table
	Signs  []Sign // who puts their hand to it before it goes out; none = nobody
	Office string
	Day    string // when it was made, as written
}

// Sign is one line of those: what it is called, and who it was, "" = room for a hand.
type Sign struct{ Label, Name string }

// Draft is sentences under a title that says that they are one.
type Draft struct {
	Title string
	Lines []string // none = there is no draft
}

// Table is one table of a report; its first row names the columns. One without other rows is
// left to None, a sentence.
type Table struct {
	Title string
	Rows  [][]string
	None  string
}

// Report writes a report as "pdf" or "docx", set as the documents of cases are. The errors are those of Render.
func (r *Renderer) Report(ctx context.Context, w io.Writer, form string, rep Report) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	if err := r.slots.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait to render a report: %w", err)
	}
	defer r.slots.Release(1)
	p, d, m := arrange(rep.lines()), petition.Document{Title: rep.Title}, r.faces.measurer()
	var b bytes.Buffer
	var err error
	switch form {
	case "pdf":
		err = r.encodePDF(ctx, &b, d, p, m)
	case "docx":
		err = r.encodeDOCX(ctx, &b, d, p, m)
	default:
		err = petition.Fail(petition.NotFound, "paper.form", "form", form)
	}
	if err == nil {
		_, err = w.Write(b.Bytes())
	}
	return petition.Wrap(err, "write report as "+form)
}

func (rep Report) lines() (all []line) {
	all = append(all, line{style: title, text: rep.Title})
	for _, n := range rep.Notes {
		all = append(all, line{style: body, text: n})
	}
	if len(rep.Draft.Lines) > 0 {
		all = append(all, line{style: heading, text: rep.Draft.Title})
	}
	for _, s := range rep.Draft.Lines {
		all = append(all, line{style: body, text: s})
	}
	for _, t := range rep.Tables {
		all = append(all, line{style: heading, text: t.Title})
		if len(t.Rows) < 2 {
			all = append(all, line{style: body, text: t.None})
			continue
		}
		for i, cells := range t.Rows {
			all = append(all, line{style: gridRow, cells: cells, head: i == 0})
		}
	}
	if len(rep.Signs) > 0 {
		var cells []string
		for _, s := range rep.Signs {
			cells = append(cells, s.Label, s.Name)
		}
		all = append(all, line{style: row, cells: cells})
	}
	return append(all, line{style: right, text: rep.Office}, line{style: right, text: rep.Day})
}

// Rows of a table of figures, in points: 5号.
const (
	gridSize, gridPitch   = 10.5, 15.0
	gridSmall             = 9.0 // of tables with many columns
	gridSpace, gridMargin = 6.0, 4.0
)

// gridWidths are those of a name and figures: the name has more, the figures share the rest.
func gridWidths(n int) []float64 {
	w := make([]float64, n)
	first := textW * 0.21
	if n <= 4 {
		first = textW * 0.4
	}
	for i := range w {
		w[i] = (textW - first) / float64(max(n-1, 1))
	}
	w[0] = first
	return w
}

func gridSizeOf(cells int) float64 {
	if cells > 5 {
		return gridSmall
	}
	return gridSize
}

// gridCells are the lines of each cell, and how many the longest has.
func (s *setter) gridCells(l line) (cells [][]string, widths []float64, n int) {
	widths, face := gridWidths(len(l.cells)), bodyFace
	if l.head {
		face = headingFace
	}
	for i, text := range l.cells {
		cells = append(cells, s.wrap(printable(text), face, gridSizeOf(len(l.cells)), 0, 0, widths[i]-2*gridMargin))
		n = max(n, len(cells[i]))
	}
	return cells, widths, max(n, 1)
}

// gridRow sets a row of a table, in one piece; the row of names stays with the one below it.
func (s *setter) gridRow(l line, keep float64) error {
	cells, widths, n := s.gridCells(l)
	h := float64(n)*gridPitch + gridSpace
	need := h + keep
	if l.head {
		need += gridPitch + gridSpace
	}
	if err := s.ensureSpace(need); err != nil {
		return err
	}
	x := left
	for i, rows := range cells {
		s.sheet().boxes = append(s.sheet().boxes, box{x, s.y, widths[i], h})
		for j, text := range rows {
			p := put{x: x + gridMargin, y: s.y + gridSpace/2 + float64(j)*gridPitch, w: widths[i] - 2*gridMargin, size: gridSizeOf(len(l.cells)), pitch: gridPitch, right: i > 0 && !l.head, centre: i > 0 && l.head}
			if l.head {
				p.role = headingFace
			}
			s.put(text, p)
		}
		x += widths[i]
	}
	s.y += h
	return nil
}

func (x *docx) gridHead(cells int) string {
	head, grid := x.tableHead(cells), strings.Builder{}
	for _, w := range gridWidths(cells) {
		fmt.Fprintf(&grid, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	before, _, _ := strings.Cut(head, `<w:tblGrid>`)
	before = strings.NewReplacer(`<w:top w:w="100"`, `<w:top w:w="60"`, `<w:bottom w:w="100"`, `<w:bottom w:w="60"`, `w:w="120"`, `w:w="80"`).Replace(before)
	return before + `<w:tblGrid>` + grid.String() + `</w:tblGrid>`
}

// gridRow writes a row of a table; the row of names comes again on each page.
func (x *docx) gridRow(l line) string {
	_, widths, n := x.s.gridCells(l)
	var b strings.Builder
	for i, text := range l.cells {
		p := paragraph{size: gridSizeOf(len(l.cells)), line: twips(gridPitch), keepNext: l.head}
		switch {
		case l.head:
			p.role, p.align = headingFace, "center"
		case i > 0:
			p.align = "right"
		}
		fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, twips(widths[i]), x.para(printable(text), p))
	}
	head := ""
	if l.head {
		head = `<w:tblHeader/>`
	}
	return fmt.Sprintf(`<w:tr><w:trPr><w:cantSplit/>%s<w:trHeight w:val="%d" w:hRule="atLeast"/></w:trPr>%s</w:tr>`, head, twips(float64(n)*gridPitch+gridSpace), b.String())
}
