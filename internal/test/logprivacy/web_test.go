package logprivacy

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var csrfIn = regexp.MustCompile(`data-csrf="([^"]+)"`)

// visitor is one browser at the web page, from an address of its own.
type visitor struct {
	http.Client
	base, csrf string
	cookie     string // the secret that opens the conversation
}

func newVisitor(t *testing.T, base string, n int) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(n+1))}}
	v := &visitor{base: base}
	v.Client = http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DialContext: from.DialContext}}
	res, err := v.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	m := csrfIn.FindSubmatch(page)
	if err != nil || m == nil {
		t.Fatalf("the page has no form: %v\n%.300s", err, page)
	}
	home, _ := url.Parse(base)
	if len(jar.Cookies(home)) == 0 {
		t.Fatal("the page gave no cookie")
	}
	v.csrf, v.cookie = string(m[1]), jar.Cookies(home)[0].Value
	return v
}

// say posts one message and answers the status.
func (v *visitor) say(t *testing.T, fields url.Values) int {
	t.Helper()
	fields.Set("csrf", v.csrf)
	fields.Set("id", rand.Text())
	fields.Set("lang", "zh-CN")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.base+"/say", strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := v.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// browse lets every script be typed into the web page, buttons by their words, and
// answers how many messages were taken and the browsers' secrets.
func browse(t *testing.T, base string, all []script) (sent int, cookies []string) {
	t.Helper()
	for n, s := range all {
		v := newVisitor(t, base, n)
		cookies = append(cookies, v.cookie)
		for _, line := range s[:min(len(s), 18)] { // more at once is refused
			if strings.HasPrefix(line, "(") {
				continue
			}
			if m := button.FindStringSubmatch(line); m != nil {
				line = m[1]
			}
			if status := v.say(t, url.Values{"text": {line}}); status != http.StatusOK {
				t.Errorf("the page answers %d to %q", status, line)
				continue
			}
			sent++
		}
		if status := v.say(t, url.Values{"number": {"ZS26-0001-KN"}, "code": {fmt.Sprintf("WXYZ-%04d", 2222+n)}}); status != http.StatusOK {
			t.Errorf("looking up answers %d", status)
			continue
		}
		sent++
	}
	return sent, cookies
}
