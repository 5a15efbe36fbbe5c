package web

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"dengwen/bot"
)

func TestTalkingWithoutScript(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "三组的路塌了\r\n拖拉机过不去"), 200) // the redirect is followed
	b.shows("三组的路塌了\n拖拉机过不去", "您说的我原样记下了", `value="p1"`, "下梁镇")
	b.hides(`id="hello"`)
	e := b.taken()[0]
	if e.Text != "三组的路塌了\n拖拉机过不去" || e.Lang != "zh-CN" || !e.At.Equal(start) || !strings.HasPrefix(e.ID, "web:") {
		t.Errorf("event = %+v", e)
	}
	ref := between(t, b.page, `name="ref" value="`, `"`)
	b.post("/say", b.fields("press", "p1", "ref", ref), 200)
	if p := b.taken()[1].Press; p == nil || p.Data != "p1" || p.Ref != ref {
		t.Errorf("press = %+v", p)
	}
	b.shows(`value="p1" class="chosen"`, `<div class="words">下梁镇</div>`)
}

func TestCommandsAndDeepLink(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("command", "rights"), 200)
	b.post("/say", b.fields("text", "/Find ZS26-0417-3K"), 200)
	b.get("/c/zs26-0417-3k", 200)
	b.shows(`value="ZS26-0417-3K"`, `for="code"`)
	b.post("/say", b.fields("number", "ZS26-0417-3K", "code", "abcdefgh"), 200)
	if events := b.taken(); events[len(events)-1].Text != "ZS26-0417-3K ABCD-EFGH" { // letters alone could be a word
		t.Errorf("a code without digits is handed on as %q", events[len(events)-1].Text)
	}
	b.post("/say", b.fields("number", "ZS26-0417-3K", "code", "7Q4M-29XD"), 200)
	b.hides("7Q4M-29XD")
	got := b.taken()
	if got[0].Command != "rights" || got[1].Command != "find" || got[1].Args != "ZS26-0417-3K" || got[3].Text != "ZS26-0417-3K 7Q4M-29XD" {
		t.Errorf("events = %+v", got)
	}
	b.get("/c/%3Cscript%3E", 200)
	b.shows(`id="number" name="number" value=""`)
	b.hides("<script>")
}

func TestForeignFormsAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	b := s.browser()
	other := s.browser()
	b.post("/say", b.fields("text", "x", "csrf", ""), 403)
	b.post("/say", other.fields("text", "x"), 403)
	b.post("/leave", other.fields(), 403)
	req, _ := http.NewRequest("POST", s.srv.URL+"/say", strings.NewReader(b.fields("text", "x").Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req) // no cookie
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("without cookie: %d", res.StatusCode)
	}
	b.upload(t, 403, []part{{"file", "a.jpg", "image/jpeg", "pic"}})
	if n := len(s.taken()); n != 0 || len(s.stored) != 0 {
		t.Errorf("%d events, %d files came through", n, len(s.stored))
	}
}

func TestTheSamePostCountsOnce(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	v := b.fields("text", "只说一次")
	for range 3 {
		b.post("/say", v, 200)
	}
	if n := len(b.taken()); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := strings.Count(b.page, `<div class="words">只说一次</div>`); n != 1 {
		t.Errorf("shown %d times", n)
	}
}

func TestWordsAreShownAsWords(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", `<img src=x onerror="alert(1)">&`+"\x00\x07"), 200)
	b.hides("<img src=x", "\x00", "\x07")
	b.shows("&lt;img src=x onerror=")
	if e := b.taken()[0]; e.Text != `<img src=x onerror="alert(1)">&` {
		t.Errorf("text = %q", e.Text)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.Limits = Limits{ConvBurst: 5, AddrBurst: 10000} }).browser()
	b.post("/say", b.fields("text", strings.Repeat("字", maxText+1)), 413)
	b.shows(strings.Repeat("字", 50), "太长")
	b.post("/say", b.fields("text", strings.Repeat("x", maxForm)), 413)
	b.post("/say", b.fields("text", " \n"), 422)
	b.post("/say", b.fields("press", strings.Repeat("x", bot.MaxData+1)), 400)
	b.post("/say", b.fields("command", "../x"), 400)
	res := b.post("/say", b.fields("text", "第六条"), 429)
	if res.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	b.shows("发得太快了", "第六条</textarea>")
	if n := len(b.taken()); n != 0 {
		t.Errorf("%d events came through", n)
	}
}

func TestStoreDownKeepsTheWords(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	v := b.fields("text", "先别丢")
	b.setDown(errors.New("no store"))
	b.post("/say", v, 503)
	b.shows("先别丢</textarea>", `value="`+v.Get("id")+`"`, `role="alert"`)
	b.setDown(nil)
	b.post("/say", v, 200)
	if n := strings.Count(b.page, `<div class="words">先别丢</div>`); n != 1 || len(b.taken()) != 1 {
		t.Errorf("shown %d times, taken %d", n, len(b.taken()))
	}
	v = b.fields("text", "也别丢")
	b.mail.setFail(errors.New("no mailbox"))
	b.get("/", 503)
	b.post("/say", v, 503)
	b.shows("也别丢</textarea>")
}

func TestLocation(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("lat", "33.61", "lon", "109.11"), 200)
	if l := b.taken()[0].Location; l == nil || l.Lat != 33.61 || l.Lon != 109.11 {
		t.Errorf("location = %+v", l)
	}
	b.shows("发送了位置")
	for _, bad := range []string{"91", "NaN", "x"} {
		b.post("/say", b.fields("lat", bad, "lon", "1"), 422)
	}
}

// Nothing a citizen writes, sends or is told reaches the log, whatever fails.
func TestLogHoldsNoWords(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	var mu sync.Mutex
	b := newStage(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(locked{&mu, &out}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}).browser()
	b.post("/say", b.fields("text", "秘密一"), 200)
	b.mail.mu.Lock()
	b.mail.posts[b.convs[0]][0].Body[5] ^= 1 // as if sealed under another key
	b.mail.mu.Unlock()
	b.get("/", 200)
	b.setDown(errors.New("no store"))
	b.post("/say", b.fields("text", "秘密二"), 503)
	b.upload(t, 503, []part{{"file", "秘密三.jpg", "image/jpeg", "x"}}, "text", "秘密四")
	b.mail.setFail(errors.New("no mailbox"))
	b.post("/say", b.fields("text", "秘密五"), 503)
	mu.Lock()
	defer mu.Unlock()
	if got := out.String(); strings.Contains(got, "秘密") || strings.Contains(got, "下梁镇") || strings.Count(got, "\n") < 3 {
		t.Errorf("log:\n%s", got)
	}
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.w.Write(p) }
