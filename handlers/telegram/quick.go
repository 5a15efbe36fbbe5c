package telegram

import (
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpproxy"
)

const (
	quickTime  = 30 * time.Second // of one call that is answered at once
	quickConns = 256
)

// quickClient is for calls that are answered at once. net/http takes twice the
// processor time for them: two goroutines and a dozen allocations a call. Proxies are
// taken from the environment as everywhere. A call is not given up before its deadline
// when its context is cancelled. Idle connections end before api.telegram.org's and
// common proxies' (60 s and more) would.
func quickClient() *fasthttp.Client {
	dialer := &fasthttpproxy.Dialer{Timeout: 10 * time.Second, ConnectTimeout: 10 * time.Second, DialDualStack: true}
	dial, _ := dialer.GetDialFunc(true) // what is odd in the environment is passed over
	return &fasthttp.Client{
		Dial: dial, MaxConnsPerHost: quickConns, MaxConnWaitTimeout: quickTime, MaxIdleConnDuration: 45 * time.Second,
		MaxResponseBodySize: maxAnswer, MaxIdemponentCallAttempts: 3, RetryIfErr: again,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
	}
}

// again lets a call be repeated when the peer had closed the idle connection it went
// out on. Sends are at least once already, so repeating does no new harm; a call that
// timed out may have been taken, and is left to the outbox.
func again(_ *fasthttp.Request, _ int, err error) (resetTimeout, retry bool) {
	return false, errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
