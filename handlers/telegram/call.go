package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

const maxAnswer = 32 << 20 // bytes of one answer of the Bot API, 100 long updates

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
// result into dest (nil = only whether it went well). What the Bot API refuses is an *apiError.
// It costs a fifth of the library's own call, which sends a chunked multipart form
// through net/http.
func (d *Door) call(ctx context.Context, method string, params, dest any) error {
	body := d.jsonBuffers.get()
	defer d.jsonBuffers.put(body)
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
	err := d.exchange(ctx, method, kind, body, dest)
	d.health.spoke(method, err)
	return err
}

// exchange is one request and its answer.
func (d *Door) exchange(ctx context.Context, method, kind string, body []byte, dest any) error {
	if d.fastClient == nil {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		// net/http may look at a body after its answer has come: it gets one of its own.
		return d.postHTTP(ctx, method, kind, bytes.Clone(body), dest)
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(d.address(method))
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType(kind)
	req.SetBodyRaw(body)
	end := time.Now().Add(callTimeout)
	if asked, ok := ctx.Deadline(); ok && asked.Before(end) {
		end = asked
	}
	if err := d.fastClient.DoDeadline(req, resp, end); err != nil {
		return fmt.Errorf("%s: %w", method, d.hideToken(err))
	}
	return decodeReply(resp.StatusCode(), resp.Body(), method, dest)
}

func (d *Door) address(method string) string {
	return d.cfg.APIURL + "/bot" + d.cfg.Token + d.environment() + method
}

// environment is the part of an address between the token and what is asked (Bot API, using
// bots in the test environment).
func (d *Door) environment() string {
	if d.cfg.TestEnvironment {
		return "/test/"
	}
	return "/"
}

// longPoll posts getUpdates, which is answered when there is an update; it ends with ctx.
func (d *Door) longPoll(ctx context.Context, method string, params, dest any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("%s: encode: %w", method, err)
	}
	return d.postHTTP(ctx, method, "application/json", body, dest)
}

// postHTTP is post through net/http; it ends with ctx.
func (d *Door) postHTTP(ctx context.Context, method, kind string, body []byte, dest any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.address(method), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", method, d.hideToken(err))
	}
	req.Header.Set("Content-Type", kind)
	replayable(req)
	resp, err := d.httpClient.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", method, d.hideToken(err))
	}
	defer resp.Body.Close()
	answer := d.jsonBuffers.get()
	defer d.jsonBuffers.put(answer)
	if _, err := answer.ReadFrom(io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return fmt.Errorf("%s: read answer: %w", method, err)
	}
	return decodeReply(resp.StatusCode, answer.Bytes(), method, dest)
}

// bufferPool is a pool of buffers. One larger than largest is not put back, or all of them
// would grow to what few calls need.
type bufferPool struct {
	pool    sync.Pool
	largest int // bytes
}

func (b *bufferPool) get() *bytes.Buffer {
	if buf, ok := b.pool.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

func (b *bufferPool) put(buf *bytes.Buffer) {
	if buf.Cap() <= b.largest {
		b.pool.Put(buf)
	}
}

// decodeReply decodes the result of a call into dest, which holds no reference to raw.
func decodeReply(status int, raw []byte, method string, dest any) error {
	if dest == nil && status == http.StatusOK && bytes.HasPrefix(raw, []byte(`{"ok":true`)) {
		return nil // the common case needs no decoding
	}
	var r reply
	if err := quickjson.Unmarshal(raw, &r); err != nil {
		return &apiError{method: method, code: status, text: "not an answer of the Bot API"}
	}
	if !r.OK {
		return &apiError{method: method, code: r.Code, text: r.Description, retryAfter: r.Parameters.RetryAfter, movedTo: r.Parameters.MovedTo}
	}
	if dest == nil {
		return nil
	}
	if err := quickjson.Unmarshal(r.Result, dest); err != nil {
		return fmt.Errorf("%s: decode result: %w", method, err)
	}
	return nil
}

// hideToken takes the token out of an error; what it wraps stays reachable only where
// that holds no address (context.Canceled, net errors).
func (d *Door) hideToken(err error) error {
	for _, plain := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, plain) {
			return plain
		}
	}
	var e *apiError
	if errors.As(err, &e) && !strings.Contains(err.Error(), d.cfg.Token) {
		return err
	}
	return errors.New(d.withoutToken(err.Error()))
}

func (d *Door) withoutToken(s string) string { return strings.ReplaceAll(s, d.cfg.Token, "***") }
