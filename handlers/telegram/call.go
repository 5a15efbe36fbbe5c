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

	tg "github.com/go-telegram/bot"
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
// result into dest (nil = only whether it went well). Its errors are the library's.
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
	return d.cfg.APIURL + "/bot" + d.cfg.Token + "/" + method
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

// statusError is an answer that is retried: 5xx, or a page of a proxy.
type statusError struct {
	method string
	code   int
	text   string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s: status %d, %s", e.method, e.code, e.text)
}

// hideToken takes the token out of an error; what it wraps stays reachable only where
// that holds no address (context.Canceled, net errors).
func (d *Door) hideToken(err error) error {
	for _, plain := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, plain) {
			return plain
		}
	}
	return errors.New(d.withoutToken(err.Error()))
}

func (d *Door) withoutToken(s string) string { return strings.ReplaceAll(s, d.cfg.Token, "***") }
