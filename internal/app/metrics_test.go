package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Metrics on the page's own address are for this machine alone.
func TestMetricsAreForThisMachine(t *testing.T) {
	t.Parallel()
	h := thisMachine(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	for _, c := range []struct {
		from, forwarded string
		want            int
	}{
		{"127.0.0.1:4000", "", 200},
		{"[::1]:4000", "", 200},
		{"[::ffff:127.0.0.1]:4000", "", 200},
		{"10.0.0.2:4000", "", 404},
		{"203.0.113.7:4000", "", 404},
		{"127.0.0.1:4000", "203.0.113.7", 404}, // through a proxy here
		{"nonsense", "", 404},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.from
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("from %s for %q: %d, want %d", c.from, c.forwarded, w.Code, c.want)
		}
	}
}
