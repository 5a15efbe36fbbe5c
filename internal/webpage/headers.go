package webpage

import "net/http"

// policy allows the page's own files and nothing else: no inline script or style,
// no frames, no other host.
const policy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

// KeepToHTTPS is the value of Strict-Transport-Security (RFC 6797): a year.
const KeepToHTTPS = "max-age=31536000"

// Headers are those of every answer; secure says that the page is reached by https alone, which
// browsers then keep to.
func Headers(next http.Handler, secure bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", KeepToHTTPS)
		}
		next.ServeHTTP(w, r)
	})
}
