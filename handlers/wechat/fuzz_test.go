package wechat_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/handlers/wechat"
)

// Whatever the platform signs and seals is answered with a status that is meant, and what is taken of
// it is within limits.
func FuzzPush(f *testing.F) {
	for _, m := range []string{
		`<xml><ToUserName>gh_test</ToUserName><FromUserName>o1</FromUserName><CreateTime>1764500000</CreateTime><MsgType>text</MsgType><Content><![CDATA[路塌了]]></Content><MsgId>1</MsgId></xml>`,
		`<xml><FromUserName>o1</FromUserName><CreateTime>-9e9</CreateTime><MsgType>location</MsgType><Location_X>NaN</Location_X><Location_Y>181</Location_Y><Label>x</Label><MsgId>2</MsgId></xml>`,
		`<xml><FromUserName>o1</FromUserName><MsgType>event</MsgType><Event>CLICK</Event><EventKey>file</EventKey></xml>`,
		`<xml><FromUserName>o1#late</FromUserName><MsgType>image</MsgType><PicUrl>file:///etc/passwd</PicUrl><MediaId>../x</MediaId><MsgId>3</MsgId></xml>`,
		`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>&a;</Content></xml>`,
	} {
		f.Add(m)
	}
	n := 0
	s := newStage(f, func(c *wechat.Config) { c.Answer = time.Millisecond })
	handler := s.door.Handler(s)
	f.Fuzz(func(t *testing.T, message string) {
		n++
		before := len(s.all())
		query, body := s.platform.Push("o1", strconv.Itoa(n), message)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, wechat.Path+"?"+query, strings.NewReader(body)))
		if w.Code != 200 && w.Code != 400 && w.Code != 413 {
			t.Errorf("%q: %d", message, w.Code)
		}
		for _, e := range s.all()[before:] {
			if !utf8.ValidString(e.Text+e.Args+e.Command) || len(e.Text) > 64<<10 {
				t.Errorf("event %+v", e)
			}
			for _, m := range e.Media {
				if strings.Contains(m.Ref, "://") {
					t.Errorf("a file is fetched from %q", m.Ref)
				}
			}
		}
	})
}

func (s *stage) all() []bot.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}
