package attack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"dengwen/internal/test/fakewechat"
	"dengwen/petition"
)

// Somebody floods, guesses, and says that they come from elsewhere.
func TestFloods(t *testing.T) {
	t.Parallel()
	tg, env := telegram(t)
	wx := fakewechat.Start(fakewechat.Options{})
	t.Cleanup(wx.Close)
	x := begin(t, append(append(env, wx.Settings()...), "DENGWEN_TRUSTED_PROXIES=203.0.113.0/24, 2001:db8:1::/48")...)
	wx.SetHook(x.p.URL + "/wechat")
	for name, attack := range map[string]func(*target){
		"petitions of one address": (*target).manyPetitions, "guesses at the API": (*target).guessesAtTheAPI, "guesses at the page": (*target).guessesAtThePage,
		"guesses at the way in to the desk": (*target).guessesAtTheDesk, "addresses that are said": (*target).saidAddresses,
		"guesses in chats": func(x *target) {
			owner := x.lodge("all", "tg:71", "MARKCHAT 路坏了")
			ctx, cancel := context.WithTimeout(x.Context(), time.Minute)
			defer cancel()
			ask := func(chat int64, wechat, code string) {
				c, p := tg.Citizen(chat), wx.Person(wechat)
				c.Say(owner.Number + " " + code)
				p.Say(owner.Number + " " + code)
			}
			for n := range 12 { // one stranger until they wait, and some who come once
				ask(72, "stranger", fmt.Sprintf("AAAA-22%c2", "ABCDEFGHJKMN"[n]))
				ask(int64(80+n), fmt.Sprint("stranger", n), "BBBB-3333")
			}
			stranger := tg.Citizen(72)
			if m, err := stranger.Expect(ctx, "分钟"); err != nil {
				x.Errorf("a stranger who guesses in Telegram is not told to wait: %v", err)
			} else {
				x.waits(m.Text)
			}
			if text, err := wx.Person("stranger").See(ctx, "分钟"); err != nil {
				x.Errorf("a stranger who guesses in WeChat is not told to wait: %v", err)
			} else {
				x.waits(text)
			}
			ask(73, "owner", owner.Code) // from elsewhere, with the right code
			if _, err := tg.Citizen(73).Expect(ctx, "(?s)"+owner.Number+".*现在："); err != nil {
				x.Errorf("the owner is kept out in Telegram: %v", err)
			}
			if _, err := wx.Person("owner").See(ctx, "(?s)"+owner.Number+".*现在："); err != nil {
				x.Errorf("the owner is kept out in WeChat: %v", err)
			}
			tg.Citizen(71).Say(owner.Number)
			if _, err := tg.Citizen(71).Expect(ctx, "(?s)"+owner.Number+".*现在："); err != nil {
				x.Errorf("the chat that filed is kept out: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attack(&target{t, x.p, x.keys})
		})
	}
}

var minutesIn = regexp.MustCompile(`(\d+) ?分钟`)

// waits checks that a time to wait is said that holds: five minutes after the first of five wrong codes.
func (x *target) waits(text string) {
	x.Helper()
	said := minutesIn.FindStringSubmatch(text)
	if said == nil || said[1] != "5" && said[1] != "4" {
		x.Errorf("the time to wait that is said: %q", text)
	}
}

// manyPetitions: fresh cookies, and addresses that are one's own by the 2^64, lodge no more than one address may.
func (x *target) manyPetitions() {
	lodged := 0
	for n := range 26 {
		b := x.browse()
		b.from = fmt.Sprintf("2001:db8:77:1::%x", n+1) // of one connection
		b.say(fmt.Sprintf("下梁镇三组的路一下雨就塌，车过不去，请派人来修。第%d件。", n))
		b.hears("2:send|慢|等")
		b.post("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}, "press": {"2:send"}})
		if b.status == http.StatusTooManyRequests {
			time.Sleep(time.Second)
			continue
		}
		if strings.Contains(b.hears("登记好了|今天|小时|分钟"), "登记好了") {
			lodged++
		}
	}
	if lodged != 20 {
		x.Errorf("one address lodged %d of 26 petitions", lodged)
	}
	b := x.browse()
	b.from = "2001:db8:78:1::1"
	b.say("下梁镇三组的桥断了，车过不去，请派人来修。").hears("2:send")
	b.post("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}, "press": {"2:send"}})
	b.hears("登记好了")
}

// guessesAtTheAPI: strangers' wrong codes, of many askers and addresses, keep no owner out.
func (x *target) guessesAtTheAPI() {
	k := x.lodge("bot", "tg:81", "MARKGUESS a wall fell")
	look := func(asker, address, code string) answer {
		return x.call("bot2", petition.Actor{Asker: asker, Address: address}, "GET", "/v1/cases/"+k.Number, "", "Query-Code", code)
	}
	var waited answer
	for n := range 150 {
		asker, address := fmt.Sprint("web:", n/10), fmt.Sprintf("10.1.%d.%d", n/100, n%100)
		if got := look(asker, address, fmt.Sprintf("AA%c%c-2222", "ABCDEFGHJKMNPQR"[n/10], "ABCDEFGHJK"[n%10])); got.status == http.StatusTooManyRequests {
			waited = got
		} else if got.status != http.StatusNotFound {
			x.Errorf("a wrong code: %d %s", got.status, got.text)
		}
	}
	after, _ := strconv.Atoi(waited.header.Get("Retry-After"))
	if after < 200 || after > 300 {
		x.Errorf("after five wrong codes of one asker the time to wait is %d s", after)
	}
	if got := look("web:owner", "10.9.9.9", k.Code); got.status != http.StatusOK || !strings.Contains(got.text, "MARKGUESS") {
		x.Errorf("the owner is kept out: %d %s", got.status, got.text)
	}
	time.Sleep(61 * time.Second / 30)
	if later := look("web:14", "10.1.1.40", "AAAA-2222"); later.status == http.StatusTooManyRequests {
		if left, _ := strconv.Atoi(later.header.Get("Retry-After")); left > after {
			x.Errorf("the time to wait grows: %d s, was %d", left, after)
		}
	}
}

// guessesAtThePage: the same, from many addresses with fresh cookies.
func (x *target) guessesAtThePage() {
	k := x.lodge("all", "tg:91", "MARKPAGE 路坏了")
	var last *browser
	for n := range 20 {
		b := x.browse().get("/")
		for i := range 1 + n%7 {
			b.post("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}, "number": {k.Number}, "code": {fmt.Sprintf("AAAA-22%c%c", "ABCDEFGHJKMNPQRSTUVW"[n], "ABCDEFG"[i])}})
		}
		if n%7 == 6 {
			last = b
		}
	}
	x.waits(last.hears("分钟"))
	owner := x.browse().get("/")
	owner.post("/say", url.Values{"csrf": {owner.csrf}, "id": {once()}, "lang": {"zh-CN"}, "number": {k.Number}, "code": {k.Code}})
	owner.hears("现在：")
}

// guessesAtTheDesk: a stranger who knows the name by which an officer signs in keeps them not out.
func (x *target) guessesAtTheDesk() {
	officer, _ := x.enter("petition", "intake")
	name := once()
	officer.post("/desk/me/login", url.Values{"name": {name}, "password": {password}})
	secret := strings.ReplaceAll(secretIn.FindString(officer.text), " ", "")
	code := func(off time.Duration) string {
		c, err := totp.GenerateCode(secret, time.Now().Add(off))
		if err != nil {
			x.Fatal(err)
		}
		return c
	}
	officer.post("/desk/me/login/confirm", url.Values{"code": {code(-30 * time.Second)}})
	enter := func(b *browser, code string) *browser {
		return b.post("/desk/enter", url.Values{"name": {name}, "password": {password}, "code": {code}})
	}
	home := x.browse()
	if enter(home, code(0)); home.header.Get("Location") != "/desk/" {
		x.Fatalf("the officer is not let in: %d", home.status)
	}
	stranger, refused := x.browse(), 0
	for range 15 {
		if stranger.post("/desk/enter", url.Values{"name": {name}, "password": {"a wrong password, often"}, "code": {"000000"}}); stranger.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 3 {
		x.Errorf("of 15 wrong tries of a stranger %d are refused", refused)
	}
	if enter(home, code(30*time.Second)); home.header.Get("Location") != "/desk/" {
		x.Errorf("a stranger's wrong tries keep the officer out: %d", home.status)
	}
}

var secretIn = regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`)

// saidAddresses: X-Forwarded-For counts only as far as our own proxies wrote it.
func (x *target) saidAddresses() {
	const wrong = "Bearer dw_" + "guess"
	limited := func(headers func(n int) []string) (n int) {
		for i := range 30 {
			if x.send("GET", "/v1/cases", "", append([]string{"Authorization", wrong}, headers(i)...)...).status == http.StatusTooManyRequests {
				n++
			}
		}
		return n
	}
	for what, headers := range map[string]func(n int) []string{
		"what stands left of the last hop": func(n int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("10.2.0.%d, 192.0.2.1", n)} },
		"a line of its own before": func(n int) []string {
			return []string{"X-Forwarded-For", fmt.Sprintf("10.2.0.%d", n), "X-Forwarded-For", "192.0.2.2"}
		},
		"through a proxy that is trusted": func(n int) []string {
			return []string{"X-Forwarded-For", fmt.Sprintf("10.2.0.%d, 192.0.2.3, 203.0.113.%d", n, n)}
		},
		"and one by IPv6": func(n int) []string {
			return []string{"X-Forwarded-For", fmt.Sprintf("10.2.0.%d, 192.0.2.4, [2001:DB8:1::%x]:443, ::ffff:203.0.113.9", n, n+1)}
		},
		"one IPv6 network": func(n int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("2001:db8:99:1:%x::1", n)} },
		"IPv4 in IPv6 and with ports": func(n int) []string {
			return []string{"X-Forwarded-For", []string{"192.0.2.5", "::ffff:192.0.2.5", "192.0.2.5:80", "[::ffff:c000:205]:9"}[n%4]}
		},
		"what is no address": func(n int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("unknown%d", n)} },
		"other headers": func(n int) []string {
			a := fmt.Sprintf("10.3.0.%d", n)
			return []string{"X-Real-IP", a, "Forwarded", "for=" + a, "True-Client-IP", a, "CF-Connecting-IP", a, "X-Client-IP", a, "X-Forwarded-For", "192.0.2.6"}
		},
	} {
		if n := limited(headers); n < 15 {
			x.Errorf("%s: of 30 requests %d are limited", what, n)
		}
	}
	if n := limited(func(n int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("192.0.3.%d", n)} }); n > 0 {
		x.Errorf("of 30 people behind the proxy %d are limited", n)
	}
	for _, headers := range [][]string{{"X-Forwarded-For", "192.0.2.9"}, {"X-Forwarded-For", "127.0.0.1, 192.0.2.9"}, {"X-Forwarded-For", "203.0.113.1"}} {
		if got := x.send("GET", "/metrics", "", headers...); got.status == http.StatusOK {
			x.Errorf("/metrics by a proxy with %v: %d", headers, got.status)
		}
	}
}

// A stranger on another machine's address is no proxy, whatever they say.
func TestStrangerIsNoProxy(t *testing.T) {
	t.Parallel()
	own := ""
	all, _ := net.InterfaceAddrs()
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			own = ip.IP.String()
		}
	}
	if own == "" {
		t.Skip("this machine has no address but its own loopback")
	}
	x := begin(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(x.p.URL, "http://"))
	if err := x.p.Stop(); err != nil {
		t.Fatal(err)
	}
	x.p.Set("DENGWEN_ADDR=0.0.0.0:" + port)
	if err := x.p.Start(); err != nil {
		t.Fatal(err)
	}
	ask := func(path string, headers ...string) answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+net.JoinHostPort(own, port)+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Add(headers[i], headers[i+1])
		}
		return x.do(still, r)
	}
	limited := 0
	for n := range 30 {
		if ask("/v1/cases", "Authorization", "Bearer x", "X-Forwarded-For", fmt.Sprintf("10.4.0.%d", n)).status == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited < 15 {
		t.Errorf("of 30 requests of one stranger %d are limited", limited)
	}
	for _, headers := range [][]string{nil, {"X-Forwarded-For", "127.0.0.1"}, {"X-Real-IP", "127.0.0.1"}, {"Forwarded", "for=127.0.0.1"}, {"Authorization", "Bearer "}, {"Host", "127.0.0.1"}} {
		if got := ask("/metrics", headers...); got.status == http.StatusOK {
			t.Errorf("/metrics to a stranger with %v: %d", headers, got.status)
		}
	}
}

// Over https browsers keep to it, at every door, and cookies are of this host alone.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	x := begin(t, "DENGWEN_PUBLIC_URL=https://xf.example.cn", "DENGWEN_OPEN311=xf.example.cn")
	for _, path := range []string{"/", "/desk/enter", "/desk/", "/v1/office", "/v1/nothing", "/open311/v2/services.json", "/healthz", "/verify", "/nothing"} {
		if got := x.send("GET", path, ""); !strings.Contains(got.header.Get("Strict-Transport-Security"), "max-age=31536000") {
			x.Errorf("%s: Strict-Transport-Security is %q", path, got.header.Get("Strict-Transport-Security"))
		}
	}
	for _, c := range (&http.Response{Header: x.send("GET", "/", "").header}).Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly {
			x.Errorf("the cookie %s: secure %v, for scripts %v", c.Name, c.Secure, !c.HttpOnly)
		}
	}
}
