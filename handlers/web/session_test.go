package web

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dengwen/bot"
	"dengwen/internal/websession"
)

// cookie is the token that the browser has now.
func (b *browser) cookie() string {
	b.t.Helper()
	u, err := url.Parse(b.srv.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.c.Jar.Cookies(u) {
		if c.Name == cookieName {
			return c.Value
		}
	}
	return ""
}

// copyOf is another browser with the same cookie.
func (b *browser) copyOf(value string) *browser {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	u, _ := url.Parse(b.srv.URL)
	jar.SetCookies(u, []*http.Cookie{{Name: cookieName, Value: value, Path: "/"}})
	return &browser{stage: b.stage, c: &http.Client{Jar: jar}, page: b.page}
}

// officer answers "/join" as the office does: the conversation is an officer's from then on.
func (s *stage) office7(conv string, e bot.Event, n int) {
	if name, _ := bot.CommandOf(e); name == "join" {
		s.staff.Store(conv, "7")
	}
	s.send(conv, e.ID+"/0", bot.Say{Text: "张三 13800138000 说：路塌了"})
}

func joined(t *testing.T) *browser {
	t.Helper()
	s := newStage(t, nil)
	s.reply = s.office7
	b := s.browser()
	b.post("/say", b.fields("text", "/join token"), 200)
	b.shows("13800138000")
	return b
}

// A cookie that the server did not make opens nothing and is not taken over.
func TestCookieOfAStranger(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	planted := randomID(32)
	b := s.browser().copyOf(planted)
	b.get("/posts", 403)
	b.post("/say", url.Values{"csrf": {s.door.csrfOf("web:1")}, "text": {"x"}}, 403)
	b.get("/", 200)
	if got := b.cookie(); got == planted || len(got) != 43 {
		t.Errorf("the page kept the cookie %q", got)
	}
}

// Whoever knows the cookie with which an invitation is used, having planted it, is not the
// officer that joins.
func TestJoiningRenewsTheSession(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.reply = s.office7
	b := s.browser()
	planted := b.cookie()
	attacker := b.copyOf(planted)
	b.post("/say", b.fields("text", "/join token"), 200)
	b.shows("13800138000")
	if b.cookie() == planted {
		t.Fatal("the officer's token is the one from before")
	}
	attacker.get("/posts", 403)
	attacker.get("/", 200)
	attacker.hides("13800138000")
	b.post("/say", b.fields("text", "还在"), 200)
	b.shows("还在", "13800138000")
	own, err := s.door.Sessions.List(t.Context(), websession.OwnerOfStaff("7"))
	if err != nil || len(own) != 1 || own[0].Kind != websession.Officer {
		t.Errorf("sessions of the officer: %+v, %v", own, err)
	}
}

// Whoever opened the page in somebody's browser before them, and kept the cookie, does not read what they say.
func TestFirstWordsRenewTheSession(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	b := s.browser()
	planted := b.cookie()
	attacker := b.copyOf(planted)
	b.post("/say", b.fields("text", "我的话"), 200)
	if b.cookie() == planted {
		t.Fatal("the token is the one from before the first words")
	}
	attacker.get("/posts", 403) // the new token was used by the look that the answer led to
	attacker.get("/", 200)
	attacker.hides("我的话")
	b.get("/", 200)
	b.shows("我的话")
	was := b.cookie()
	b.post("/say", b.fields("text", "还有"), 200)
	if b.cookie() != was {
		t.Error("each message gives another token")
	}
	if all, err := s.door.Sessions.List(t.Context(), b.whose()[0]); err != nil || len(all) != 1 {
		t.Errorf("%d sessions are left, %v", len(all), err)
	}
}

// A conversation that becomes an officer's by any other way than a request of this browser
// is not shown to it.
func TestRightsWithoutJoining(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "我的话"), 200)
	b.staff.Store(b.whose()[0], "7")
	b.get("/posts", 403)
	b.get("/", 200)
	b.hides("我的话")
}

func TestOfficersSessionIsShort(t *testing.T) {
	t.Parallel()
	b := joined(t)
	for range 25 { // used every 29 minutes it lives 12 hours
		b.after(29 * time.Minute)
		if b.now().Sub(start) >= 12*time.Hour {
			break
		}
		b.post("/say", b.fields("text", "在"), 200)
	}
	b.get("/posts", 403)

	b = joined(t)
	for range 31 { // what the page does by itself is no use
		b.after(time.Minute)
		if b.now().Sub(start) < 30*time.Minute {
			b.get("/posts", 200)
		}
	}
	b.get("/posts", 403)
	b.get("/", 200)
	b.hides("13800138000")
	b.shows("原来的对话已经关上了")

	c := newStage(t, nil).browser()
	c.post("/say", c.fields("text", "我的事"), 200)
	c.after(179 * 24 * time.Hour)
	c.get("/", 200)
	c.shows("我的事")
}

// Revoked, an officer reads no more: not by the page, nor on a connection that was open.
func TestRevokedOfficerReadsNoMore(t *testing.T) {
	t.Parallel()
	b := joined(t)
	conv := b.whose()[0]
	live := b.stream(t, "")
	live.until("13800138000")
	b.staff.Delete(conv)
	b.send(conv, "late", bot.Say{Text: "李四 13900139000"})
	live.until("event: ended")
	live.ended()
	if strings.Contains(live.got, "13900139000") {
		t.Error("the open page is sent what came after the end")
	}
	b.get("/posts", 403)
	b.get("/", 200)
	b.hides("13800138000", "13900139000")
	for _, p := range b.mail.posts[conv] {
		if e := b.door.open(conv, p); e.Say != nil || e.Own != nil {
			t.Errorf("the log still holds %+v", e)
		}
	}
}

// The page that is open in a browser is cleared too.
func TestRevokedOfficersOpenPageIsCleared(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.reply = s.office7
	b := s.tab(t, 360, 640)
	b.write("/join token")
	b.until(`document.body.textContent.indexOf('13800138000') >= 0`)
	b.until(`document.body.getAttribute('data-csrf')`)
	b.staff.Delete(b.whose()[0])
	b.until(`document.body.textContent.indexOf('13800138000') < 0 && document.getElementById('hello')`)
	b.do(chromedp.Navigate(b.srv.URL))
	b.until(`document.body.textContent.indexOf('13800138000') < 0`)
}

func TestLeavingEndsTheSession(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "我的事"), 200)
	kept := b.copyOf(b.cookie())
	live := kept.stream(t, "")
	live.until("我的事")
	b.post("/leave", b.fields(), 200)
	live.until("event: ended")
	kept.get("/posts", 403)
	kept.get("/", 200)
	kept.hides("我的事")
}

// What is forgotten is gone from the page's log, and the session has another token.
func TestForgettingEmptiesTheLog(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "我的秘密"), 200)
	conv, old := b.whose()[0], b.cookie()
	live := b.stream(t, "2")
	live.until("retry:")
	for range 2 { // a message may be delivered twice
		if err := b.door.Send(context.Background(), conv, "done", bot.Say{Text: "都删掉了", Forget: true}); err != nil {
			t.Fatal(err)
		}
	}
	live.until(`"last":0`) // the open page is loaded anew
	b.get("/", 200)
	b.shows("都删掉了")
	b.hides("我的秘密")
	if n := len(b.mail.posts[conv]); n != 1 {
		t.Errorf("%d posts in the log", n)
	}
	if b.cookie() == old {
		t.Error("the token is the old one")
	}
	b.copyOf(old).get("/posts", 403)
	b.post("/say", b.fields("text", "接着说"), 200)
	if all := b.whose(); all[len(all)-1] != conv {
		t.Error("the conversation is another one")
	}
}

// A browser from before sessions were kept goes on with its conversation, once; an officer's
// does not.
func TestCookieFromBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for _, staff := range []string{"", "7"} {
		old := randomID(32)
		conv := "web:" + hex.EncodeToString(s.door.Box.Hash("web.conv", old)[:16])
		s.send(conv, "k", bot.Say{Text: "以前的话"})
		if staff != "" {
			s.staff.Store(conv, staff)
		}
		b := s.browser().copyOf(old)
		b.get("/", 200)
		if strings.Contains(b.page, "以前的话") != (staff == "") {
			t.Errorf("staff %q: %s", staff, b.page)
		}
		if b.cookie() == old {
			t.Error("the token is the old one")
		}
		second := s.browser().copyOf(old)
		second.get("/", 200)
		second.hides("以前的话")
	}
}

func TestNewSessionsAreCounted(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.Limits.NewBurst = 3 })
	b := s.browser()
	for range 2 {
		s.browser()
	}
	res, err := http.Get(s.srv.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the fourth browser of one address: %d", res.StatusCode)
	}
	b.get("/", 200) // who has a session keeps it
}
