package receipt

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"rsc.io/qr"

	"dengwen/bot"
)

func sample() bot.Receipt {
	return bot.Receipt{
		Office: "柞水县信访局", Title: "信访登记回执", Number: "ZS26-0417-3K", Code: "7Q4M-29XD",
		Lines: []string{
			"2026 年 11 月 23 日登记：村组道路损坏，下雨过不去车",
			"信访局在 12 月 8 日（周二）前转给能办这件事的单位，转到哪里会告诉您",
		},
		Link: "https://xf.example.cn/c/ZS26-0417-3K",
	}
}

func draw(t *testing.T, p *Painter, r bot.Receipt) *image.Paletted {
	t.Helper()
	b, err := picture(p, r)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m.(*image.Paletted)
}

func picture(p *Painter, r bot.Receipt) ([]byte, error) {
	var b bytes.Buffer
	err := p.PNG(&b, r)
	return b.Bytes(), err
}

// The standard decoder reads back the very pixels that were drawn.
func TestPictureIsWhatWasDrawn(t *testing.T) {
	t.Parallel()
	p := New()
	if b, err := picture(p, sample()); err != nil || len(b) > 26<<10 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	m := draw(t, p, sample())
	q, err := new(plans).code(sample().Link)
	if err != nil {
		t.Fatal(err)
	}
	l := p.layout(sample(), q)
	var s *sheet
	s = s.blank(0, l.height)
	l.draw(s, p.face)
	if m.Bounds() != image.Rect(0, 0, Width, l.height) || len(m.Palette) != 16 {
		t.Fatalf("bounds %v, %d colours", m.Bounds(), len(m.Palette))
	}
	if !bytes.Equal(m.Pix, pixels(s)) {
		t.Error("the picture is not the sheet")
	}
	for i, c := range m.Palette {
		if c != color.Color(palette[i]) {
			t.Errorf("colour %d is %v", i, c)
		}
	}
}

// pixels of a sheet, one a byte.
func pixels(s *sheet) (all []byte) {
	for y := range s.height {
		for _, two := range s.row(y) {
			all = append(all, two>>4, two&15)
		}
	}
	return all
}

// The QR code is found by its corner, as a camera does, and read module by module.
func TestQRCodeLeadsToTheLink(t *testing.T) {
	t.Parallel()
	m := draw(t, New(), sample())
	dark := func(x, y int) bool { return m.ColorIndexAt(x, y) == ink }
	top, left := corner(m, dark)
	run := 0
	for dark(left+run, top) {
		run++
	}
	if run%7 != 0 {
		t.Fatalf("finder pattern is %d pixels wide", run)
	}
	cell := run / 7
	q, err := qr.Encode(sample().Link, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for y := range q.Size {
		for x := range q.Size {
			if got := dark(left+x*cell+cell/2, top+y*cell+cell/2); got != q.Black(x, y) {
				t.Fatalf("module %d,%d is %v", x, y, got)
			}
		}
	}
	if quiet := left / cell; quiet < 4 {
		t.Errorf("quiet zone is %d modules", quiet)
	}
}

// The QR code covers its own square and nothing beside it.
func TestQRCodeStaysInItsSquare(t *testing.T) {
	t.Parallel()
	p := New()
	draw(t, p, sample()) // reads the font
	q, err := new(plans).code(sample().Link)
	if err != nil {
		t.Fatal(err)
	}
	l := p.layout(sample(), q)
	var with, without *sheet
	with, without = with.blank(0, l.height), without.blank(0, l.height)
	l.draw(with, p.face)
	square := image.Rect(l.qrX, l.qrY, l.qrX+l.side(), l.qrY+l.side())
	l.qr = nil
	l.draw(without, p.face)
	bare := pixels(without)
	for i, pixel := range pixels(with) {
		at := image.Pt(i%Width, i/Width)
		if in := at.In(square); in && bare[i] != white || !in && pixel != bare[i] {
			t.Fatalf("the code and the rest overlap at %v", at)
		}
	}
}

// corner is the first ink below the last grey line across the sheet.
func corner(m *image.Paletted, dark func(x, y int) bool) (top, left int) {
	for y := m.Rect.Dy() - 1; y > 0; y-- {
		if m.ColorIndexAt(Width/2, y) == line {
			top = y
			break
		}
	}
	for ; ; top++ {
		for x := range Width / 2 {
			if dark(x, top) {
				return top, x
			}
		}
	}
}

// A picture of bands kept from earlier ones is the picture drawn anew; what only one
// citizen has is not kept.
func TestKeptBandsLookTheSame(t *testing.T) {
	t.Parallel()
	p := New()
	for i := range 5 {
		r := sample()
		r.Number, r.Lines = "ZS26-0"+strings.Repeat("7", i), append(r.Lines, strings.Repeat("桥", i+1))
		if got, want := draw(t, p, r), draw(t, New(), r); !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("picture %d differs from one drawn anew", i)
		}
	}
	if len(p.kept.kept) == 0 || len(p.face.lines.kept) == 0 {
		t.Error("nothing is kept")
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(p.kept.kept)), slices.Collect(maps.Keys(p.face.lines.kept))) {
		for _, own := range []string{"ZS26", "7Q4M", "桥"} {
			if strings.Contains(name, own) {
				t.Errorf("%q is kept", own)
			}
		}
	}
}

func TestMissingCharactersAreMarked(t *testing.T) {
	t.Parallel()
	p := New()
	a, b := sample(), sample()
	a.Lines, b.Lines = []string{"路😀塌\U0010fffd了"}, []string{"路〓塌〓了"}
	if !bytes.Equal(draw(t, p, a).Pix, draw(t, p, b).Pix) {
		t.Error("a character the font lacks is not drawn as 〓")
	}
	c := sample()
	c.Lines = []string{"路塌了"}
	if bytes.Equal(draw(t, p, a).Pix, draw(t, p, c).Pix) {
		t.Error("missing characters vanish")
	}
}

func TestRowsFitAndDoNotBeginWithAStop(t *testing.T) {
	t.Parallel()
	f, err := loadTypeface()
	if err != nil {
		t.Fatal(err)
	}
	story := strings.Repeat("三组的路塌了，拖拉机过不去。村上说“没钱”（真的）；ABCDEFGH 2026。", 4)
	for width := 120; width < 600; width += 17 {
		rows := f.wrap(story, 27, width)
		for _, r := range rows {
			if w := f.width(r, 27); w > width {
				t.Errorf("row %q is %d wide, more than %d", r, w, width)
			}
			if first, _ := utf8.DecodeRuneInString(r); strings.ContainsRune("，。；）”", first) {
				t.Errorf("row begins with %c", first)
			}
		}
		if len(rows) < maxRows && strings.ReplaceAll(strings.Join(rows, ""), " ", "") != strings.ReplaceAll(story, " ", "") {
			t.Error("words were lost")
		}
	}
	if rows := f.wrap(strings.Repeat("W", 200), 27, 200); len(rows) < 5 || f.width(rows[0], 27) > 200 {
		t.Errorf("a word without breaks: %d rows", len(rows))
	}
}

func TestAnythingMakesABoundedPicture(t *testing.T) {
	t.Parallel()
	p := New()
	many := make([]string, 500)
	for i := range many {
		many[i] = strings.Repeat("很长", 2000)
	}
	for name, r := range map[string]bot.Receipt{
		"empty": {},
		"long":  {Office: strings.Repeat("局", 300), Title: strings.Repeat("t", 300), Number: strings.Repeat("9", 90), Code: strings.Repeat("X", 90), Lines: many},
		"odd":   {Office: "\x00\xff\n", Title: "Receipt", Lines: []string{"", " ", "\t"}, Link: "x"},
	} {
		m := draw(t, p, r)
		if h := m.Rect.Dy(); h < 300 || h > maxHeight {
			t.Errorf("%s: height %d", name, h)
		}
	}
	if _, err := picture(p, bot.Receipt{Link: strings.Repeat("x", 5000)}); err == nil {
		t.Error("a link no QR code can hold was drawn")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	p := New()
	if p.face != nil {
		t.Error("the font is read before the first picture")
	}
	want := draw(t, New(), sample()).Pix
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			other := sample()
			other.Lines = append(other.Lines, strings.Repeat("字", i*9))
			if _, err := picture(p, other); err != nil {
				t.Error(err)
			}
			if b, err := picture(p, sample()); err != nil {
				t.Error(err)
			} else if m, err := png.Decode(bytes.NewReader(b)); err != nil || !bytes.Equal(m.(*image.Paletted).Pix, want) {
				t.Error("a picture depends on others drawn at the same time", err)
			}
		})
	}
	wg.Wait()
}

func BenchmarkPNG(b *testing.B) {
	p, r := New(), sample()
	if err := p.PNG(io.Discard, r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		if err := p.PNG(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
}

// cpu is the processor time of this process, which other programs on the machine
// do not change.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
