package robot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Signatures as the platforms' own libraries make them for a secret and a moment.
func TestSignatures(t *testing.T) {
	t.Parallel()
	at := time.Unix(1700000000, 0)
	address, _ := Robot{Kind: DingTalk, URL: "https://x/send?access_token=t", Secret: "this is secret"}.request("x", at)
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("sign") != "sSFWELbV2YwjdDQhWZwTcWlX5BWUx5J6TPpsZmuPii0=" || u.Query().Get("timestamp") != "1700000000000" {
		t.Errorf("DingTalk: %s %v", address, err)
	}
	_, body := Robot{Kind: Feishu, URL: "https://x/hook", Secret: "this is secret"}.request("x", at)
	if b := body.(map[string]any); b["sign"] != "OfGzRzoUICBOoc8wVra1e4A1hPfbZ9zqXozA8CWVUuY=" || b["timestamp"] != "1700000000" {
		t.Errorf("Feishu: %v", b)
	}
}

// A robot is told in its own way; what it answers decides whether it is told again.
func TestSending(t *testing.T) {
	t.Parallel()
	answer := `{"errcode":0,"errmsg":"ok"}`
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, string(b))
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	now := time.Unix(1700000000, 0)
	robots := []Robot{{Unit: "transport", Kind: WeCom, URL: server.URL + "/?key=hush"}, {Unit: "transport", Kind: Feishu, URL: server.URL + "/f"}, {Unit: "petition", Kind: DingTalk, URL: server.URL + "/?access_token=d"}}
	d := New(robots, func(context.Context, string, bool) (Robot, bool, time.Duration, error) { return Robot{}, false, 0, nil }, func() time.Time { return now })
	if n := d.Of("transport"); len(n) != 2 || strings.Contains(strings.Join(n, " "), "hush") {
		t.Fatalf("robots of the unit: %q", n)
	}
	for _, r := range robots {
		if err := d.Send(t.Context(), r.Name(), "k", bot.Say{Text: "ZS26-1"}); err != nil {
			t.Errorf("%s: %v", r.Kind, err)
		}
	}
	for i, key := range []string{"msgtype", "msg_type", "msgtype"} {
		var m map[string]any
		if json.Unmarshal([]byte(got[i]), &m) != nil || m[key] != "text" || !strings.Contains(got[i], "ZS26-1") {
			t.Errorf("robot %d was sent %s", i, got[i])
		}
	}
	var e *turn.SendError
	for reply, want := range map[string]turn.SendError{
		`{"errcode":45009}`:  {After: time.Minute},
		`{"errcode":130101}`: {After: 10 * time.Minute},
		`{"code":19021}`:     {Drop: true},
		`{"errcode":-1}`:     {},
		`busy`:               {},
	} {
		answer = reply
		now = now.Add(time.Hour)
		if err := d.Send(t.Context(), robots[0].Name(), "k", bot.Say{Text: "x"}); !errors.As(err, &e) || e.After != want.After || e.Drop != want.Drop || e.Gone {
			t.Errorf("%s leads to %+v", reply, err)
		}
	}
	answer = `{"errcode":0}`
	now = now.Add(time.Hour)
	told := 0
	for range 30 {
		err := d.Send(t.Context(), robots[0].Name(), "k", bot.Say{Text: "x"})
		if err == nil {
			told++
		} else if !errors.As(err, &e) || e.After <= 0 || e.After > time.Minute {
			t.Fatalf("too fast: %v", err)
		}
	}
	if told == 0 || told > perMinute {
		t.Errorf("%d of 30 at once were let through", told)
	}
	if err := d.Send(t.Context(), "robot:transport.gone", "k", bot.Say{Text: "x"}); !errors.As(err, &e) || !e.Gone {
		t.Errorf("a robot that was taken out: %v", err)
	}
	server.Close()
	now = now.Add(time.Hour)
	if err := d.Send(t.Context(), robots[0].Name(), "k", bot.Say{Text: "x"}); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("the address stands in the error: %v", err)
	}
}
