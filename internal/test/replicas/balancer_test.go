package replicas

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// balancer is one public address before several processes. It takes them in turn
// and knows nothing of their health: a call to a dead one answers 502.
type balancer struct {
	*httptest.Server
	turn   atomic.Uint64
	behind []*httputil.ReverseProxy
	taken  []atomic.Int64 // calls answered 2xx, by process
	lost   atomic.Int64   // calls answered 502
}

func newBalancer(t *testing.T) *balancer {
	b := &balancer{}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

// put names the processes; nothing is to be served before.
func (b *balancer) put(t *testing.T, addresses []string) {
	b.taken = make([]atomic.Int64, len(addresses))
	for i, a := range addresses {
		to, err := url.Parse(a)
		if err != nil {
			t.Fatal(err)
		}
		p := httputil.NewSingleHostReverseProxy(to)
		p.ErrorLog = log.New(io.Discard, "", 0)
		p.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) {
			b.lost.Add(1)
			w.WriteHeader(http.StatusBadGateway)
		}
		p.ModifyResponse = func(r *http.Response) error {
			if r.StatusCode/100 == 2 {
				b.taken[i].Add(1)
			}
			return nil
		}
		b.behind = append(b.behind, p)
	}
}

func (b *balancer) serve(w http.ResponseWriter, r *http.Request) {
	n := b.turn.Add(1)
	b.behind[n%uint64(len(b.behind))].ServeHTTP(w, r)
}
