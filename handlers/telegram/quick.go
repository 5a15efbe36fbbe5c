package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	quickTime  = 30 * time.Second // of one call that is answered at once
	quickConns = 512              // idle ones cost nothing; with 50 ms a call, 256 held up 1,000 citizens and their stacks
)

// quickClient is for calls that are answered at once; nil where a proxy stands before
// the API, which net/http knows better. Without one, net/http takes twice the processor
// time: two goroutines and a dozen allocations a call. A call is not given up before
// its deadline when its context is cancelled. Idle connections end before
// api.telegram.org's and common proxies' (60 s and more) would.
func quickClient(api string, proxy func(*http.Request) (*url.URL, error)) *fasthttp.Client {
	req, err := http.NewRequest(http.MethodPost, api, nil)
	if err != nil {
		return nil
	}
	if by, err := proxy(req); by != nil || err != nil {
		return nil
	}
	return &fasthttp.Client{
		DialTimeout: fasthttp.DialDualStackTimeout, MaxConnsPerHost: quickConns, MaxConnWaitTimeout: quickTime,
		MaxIdleConnDuration: 45 * time.Second, MaxResponseBodySize: maxAnswer, MaxIdemponentCallAttempts: 3, RetryIfErr: again,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
	}
}

// again lets a call be repeated when the peer had closed the idle connection it went
// out on. Sends are at least once already, so repeating does no new harm; a call that
// timed out may have been taken, and is left to the outbox.
func again(_ *fasthttp.Request, _ int, err error) (resetTimeout, retry bool) {
	return false, errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
