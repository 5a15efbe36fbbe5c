package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"

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
	b.shows("示例：机构名称没有核对", "柞水县信访局", `lang="zh-CN"`, "110、119、120")
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
	if c.Name != "__Host-dengwen" {
		t.Errorf("over https the cookie is called %q: another host of the domain may set it", c.Name)
	}
	r, _ := http.NewRequest("GET", "/", nil)
	r.AddCookie(c)
	v, err := s.door.visitor(r)
	if err != nil || strings.Contains(v.conv, c.Value) || !strings.HasPrefix(v.conv, "web:") || len(v.conv) != 36 {
		t.Errorf("address %q gives the cookie away or has another shape: %v", v.conv, err)
	}
	if _, other := s.newVisitor(); v.csrf == v.conv[4:] || v.conv == other.conv || v.csrf == other.csrf {
		t.Error("address and form token are not their own")
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

func TestPageSpeaksTheBotsLanguage(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.get("/?lang=en", 200)
	b.shows(`<html lang="en">`, "Write to the petition office", "Whatever it is")
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "I kept your words. Where in 柞水县 did this happen?", Lang: "en"})
	}
	b.post("/say", b.fields("text", "hello", "lang", "en"), 200)
	b.shows(`<html lang="en">`)
	if e := b.taken()[0]; e.Lang != "en" {
		t.Errorf("event language %q", e.Lang)
	}
	b.reply = func(conv string, e bot.Event, n int) { b.send(conv, e.ID, bot.Say{Text: "收到", Lang: "zh-CN"}) }
	b.post("/say", b.fields("text", "中文"), 200)
	b.shows(`<html lang="zh-CN">`, `lang="en"`)
	for accept, want := range map[string]string{"": "zh-CN", "en-GB,en;q=0.9": "en", "zh-TW": "zh-CN", "fr": "zh-CN", "xx;;": "zh-CN"} {
		r, _ := http.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", accept)
		if got := b.door.wordsFor(r).Lang; got != want {
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
	got, convs := b.taken(), b.whose()
	if last := len(got) - 1; last != 1 || !got[last].Left || convs[last] != convs[0] {
		t.Fatalf("the conversation is not told that it was left: %+v of %v", got, convs)
	}
	b.post("/leave", b.fields(), 200) // nothing was begun since, so nothing ends
	if n := len(b.taken()); n != 2 {
		t.Errorf("%d events after leaving an empty conversation", n)
	}
}

// Nobody is kept on a device that is not theirs because the store does not answer.
func TestLeavingWorksWithoutTheStore(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	b := s.browser()
	b.post("/say", b.fields("text", "我的事"), 200)
	s.setDown(errors.New("no store"))
	b.post("/leave", b.fields(), 200)
	b.hides("我的事")
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
		total += len(b.door.page.assets.Gzipped(name))
	}
	if total > 24<<10 {
		t.Errorf("first visit takes %d bytes on the line", total)
	}
	b.get("/web/"+prefix+"/../door.go", 404)
	b.get("/nothing", 404)
	b.shows("这里没有这个页面", `id="composer"`)
	b.get("/say", 200) // leads to the page
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

// When nothing can be shown the page says so as a page, not "your words are still here"
// to somebody who has written none, and comes back by itself.
func TestPageWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.mail.setFail(errors.New("no mailbox"))
	res := b.get("/", http.StatusServiceUnavailable)
	b.shows("过一会儿会自己再试", "110、119、120", `http-equiv="refresh"`, "柞水县信访局")
	b.hides("写好的话还在")
	if got := res.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	b.mail.setFail(nil)
	b.get("/", http.StatusOK)
}

// The look-up opens without a number too, and every page has one heading of the first level.
func TestLookUpWithoutANumber(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	one := func() {
		t.Helper()
		if n := strings.Count(b.page, "<h1"); n != 1 {
			t.Errorf("%d headings of the first level in\n%s", n, b.page)
		}
	}
	one()
	b.get("/c/", 200)
	b.shows(`id="findhead"`, `name="number" value=""`)
	b.hides("这里没有这个页面")
	one()
	b.post("/say", b.fields("text", "路塌了"), 200)
	b.get("/", 200)
	one()
	b.get("/c/ZS26-0417-3K", 200)
	one()
}

func TestBrowsersKeepToHTTPS(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		s := newStage(t, func(c *Config) { c.Secure = secure })
		res, err := http.Get(s.srv.URL + "/nothing")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Strict-Transport-Security"); (got == "max-age=31536000") != secure || !secure && got != "" {
			t.Errorf("https %v: %q", secure, got)
		}
	}
}
