package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"dengwen/internal/ratelimit"
	"dengwen/petition"

	"golang.org/x/time/rate"
)

const keyMissing = "api.key" // the one problem with status 401

type keyContext struct{}

// caller is what authentication found out about a request.
type caller struct {
	key     Key
	address string
	known   bool
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(keyContext{}).(*caller)
	if c == nil {
		return caller{}
	}
	return *c
}

// open are the paths that need no key.
func open(path string) bool {
	return strings.HasPrefix(path, "/v1/openapi") || strings.HasPrefix(path, "/v1/docs") || path == "/v1/office"
}

// authenticated checks the key and the rates before anything else is read.
func (s *server) authenticated(next http.Handler) http.Handler {
	perKey := make([]*rate.Limiter, len(s.Keys))
	for i := range perKey {
		perKey[i] = rate.NewLimiter(s.PerKey, max(int(s.PerKey), 1))
	}
	addresses := ratelimit.New(s.PerAddress, max(4*int(s.PerAddress), 4), maxAddresses)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callerIn(r)
		i, ok := s.Keys.find(bearer(r))
		switch {
		case ok && !perKey[i].Allow(), !ok && !addresses.Allow(c.address, time.Now(), 1):
			writeProblem(w, petition.Fail(petition.Limited, "api.rate"))
			return
		case !ok && !open(r.URL.Path):
			writeProblem(w, petition.Fail(petition.Forbidden, keyMissing))
			return
		case ok:
			c.key, c.known = s.Keys[i], true
		}
		next.ServeHTTP(w, r)
	})
}

// callerIn reads what withLog, the outermost handler, put into the context.
func callerIn(r *http.Request) *caller {
	c, _ := r.Context().Value(keyContext{}).(*caller)
	return c
}

func bearer(r *http.Request) string {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(key)
}

const maxAddresses = 10_000 // remembered, of callers without a valid key: guessing keys is slow

// address is the network address; of IPv6 its /64, which one subscriber has.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap(); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.Addr().String()
		}
	}
	return ip.String()
}

// withLog writes one line a request: which call, not for whom and with what.
func (s *server) withLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		c := &caller{address: address(r)}
		r = r.WithContext(context.WithValue(r.Context(), keyContext{}, c))
		seen := &statusWriter{ResponseWriter: w}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(seen, r)
		level := slog.LevelInfo
		if seen.status >= 500 {
			level = slog.LevelWarn
		}
		s.Log.Log(r.Context(), level, "api", "call", r.Pattern, "status", seen.status, "ms", time.Since(began).Milliseconds(), "key", c.key.Name)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is how http.ResponseController finds the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
