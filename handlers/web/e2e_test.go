package web

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"dengwen/bot"
)

func TestTalkingInABrowser(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	b.write("三组的路塌了")
	b.until(bubbles + ` === 2`)
	b.until(`document.querySelector('#hello').hidden && document.querySelector('#typing').hidden`)
	if got := eval[string](b, `document.activeElement.id + '|' + document.getElementById('text').value`); got != "text|" {
		t.Errorf("after sending, focus and text are %q", got)
	}
	b.do(chromedp.Click(`button[value="p1"]`))
	b.until(bubbles + ` === 4 && document.querySelector('#m2 button.chosen')`)
	if got := eval[string](b, `document.querySelector('#m3 .words').textContent`); got != "下梁镇" {
		t.Errorf("press shown as %q", got)
	}
	got := b.taken()
	if len(got) != 2 || got[0].Text != "三组的路塌了" || got[1].Press == nil || got[1].Press.Data != "p1" {
		t.Errorf("events = %+v", got)
	}
	b.do(chromedp.Reload())
	b.until(bubbles + ` === 4 && innerHeight + pageYOffset >= document.documentElement.scrollHeight - 2`)
	if n := len(b.taken()); n != 2 {
		t.Errorf("a reload sent something: %d events", n)
	}
}

func TestEnterSendsAndShiftEnterDoesNot(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 1280, 800)
	b.do(chromedp.SendKeys("#text", "第一行"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(8)), chromedp.SendKeys("#text", "第二行"))
	if n := len(b.taken()); n != 0 {
		t.Fatalf("sent too early: %d", n)
	}
	b.do(chromedp.KeyEvent("\r"))
	b.until(bubbles + ` === 2`)
	if got := b.taken()[0].Text; got != "第一行\n第二行" {
		t.Errorf("text = %q", got)
	}
}

func TestUploadInABrowser(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	dir := t.TempDir()
	var paths []string
	for i := range 3 {
		p := filepath.Join(dir, fmt.Sprintf("路%d.jpg", i))
		if err := os.WriteFile(p, []byte(strings.Repeat("x", 5000)), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	b.do(chromedp.Click("#attach summary"), chromedp.SetUploadFiles(`input[accept^="image"]`, paths))
	b.until(`document.querySelectorAll('#picked li').length === 3`)
	b.do(chromedp.Click(`#picked li:nth-child(2) button`))
	b.until(`document.querySelectorAll('#picked li').length === 2`)
	b.write("照片在这里")
	b.until(bubbles + ` === 2 && document.querySelector('#picked').hidden && document.querySelector('#progress').hidden`)
	e := b.taken()[0]
	if len(e.Media) != 2 || e.Media[0].Name != "路0.jpg" || e.Media[1].Name != "路2.jpg" || !e.Media[1].Stored || e.Text != "照片在这里" {
		t.Errorf("event = %+v", e)
	}
}

// A file of a kind that is refused is not sent at all: its owner is told when choosing it.
func TestRefusedKindsAreNotSent(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"virus.exe", "路.JPG", "没有后缀", "欠条.3月5日"} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte("MZ\x90"), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	b.do(chromedp.Click("#attach summary"), chromedp.SetUploadFiles(`input[accept^="audio"]`, paths))
	b.until(`document.querySelectorAll('#picked li').length === 3`)
	if got := eval[string](b, `document.querySelector('#state').textContent + '|' + document.querySelector('#picked').textContent`); !strings.HasPrefix(got, "virus.exe 这种格式收不了。请发") || strings.Contains(got[strings.Index(got, "|"):], "exe") {
		t.Errorf("said and chosen: %q", got)
	}
	b.do(chromedp.Click("#send")) // the server looks at the bytes of the rest
	b.until(`document.querySelector('#state').textContent.indexOf('没有后缀 这种格式收不了') >= 0`)
	if strings.Contains(eval[string](b, `document.querySelector('#state').textContent`), "virus") || len(b.stored) != 0 {
		t.Errorf("the refused file was sent: %d stored", len(b.stored))
	}
}

// wire stands between browser and door and can be cut.
type wire struct {
	mu   sync.Mutex
	cut  bool
	live []net.Conn
}

func (w *wire) Accept(l net.Listener) (net.Conn, error) {
	for {
		c, err := l.Accept()
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		cut := w.cut
		if !cut {
			w.live = append(w.live, c)
		}
		w.mu.Unlock()
		if !cut {
			return c, nil
		}
		c.Close()
	}
}

func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for _, c := range w.live {
		c.Close()
	}
	w.live = nil
}

type cuttable struct {
	net.Listener
	w *wire
}

func (c cuttable) Accept() (net.Conn, error) { return c.w.Accept(c.Listener) }

func TestWhatIsTypedWithoutNetworkIsSentOnceAfterwards(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	w := &wire{}
	s.srv.Close()
	s.srv = httptest.NewUnstartedServer(s.door.Handler(s))
	s.srv.Listener = cuttable{s.srv.Listener, w}
	s.srv.Start()
	t.Cleanup(func() { s.door.Close(); s.srv.Close() })
	b := s.tab(t, 390, 844)
	b.write("网络还在")
	b.until(bubbles + ` === 2`)
	w.set(true)
	b.until(`!document.querySelector('#state').hidden && document.querySelector('#state').textContent.indexOf('正在重新连接') >= 0`)
	b.write("网断了写的")
	b.write("还有一条")
	b.until(`document.querySelectorAll('.pending').length === 2 && document.querySelector('.failed')`)
	w.set(false)
	b.until(bubbles + ` === 6 && !document.querySelector('.pending')`)
	var texts []string
	for _, e := range b.taken() {
		texts = append(texts, e.Text)
	}
	if got := strings.Join(texts, "|"); got != "网络还在|网断了写的|还有一条" {
		t.Errorf("taken: %s", got)
	}
	b.until(`document.querySelector('#state').hidden`)
}

func TestPollingWhenLiveConnectionsDoNotWork(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	inner := s.srv.Config.Handler
	s.srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			http.Error(w, "no streams through this proxy", http.StatusBadGateway)
			return
		}
		inner.ServeHTTP(w, r)
	})
	b := s.tab(t, 390, 844)
	b.write("没有长连接")
	b.until(bubbles + ` === 2`)
	b.send(b.convs[0], "news", bot.Say{Text: "有新进展"})
	b.until(bubbles + ` === 3`)
}

func TestPageFollowsTheLanguage(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "From now on in English.", Lang: "en"})
	}
	b.do(chromedp.Click(".menu summary"), chromedp.Click(`button[value="language"]`))
	b.until(`document.documentElement.lang === 'en' && document.querySelector('#send').textContent === 'Send'`)
}

func TestDoubleTapIsOnePress(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	b.write("三组的路塌了")
	b.until(bubbles + ` === 2`)
	b.do(chromedp.DoubleClick(`button[value="p1"]`))
	b.until(bubbles + ` === 4`)
	b.write("后来的") // sent after whatever the taps queued
	b.until(bubbles + ` === 6`)
	if got := b.taken(); len(got) != 3 || got[1].Press == nil || got[2].Text != "后来的" {
		t.Errorf("events = %+v", got)
	}
}

// A browser that keeps no cookie is told so instead of loading for ever.
func TestNoCookieIsSaid(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	inner := s.srv.Config.Handler
	s.srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie")
		inner.ServeHTTP(w, r)
	})
	b := s.tab(t, 390, 844)
	b.write("我的话")
	b.until(`document.querySelector('#state').textContent.indexOf('Cookie') >= 0 && document.querySelector('#text').value === '我的话'`)
	if n := len(b.taken()); n != 0 {
		t.Errorf("%d events", n)
	}
}

// The whole talk with scripts switched off, in a real browser: forms, buttons, a
// file, the menu.
func TestTalkingInABrowserWithoutScript(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	b.scriptOff()
	b.do(chromedp.Navigate(b.srv.URL))
	if eval[bool](b, `document.documentElement.className === 'js'`) {
		t.Fatal("the script ran")
	}
	path := filepath.Join(t.TempDir(), "路.jpg")
	if err := os.WriteFile(path, []byte("pic"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Click("#attach summary"), chromedp.SetUploadFiles(`input[accept^="image"]`, []string{path}))
	b.write("三组的路塌了")
	b.until(bubbles + ` === 2`)
	b.do(chromedp.Click(`button[value="p1"]`))
	b.until(bubbles + ` === 4`)
	b.do(chromedp.Click(".menu summary"), chromedp.Click(`button[value="rights"]`))
	b.until(bubbles + ` === 6`)
	got := b.taken()
	if len(got) != 3 || len(got[0].Media) != 1 || got[0].Text != "三组的路塌了" || got[1].Press == nil || got[2].Command != "rights" {
		t.Errorf("events = %+v", got)
	}
}

func TestSharingTheLocation(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 390, 844)
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "这件事发生在哪里？", Ask: "location"})
	}
	b.write("三组的路塌了")
	b.until(bubbles + ` === 2`)
	b.permit("denied", nil)
	b.do(chromedp.Click(`#m2 [data-locate]`))
	b.until(`document.querySelector('#state').textContent.indexOf('没有拿到位置') >= 0`)
	b.permit("granted", &[2]float64{33.68, 109.11})
	b.do(chromedp.Click(`#m2 [data-locate]`))
	b.until(bubbles + ` === 4`)
	if l := b.taken()[1].Location; l == nil || l.Lat != 33.68 || l.Lon != 109.11 {
		t.Errorf("location = %+v", l)
	}
	if got := eval[string](b, `document.querySelector('#m3 .words').textContent`); got != "发送了位置" {
		t.Errorf("shown as %q", got)
	}
}
