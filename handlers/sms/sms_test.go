package sms

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// The signatures that Aliyun's and Tencent's manuals print come out of the same requests.
func TestPublishedSignatures(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ date, nonce, want string }{
		{"2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d", "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"},
		{"2023-10-26T09:01:01Z", "d410180a5abf7fe235dd9b74aca91fc0", "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804"},
	} {
		req := httptest.NewRequest(http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai", nil)
		at, err := time.Parse(time.RFC3339, v.date)
		if err != nil {
			t.Fatal(err)
		}
		signAliyun(req, nil, "YourAccessKeyId", "YourAccessKeySecret", "RunInstances", "2014-05-26", v.nonce, at)
		if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+v.want) {
			t.Errorf("Aliyun, %s: %s", v.date, got)
		}
	}
	body := `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	req := httptest.NewRequest(http.MethodPost, "https://cvm.tencentcloudapi.com/", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	signTencent(req, []byte(body), "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", service(req.URL), time.Unix(1551113065, 0))
	if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168") {
		t.Errorf("Tencent: %s", got)
	}
}

// counter counts as the store does.
type counter struct {
	mu   sync.Mutex
	ids  map[string]string
	full time.Duration
}

func (c *counter) count(_ context.Context, id, name string, limit int) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, other := range c.ids {
		if other == name {
			n++
		}
	}
	if n >= limit {
		return c.full, nil
	}
	c.ids[id] = name
	return 0, nil
}

func (c *counter) uncount(_ context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ids, id)
	return nil
}

func newDoor(t *testing.T, text string) (*Door, *counter) {
	t.Helper()
	g, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{ids: map[string]string{}, full: time.Hour}
	return New(Config{Gateway: g, Now: time.Now, Count: c.count, Uncount: c.uncount, Refused: func(context.Context, string) error { return nil }, Phone: func(_ context.Context, conv string, _ bool) (string, time.Duration, error) {
		return map[string]string{"sms:1": "13912345678", "sms:2": "13800000000"}[conv], 0, nil
	}}), c
}

// gateway answers as it is told and keeps what it got.
type gateway struct {
	status int
	answer string
	got    []*http.Request
	bodies []string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	g.got, g.bodies = append(g.got, r), append(g.bodies, string(b))
	if g.status == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(g.status)
	_, _ = io.WriteString(w, g.answer)
}

var news = bot.Say{Text: "信访件 ZS611026-20261122-0001 有新进展", About: "ZS611026-20261122-0001"}

// What each gateway answers, and what follows.
func TestAnswers(t *testing.T) {
	t.Parallel()
	templates := map[string]string{
		HTTP:    "kind: http\nurl: ADDRESS/send?to={{query .Phone}}\nheaders: {X-Key: hush-hush}\nbody: '{\"text\":{{json .Text}}}'\nsuccess: {field: code, value: '0', later: ['7'], wrong: ['9']}",
		Aliyun:  "kind: aliyun\nurl: ADDRESS/\nid: LTAI\nsecret: hush-hush\nsign: 信访局\ntemplate: SMS_1",
		Tencent: "kind: tencent\nurl: ADDRESS/\nid: AKID\nsecret: hush-hush\nsign: 信访局\ntemplate: '77'\napp: '14000'",
	}
	for _, c := range []struct {
		kind   string
		status int
		answer string
		want   turn.SendError
		counts int // of the telephone and of all
	}{
		{HTTP, 200, `{"code":0}`, turn.SendError{}, 2},
		{HTTP, 200, `{"code":"7"}`, turn.SendError{After: slowly}, 0},
		{HTTP, 200, `{"code":9}`, turn.SendError{Gone: true}, 0},
		{HTTP, 200, `{"code":"what?"}`, turn.SendError{Drop: true}, 2},
		{HTTP, 200, `no JSON`, turn.SendError{Drop: true}, 2},
		{HTTP, 302, ``, turn.SendError{Drop: true}, 0},
		{HTTP, 401, ``, turn.SendError{Drop: true}, 0},
		{HTTP, 429, ``, turn.SendError{After: slowly}, 0},
		{HTTP, 502, ``, turn.SendError{After: slowly}, 0},
		{Aliyun, 200, `{"Code":"OK","BizId":"1"}`, turn.SendError{}, 2},
		{Aliyun, 400, `{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`, turn.SendError{After: slowly}, 0},
		{Aliyun, 200, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}`, turn.SendError{Gone: true}, 0},
		{Aliyun, 403, `{"Code":"SignatureDoesNotMatch"}`, turn.SendError{Drop: true}, 0},
		{Tencent, 200, `{"Response":{"SendStatusSet":[{"Code":"Ok"}]}}`, turn.SendError{}, 2},
		{Tencent, 200, `{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit"}]}}`, turn.SendError{After: slowly}, 0},
		{Tencent, 200, `{"Response":{"SendStatusSet":[{"Code":"FailedOperation.PhoneNumberInBlacklist"}]}}`, turn.SendError{Gone: true}, 0},
		{Tencent, 200, `{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure"}}}`, turn.SendError{Drop: true}, 2},
	} {
		g := &gateway{status: c.status, answer: c.answer}
		server := httptest.NewServer(g)
		d, counts := newDoor(t, strings.ReplaceAll(templates[c.kind], "ADDRESS", server.URL))
		err := d.Send(t.Context(), "sms:1", "notice:5/0", news)
		server.Close()
		var got turn.SendError
		var s *turn.SendError
		if errors.As(err, &s) {
			got = turn.SendError{After: s.After, Gone: s.Gone, Drop: s.Drop}
		}
		if got != c.want || (err == nil) != (c.want == turn.SendError{}) {
			t.Errorf("%s answers %d %s: %v", c.kind, c.status, c.answer, err)
		}
		if err != nil && (strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "139")) {
			t.Errorf("the error tells %v", err)
		}
		if len(g.got) != 1 || len(counts.ids) != c.counts {
			t.Errorf("%s answers %d %s: called %d times, counted %d", c.kind, c.status, c.answer, len(g.got), len(counts.ids))
		}
	}
}

// What each gateway gets: telephone and number, and of the case nothing else.
func TestRequests(t *testing.T) {
	t.Parallel()
	g := &gateway{status: 200, answer: `{"code":0,"Code":"OK","Response":{"SendStatusSet":[{"Code":"Ok"}]}}`}
	server := httptest.NewServer(g)
	defer server.Close()
	for _, text := range []string{
		"kind: http\nurl: " + server.URL + "/send?to={{query .Phone}}\nheaders: {X-Key: hush-hush}\nbody: '{\"text\":{{json .Text}}}'\nsuccess: {contains: 'code'}",
		"kind: aliyun\nurl: " + server.URL + "/\nid: LTAI\nsecret: s\nsign: 信访局\ntemplate: SMS_1",
		"kind: tencent\nurl: " + server.URL + "/\nid: AKID\nsecret: s\nsign: 信访局\ntemplate: '77'\napp: '14000'",
	} {
		d, _ := newDoor(t, text)
		if err := d.Send(t.Context(), "sms:1", "notice:5/0", news); err != nil {
			t.Fatal(err)
		}
	}
	if q := g.got[0].URL.Query(); q.Get("to") != "13912345678" || g.got[0].Header.Get("X-Key") != "hush-hush" || g.bodies[0] != `{"text":"信访件 ZS611026-20261122-0001 有新进展"}` {
		t.Errorf("the template: %v %s", q, g.bodies[0])
	}
	if q := g.got[1].URL.Query(); q.Get("PhoneNumbers") != "13912345678" || q.Get("TemplateParam") != `{"number":"ZS611026-20261122-0001"}` || q.Get("SignName") != "信访局" || g.got[1].Header.Get("x-acs-action") != "SendSms" {
		t.Errorf("Aliyun: %v", q)
	}
	var b struct {
		PhoneNumberSet, TemplateParamSet []string
		SmsSdkAppId                      string
	}
	if err := json.Unmarshal([]byte(g.bodies[2]), &b); err != nil || b.PhoneNumberSet[0] != "+8613912345678" || b.TemplateParamSet[0] != news.About || b.SmsSdkAppId != "14000" {
		t.Errorf("Tencent: %s, %v", g.bodies[2], err)
	}
}

// A telephone gets no more than it may in a day, all together no more than the office pays for, and
// one whose owner wants none any more gets none.
func TestLimits(t *testing.T) {
	t.Parallel()
	g := &gateway{status: 200, answer: `ok`}
	server := httptest.NewServer(g)
	defer server.Close()
	d, _ := newDoor(t, "kind: http\nurl: "+server.URL+"\nsuccess: {contains: ok}\nper_number: 2\nper_day: 3")
	for range 4 {
		if err := d.Send(t.Context(), "sms:1", "k", news); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.got) != 2 {
		t.Errorf("one telephone got %d", len(g.got))
	}
	if err := d.Send(t.Context(), "sms:2", "k", news); err != nil {
		t.Fatal(err)
	}
	var s *turn.SendError
	if err := d.Send(t.Context(), "sms:2", "k", news); !errors.As(err, &s) || s.After != time.Hour {
		t.Errorf("beyond what a day has: %v", err)
	}
	if err := d.Send(t.Context(), "sms:3", "k", news); !errors.As(err, &s) || !s.Gone {
		t.Errorf("nobody's telephone: %v", err)
	}
}

// What is no gateway is refused when the program starts, without a word of its secrets.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "kind: pigeon", "kind: http\nurl: https://a.example", "kind: http\nurl: ftp://a\nsuccess: {contains: ok}",
		"kind: aliyun\nid: a\nsecret: hush-hush", "kind: http\nurl: https://a.example/{{.Code}\nsuccess: {contains: ok}", "kind: [hush-hush", "kind: http\nhush-hush: 1",
	} {
		if _, err := Parse(text); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
