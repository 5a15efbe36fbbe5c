package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"dengwen/petition"

	"github.com/signintech/gopdf"
	"rsc.io/qr"
)

// Poster is what hangs on a wall or goes on a leaflet, a cup or a bag, with QR codes on it.
type Poster struct {
	Form   string // one of PosterForms
	Office string // who speaks
	Title  string
	Place  string   // under the title, "" = none
	Lines  []string // sentences
	Codes  []PosterCode
	Table  [][]string // a timetable, its heads first; nil = none
	Foot   []string   // where and when somebody is there
	Back   []string   // the other side, of forms that have one
}

// PosterCode is a QR code and what stands under it.
type PosterCode struct{ Link, Label string }

// posterForm is a form of print, in millimetres.
type posterForm struct {
	name string
	w, h float64
	back bool // is printed on both sides
}

var posterForms = []posterForm{
	{"a4", 210, 297, false}, {"a5", 148, 210, false}, {"leaflet", 99, 210, true}, {"cup", 200, 80, false}, {"bag", 250, 330, false},
}

// PosterForms are the forms of print: a4, a5, leaflet (99 × 210 mm, two sides), cup (200 × 80 mm, around
// it) and bag (250 × 330 mm).
func PosterForms() (names []string) {
	for _, f := range posterForms {
		names = append(names, f.name)
	}
	return names
}

const (
	millimetre   = 72 / 25.4
	smallestCode = 15 * millimetre // of a side that a telephone reads at arm's length
	quiet        = 4               // modules of white around a code (ISO/IEC 18004)
	codesAtMost  = 3
)

// errPosterFull: the words do not fit on the form.
var errPosterFull = errors.New("more words than fit")

// Poster writes a poster as PDF/A-1b. NotFound "paper.form" for another form, Invalid "poster.full" for one with more words, rows or
// codes than fit.
func (r *Renderer) Poster(ctx context.Context, w io.Writer, p Poster) error {
	i := slices.IndexFunc(posterForms, func(f posterForm) bool { return f.name == p.Form })
	if i < 0 {
		return petition.Fail(petition.NotFound, "paper.form", "form", petition.FileName(p.Form))
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	if err := r.slots.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait to print a poster: %w", err)
	}
	defer r.slots.Release(1)
	f, m := posterForms[i], r.faces.measurer()
	sheets, err := setPoster(p, f, m)
	if errors.Is(err, errPosterFull) {
		return petition.Fail(petition.Invalid, "poster.full", "form", p.Form)
	}
	if err != nil {
		return petition.Wrap(err, "lay out a poster")
	}
	var b bytes.Buffer
	if err := writePDF(ctx, &b, info{title: p.Title, subject: p.Place}, gopdf.Rect{W: f.w * millimetre, H: f.h * millimetre}, sheets, m); err != nil {
		return petition.Wrap(err, "print a poster")
	}
	_, err = w.Write(b.Bytes())
	return err
}

// poster sets one side of a form. scale makes all words smaller until they fit.
type poster struct {
	setter
	p            Poster
	w, h, margin float64
	unit         float64 // of sizes: a hundredth of the short side's length
	scale        float64
	codes        []*qr.Code
	left, textW  float64
	floor        float64 // no words below
	sideways     bool
}

// setPoster sets both sides.
func setPoster(p Poster, f posterForm, m *measurer) ([]sheet, error) {
	if len(p.Codes) > codesAtMost {
		return nil, errPosterFull
	}
	var codes []*qr.Code
	for _, c := range p.Codes {
		code, err := qr.Encode(c.Link, qr.M)
		if err != nil {
			return nil, fmt.Errorf("make a QR code: %w", err)
		}
		codes = append(codes, code)
	}
	front, err := fit(p, f, m, codes, (*poster).front)
	if err != nil || !f.back || len(p.Back) == 0 {
		return []sheet{front}, err
	}
	back, err := fit(p, f, m, nil, (*poster).back)
	return []sheet{front, back}, err
}

// fit sets a side with the largest letters that fit.
func fit(p Poster, f posterForm, m *measurer, codes []*qr.Code, side func(*poster) error) (sheet, error) {
	const smallest, step = 0.5, 0.95
	for scale := 1.0; scale >= smallest; scale *= step {
		s := &poster{setter: setter{m: m, sheets: []sheet{{bare: true}}}, p: p, w: f.w * millimetre, h: f.h * millimetre, scale: scale, codes: codes}
		s.unit = min(s.w, s.h*1.2) / 100
		s.margin = 7 * s.unit
		s.left, s.textW, s.y, s.floor = s.margin, s.w-2*s.margin, s.margin, s.h-s.margin
		switch err := side(s); {
		case err == nil:
			return s.sheets[0], nil
		case !errors.Is(err, errPosterFull):
			return sheet{}, err
		}
	}
	return sheet{}, errPosterFull
}

// text sets words in rows at s.y; size is in units.
func (s *poster) text(words string, role role, size float64, centre, red bool) error {
	size *= s.unit * s.scale
	for _, row := range s.wrap(printable(words), role, size, 0, 0, s.textW) {
		if s.y+1.35*size > s.floor {
			return errPosterFull
		}
		s.put(row, put{role: role, size: size, x: s.left, y: s.y, w: s.textW, pitch: 1.35 * size, centre: centre, red: red})
		s.y += 1.35 * size
	}
	return nil
}

func (s *poster) rule() {
	s.sheet().strokes = append(s.sheet().strokes, stroke{s.left, s.y, s.textW, 0.5 * s.unit, true}, stroke{s.left, s.y + 0.8*s.unit, s.textW, 0.15 * s.unit, true})
	s.y += 3 * s.unit * s.scale
}

func (s *poster) front() error {
	s.sideways = s.w > s.h*1.2
	if s.sideways {
		return s.beside()
	}
	err := errors.Join(s.text(s.p.Office, headingFace, 4, true, false), s.text(s.p.Title, titleFace, 10, true, true))
	if err != nil {
		return errPosterFull
	}
	s.y += 1.5 * s.unit
	s.rule()
	foot := s.footHeight()
	s.floor -= foot
	if s.p.Place != "" {
		if err := s.text(s.p.Place, headingFace, 6, true, false); err != nil {
			return err
		}
		s.y += 1.5 * s.unit * s.scale
	}
	if err := s.table(); err != nil {
		return err
	}
	words := s.linesHeight()
	if err := s.row(s.floor - s.y - words); err != nil {
		return err
	}
	for _, l := range s.p.Lines {
		if err := s.text(l, bodyFace, 3.8, false, false); err != nil {
			return err
		}
		s.y += 0.8 * s.unit * s.scale
	}
	return s.foot(foot)
}

// beside sets words at the left and codes at the right: what goes around a cup.
func (s *poster) beside() error {
	label := 1.35 * 3 * s.unit * s.scale
	side, gap := s.h-2*s.margin-label, 3*s.unit
	n := float64(len(s.codes))
	s.textW = s.w - 2*s.margin - n*(side+gap)
	if s.textW < 0.3*s.w {
		side = (0.7*s.w-2*s.margin)/max(n, 1) - gap
		s.textW = 0.3 * s.w
	}
	for i, c := range s.codes {
		if err := s.code(c, s.p.Codes[i].Label, s.w-s.margin-(n-float64(i))*(side+gap)+gap, s.margin, side); err != nil {
			return err
		}
	}
	foot := s.footHeight()
	s.floor -= foot
	if err := errors.Join(s.text(s.p.Office, headingFace, 4, false, false), s.text(s.p.Title, titleFace, 9, false, true)); err != nil {
		return errPosterFull
	}
	if s.p.Place != "" {
		if err := s.text(s.p.Place, headingFace, 5, false, false); err != nil {
			return err
		}
	}
	for _, l := range s.p.Lines {
		if err := s.text(l, bodyFace, 3.6, false, false); err != nil {
			return err
		}
	}
	return s.foot(foot)
}

func (s *poster) back() error {
	if err := s.text(s.p.Title, titleFace, 8, true, true); err != nil {
		return err
	}
	s.y += 1.5 * s.unit
	s.rule()
	for _, l := range s.p.Back {
		if err := s.text(l, bodyFace, 5, false, false); err != nil {
			return err
		}
		s.y += 1.2 * s.unit * s.scale
	}
	return nil
}

// row sets the codes in one row, as large as the room of height h lets them be.
func (s *poster) row(h float64) error {
	if len(s.codes) == 0 {
		return nil
	}
	n, gap := float64(len(s.codes)), 6*s.unit
	label := (1.35*3.4 + 2) * s.unit * s.scale
	side := min((s.textW-(n-1)*gap)/n, h-label, 60*s.unit)
	if side < max(smallestCode, 24*s.unit*s.scale) {
		return errPosterFull
	}
	x := s.left + (s.textW-n*side-(n-1)*gap)/2
	for i, c := range s.codes {
		if err := s.code(c, s.p.Codes[i].Label, x, s.y, side); err != nil {
			return err
		}
		x += side + gap
	}
	s.y += side + label
	return nil
}

// code draws a code of a side, with its white border, and what stands under it.
func (s *poster) code(c *qr.Code, label string, x, y, side float64) error {
	if side < smallestCode {
		return errPosterFull
	}
	dot := side / float64(c.Size+2*quiet)
	for row := range c.Size {
		for from := 0; from < c.Size; from++ {
			to := from
			for to < c.Size && c.Black(to, row) {
				to++
			}
			if to > from {
				s.sheet().fills = append(s.sheet().fills, box{x + dot*float64(quiet+from), y + dot*float64(quiet+row), dot * float64(to-from), dot})
				from = to
			}
		}
	}
	size := 3.4 * s.unit * s.scale
	if w := s.width(label, headingFace, size, 0); w > side {
		size *= side / w
	}
	s.put(label, put{role: headingFace, size: size, x: x, y: y + side, w: side, pitch: 1.35 * size, centre: true})
	return nil
}

// table sets the rows of a timetable.
func (s *poster) table() error {
	if len(s.p.Table) == 0 {
		return nil
	}
	size := 3.4 * s.unit * s.scale
	n := len(s.p.Table[0])
	w := s.textW / float64(n)
	for i, cells := range s.p.Table {
		role, lines := bodyFace, 1
		if i == 0 {
			role = headingFace
		}
		var rows [][]string
		for _, c := range cells {
			r := s.wrap(printable(c), role, size, 0, 0, w-2*s.unit)
			rows, lines = append(rows, r), max(lines, len(r))
		}
		h := float64(lines)*1.3*size + 1.6*s.unit
		if s.y+h > s.floor {
			return errPosterFull
		}
		for j, r := range rows {
			x := s.left + float64(j)*w
			s.sheet().boxes = append(s.sheet().boxes, box{x, s.y, w, h})
			for k, text := range r {
				s.put(text, put{role: role, size: size, x: x + s.unit, y: s.y + 0.8*s.unit + float64(k)*1.3*size, w: w - 2*s.unit, pitch: 1.3 * size})
			}
		}
		s.y += h
	}
	s.y += 3 * s.unit * s.scale
	return nil
}

// height is how high words are when they are set.
func (s *poster) height(words string, role role, size float64) float64 {
	size *= s.unit * s.scale
	return float64(len(s.wrap(printable(words), role, size, 0, 0, s.textW))) * 1.35 * size
}

func (s *poster) linesHeight() (h float64) {
	for _, l := range s.p.Lines {
		h += s.height(l, bodyFace, 3.8) + 0.8*s.unit*s.scale
	}
	return math.Ceil(h)
}

const posterFoot = 3.0 // units

func (s *poster) footHeight() (h float64) {
	for _, l := range s.p.Foot {
		h += s.height(l, bodyFace, posterFoot)
	}
	return math.Ceil(h) + 1
}

// foot sets the last lines at the bottom.
func (s *poster) foot(h float64) error {
	s.y, s.floor = s.floor, s.floor+h
	for _, l := range s.p.Foot {
		if err := s.text(l, bodyFace, posterFoot, !s.sideways, false); err != nil {
			return err
		}
	}
	return nil
}
