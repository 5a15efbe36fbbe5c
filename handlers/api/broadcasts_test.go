package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition/bulletin"
)

func TestBroadcasts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	bulletins := bulletin.New(memory.NewBulletins(), office.Example(), func() time.Time { return now }, func() string { return "b9" })
	for _, chat := range []string{"tg:1", "tg:2"} {
		if _, err := bulletins.Agree(t.Context(), chat, "zh-CN"); err != nil {
			t.Fatal(err)
		}
	}
	key, line, err := api.NewKey("web-site", []api.Scope{api.Broadcast}, "")
	if err != nil {
		t.Fatal(err)
	}
	other, line2, err := api.NewKey("clerk", []api.Scope{api.Staff, api.Citizens}, "")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := api.ParseKeys(line + "\n" + line2)
	if err != nil {
		t.Fatal(err)
	}
	srv := serve(t, api.Config{Bulletins: bulletins, Office: office.Example(), Keys: keys.Now})
	call := func(key, method, path, body string) (int, string) {
		req, _ := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "once")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b)
	}
	for _, c := range []struct {
		key, method, path, body string
		status                  int
		has, hasNot             string
	}{
		{other, "POST", "/v1/broadcasts", `{"text":"周六上午也接待"}`, 403, "api.scope", "周六"},
		{key, "GET", "/v1/broadcasts/latest", "", 404, "broadcast.none", ""},
		{key, "POST", "/v1/broadcasts", `{"text":"` + strings.Repeat("长", 1001) + `"}`, 422, "broadcast.long", "长长"},
		{key, "POST", "/v1/broadcasts", `{"text":"周六上午也接待","name":"门户网站"}`, 201, `"total":2`, "tg:"},
		{key, "POST", "/v1/broadcasts", `{"text":"周六上午也接待","name":"门户网站"}`, 201, `"total":2`, "tg:"},
		{key, "POST", "/v1/broadcasts", `{"text":"周日上午也接待","name":"门户网站"}`, 409, "broadcast.key_reused", "周日"},
		{key, "GET", "/v1/broadcasts", "", 200, `"agreed":2`, "tg:"},
		{key, "GET", "/v1/broadcasts/latest", "", 200, `门户网站 (api:web-site)`, "tg:"},
		{key, "POST", "/v1/broadcasts/latest/stop", "{}", 200, `"state":"stopped"`, "tg:"},
		{key, "GET", "/v1/cases/ZS26-0001-KN", "", 403, "api.scope", ""},
	} {
		status, body := call(c.key, c.method, c.path, c.body)
		if status != c.status || !strings.Contains(body, c.has) || c.hasNot != "" && strings.Contains(body, c.hasNot) {
			t.Errorf("%s %s: %d %s", c.method, c.path, status, body)
		}
	}
	var list struct{ Broadcasts []bulletin.Bulletin }
	if _, body := call(key, "GET", "/v1/broadcasts", ""); json.Unmarshal([]byte(body), &list) != nil || len(list.Broadcasts) != 1 || list.Broadcasts[0].EndedBy != "api:web-site" {
		t.Errorf("the record: %s", body)
	}
}
