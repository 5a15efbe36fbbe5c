package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
)

func TestPageIsStrictAboutWhatItLoads(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	res := b.get("/", 200)
	csp := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy %q lacks %q", csp, want)
		}
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	b.hides("unsafe", "<style", " style=", "onclick=", "javascript:", "http://", "https://")
	if n := strings.Count(b.page, "<script"); n != 1 {
		t.Errorf("%d script elements, want the one file", n)
	}
	b.shows("示例，姓名未核对", "柞水县信访局", `lang="zh-CN"`, "110、119、120")
}

func TestCookieOpensTheConversationAndTheStoresDoNotHoldIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.Secure = true })
	res, err := http.Get(s.srv.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	c := res.Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) != 43 {
		t.Errorf("cookie = %+v", c)
	}
	r, _ := http.NewRequest("GET", "/", nil)
	v := s.door.known(r, c.Value)
	if strings.Contains(v.conv, c.Value) || !strings.HasPrefix(v.conv, "web:") || len(v.conv) != 36 {
		t.Errorf("address %q gives the cookie away or has another shape", v.conv)
	}
	if v.csrf == v.conv[4:] || v == s.door.known(r, fresh(32)) {
		t.Error("address and form token are not their own")
	}
}

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
	b.post("/say", b.fields("number", "ZS26-0417-3K", "code", "7Q4M-29XD"), 200)
	b.hides("7Q4M-29XD")
	got := b.taken()
	if got[0].Command != "rights" || got[1].Command != "find" || got[1].Args != "ZS26-0417-3K" || got[2].Text != "ZS26-0417-3K 7Q4M-29XD" {
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

type part struct{ field, name, kind, body string }

func (b *browser) upload(t *testing.T, want int, parts []part, pairs ...string) *http.Response {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	v := b.fields(pairs...)
	if want == 403 {
		v.Set("csrf", "0")
	}
	for name := range v {
		w.WriteField(name, v.Get(name))
	}
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, p.field, p.name))
		h.Set("Content-Type", p.kind)
		f, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(p.body))
	}
	w.Close()
	req, _ := http.NewRequest("POST", b.srv.URL+"/say", &buf)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req, want)
}

func TestFilesAreStoredAndSentTogether(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.upload(t, 200, []part{{"file", "", "application/octet-stream", ""}, {"file", `C:\照片\路.jpg`, "image/jpeg", "pic1"}, {"file", "说.amr", "audio/amr", "snd"}}, "text", "看照片")
	e := b.taken()[0]
	if e.Text != "看照片" || len(e.Media) != 2 {
		t.Fatalf("event = %+v", e)
	}
	m, s := e.Media[0], e.Media[1]
	if m.Kind != "photo" || m.Name != "路.jpg" || !m.Stored || m.Size != 4 || m.Album == "" || s.Kind != "audio" || s.Album != m.Album || s.ID == m.ID {
		t.Errorf("media = %+v", e.Media)
	}
	if string(b.stored[m.ID]) != "pic1" || string(b.stored[s.ID]) != "snd" {
		t.Errorf("stored = %q", b.stored)
	}
	b.shows("照片 路.jpg", "录音 说.amr")
}

func TestFilesThatCannotBeTakenAreNamed(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.MaxFiles = 3; c.MaxFile = 1 << 20 }).browser()
	big := strings.Repeat("x", testMaxFile+1)
	b.upload(t, 200, []part{{"file", "大.mp4", "video/mp4", big}, {"file", "坏.exe", "application/exe", "MZ"}, {"file", "好.jpg", "image/jpeg", "ok"}})
	b.shows("大.mp4 太大", "坏.exe 这种格式收不了", "好.jpg")
	if e := b.taken(); len(e) != 1 || len(e[0].Media) != 1 || e[0].Media[0].Name != "好.jpg" {
		t.Errorf("events = %+v", e)
	}
	b.upload(t, 422, []part{{"file", "坏.exe", "application/exe", "MZ"}})
	b.shows("坏.exe 这种格式收不了")
	b.upload(t, 413, []part{{"file", "1", "", "a"}, {"file", "2", "", "a"}, {"file", "3", "", "a"}, {"file", "4", "", "a"}})
	b.upload(t, 413, nil, "text", strings.Repeat("x", maxForm))
	b.setDown(errors.New("no store"))
	b.upload(t, 503, []part{{"file", "好.jpg", "image/jpeg", "ok"}}, "text", "留着")
	b.shows("留着</textarea>")
	if n := len(b.taken()); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestUploadsAreChargedToTheAddress(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.Limits.UploadHour = 3000 }).browser()
	b.upload(t, 200, []part{{"file", "a.jpg", "image/jpeg", strings.Repeat("x", 1500)}})
	b.get("/", 200)
	b.upload(t, 429, []part{{"file", "b.jpg", "image/jpeg", strings.Repeat("x", 1500)}})
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

func TestReceiptIsShownOnlyToItsOwner(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.reply = func(conv string, e bot.Event, n int) {
		s.send(conv, "r", bot.Say{Text: "登记好了。", Receipt: &bot.Receipt{Number: "ZS26-0417-3K", Code: "7Q4M-29XD", Lines: []string{"今天登记"}}})
	}
	b := s.browser()
	b.post("/say", b.fields("text", "交"), 200)
	src := between(t, b.page, `<img src="/receipt/`, `"`)
	b.shows(`download="ZS26-0417-3K.png"`, `alt="回执图片，编号 ZS26-0417-3K，查询码 7Q4M-29XD，今天登记"`)
	if res := b.get("/receipt/"+src, 200); res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(b.page, "\x89PNG") {
		t.Errorf("not a picture: %q", res.Header.Get("Content-Type"))
	}
	other := s.browser()
	other.get("/receipt/"+src, 404)
	for _, bad := range []string{"1.png", "99.png", "0.png", "-1.png", "x.png", "2"} {
		b.get("/receipt/"+bad, 404)
	}
}

func TestEditsTakeTheOldPlace(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "翻页"), 200)
	conv, key := b.convs[0], between(t, b.page, `name="ref" value="`, `"`)
	b.send(conv, "edit", bot.Say{Text: "第二页", Edit: key, Rows: [][]bot.Button{{{Text: "上一页", Data: "back"}}}})
	b.send(conv, "edit", bot.Say{Text: "重复", Edit: key})
	b.send(conv, "gone", bot.Say{Text: "找不到原来那条就另发", Edit: "nowhere"})
	b.get("/", 200)
	b.shows("第二页", "上一页", "另发")
	b.hides("您说的我原样记下了", "重复")
	if n := strings.Count(b.page, "<article"); n != 3 {
		t.Errorf("%d bubbles, want 3", n)
	}
}

func TestPageSpeaksTheBotsLanguage(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.get("/?lang=en", 200)
	b.shows(`<html lang="en">`, "Write to the petition office", "Whatever it is")
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "I kept your words. Where in 柞水县 did this happen?"})
	}
	b.post("/say", b.fields("text", "hello", "lang", "en"), 200)
	b.shows(`<html lang="en">`)
	if e := b.taken()[0]; e.Lang != "en" {
		t.Errorf("event language %q", e.Lang)
	}
	b.reply = b.echo
	b.post("/say", b.fields("text", "中文"), 200)
	b.shows(`<html lang="zh-CN">`, `lang="en"`)
	for accept, want := range map[string]string{"": "zh-CN", "en-GB,en;q=0.9": "en", "zh-TW": "zh-CN", "fr": "zh-CN", "xx;;": "zh-CN"} {
		r, _ := http.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", accept)
		if got := pick(r).Lang; got != want {
			t.Errorf("Accept-Language %q: %s, want %s", accept, got, want)
		}
	}
}

func TestLeavingEndsTheConversationOnThisDevice(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "我的事"), 200)
	b.shows("我的事")
	b.post("/leave", b.fields(), 200)
	b.hides("我的事")
	b.shows(`id="hello"`)
}

func TestPolling(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "一"), 200)
	b.get("/posts?after=1", 200)
	var u update
	if err := json.Unmarshal([]byte(b.page), &u); err != nil {
		t.Fatal(err)
	}
	if u.Last != 2 || len(u.Items) != 1 || u.Items[0].ID != "m2" || u.Waiting || u.Lang != "zh-CN" || !strings.Contains(u.Items[0].HTML, "下梁镇") {
		t.Errorf("update = %+v", u)
	}
	b.get("/posts?after=2", 200)
	b.shows(`"items":[]`)
	b.c.Jar = nil
	b.get("/posts", 403)
	b.get("/live", 403)
}

func TestLiveStreamResumesWhereTheBrowserWas(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "一"), 200)
	conv := b.convs[0]
	first := b.stream(t, "")
	first.until("m1\"", "m2\"")
	b.send(conv, "news", bot.Say{Text: "有新进展"})
	first.until("id: 3", "有新进展")
	first.stop()
	b.send(conv, "more", bot.Say{Text: "又有进展"})
	again := b.stream(t, "3")
	again.until("id: 4", "又有进展")
	if strings.Contains(again.got, "有新进展") {
		t.Error("a message came twice")
	}
	again.until("event: ping")
	b.door.Close()
	again.ended()
}

// What a reader gets step by step comes to the page that is rendered at once, with
// presses, edits and a log that is forgotten under way.
func TestUpdatesComeToTheSamePage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	r, _ := http.NewRequest("GET", "/", nil)
	v := s.door.known(r, fresh(32))
	keys := [][]bot.Button{{{Text: "是", Data: "y"}}}
	steps := []entry{
		{Own: &own{Text: "一"}}, {Say: &bot.Say{Text: "问一", Rows: keys}}, {Own: &own{Text: "是", Ref: "k1", Data: "y"}},
		{Say: &bot.Say{Text: "问二", Rows: keys}}, {Say: &bot.Say{Text: "问二改", Edit: "k3"}}, {Say: &bot.Say{Text: "原来那条不在了", Edit: "k99"}},
		{Own: &own{Text: "是", Ref: "k3", Data: "y"}}, {Own: &own{Text: "二"}},
	}
	page, after := map[string]string{}, int64(0)
	for i, e := range steps {
		if err := s.door.put(r.Context(), v.conv, fmt.Sprintf("k%d", i), e); err != nil {
			t.Fatal(err)
		}
		if i == 1 || i == 4 {
			continue // two posts come at once
		}
		u, err := s.door.updates(r, v, after)
		if err != nil || u.Last != int64(i+1) || u.Waiting != (e.Own != nil) {
			t.Fatalf("step %d: %+v, %v", i, u, err)
		}
		for _, it := range u.Items {
			page[it.ID] = idField.ReplaceAllString(it.HTML, "")
		}
		after = u.Last
	}
	whole, err := s.door.updates(r, v, 0)
	if err != nil || len(whole.Items) != len(page) {
		t.Fatalf("%d bubbles, want %d, %v", len(page), len(whole.Items), err)
	}
	for _, it := range whole.Items {
		if want := idField.ReplaceAllString(it.HTML, ""); page[it.ID] != want {
			t.Errorf("%s step by step:\n%s\nat once:\n%s", it.ID, page[it.ID], want)
		}
	}
	delete(s.mail.posts, v.conv)
	if u, err := s.door.updates(r, v, after); err != nil || u.Last != 0 || len(u.Items) != 0 {
		t.Errorf("after the log was forgotten: %+v, %v", u, err)
	}
}

func TestStreamsAreCounted(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.Limits.StreamsConv = 1 }).browser()
	one := b.stream(t, "")
	one.until("retry:")
	b.get("/live", 429)
	one.stop()
	for limit := time.Now().Add(10 * time.Second); ; { // the server notices when it writes
		b.door.limits.streams.mu.Lock()
		n := b.door.limits.streams.all
		b.door.limits.streams.mu.Unlock()
		if n == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatal("the stream is still counted")
		}
	}
}

// tail reads a live connection.
type tail struct {
	t    *testing.T
	r    *bufio.Reader
	stop context.CancelFunc
	got  string
}

func (b *browser) stream(t *testing.T, last string) *tail {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(stop)
	req, _ := http.NewRequestWithContext(ctx, "GET", b.srv.URL+"/live", nil)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := b.c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	if ct := res.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Fatalf("content type %q, status %d", ct, res.StatusCode)
	}
	return &tail{t: t, r: bufio.NewReader(res.Body), stop: stop}
}

func (s *tail) until(words ...string) {
	s.t.Helper()
	for _, w := range words {
		for !strings.Contains(s.got, w) {
			line, err := s.r.ReadString('\n')
			if err != nil {
				s.t.Fatalf("waiting for %q: %v, got %s", w, err, s.got)
			}
			s.got += line
		}
	}
}

func (s *tail) ended() {
	s.t.Helper()
	for {
		if _, err := s.r.ReadString('\n'); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				s.t.Error("the stream did not end")
			}
			return
		}
	}
}

func TestAssetsAreKeptAndSmall(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	page, total := b.page, len(b.page)
	prefix := between(t, page, `href="/web/`, `/app.css`)
	for name, kind := range map[string]string{"app.css": "text/css", "app.js": "text/javascript", "drum.svg": "image/svg+xml", "clip.svg": "image/svg+xml"} {
		res := b.get("/web/"+prefix+"/"+name, 200)
		if !strings.HasPrefix(res.Header.Get("Content-Type"), kind) || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %v", name, res.Header)
		}
		total += len(b.door.page.assets[name].packed)
	}
	if total > 24<<10 {
		t.Errorf("first visit takes %d bytes on the line", total)
	}
	b.get("/web/"+prefix+"/../door.go", 404)
	b.get("/nothing", 404)
	b.shows("这里没有这个页面", `id="composer"`)
	b.get("/say", 200) // leads to the page
}

func TestMeterForgetsTheOldest(t *testing.T) {
	t.Parallel()
	m := newMeter(1, 2, 10)
	if !m.allow("a", start, 2) || m.allow("a", start, 1) || !m.allow("a", start.Add(time.Second), 1) {
		t.Error("bucket does not hold 2 and refill 1 a second")
	}
	for i := range 100 {
		m.allow(fmt.Sprint(i), start, 1)
		if n := len(m.young) + len(m.old); n > 10 {
			t.Fatalf("remembers %d", n)
		}
	}
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	out, _, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("no %q … %q in\n%s", from, to, s)
	}
	return out
}

func TestVisitorsAddress(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:4000", "", "203.0.113.7"},
		{"203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // not our proxy: not believed
		{"127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:4000", "10.9.9.9, 198.51.100.1", "198.51.100.1"}, // the left one anybody can write
		{"127.0.0.1:4000", "198.51.100.1, 127.0.0.1", "198.51.100.1"},
		{"127.0.0.1:4000", "nonsense", "127.0.0.1"},
		{"[::ffff:203.0.113.7]:4000", "", "203.0.113.7"},
		{"[2001:db8:1:2:3:4:5:6]:4000", "", "2001:db8:1:2::/64"},
		{"[::1]:4000", "[2001:db8:1:2::9]:55", "2001:db8:1:2::/64"},
	} {
		r, _ := http.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.door.address(r); got != c.want {
			t.Errorf("%s through %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
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
