package telegram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// However many buttons are pressed while Telegram is slow, so many calls are under way
// and no more goroutines than that, and in the end every press is answered.
func TestPressesWaitTheirTurn(t *testing.T) {
	t.Parallel()
	var under, most, answered atomic.Int64
	open := make(chan struct{})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for n := under.Add(1); n > most.Load(); {
			most.Store(n)
		}
		defer under.Add(-1)
		<-open
		answered.Add(1)
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	}))
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "1:x", APIURL: h.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	p := callbackAnswers{door: d}
	for i := range 1000 {
		p.answer("press " + strconv.Itoa(i))
	}
	p.answer("") // no button was pressed
	p.mu.Lock()
	busy := p.workers
	p.mu.Unlock()
	close(open)
	p.wg.Wait()
	if busy > maxCallbackAnswers || most.Load() > maxCallbackAnswers || answered.Load() != 1000 {
		t.Errorf("%d goroutines, %d calls at once, %d answered", busy, most.Load(), answered.Load())
	}
}
