package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
)

func receipt(matter string) petition.Document {
	v := Values{"matter": matter}
	for _, part := range petition.PartsOf("receipt") {
		if v[part.Key] == "" {
			v[part.Key] = "值" + part.Name
		}
	}
	return petition.Document{Kind: "receipt", Values: v}
}

func newRenderer(t testing.TB, folder string) *Renderer {
	t.Helper()
	r, err := New(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// hostile are texts that a citizen may file and that are costly to set.
func hostile() map[string]string {
	var every strings.Builder
	for i := range 20_000 {
		every.WriteRune(rune(0x4e00 + i%8000))
	}
	return map[string]string{
		"letters without a blank":         strings.Repeat("x", 9800),
		"Chinese characters, 8,000 kinds": every.String(),
		"stops, no line may begin so":     strings.Repeat("。", 20_000),
		"combining marks":                 "e" + strings.Repeat("\u0301", 20_000),
		"one line with blanks":            strings.Repeat("road ", 4000),
		"short lines":                     strings.Repeat("路\n", 10_000),
		"empty lines":                     "路" + strings.Repeat("\n", 20_000) + "塌",
		"characters the font lacks":       strings.Repeat("😀", 20_000),
		"the widest characters":           strings.Repeat("⸻", 20_000),
		"not to be broken":                strings.Repeat("路\u2060", 10_000),
		"right to left":                   strings.Repeat("\u202eab", 7000),
		"broken UTF-8":                    strings.Repeat("\xff\xc0", 10_000),
	}
}

// A rendering takes time in proportion to the text and no longer than an ordinary wait,
// whatever the text is.
func TestHostileTextsTakeNoLonger(t *testing.T) {
	r := newRenderer(t, "")
	for name, matter := range hostile() {
		for _, form := range []string{"pdf", "docx"} {
			var b bytes.Buffer
			start := time.Now()
			if err := r.Render(t.Context(), &b, form, receipt(matter)); err != nil {
				t.Errorf("%s, %s: %v", name, form, err)
			}
			took := time.Since(start)
			t.Logf("%s, %s: %v, %d KB", name, form, took.Round(time.Millisecond), b.Len()>>10)
			if took > 5*time.Second {
				t.Errorf("%s, %s: took %v", name, form, took)
			}
		}
	}
}

func TestLinesAreFilledAndKeepTheirWords(t *testing.T) {
	t.Parallel()
	s := &setter{m: newRenderer(t, "").faces.measurer()}
	texts := hostile()
	texts["ordinary"] = strings.Repeat("2026年3月5日下午，三组的路塌了（约30米）；村上说“没钱”。See https://example.cn/a/long/path ", 20)
	delete(texts, "broken UTF-8")
	for name, text := range texts {
		const width = 200
		rows := s.wrap(text, bodyFace, 14, 0, 0, width)
		if strings.Join(rows, "") != text {
			t.Errorf("%s: words were lost", name)
		}
		for i, row := range rows {
			row = strings.TrimRight(row, " ")
			if w := s.width(row, bodyFace, 14, 0); w > width+0.02 && len([]rune(row)) > 1 {
				t.Errorf("%s: row %d is %.1f wide", name, i, w)
			}
		}
	}
}

// What is beyond the limit is left out of the longest texts, and the document says so;
// what is short and the signature stay.
func TestTextBeyondTheLimitIsCutWithANote(t *testing.T) {
	t.Parallel()
	r := newRenderer(t, "")
	d := receipt(strings.Repeat("路塌了。", 40_000))
	d.Values["request"] = strings.Repeat("修路\n", 20_000)
	lines, err := r.lines(d)
	if err != nil {
		t.Fatal(err)
	}
	total, notes := 0, 0
	for _, l := range lines {
		text := l.text + strings.Join(l.cells, "")
		total += cost(text)
		notes += strings.Count(text, "文字过长，此处略去")
	}
	if notes != 2 || total > maxText+2000 {
		t.Errorf("%d notes, %d characters", notes, total)
	}
	if last := lines[len(lines)-1].text; last != d.Values["date"] {
		t.Errorf("the date is %q", last)
	}
	if !strings.HasPrefix(d.Values["request"], "修路\n修路") || len(d.Values["matter"]) != 4*3*40_000 {
		t.Error("the caller's values were changed")
	}
	for _, form := range []string{"pdf", "docx"} {
		var b bytes.Buffer
		if err := r.Render(t.Context(), &b, form, d); err != nil {
			t.Error(err)
		}
		if n := bytes.Count(b.Bytes(), []byte("/Type /Page\n")); n >= maxPages {
			t.Errorf("%d pages", n)
		}
	}
}

func TestLimitCutsTheLongest(t *testing.T) {
	t.Parallel()
	r := newRenderer(t, "")
	v := r.limit(Values{"a": "12345", "b": strings.Repeat("路", 50), "c": strings.Repeat("x", 60), "d": ""}, 45)
	if v["a"] != "12345" || v["d"] != "" ||
		!strings.HasPrefix(v["b"], strings.Repeat("路", 20)+"\n（") || !strings.Contains(v["b"], "略去30字") ||
		!strings.HasPrefix(v["c"], strings.Repeat("x", 20)+"\n（") || !strings.Contains(v["c"], "略去40字") {
		t.Errorf("%q", v)
	}
	whole := Values{"a": strings.Repeat("路", 40), "b": "x\ny"}
	if got := r.limit(whole, 40+2+lineCost); got["a"] != whole["a"] || got["b"] != whole["b"] {
		t.Errorf("a text within the limit was cut: %q", got)
	}
}

// A template that says a text over and over ends at the last page there may be.
func TestPagesAreLimited(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	own := "= 回执\n" + strings.Repeat("{{.matter}}\n", 60) + "> {{.unit}} {{.date}}\n"
	if err := os.WriteFile(filepath.Join(folder, "receipt.txt"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := newRenderer(t, folder).Render(t.Context(), &b, "pdf", receipt(strings.Repeat("路塌了。", 1000))); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("/Type /Page\n")); n != maxPages {
		t.Errorf("%d pages", n)
	}
}

// Who has gone is not rendered for, and who comes while all slots are taken waits no
// longer than the time limit.
func TestRenderingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := newRenderer(t, "")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, form := range []string{"pdf", "docx"} {
		var b bytes.Buffer
		if err := r.Render(gone, &b, form, receipt("路")); !errors.Is(err, context.Canceled) || b.Len() > 0 {
			t.Errorf("%s for nobody: %d bytes, %v", form, b.Len(), err)
		}
	}
	for _, encode := range []func(context.Context) error{
		func(ctx context.Context) error {
			return r.encodePDF(ctx, new(bytes.Buffer), receipt("路"), arrange(parse("= 题\n路\n")), r.faces.measurer())
		},
		func(ctx context.Context) error {
			return r.encodeDOCX(ctx, new(bytes.Buffer), receipt("路"), arrange(parse("= 题\n路\n")), r.faces.measurer())
		},
	} {
		if err := encode(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("a rendering goes on: %v", err)
		}
	}
	if err := r.slots.Acquire(t.Context(), renderings); err != nil {
		t.Fatal(err)
	}
	r.timeout = 20 * time.Millisecond
	if err := r.Render(t.Context(), new(bytes.Buffer), "pdf", receipt("路")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with no slot free: %v", err)
	}
	r.slots.Release(renderings)
	r.timeout = timeout
	if err := r.Render(t.Context(), new(bytes.Buffer), "pdf", receipt("路")); err != nil {
		t.Errorf("with slots free again: %v", err)
	}
}

func BenchmarkRender(b *testing.B) {
	r := newRenderer(b, "")
	texts := map[string]string{"ordinary": strings.Repeat("路塌了，拖拉机过不去。", 10), "Chinese-20000": hostile()["Chinese characters, 8,000 kinds"]}
	for _, n := range []int{600, 1200, 2400, 4800, 9600} {
		texts[fmt.Sprintf("letters-%d", n)] = strings.Repeat("x", n)
	}
	for name, text := range texts {
		for _, form := range []string{"pdf", "docx"} {
			b.Run(name+"/"+form, func(b *testing.B) {
				for b.Loop() {
					if err := r.Render(b.Context(), new(bytes.Buffer), form, receipt(text)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// A heading of the second level within a text has a face of its own, and a sentence that only begins so has not.
func TestSecondLevelHeadings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]role{
		"（一）塌方的原因。": levelFace, "（十二）下一步": levelFace, "（一）经查，路面塌方48米。已经修好。": bodyFace, "一、原因": bodyFace, "(一)原因": bodyFace,
	} {
		if got := (line{style: body, text: text}).face(); got != want {
			t.Errorf("%s is set in %d, want %d", text, got, want)
		}
	}
	d := petition.Document{Kind: "opinion", Values: Values{}}
	for _, part := range petition.PartsOf("opinion") {
		d.Values[part.Key] = "值"
	}
	d.Values["facts"] = "（一）塌方的原因。\n路面塌方48米。"
	var b bytes.Buffer
	if err := newRenderer(t, "").Render(t.Context(), &b, "docx", d); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || strings.Count(string(text), `w:eastAsia="楷体_GB2312"`) != 1 {
		t.Errorf("%d runs in 楷体 (%v)", strings.Count(string(text), `w:eastAsia="楷体_GB2312"`), err)
	}
}
