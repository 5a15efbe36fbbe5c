package api

import (
	"context"
	"log/slog"
	"net/http"
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
	return strings.HasPrefix(path, "/v1/openapi") || strings.HasPrefix(path, "/v1/docs") || path == "/v1/office" || path == "/v1/checkpoints" ||
		path == "/v1/reception/days" || strings.HasPrefix(path, "/v1/reception/days/") && strings.HasSuffix(path, "/times")
}

// authenticated checks the key and the rates before anything else is read. Keys that are none
// have a budget of their own: whoever guesses does not shut what needs no key for others behind
// the same address, nor one program's key for the same program elsewhere.
func (s *server) authenticated(next http.Handler) http.Handler {
	perKey := ratelimit.New(s.PerKey, max(int(s.PerKey), 1), maxAddresses)
	callers, addresses, guesses := addressLimits(s.PerCaller), addressLimits(s.PerAddress), addressLimits(s.WrongKeys)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, now, sent := callerIn(r), time.Now(), bearer(r)
		key, ok := s.Keys().find(sent)
		allowed := true
		switch {
		case ok:
			c.key, c.known = key, true
			allowed = callers.Allow(c.key.Name+" "+c.address, now, 1) && perKey.Allow(key.Name, now, 1)
		case sent != "":
			allowed = guesses.Allow(c.address, now, 1)
		default:
			allowed = addresses.Allow(c.address, now, 1)
		}
		switch {
		case !allowed:
			writeProblem(w, petition.Fail(petition.Limited, "api.rate"))
			return
		case !ok && (sent != "" || !open(r.URL.Path)):
			writeProblem(w, petition.Fail(petition.Forbidden, keyMissing))
			return
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

const maxAddresses = 10_000 // remembered of each kind

// addressLimits limits requests by address, or by key and address.
func addressLimits(l rate.Limit) *ratelimit.ByName {
	return ratelimit.New(l, max(4*int(l), 4), maxAddresses)
}

// withLog writes one line a request: which call, not for whom and with what.
func (s *server) withLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		c := &caller{address: s.Proxies.Of(r)}
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
