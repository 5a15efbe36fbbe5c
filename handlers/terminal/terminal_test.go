package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/locales"
	"dengwen/petition"
)

// office answers each event from another goroutine, as the runner does.
type office struct {
	petition.Cases
	door   *Door
	out    safe
	mu     sync.Mutex
	events []bot.Event
	files  map[string]string
	wg     sync.WaitGroup
	reply  func(e bot.Event, n int) []bot.Say
	down   error
}

// safe is a buffer for several writers.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Write(p) }
func (s *safe) String() string              { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func (o *office) Accept(ctx context.Context, conv string, e bot.Event) error {
	if o.down != nil {
		return o.down
	}
	o.mu.Lock()
	o.events = append(o.events, e)
	n := len(o.events)
	o.mu.Unlock()
	o.wg.Go(func() {
		for i, say := range o.reply(e, n) {
			key := e.ID + "/" + string(rune('0'+i))
			for range 2 { // every delivery is tried twice
				if err := o.door.Send(ctx, conv, key, say); err != nil {
					panic(err)
				}
			}
		}
	})
	return nil
}

func (o *office) PutDeadLetter(context.Context, string, string, []byte) error { return nil }

func (o *office) WaitAnswered(context.Context, string) error { o.wg.Wait(); return nil }

func (o *office) Attach(_ context.Context, _ petition.Actor, at petition.Attachment, r io.Reader) (petition.Attachment, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return at, err
	}
	if strings.HasPrefix(string(b), "MZ") {
		return at, petition.Fail(petition.Invalid, "file.kind")
	}
	o.files[at.ID] = string(b)
	at.Size, at.Stored = int64(len(b)), true
	return at, nil
}

func places(e bot.Event, n int) []bot.Say {
	if e.Press != nil {
		return []bot.Say{{Text: "记下了：" + e.Press.Data}}
	}
	return []bot.Say{{Text: "收到。"}, {Text: "这件事发生在哪里？", Rows: [][]bot.Button{
		{{Text: "乾佑街道", Data: "p1"}, {Text: "下梁镇", Data: "p2"}}, {{Text: "地图", URL: "https://example.cn/"}, {Text: "不确定", Data: "p3"}}}}}
}

func newOffice(in io.Reader, change func(*Config)) *office {
	o := &office{reply: places, files: map[string]string{}}
	words, err := locales.New()
	if err != nil {
		panic(err)
	}
	c := Config{Locales: words, In: in, Out: &o.out, Cases: o, Conv: "term:li", Office: "柞水县信访局",
		Now: func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }}
	if change != nil {
		change(&c)
	}
	o.door = New(c)
	return o
}

func script(t *testing.T, input string, change func(*Config)) *office {
	t.Helper()
	o := newOffice(strings.NewReader(input), change)
	if err := o.door.Run(t.Context(), o); err != nil {
		t.Fatalf("%v\n%s", err, o.out.String())
	}
	return o
}

func TestScriptIsAnsweredLineByLine(t *testing.T) {
	t.Parallel()
	o := script(t, "三组的路塌了\n2\n\n[不确定]\n", nil)
	want := `> 三组的路塌了
< 收到。
< 这件事发生在哪里？
  [1] 乾佑街道  [2] 下梁镇
  地图 https://example.cn/ [3] 不确定
> 2
< 记下了：p2
> 
> [不确定]
< 记下了：p3
`
	if got := o.out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	e := o.events
	if len(e) != 3 || e[0].Text != "三组的路塌了" || e[0].Lang != "zh-CN" || e[1].Press.Ref != e[0].ID+"/1" {
		t.Errorf("events = %+v", e)
	}
	if !strings.HasPrefix(e[0].ID, "term:") || e[0].ID == e[1].ID {
		t.Errorf("ids %q %q", e[0].ID, e[1].ID)
	}
}

func TestSeveralLinesAndCommands(t *testing.T) {
	t.Parallel()
	o := script(t, "第一行\\\n第二行\\\n第三行\n/My ZS26-0417-3K\n/place 33.68，109.11\nno newline at the end", nil)
	e := o.events
	if len(e) != 4 || e[0].Text != "第一行\n第二行\n第三行" || e[1].Command != "my" || e[1].Args != "ZS26-0417-3K" {
		t.Fatalf("events = %+v", e)
	}
	if e[2].Location == nil || e[2].Location.Lon != 109.11 || e[3].Text != "no newline at the end" {
		t.Errorf("events = %+v", e)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "路 1.JPG")
	bad := filepath.Join(dir, "bad.exe")
	for name, body := range map[string]string{path: "pic", bad: "MZ"} {
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := script(t, "/file "+path+"\n", nil)
	m := o.events[0].Media
	if len(m) != 1 || m[0].Kind != "photo" || m[0].Name != "路 1.JPG" || !m[0].Stored || m[0].Size != 3 || o.files[m[0].ID] != "pic" {
		t.Errorf("media = %+v", m)
	}
	for _, line := range []string{"/file " + bad, "/file " + dir + "/none", "/file", "/place x", "/place 91 0"} {
		o := script(t, line+"\n后来的\n", nil)
		if e := o.events; len(e) != 1 || e[0].Text != "后来的" || !strings.Contains(o.out.String(), "\n! ") {
			t.Errorf("%s: %d events, out %q", line, len(e), o.out.String())
		}
	}
}

func TestQuitEndsTheScript(t *testing.T) {
	t.Parallel()
	if o := script(t, "一\n/quit\n二\n", nil); len(o.events) != 1 {
		t.Errorf("%d events", len(o.events))
	}
}

func TestTroubleEndsAScriptAndNotAPerson(t *testing.T) {
	t.Parallel()
	down := errors.New("no store")
	o := newOffice(strings.NewReader("一\n"), nil)
	o.down = down
	if err := o.door.Run(t.Context(), o); !errors.Is(err, down) {
		t.Errorf("err = %v", err)
	}
	p := newOffice(strings.NewReader("一\n"), func(c *Config) { c.Person = true })
	p.down = down
	if err := p.door.Run(t.Context(), p); err != nil || strings.Count(p.out.String(), "! 现在存不进去") != 2 {
		t.Errorf("err = %v, out %q", err, p.out.String())
	}
	if o := script(t, strings.Repeat("字", maxText+1)+"\n", nil); len(o.events) != 0 || !strings.Contains(o.out.String(), "! 这条太长了") {
		t.Errorf("%d events", len(o.events))
	}
}

func TestPersonIsGreetedAndSeesWhatComesLater(t *testing.T) {
	t.Parallel()
	in, keyboard := io.Pipe()
	o := newOffice(in, func(c *Config) { c.Person = true })
	done := make(chan error, 1)
	go func() { done <- o.door.Run(t.Context(), o) }()
	keyboard.Write([]byte("你好\n"))
	keyboard.Write([]byte("\n"))
	keyboard.Write([]byte("\n")) // read when the first has been taken, which is when the answer is there
	if err := o.door.Send(t.Context(), "term:li", "notice", bot.Say{Text: "有新进展\x1b[2J", Rows: [][]bot.Button{{{Text: "看进度", Data: "x"}}}}); err != nil {
		t.Fatal(err)
	}
	keyboard.Write([]byte("1\n"))
	keyboard.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if e := o.events; len(e) != 3 || e[0].Command != "start" || e[2].Press == nil || e[2].Press.Ref != "notice" {
		t.Errorf("events = %+v", e)
	}
	got := o.out.String()
	if strings.Contains(got, "\x1b[2J") || !strings.Contains(got, bold+"柞水县信访局"+reset) {
		t.Errorf("out = %q", got)
	}
	if strings.Contains(plain(got), "\x1b") {
		t.Errorf("colours other than the known: %q", plain(got))
	}
}

func TestSendToAnotherTerminalWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(strings.NewReader(""), nil)
	var e *turn.SendError
	if err := o.door.Send(t.Context(), "term:wang", "k", bot.Say{Text: "x"}); !errors.As(err, &e) || e.Gone || e.Drop {
		t.Errorf("err = %v", err)
	}
	o.door.Out = broken{}
	if err := o.door.Send(t.Context(), "term:li", "k", bot.Say{Text: "x"}); !errors.As(err, &e) {
		t.Errorf("err = %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestReceipt(t *testing.T) {
	t.Parallel()
	r := bot.Receipt{Office: "柞水县信访局", Title: "信访登记回执", Number: "ZS26-0417-3K", Code: "7Q4M-29XD",
		Lines: []string{"今天登记"}, Link: "https://xf.example.cn/c/ZS26-0417-3K"}
	say := bot.Say{Text: "登记好了。", Receipt: &r}
	o := script(t, "交\n", func(c *Config) {})
	if got := o.door.message(say); !strings.Contains(got, "编号 ZS26-0417-3K\n  查询码 7Q4M-29XD\n  今天登记\n  https://") || strings.Contains(got, "█") {
		t.Errorf("script sees %q", got)
	}
	p := newOffice(strings.NewReader(""), func(c *Config) { c.Person = true; c.Width = 60 })
	rows := strings.Split(p.door.message(say), "\n")
	n := 0
	for _, row := range rows {
		if inner, ok := strings.CutPrefix(row, "  \x1b[30;107m"); ok {
			n++
			if w := uniseg.StringWidth(strings.TrimSuffix(inner, reset)); w != 41 && w != 37 && w != 33 {
				t.Errorf("QR row is %d wide", w)
			}
		}
	}
	if n < 15 || n > 21 {
		t.Errorf("QR code of %d lines", n)
	}
	narrow := newOffice(strings.NewReader(""), func(c *Config) { c.Person = true; c.Width = 30 })
	if strings.Contains(narrow.door.message(say), "█") {
		t.Error("a QR code wider than the terminal is drawn")
	}
}

func TestRowsFitTheTerminal(t *testing.T) {
	t.Parallel()
	text := "您说的我原样记下了，接下来：信访局在 12 月 8 日（周二）前转给能办这件事的单位。\n\nThe office forwards it."
	for width := 20; width < 90; width += 7 {
		rows := wrap(text, width)
		for _, r := range rows {
			if w := uniseg.StringWidth(r); w > width {
				t.Errorf("%d wide, more than %d: %q", w, width, r)
			}
		}
		if got := strings.ReplaceAll(strings.Join(rows, ""), " ", ""); got != strings.NewReplacer(" ", "", "\n", "").Replace(text) {
			t.Errorf("words lost: %q", got)
		}
	}
}

func TestEndOfContextEndsTheTalk(t *testing.T) {
	t.Parallel()
	in, keyboard := io.Pipe()
	defer keyboard.Close()
	ctx, stop := context.WithCancel(t.Context())
	o := newOffice(in, nil)
	done := make(chan error, 1)
	go func() { done <- o.door.Run(ctx, o) }()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
