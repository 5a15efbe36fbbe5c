package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Metrics on the page's own address are for this machine alone.
func TestMetricsAreForThisMachine(t *testing.T) {
	t.Parallel()
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	open, closed := thisMachine("a-token-of-twenty-letters", answers), thisMachine("", answers)
	for _, c := range []struct {
		from, forwarded, token string
		want, wantClosed       int // with and without a token in the settings
	}{
		{"127.0.0.1:4000", "", "", 200, 200},
		{"[::1]:4000", "", "", 200, 200},
		{"[::ffff:127.0.0.1]:4000", "", "", 200, 200},
		{"10.0.0.2:4000", "", "", 404, 404},
		{"203.0.113.7:4000", "", "", 404, 404},
		{"127.0.0.1:4000", "203.0.113.7", "", 404, 404}, // through a proxy here
		{"nonsense", "", "", 404, 404},
		{"203.0.113.7:4000", "", "Bearer a-token-of-twenty-letters", 200, 404},
		{"127.0.0.1:4000", "203.0.113.7", "Bearer a-token-of-twenty-letters", 200, 404},
		{"203.0.113.7:4000", "", "Bearer a-token-of-twenty-letterz", 404, 404},
		{"203.0.113.7:4000", "", "a-token-of-twenty-letters", 404, 404},
		{"203.0.113.7:4000", "", "Bearer ", 404, 404},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.from
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		r.Header.Set("Authorization", c.token)
		for want, h := range map[*int]http.Handler{&c.want: open, &c.wantClosed: closed} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != *want {
				t.Errorf("from %s for %q with %q: %d, want %d", c.from, c.forwarded, c.token, w.Code, *want)
			}
		}
	}
}
