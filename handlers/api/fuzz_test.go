package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/office"
)

// calls are those that take a body or a part of the address from the caller.
var calls = []string{
	"POST /v1/cases", "POST /v1/cases/#/moves", "POST /v1/cases/#/check", "POST /v1/searches", "POST /v1/forget", "POST /v1/broadcasts",
	"POST /v1/broadcasts/#/stop", "POST /v1/desk/#", "GET /v1/cases/#", "GET /v1/cases/#/files/#", "GET /v1/cases/#/documents/#", "PUT /v1/files/#",
	"GET /v1/notices?#", "GET /v1/cases?#", "GET /v1/broadcasts/#",
}

// Whatever a program sends, with every right there is or with none, no call breaks:
// it is answered, and what is wrong with it is the caller's fault.
func FuzzCall(f *testing.F) {
	for n, body := range []string{
		`{"class":"claim","facts":"路塌了","owner":"tg:1","request":"修","subject":"road"}`, `{"move":"accept","unit":"town","version":1}`,
		`{"words":"路"}`, `[]`, `{"facts":null,"place":{"code":5},"attachments":[{"id":"../x"}]}`, `{"people":-1,"received":"9999-99-99"}`, "\xff{", `{"a":` + strings.Repeat("[", 100),
		`limit=-1&after=%00&order=due`, "ZS26-0417-3K",
	} {
		f.Add(uint8(n), "ZS26-0417-3K", "tg:1", body)
	}
	key, line := newKey(f, "all", "", api.Admin, api.Citizens, api.Staff, api.Sealed, api.Desk)
	h := api.New(api.Config{Cases: service(f, ""), Keys: keys(f, line), Office: office.Example(), PerKey: 1e9, PerAddress: 1e9})
	f.Fuzz(func(t *testing.T, which uint8, part, owner, body string) {
		method, path, _ := strings.Cut(calls[int(which)%len(calls)], " ")
		path, query, asks := strings.Cut(path, "?")
		path = strings.ReplaceAll(path, "#", url.PathEscape(part))
		if asks {
			path += "?" + strings.ReplaceAll(query, "#", url.PathEscape(body))
		}
		for _, bearer := range []string{"", "Bearer " + key} {
			r, err := http.NewRequest(method, path, strings.NewReader(body))
			if err != nil {
				return // nobody can ask for such an address
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", bearer)
			r.Header.Set("Actor-Owner", owner)
			r.Header.Set("Idempotency-Key", part)
			r.Header.Set("Query-Code", body)
			r.RemoteAddr = "192.0.2.1:1"
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= 500 && w.Code != http.StatusNotImplemented {
				t.Errorf("%s %s, key %v: status %d %s", method, path, bearer != "", w.Code, w.Body)
			}
			if bearer == "" && w.Code < 400 {
				t.Errorf("%s %s: %d without a key", method, path, w.Code)
			}
		}
	})
}
