package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/valyala/fasthttp"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

const maxAnswer = 32 << 20 // bytes of one answer of the Bot API, 100 long updates

// fileClient is for downloads of up to MaxFile.
func fileClient() *http.Client {
	return &http.Client{Timeout: 5 * time.Minute, Transport: transport(8)}
}

// slowClient is for getUpdates, which is answered when something happens, for the
// library's own calls, and for all calls where there is no quick client.
func slowClient() *http.Client {
	return &http.Client{Timeout: pollTime + 15*time.Second, Transport: transport(quickConns)}
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

// reply is the Bot API's answer to a call.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MovedTo    int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call posts params, of the library's types, as one JSON body and decodes the
// result into dest (nil = only whether it went well). Its errors are the library's.
// It costs a fifth of the library's own call, which sends a chunked multipart form
// through net/http.
func (d *Door) call(ctx context.Context, method string, params, dest any) error {
	body := d.small.take()
	defer d.small.giveBack(body)
	if err := json.NewEncoder(body).Encode(params); err != nil {
		return fmt.Errorf("%s: encode: %w", method, err)
	}
	return d.post(ctx, method, "application/json", body.Bytes(), dest)
}

// post sends one body. What Telegram took counts as done even if its answer holds
// something this program does not know: decoding it must not send a message again.
func (d *Door) post(ctx context.Context, method, kind string, body []byte, dest any) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if d.quick == nil {
		ctx, cancel := context.WithTimeout(ctx, quickTime)
		defer cancel()
		// net/http may look at a body after its answer has come: it gets one of its own.
		return d.patient(ctx, method, kind, bytes.Clone(body), dest)
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(d.address(method))
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType(kind)
	req.SetBodyRaw(body)
	end := time.Now().Add(quickTime)
	if asked, ok := ctx.Deadline(); ok && asked.Before(end) {
		end = asked
	}
	if err := d.quick.DoDeadline(req, resp, end); err != nil {
		return fmt.Errorf("%s: %w", method, d.hide(err))
	}
	return decode(resp.StatusCode(), resp.Body(), method, dest)
}

func (d *Door) address(method string) string {
	return d.cfg.APIURL + "/bot" + d.cfg.Token + "/" + method
}

// wait posts a call that is answered when something happens; it ends with ctx.
func (d *Door) wait(ctx context.Context, method string, params, dest any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("%s: encode: %w", method, err)
	}
	return d.patient(ctx, method, "application/json", body, dest)
}

// patient is post through net/http; it ends with ctx.
func (d *Door) patient(ctx context.Context, method, kind string, body []byte, dest any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.address(method), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", method, d.hide(err))
	}
	req.Header.Set("Content-Type", kind)
	replayable(req)
	resp, err := d.slow.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", method, d.hide(err))
	}
	defer resp.Body.Close()
	answer := d.small.take()
	defer d.small.giveBack(answer)
	if _, err := answer.ReadFrom(io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return fmt.Errorf("%s: read answer: %w", method, err)
	}
	return decode(resp.StatusCode, answer.Bytes(), method, dest)
}

// replayable lets net/http repeat a POST on a fresh connection when the peer had
// closed the idle one (a key without values is not sent). Sends are at least once
// already, so repeating does no new harm.
func replayable(req *http.Request) { req.Header["Idempotency-Key"] = nil }

// buffers are used again and again; a large one is let go, lest all of them grow to
// what few need.
type buffers struct {
	pool    sync.Pool
	largest int // bytes
}

func (b *buffers) take() *bytes.Buffer {
	if buf, ok := b.pool.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

func (b *buffers) giveBack(buf *bytes.Buffer) {
	if buf.Cap() <= b.largest {
		b.pool.Put(buf)
	}
}

// decode copies what it keeps of raw.
func decode(status int, raw []byte, method string, dest any) error {
	if dest == nil && status == http.StatusOK && bytes.HasPrefix(raw, []byte(`{"ok":true`)) {
		return nil // the common case needs no decoding
	}
	var r reply
	if err := quickjson.Unmarshal(raw, &r); err != nil {
		return &statusError{method: method, code: status, text: "not an answer of the Bot API"}
	}
	if !r.OK {
		return refusal(method, &r)
	}
	if dest == nil {
		return nil
	}
	if err := quickjson.Unmarshal(r.Result, dest); err != nil {
		return fmt.Errorf("%s: decode result: %w", method, err)
	}
	return nil
}

// refusal turns an answer that is not ok into the library's errors.
func refusal(method string, r *reply) error {
	kinds := map[int]error{400: tg.ErrorBadRequest, 401: tg.ErrorUnauthorized, 403: tg.ErrorForbidden, 404: tg.ErrorNotFound, 409: tg.ErrorConflict}
	switch {
	case r.Parameters.MovedTo != 0:
		return &tg.MigrateError{Message: r.Description, MigrateToChatID: int(r.Parameters.MovedTo)}
	case r.Code == http.StatusTooManyRequests:
		return &tg.TooManyRequestsError{Message: r.Description, RetryAfter: r.Parameters.RetryAfter}
	case kinds[r.Code] != nil:
		return fmt.Errorf("%s: %w, %s", method, kinds[r.Code], r.Description)
	}
	return &statusError{method: method, code: r.Code, text: r.Description}
}

// statusError is an answer that is nobody's fault here: 5xx, or a proxy's page.
type statusError struct {
	method string
	code   int
	text   string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s: status %d, %s", e.method, e.code, e.text)
}

// hide takes the token out of an error; what it wraps stays reachable only where
// that holds no address (context.Canceled, net errors).
func (d *Door) hide(err error) error {
	for _, plain := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, plain) {
			return plain
		}
	}
	return errors.New(d.clean(err.Error()))
}

func (d *Door) clean(s string) string { return strings.ReplaceAll(s, d.cfg.Token, "***") }

// buffered lets the library's calls go out with a length and the means to repeat
// them; its own bodies are pipes, which some servers and proxies refuse.
type buffered struct{ client *http.Client }

func (b buffered) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("read form: %w", err)
		}
		req.ContentLength = int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body, _ = req.GetBody()
	}
	replayable(req)
	return b.client.Do(req)
}
