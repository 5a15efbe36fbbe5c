package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/petition"
)

func TestFailuresInBetween(t *testing.T) {
	t.Parallel()
	answer := func(status int, kind, body string) *httptest.Server {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(srv.Close)
		return srv
	}
	gone := answer(200, "text/plain", "")
	gone.Close()
	for name, c := range map[string]struct {
		srv  *httptest.Server
		want petition.Code
	}{
		"nobody listens":        {gone, petition.Unavailable},
		"bad gateway":           {answer(502, "text/html", "<h1>oops</h1>"), petition.Unavailable},
		"500 without a problem": {answer(500, "text/plain", "oops"), petition.Unavailable},
		"half an answer":        {answer(200, "application/json", `{"number":"ZS`), petition.Unavailable},
		"a wrong address":       {answer(404, "text/html", "nothing here"), petition.NotFound},
		"too many requests":     {answer(429, "text/html", ""), petition.Limited},
		"broken problem":        {answer(503, "application/problem+json", `{"code":`), petition.Unavailable},
		"foreign problem":       {answer(400, "application/problem+json", `{"code":"weird"}`), petition.Invalid},
	} {
		_, err := api.NewClient(c.srv.URL, "k", nil).Look(t.Context(), petition.Actor{}, "ZS26-0001-XX", "")
		if petition.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if strings.Contains(err.Error(), "ZS26") {
			t.Errorf("%s: the error shows the number: %v", name, err)
		}
	}
}

func TestClientKeepsToItsContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := api.NewClient(srv.URL, "k", nil).Notices(ctx, "", 1)
	if petition.CodeOf(err) != petition.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call beyond its time: %v", err)
	}
}
