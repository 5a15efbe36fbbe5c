package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/bot/turn"
)

const (
	maxReply     = 64 << 10 // bytes of an answer of the API
	callTimeout  = 10 * time.Second
	tokenMargin  = 5 * time.Minute  // a token is renewed when less is left of it
	forcePause   = 30 * time.Second // between two renewals that end the old token (获取稳定版接口调用凭据)
	maxTokenSize = 1024
)

// newClient follows no redirects: addresses carry the token.
func newClient() *http.Client {
	return &http.Client{
		Timeout:       2 * time.Minute, // of a download; calls have callTimeout
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refusal is an errcode of the API. They come with HTTP 200.
type refusal struct {
	Code int    `json:"errcode"`
	Text string `json:"errmsg"`
}

func (r *refusal) Error() string { return fmt.Sprintf("wechat refuses: %d %s", r.Code, r.Text) }

// is reports whether an error is a refusal with one of these codes.
func is(err error, codes ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(codes, r.Code)
}

// Codes that decide what is done next (全局返回码说明, 客服消息, 订阅通知).
const (
	codeBusy       = -1
	codeSecret     = 40001 // token or secret wrong
	codeOpenID     = 40003
	codeMedia      = 40007
	codeToken      = 40014
	codeExpired    = 42001
	codeFollow     = 43004 // does not follow the account
	codeRefused    = 43101 // has not subscribed to the notice, or used it up
	codeTooMany    = 45009 // of a day
	codeTooFast    = 45011
	codeWindow     = 45015 // 48 hours are over, or the person left
	codeUsedUp     = 45047 // customer service messages since the person's last one
	codeNotAllowed = 48001
	codeRestricted = 50002
)

// accessToken is the account's, shared by all processes: the platform hands each the same until
// it is renewed (获取稳定版接口调用凭据).
type accessToken struct {
	mu     sync.Mutex
	value  string
	until  time.Time
	forced time.Time
}

// get answers a token that is good for a while. refused is one that the API did not take: if the
// platform hands the same out again it is asked to end it.
func (d *Door) tokenFor(ctx context.Context, refused string) (string, error) {
	t := &d.token
	t.mu.Lock()
	defer t.mu.Unlock()
	now := d.cfg.Now()
	if t.value != "" && t.value != refused && t.until.Sub(now) > tokenMargin {
		return t.value, nil
	}
	fresh, err := d.askToken(ctx, false)
	if err == nil && fresh.Value == refused && now.Sub(t.forced) > forcePause {
		t.forced = now
		fresh, err = d.askToken(ctx, true)
	}
	if err != nil {
		return "", fmt.Errorf("get access token: %w", err)
	}
	t.value, t.until = fresh.Value, now.Add(time.Duration(fresh.Seconds)*time.Second)
	return t.value, nil
}

type tokenReply struct {
	refusal
	Value   string `json:"access_token"`
	Seconds int64  `json:"expires_in"`
}

func (d *Door) askToken(ctx context.Context, force bool) (t tokenReply, err error) {
	body, err := json.Marshal(map[string]any{"grant_type": "client_credential", "appid": d.cfg.AppID, "secret": d.cfg.Secret, "force_refresh": force})
	if err != nil {
		return t, err
	}
	if err := d.post(ctx, "/cgi-bin/stable_token", nil, body, &t); err != nil {
		return t, err
	}
	switch {
	case t.Code != 0:
		return t, &t.refusal
	case t.Value == "" || len(t.Value) > maxTokenSize:
		return t, errors.New("the platform answered no token")
	}
	return t, nil
}

// call asks the API for something that answers with nothing more, see ask.
func (d *Door) call(ctx context.Context, path string, body any) error {
	var answer refusal
	return d.ask(ctx, path, body, &answer)
}

// answered is an answer of the API: it may be a refusal.
type answered interface{ refused() *refusal }

func (r *refusal) refused() *refusal { return r }

// ask asks the API with a token, and once more with another when that one is refused.
func (d *Door) ask(ctx context.Context, path string, body any, into answered) error {
	raw, err := encode(body)
	if err != nil {
		return err
	}
	refused := ""
	for {
		token, err := d.tokenFor(ctx, refused)
		if err != nil {
			return err
		}
		if err := d.post(ctx, path, url.Values{"access_token": {token}}, raw, into); err != nil {
			return err
		}
		switch answer := into.refused(); {
		case answer.Code == 0:
			return nil
		case refused == "" && slices.Contains([]int{codeSecret, codeToken, codeExpired}, answer.Code):
			refused = token
			*answer = refusal{}
		default:
			return answer
		}
	}
}

// encode leaves < > & as they are: the platform shows \u003c as it is written.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

func (d *Door) post(ctx context.Context, path string, q url.Values, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.cfg.APIURL+path+query(q), bytes.NewReader(body))
	if err != nil {
		return d.withoutSecrets(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := d.client.Do(req)
	if err != nil {
		return d.withoutSecrets(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", path, res.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if err != nil {
		return d.withoutSecrets(err)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s: answer is no JSON", path)
	}
	return nil
}

func query(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// withoutSecrets keeps token and secret, which stand in addresses, out of an error.
func (d *Door) withoutSecrets(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		address, _, _ := strings.Cut(u.URL, "?")
		return &url.Error{Op: u.Op, URL: address, Err: u.Err}
	}
	return err
}

// sendError answers the turn's questions about a refusal. What is not decided here is worth
// another try.
func sendError(err error) *turn.SendError {
	out := &turn.SendError{Err: err}
	switch {
	case is(err, codeTooFast):
		out.After = time.Minute
	case is(err, codeTooMany):
		out.After = time.Hour
	case is(err, codeOpenID, codeFollow, codeWindow, codeUsedUp, codeRefused, codeNotAllowed, codeRestricted):
		out.Gone = true
	}
	return out
}
