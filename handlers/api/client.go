package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dengwen/petition"
)

// Client is petition.Cases over a case API elsewhere. Errors are those of the service
// there; when it cannot be reached, or something in between answers for it, they are
// Unavailable. It retries nothing. It is safe for concurrent use.
type Client struct {
	base string
	key  string
	http *http.Client
}

var _ petition.Cases = (*Client)(nil)

// NewClient calls the API at baseURL ("https://cases.example") with an API key.
// client may be nil; the time a call takes is the context's to bound. Redirects are not followed: the key and people's
// words go to the server that was named and to no other.
func NewClient(baseURL, key string, client *http.Client) *Client {
	if client == nil {
		client = &http.Client{Transport: transport()}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: strings.TrimRight(baseURL, "/"), key: key, http: &own}
}

// transport keeps more connections to one server than the default two.
func transport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 64
	return t
}

// maxAnswer bounds a JSON answer: a page of a hundred cases of full length.
const maxAnswer = 32 << 20

// call is one request.
type call struct {
	op, method, path string
	actor            petition.Actor
	header           map[string]string
	query            url.Values
	body             any       // written as JSON
	stream           io.Reader // or sent as it is
}

// do makes a call and reads the JSON answer into out.
func (c *Client) do(ctx context.Context, k call, out any) error {
	resp, err := c.send(ctx, k)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out); err != nil {
		return unavailable(k.op, err)
	}
	return nil
}

// send answers only responses that say yes; the caller closes the body.
func (c *Client) send(ctx context.Context, k call) (*http.Response, error) {
	req, err := c.request(ctx, k)
	if err != nil {
		return nil, &petition.Error{Code: petition.Internal, Op: k.op, Err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unavailable(k.op, withoutAddress(err))
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, failure(k.op, resp)
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	body := k.stream
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return nil, fmt.Errorf("write request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, c.base+k.path, body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.URL.RawQuery = k.query.Encode()
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	} else if k.stream != nil {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	setActor(req.Header, k.actor)
	for name, value := range k.header {
		set(req.Header, name, value)
	}
	return req, nil
}

func setActor(h http.Header, a petition.Actor) {
	set(h, "Actor-Owner", a.Owner)
	set(h, "Actor-Asker", a.Asker)
	set(h, "Actor-Address", a.Address)
	set(h, "Actor-Staff", a.Staff)
	set(h, "Actor-Unit", a.Unit)
	set(h, "Actor-Reason", a.Reason)
	if a.Asks {
		h.Set("Actor-Asks", "true")
	}
	var roles []string
	for _, r := range a.Roles {
		roles = append(roles, string(r))
	}
	if len(roles) > 0 {
		h.Set("Actor-Roles", strings.Join(roles, ","))
	}
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, url.PathEscape(value))
	}
}

// failure reads the error out of an answer.
func failure(op string, resp *http.Response) error {
	var p Problem
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/problem+json") {
		_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&p) // one that is cut is no problem document
	}
	e := p.rebuild(resp.StatusCode)
	e.Op = op
	if e.Key == "" || e.Key == "api.away" {
		e.Err = errors.New("case API answered " + strconv.Itoa(resp.StatusCode))
	}
	return e
}

func unavailable(op string, err error) error {
	return &petition.Error{Code: petition.Unavailable, Key: "api.away", Op: op, Err: err}
}

// withoutAddress takes the address out of an error: it may hold a ticket number.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
