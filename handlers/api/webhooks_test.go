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
	"dengwen/petition/telling"
	"dengwen/storage/cases"

	"github.com/google/uuid"
)

// Who administers the whole office adds, changes and removes webhooks, and is shown a key once; every
// other key is refused, that of an administrator of one unit too.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	store, err := cases.Open(t.Context(), "", t.TempDir(), newBox(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	key, line := newKey(t, "all", "", api.Admin)
	bound, line2 := newKey(t, "water", "water", api.Admin)
	other, line3 := newKey(t, "clerk", "", api.Staff, api.Citizens, api.Desk, api.Sealed, api.Broadcast)
	o := office.Example()
	srv := serve(t, api.Config{Office: o, Systems: telling.NewSystems(store, o, time.Now, uuid.NewString), Keys: keys(t, line+"\n"+line2+"\n"+line3)})
	call := func(key, method, path, body string, want int) string {
		t.Helper()
		req, _ := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != want {
			t.Errorf("%s %s answers %d, want %d: %s", method, path, resp.StatusCode, want, b)
		}
		return string(b)
	}
	add := `{"url":"https://crm.example.cn/hooks/hush-hush","unit":"water"}`
	for _, k := range []string{bound, other} {
		for _, c := range [][3]string{
			{"GET", "/v1/webhooks"}, {"POST", "/v1/webhooks", add}, {"DELETE", "/v1/webhooks/1"}, {"POST", "/v1/webhooks/1/key", "{}"},
			{"POST", "/v1/webhooks/1/on", "{}"}, {"GET", "/v1/webhooks/dead"}, {"POST", "/v1/webhooks/resend", "{}"},
		} {
			call(k, c[0], c[1], c[2], http.StatusForbidden)
		}
	}
	call(key, "POST", "/v1/webhooks", `{"url":"https://me:pass@crm.example.cn/"}`, http.StatusUnprocessableEntity)
	call(key, "POST", "/v1/webhooks", `{"url":"https://crm.example.cn/","unit":"nowhere"}`, http.StatusUnprocessableEntity)
	var made, again api.WebhookState
	if err := json.Unmarshal([]byte(call(key, "POST", "/v1/webhooks", add, http.StatusCreated)), &made); err != nil || len(made.Secrets) != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	if err := json.Unmarshal([]byte(call(key, "POST", "/v1/webhooks/"+made.ID+"/key", "{}", http.StatusOK)), &again); err != nil || len(again.Secrets) != 2 || again.Secrets[1] != made.Secrets[0] {
		t.Fatalf("%+v, %v", again, err)
	}
	list := call(key, "GET", "/v1/webhooks", "", http.StatusOK)
	if strings.Contains(list, "whsec_") || strings.Contains(list, "hush") || !strings.Contains(list, "https://crm.example.cn") {
		t.Errorf("the list is %s", list)
	}
	if n := call(key, "POST", "/v1/webhooks/resend", "{}", http.StatusOK); !strings.Contains(n, `"count":0`) {
		t.Errorf("sent again: %s", n)
	}
	call(key, "GET", "/v1/webhooks/dead", "", http.StatusOK)
	call(key, "DELETE", "/v1/webhooks/"+made.ID, "", http.StatusNoContent)
	call(key, "DELETE", "/v1/webhooks/"+made.ID, "", http.StatusNotFound)
}
