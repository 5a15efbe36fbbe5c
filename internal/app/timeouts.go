package app

import (
	"net/http"
	"time"
)

// How long a client may take to send a body, and to read an answer. A handler that needs
// more sets its own deadline: an upload takes longer, an event stream has no end.
const (
	bodyTimeout   = 30 * time.Second
	answerTimeout = 20 * time.Minute
)

// timeouts bounds how long anybody holds a connection. Without it the server waits for
// ever for a body that was announced and never sent, even where nobody wants it.
func timeouts(next http.Handler, send, read time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc, now := http.NewResponseController(w), time.Now()
		if r.ContentLength != 0 { // a deadline without a body would end an event stream
			_ = rc.SetReadDeadline(now.Add(send)) // not every writer has one
		}
		_ = rc.SetWriteDeadline(now.Add(read))
		next.ServeHTTP(w, r)
	})
}
