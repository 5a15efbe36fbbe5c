package memory

import (
	"context"
	"sync"
	"time"

	"dengwen/internal/websession"
)

// WebSessions is a websession.Store in memory. It is safe for concurrent use.
type WebSessions struct {
	mu   sync.Mutex
	rows map[string]websession.Row
	now  func() time.Time
}

var _ websession.Store = (*WebSessions)(nil)

// NewWebSessions is a store without sessions, by the given clock.
func NewWebSessions(now func() time.Time) *WebSessions {
	return &WebSessions{rows: map[string]websession.Row{}, now: now}
}

// PutWebSession is websession.Store's.
func (w *WebSessions) PutWebSession(_ context.Context, r websession.Row) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rows[r.Hash] = r
	return nil
}

// UpdateWebSession is websession.Store's.
func (w *WebSessions) UpdateWebSession(_ context.Context, r websession.Row) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.row(r.Hash); !ok {
		return false, nil
	}
	w.rows[r.Hash] = r
	return true, nil
}

// WebSession is websession.Store's.
func (w *WebSessions) WebSession(_ context.Context, hash string) (websession.Row, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, ok := w.row(hash)
	return r, ok, nil
}

// DropWebSession is websession.Store's.
func (w *WebSessions) DropWebSession(_ context.Context, hash string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.row(hash)
	delete(w.rows, hash)
	return ok, nil
}

// WebSessions is websession.Store's.
func (w *WebSessions) WebSessions(_ context.Context, owner string) ([]websession.Row, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []websession.Row
	for hash := range w.rows {
		if r, ok := w.row(hash); ok && r.Owner == owner {
			out = append(out, r)
		}
	}
	return out, nil
}

func (w *WebSessions) row(hash string) (websession.Row, bool) {
	r, ok := w.rows[hash]
	return r, ok && r.Until.After(w.now())
}
