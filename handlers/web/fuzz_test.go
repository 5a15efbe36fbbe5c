package web

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/bot"
)

// Whatever a stranger puts into the fields, the door neither breaks nor passes on
// what the packages behind it refuse.
func FuzzSay(f *testing.F) {
	f.Add("三组的路塌了", "", "", "", "", "", "")
	f.Add("/help me", "help", "x", "", "", "33", "109")
	f.Add("\x00\xff", "HELP", "p1", "me:1", "ZS26-0417-3K 1", "NaN", "1e400")
	f.Add(strings.Repeat("字", 20000), "a_b", strings.Repeat("p", 65), "\xff", strings.Repeat("9", 99), "-91", "181")
	f.Fuzz(func(t *testing.T, text, command, press, ref, number, lat, lon string) {
		b := newStage(t, func(c *Config) { c.AnswerWait = time.Millisecond }).browser()
		v := b.fields("text", text, "command", command, "press", press, "ref", ref, "number", number, "lat", lat, "lon", lon)
		res := b.try(v)
		if !slices.Contains([]int{200, 400, 413, 422}, res) {
			t.Fatalf("status %d", res)
		}
		events := b.taken()
		if (res == 200) != (len(events) == 1) {
			t.Fatalf("status %d, %d events", res, len(events))
		}
		for _, e := range events {
			if !utf8.ValidString(e.Text+e.Args+e.Command) || strings.ContainsAny(e.Text, "\x00\r") || utf8.RuneCountInString(e.Text) > maxText+100 {
				t.Errorf("event = %+v", e)
			}
			if p := e.Press; p != nil && (len(p.Data) > 64 || !utf8.ValidString(p.Data+p.Ref)) {
				t.Errorf("press = %+v", p)
			}
		}
		b.get("/", 200)
	})
}

// try posts and answers the status.
func (b *browser) try(v url.Values) int {
	b.t.Helper()
	req, err := http.NewRequest("POST", b.srv.URL+"/say", strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.c.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// Whatever bytes come as a post, of whatever kind and with whatever cookie, are
// answered with a status that is meant, and nothing is taken without our token.
func FuzzPost(f *testing.F) {
	part := "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
	f.Add("multipart/form-data; boundary=x", "", []byte(strings.ReplaceAll(part, "%s", "text")+"--x--"))
	f.Add("multipart/form-data; boundary=x", "dengwen=", []byte("--x\r\nContent-Disposition: form-data; name=file; filename=\"../\x00.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--x--"))
	f.Add("multipart/form-data", "dengwen=AAAA", []byte("--"))
	f.Add("application/x-www-form-urlencoded", "dengwen=%zz; dengwen=a", []byte("text=%zz&csrf=&=&;"))
	f.Add("application/json", "", []byte(`{"text":1}`))
	s := newStage(f, nil)
	f.Fuzz(func(t *testing.T, kind, cookie string, body []byte) {
		for _, path := range []string{"/say", "/leave", "/say?csrf=0"} {
			r := httptest.NewRequest("POST", path, bytes.NewReader(body))
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Cookie", cookie)
			w := httptest.NewRecorder()
			s.door.Handler(s).ServeHTTP(w, r)
			if w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s %q %q: status %d", path, kind, cookie, w.Code)
			}
		}
		if n := len(s.taken()); n > 0 {
			t.Fatalf("%d events were taken without a token", n)
		}
	})
}

// Of a post with our token and cookie, whatever its parts are, only what fits is taken.
func FuzzParts(f *testing.F) {
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n路塌了\r\n--x--"))
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\a\\\\.jpg\"\r\nContent-Type: ;\r\n\r\nMZ\r\n--x--"))
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''%ff%00\r\n\r\nab\r\n--x\r\nContent-Disposition: form-data; name=\"lat\"\r\n\r\nNaN\r\n--x"))
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=a\r\n\r\nbroken off")) // the sender's fault, no 503
	f.Add([]byte("--x\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Disposition: form-data; name=command\r\n\r\n=68elp\r\n--x--\r\n"))
	s := newStage(f, nil)
	s.reply = func(conv string, e bot.Event, _ int) {
		_ = s.door.Send(context.Background(), conv, e.ID+"/0", bot.Say{Text: "您说的我原样记下了。"})
	}
	b := s.browser()
	token := b.fields().Get("csrf")
	home, err := url.Parse(s.srv.URL)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		own := "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + token + "\r\n"
		r := httptest.NewRequest("POST", "/say", strings.NewReader(own+string(body)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		for _, c := range b.c.Jar.Cookies(home) {
			r.AddCookie(c)
		}
		before := len(s.taken())
		w := httptest.NewRecorder()
		s.door.Handler(s).ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("status %d", w.Code)
		}
		for _, e := range s.taken()[before:] {
			for _, m := range e.Media {
				if !utf8.ValidString(m.Name) || strings.ContainsAny(m.Name, "/\\\x00") || len(m.Name) > 1000 {
					t.Errorf("a file is named %q", m.Name)
				}
			}
			if utf8.RuneCountInString(e.Text) > maxText+100 || !utf8.ValidString(e.Text+e.Args) {
				t.Errorf("event = %+v", e)
			}
		}
	})
}
