package telegram

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	callTimeout = 30 * time.Second // of one call that is answered at once
	maxConns    = 512              // idle ones cost nothing; with 50 ms a call, 256 held up 1,000 citizens and their stacks
)

// newFastClient is for calls that are answered at once; nil where a proxy stands before
// the API, which net/http knows better. Without one, net/http takes twice the processor
// time: two goroutines and a dozen allocations a call. A call is not given up before
// its deadline when its context is cancelled. Idle connections end before
// api.telegram.org's and common proxies' (60 s and more) would.
func newFastClient(api string, proxy func(*http.Request) (*url.URL, error)) *fasthttp.Client {
	req, err := http.NewRequest(http.MethodPost, api, nil)
	if err != nil {
		return nil
	}
	if by, err := proxy(req); by != nil || err != nil {
		return nil
	}
	return &fasthttp.Client{
		DialTimeout: fasthttp.DialDualStackTimeout, MaxConnsPerHost: maxConns, MaxConnWaitTimeout: callTimeout,
		MaxIdleConnDuration: 45 * time.Second, MaxResponseBodySize: maxAnswer, MaxIdemponentCallAttempts: 3, RetryIfErr: retryOnClosed,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
	}
}

// retryOnClosed lets a call be repeated when the peer had closed the idle connection it went
// out on. Sends are at least once already, so repeating does no new harm; a call that
// timed out may have been taken, and is left to the outbox.
func retryOnClosed(_ *fasthttp.Request, _ int, err error) (resetTimeout, retry bool) {
	return false, errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// newFileClient is for downloads of up to maxFile bytes.
func newFileClient() *http.Client {
	return &http.Client{Timeout: 5 * time.Minute, Transport: transport(8), CheckRedirect: stay}
}

// newHTTPClient is for getUpdates, which is answered when something happens, and for all calls
// where there is no fast client.
func newHTTPClient() *http.Client {
	return &http.Client{Timeout: pollTimeout + 15*time.Second, Transport: transport(maxConns), CheckRedirect: stay}
}

// transport keeps as many connections as it may open: one more than it keeps would
// be opened and closed for each call.
func transport(most int) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		MaxIdleConns:          most,
		MaxIdleConnsPerHost:   most,
		MaxConnsPerHost:       most,
		IdleConnTimeout:       45 * time.Second,
		ForceAttemptHTTP2:     true,
		ExpectContinueTimeout: time.Second,
	}
}

// replayable lets net/http repeat a POST on a fresh connection when the peer had
// closed the idle one (a key without values is not sent). Sends are at least once
// already, so repeating does no new harm.
func replayable(req *http.Request) { req.Header["Idempotency-Key"] = nil }

// stay follows no redirect: the address that it came from holds the token, and would be its
// Referer. The answer is then the redirect itself, which is no file and no answer of the Bot API.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
