package documents

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"dengwen/internal/fonts"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// role is what a face is for. GB/T 9704-2012 sets the body in 仿宋, titles and the
// letterhead in 小标宋, headings in 黑体, those of the second level, （一）, in 楷体.
type role int

const (
	bodyFace role = iota
	titleFace
	headingFace
	levelFace
	roles
)

// roleFiles are the files of an office's own faces, by role.
var roleFiles = [roles]string{"body", "title", "heading", "level"}

// face is one font file.
type face struct {
	name  string // of the family, as it calls itself
	font  *sfnt.Font
	data  []byte
	ready func() error // puts it into the container, once
}

// typefaces are all faces there are. Safe for concurrent use.
type typefaces struct {
	chains    [roles][]*face // in the order in which they are asked for a character
	own       [roles]string  // names of the office's own faces, "" = none
	container gopdf.FontContainer
}

// loadFaces reads the built-in faces and those of folder ("" = none): body.ttf, title.ttf,
// heading.ttf and level.ttf are set in place of the built-in ones; every other .ttf file is asked,
// in alphabetical order, for characters that those before it lack.
func loadFaces(folder string) (*typefaces, error) {
	t := &typefaces{}
	serif, err := t.add("NotoSerifSC", fonts.Serif)
	if err != nil {
		return nil, err
	}
	bold, err := t.add("NotoSerifSC-SemiBold", fonts.SerifSemiBold)
	if err != nil {
		return nil, err
	}
	sans, err := t.add("NotoSansSC", fonts.Regular)
	if err != nil {
		return nil, err
	}
	t.chains = [roles][]*face{{serif, sans}, {bold, serif, sans}, {sans, serif}, {serif, sans}}
	if folder == "" {
		return t, nil
	}
	return t, t.addFolder(folder)
}

func (t *typefaces) addFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("read fonts: %w", err)
	}
	var rest []*face
	for _, e := range entries {
		base, ok := strings.CutSuffix(strings.ToLower(e.Name()), ".ttf")
		if !ok {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return fmt.Errorf("read font: %w", err)
		}
		f, err := t.add("Own-"+base, data)
		if err != nil {
			return fmt.Errorf("read font %s: %w", e.Name(), err)
		}
		if r := slices.Index(roleFiles[:], base); r >= 0 {
			t.chains[r] = append([]*face{f}, t.chains[r]...)
			t.own[r] = f.family()
			continue
		}
		rest = append(rest, f)
	}
	for r := range t.chains {
		t.chains[r] = append(t.chains[r], rest...)
	}
	return nil
}

func (t *typefaces) add(name string, data []byte) (*face, error) {
	font, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", name, err)
	}
	f := &face{name: name, font: font, data: data}
	f.ready = sync.OnceValue(func() error { return t.container.AddTTFFontData(name, data) })
	return f, nil
}

// family is what the face calls itself, which is what DOCX names it by.
func (f *face) family() string {
	name, _ := f.font.Name(nil, sfnt.NameIDFamily)
	return cmp.Or(name, f.name)
}

// glyph is a character as it is set: the face that has it and its width there, in
// thousandths of the size. A character that no face has is set as missingMark.
type glyph struct {
	face  *face
	index sfnt.GlyphIndex
	char  rune
	width float64
}

// missingMark stands for a character that no face has (geta mark, U+3013).
const missingMark = '〓'

// measurer looks characters up for one document. Each is looked up once.
type measurer struct {
	faces   *typefaces
	buf     sfnt.Buffer
	glyphs  [roles]map[rune]glyph
	missing []rune // that no face has, in the order in which they were met
}

func (t *typefaces) measurer() *measurer {
	m := &measurer{faces: t}
	for r := range m.glyphs {
		m.glyphs[r] = map[rune]glyph{}
	}
	return m
}

func (m *measurer) glyph(r role, c rune) glyph {
	g, ok := m.glyphs[r][c]
	if !ok {
		g = m.find(r, c)
		m.glyphs[r][c] = g
	}
	return g
}

func (m *measurer) find(r role, c rune) glyph {
	for _, f := range m.faces.chains[r] {
		if i, err := f.font.GlyphIndex(&m.buf, c); err == nil && i != 0 {
			return glyph{f, i, c, m.advance(f, i)}
		}
	}
	if c == missingMark {
		return glyph{m.faces.chains[r][0], 0, c, 1000}
	}
	if !slices.Contains(m.missing, c) {
		m.missing = append(m.missing, c)
	}
	return m.glyph(r, missingMark)
}

func (m *measurer) advance(f *face, i sfnt.GlyphIndex) float64 {
	em := fixed.Int26_6(f.font.UnitsPerEm())
	w, err := f.font.GlyphAdvance(&m.buf, i, em, 0)
	if err != nil {
		return 1000
	}
	return float64(w) * 1000 / float64(em)
}

// lacking are the characters of a text that no face has, each once.
func (t *typefaces) lacking(text string) []rune {
	m := t.measurer()
	for _, c := range printable(text) {
		m.glyph(bodyFace, c)
	}
	return m.missing
}

// printable is a text without the characters that are not drawn: marks of direction,
// joining and variation, and control characters, of which a tab becomes a space.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == 0xa0:
			return ' '
		case c < 0x20 || c >= 0x7f && c < 0xa0, c == 0xad, c == 0xfeff, c == 0xfffc, c >= 0x200b && c <= 0x200f, c >= 0x2028 && c <= 0x202e,
			c >= 0x2060 && c <= 0x206f, c >= 0xfe00 && c <= 0xfe0f, c >= 0xe0000 && c <= 0xe0fff:
			return -1
		}
		return c
	}, s)
}
