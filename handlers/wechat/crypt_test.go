package wechat

import (
	"encoding/hex"
	"strings"
	"testing"
)

// Values that the platform's manuals print (消息加解密说明, 接入概述) and, for a text message of
// WeCom, whose envelope is the same, 加解密方案说明.
func TestPublishedEnvelopes(t *testing.T) {
	t.Parallel()
	const (
		inTheSafe = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
		hello     = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
	)
	account, err := newEnvelope("AAAAA", "wxba5fad812f8e6fb9", []string{strings.Repeat("A", 43)})
	if err != nil {
		t.Fatal(err)
	}
	wecom, err := newEnvelope("QDG6eK", "wx5823bf96d3bd56c7", []string{"jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		e     envelope
		parts []string
		want  string
	}{
		{account, []string{"1714036504", "1514711492"}, "f464b24fc39322e44b38aa78f5edd27bd1441696"},
		{account, []string{"1714037059", "486452656"}, "899cf89e464efb63f54ddac96b0a0a235f53aa78"},
		{account, []string{"1714112445", "415670741", inTheSafe}, "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"},
		{wecom, []string{"1409659813", "1372623149", hello}, "477715d11cdb4164915debcba66cb864d751f3e6"},
	} {
		if got := c.e.signature(c.parts...); got != c.want || !c.e.signed(c.want, c.parts...) || c.e.signed(c.want[1:]+"0", c.parts...) {
			t.Errorf("signature of %.20q is %s, want %s", c.parts, got, c.want)
		}
	}
	if m, _, err := account.open(inTheSafe); err != nil || !strings.Contains(string(m), "debug_demo") {
		t.Errorf("the event opens as %q, %v", m, err)
	}
	if m, _, err := wecom.open(hello); err != nil || !strings.Contains(string(m), "<Content><![CDATA[hello]]></Content>") {
		t.Errorf("the text opens as %q, %v", m, err)
	}
	var random [randomSize]byte
	copy(random[:], "707722b803182950")
	const answer = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
	if got := account.sealWith(random, []byte(`{"demo_resp":"good luck"}`), 0); got != answer {
		t.Errorf("the answer is sealed as %s", got)
	}
	if got := account.signature("1713424427", "415670741", answer); got != "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1" {
		t.Errorf("its signature is %s", got)
	}
}

// After a change of the key the platform goes on with the old one for a while: both open, and the
// answer is sealed with the one that did.
func TestTheOldKeyOpensToo(t *testing.T) {
	t.Parallel()
	before, _ := newEnvelope("t", "app", []string{strings.Repeat("B", 43)})
	now, err := newEnvelope("t", "app", []string{strings.Repeat("C", 43), strings.Repeat("B", 43)})
	if err != nil {
		t.Fatal(err)
	}
	m, key, err := now.open(before.seal([]byte("你好𠮷"), 0))
	if err != nil || string(m) != "你好𠮷" || key != 1 {
		t.Fatalf("%q by key %d, %v", m, key, err)
	}
	if m, _, err := before.open(now.seal([]byte("好"), key)); err != nil || string(m) != "好" {
		t.Errorf("the answer opens as %q, %v", m, err)
	}
	other, _ := newEnvelope("t", "another app", []string{strings.Repeat("B", 43)})
	if _, _, err := other.open(before.seal([]byte("x"), 0)); err == nil {
		t.Error("an envelope for another account opens")
	}
	if _, err := newEnvelope("t", "app", []string{"short"}); err == nil {
		t.Error("a short key is taken")
	}
}

// FuzzOpen: no bytes end the program or open without the key.
func FuzzOpen(f *testing.F) {
	e, err := newEnvelope("t", "app", []string{strings.Repeat("A", 43)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e.seal([]byte("<xml></xml>"), 0))
	f.Add(hex.EncodeToString([]byte("nothing")))
	f.Fuzz(func(t *testing.T, sealed string) {
		if m, _, err := e.open(sealed); err == nil {
			_, _ = readMessage(m)
		}
		_, _ = readMessage([]byte(sealed))
	})
}
