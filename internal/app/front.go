package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// front is the program's servers. What answers behind them may be changed while they serve: a request goes on with what it
// began with.
type front struct {
	pages, metrics   *http.Server
	page, metricPage behind
}

// behind is a handler that can be changed.
type behind struct{ now atomic.Pointer[http.Handler] }

func (b *behind) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*b.now.Load()).ServeHTTP(w, r) }

// newFront makes the servers; they answer once use has said what.
func newFront(log *slog.Logger) *front {
	f := new(front)
	f.pages = &http.Server{
		Handler: timeouts(&f.page, bodyTimeout, answerTimeout), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	f.metrics = &http.Server{Handler: timeouts(&f.metricPage, bodyTimeout, answerTimeout), ReadHeaderTimeout: 5 * time.Second}
	return f
}

// use has requests that come from now on answered by these.
func (f *front) use(pages, metrics http.Handler) {
	f.page.now.Store(&pages)
	f.metricPage.now.Store(&metrics)
}

// quit ends the servers where the program ends, for last at most; otherwise they go on.
func (f *front) quit(program, last context.Context) error {
	if program.Err() == nil {
		return nil
	}
	_ = f.metrics.Close() // nothing is lost with a look at figures
	return f.pages.Shutdown(last)
}

// close ends the servers without waiting.
func (f *front) close() { _, _ = f.metrics.Close(), f.pages.Close() }
