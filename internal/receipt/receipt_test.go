package receipt

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"dengwen/bot"
	"dengwen/locales"
)

func testPainter() *Painter {
	words, err := locales.New()
	if err != nil {
		panic(err)
	}
	return New(words)
}

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
	p := testPainter()
	if b, err := picture(p, sample()); err != nil || len(b) > 30<<10 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	m := draw(t, p, sample())
	q, err := new(qrCache).code(sample().Link)
	if err != nil {
		t.Fatal(err)
	}
	l := p.layout(sample(), q)
	var c canvas
	c.reset(l.height)
	l.draw(&c, p.face)
	if m.Bounds() != image.Rect(0, 0, pageWidth, l.height) || len(m.Palette) != 16 {
		t.Fatalf("bounds %v, %d colours", m.Bounds(), len(m.Palette))
	}
	if !bytes.Equal(m.Pix, pixels(&c)) {
		t.Error("the picture is not the canvas")
	}
	for i, c := range m.Palette {
		if c != color.Color(palette[i]) {
			t.Errorf("colour %d is %v", i, c)
		}
	}
}

// pixels of a canvas, one a byte.
func pixels(c *canvas) (all []byte) {
	for y := range c.height {
		for _, two := range c.row(y) {
			all = append(all, two>>4, two&15)
		}
	}
	return all
}

// A reader as phones have it finds the QR code in the picture and reads the link, short
// or long, and after a messenger has made a small JPEG of it.
func TestQRCodeLeadsToTheLink(t *testing.T) {
	t.Parallel()
	p := testPainter()
	for _, link := range []string{
		"https://t.me/x",
		sample().Link,
		"https://petition.zhashui.example.gov.cn/c/ZS26-0417-3K?from=receipt",
		"https://petition.zhashui.example.gov.cn/c/ZS26-0417-3K?k=" + strings.Repeat("0123456789abcdef", 8),
	} {
		r := sample()
		r.Link = link
		m := draw(t, p, r)
		if got := scan(t, m); got != link {
			t.Errorf("read %q, want %q", got, link)
		}
		var photo bytes.Buffer
		if err := jpeg.Encode(&photo, m, &jpeg.Options{Quality: 60}); err != nil {
			t.Fatal(err)
		}
		back, err := jpeg.Decode(&photo)
		if err != nil {
			t.Fatal(err)
		}
		if got := scan(t, back); got != link {
			t.Errorf("read %q from a JPEG, want %q", got, link)
		}
	}
}

func scan(t *testing.T, m image.Image) string {
	t.Helper()
	b, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		t.Fatal(err)
	}
	r, err := qrcode.NewQRCodeReader().Decode(b, nil)
	if err != nil {
		t.Fatalf("the QR code is not found: %v", err)
	}
	return r.GetText()
}

// The QR code covers its own square, with a quiet zone of four modules, and nothing
// beside it.
func TestQRCodeStaysInItsSquare(t *testing.T) {
	t.Parallel()
	p := testPainter()
	draw(t, p, sample()) // reads the font
	for n := range 30 {
		q, err := new(qrCache).code(strings.Repeat("x", 1+n*n))
		if err != nil {
			t.Fatal(err)
		}
		l := p.layout(sample(), q)
		var with, without canvas
		with.reset(l.height)
		without.reset(l.height)
		l.draw(&with, p.face)
		square := image.Rect(l.qrX, l.qrY, l.qrX+l.side(), l.qrY+l.side())
		quiet := square.Inset(-4 * l.module)
		l.qr = nil
		l.draw(&without, p.face)
		bare := pixels(&without)
		for i, pixel := range pixels(&with) {
			at := image.Pt(i%pageWidth, i/pageWidth)
			if in := at.In(square); in && bare[i] != white || !in && pixel != bare[i] {
				t.Fatalf("%d modules: the code and the rest overlap at %v", q.Size, at)
			}
			if at.In(quiet) && bare[i] != white {
				t.Fatalf("%d modules: the quiet zone is not white at %v", q.Size, at)
			}
		}
	}
}

// What was drawn before leaves no trace, and the caches hold nothing of a citizen's but
// letters.
func TestEarlierReceiptsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	p := testPainter()
	for i := range 5 {
		r := sample()
		r.Number, r.Lines = "ZS26-0"+strings.Repeat("7", i), append(r.Lines, strings.Repeat("桥", 60-12*i))
		if got, want := draw(t, p, r), draw(t, testPainter(), r); !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("picture %d differs from one of a new painter", i)
		}
	}
}

func TestMissingCharactersAreMarked(t *testing.T) {
	t.Parallel()
	p := testPainter()
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
		rows := f.wrap(story, 20, width)
		for _, r := range rows {
			if w := f.width(r, 20); w > width {
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
	if rows := f.wrap(strings.Repeat("W", 200), 20, 200); len(rows) < 5 || f.width(rows[0], 20) > 200 {
		t.Errorf("a word without breaks: %d rows", len(rows))
	}
}

func TestAnythingMakesABoundedPicture(t *testing.T) {
	t.Parallel()
	p := testPainter()
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
		if h := m.Rect.Dy(); h < 250 || h > maxHeight {
			t.Errorf("%s: height %d", name, h)
		}
	}
	if _, err := picture(p, bot.Receipt{Link: strings.Repeat("x", 5000)}); err == nil {
		t.Error("a link no QR code can hold was drawn")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	p := testPainter()
	if p.face != nil {
		t.Error("the font is read before the first picture")
	}
	want := draw(t, testPainter(), sample()).Pix
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

// A receipt costs at most 0.4 ms of processor and 30 KB: every one with a number, a
// code and a link of its own.
func BenchmarkPNG(b *testing.B) {
	p, receipts := testPainter(), make([]bot.Receipt, 64)
	for i := range receipts {
		receipts[i] = sample()
		receipts[i].Number = fmt.Sprintf("ZS26-%04d-%c%c", i*7919%10000, 'A'+i%26, '2'+i%8)
		receipts[i].Code = fmt.Sprintf("%04X-%04X", i*40503%65536, i*30011%65536)
		receipts[i].Link = "https://xf.example.cn/c/" + receipts[i].Number
	}
	var out bytes.Buffer
	draw := func(i int) {
		out.Reset()
		if err := p.PNG(&out, receipts[i%len(receipts)]); err != nil {
			b.Fatal(err)
		}
	}
	for i := range receipts {
		draw(i) // the font is read, the letters are drawn
	}
	b.ReportAllocs()
	before, i := cpu(b), 0
	for b.Loop() {
		draw(i)
		i++
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
	b.ReportMetric(float64(out.Len()), "bytes")
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
