package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dengwen/petition"
)

func casePath(number string, rest ...string) string {
	p := "/v1/cases/" + segment(number)
	for _, r := range rest {
		p += "/" + segment(r)
	}
	return p
}

// segment writes one part of an address. Empty ones and dots would change which call
// it is; a single hyphen is no number, id or code either.
func segment(s string) string {
	if strings.Trim(s, ".") == "" {
		return "-"
	}
	return url.PathEscape(s)
}

func (c *Client) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	var t petition.Ticket
	key := f.Key
	f.Key = ""
	err := c.do(ctx, call{op: "file petition", method: http.MethodPost, path: "/v1/cases", actor: a, body: f, header: map[string]string{"Idempotency-Key": key}}, &t)
	return t, err
}

func (c *Client) Look(ctx context.Context, a petition.Actor, number, code string) (petition.View, error) {
	var v petition.View
	err := c.do(ctx, call{op: "look up case", method: http.MethodGet, path: casePath(number), actor: a, header: map[string]string{"Query-Code": code}}, &v)
	return v, err
}

func (c *Client) List(ctx context.Context, a petition.Actor, q petition.Query) (petition.Page, error) {
	var p petition.Page
	err := c.do(ctx, call{op: "list cases", method: http.MethodPost, path: "/v1/searches", actor: a, body: q}, &p)
	return p, err
}

func (c *Client) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	var v petition.View
	key := m.Key
	m.Key = ""
	err := c.do(ctx, call{op: "make move", method: http.MethodPost, path: casePath(number, "moves"), actor: a, body: m, header: map[string]string{"Idempotency-Key": key}}, &v)
	return v, err
}

func (c *Client) Accesses(ctx context.Context, a petition.Actor, q petition.AccessQuery) (petition.AccessPage, error) {
	var p petition.AccessPage
	query := url.Values{}
	for name, value := range map[string]string{"number": q.Number, "staff": q.Staff, "after": q.After} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if q.Limit > 0 {
		query.Set("limit", strconv.Itoa(min(q.Limit, 100)))
	}
	err := c.do(ctx, call{op: "read access log", method: http.MethodGet, path: "/v1/accesses", query: query, actor: a}, &p)
	return p, err
}

func (c *Client) Week(ctx context.Context, a petition.Actor, q petition.WeekQuery) (petition.Week, error) {
	var w petition.Week
	query := url.Values{}
	if q.Of != "" {
		query.Set("of", q.Of)
	}
	if q.After != "" {
		query.Set("after", q.After)
	}
	if q.Limit > 0 {
		query.Set("limit", strconv.Itoa(min(q.Limit, 100)))
	}
	err := c.do(ctx, call{op: "read the week", method: http.MethodGet, path: "/v1/week", query: query, actor: a}, &w)
	return w, err
}

// Notices answers those notices that the key may tell.
func (c *Client) Notices(ctx context.Context, after string, limit int) ([]petition.Notice, error) {
	var out struct{ Notices []petition.Notice }
	q := url.Values{}
	if after != "" {
		q.Set("after", after)
	}
	if limit > 0 {
		q.Set("limit", strconv.Itoa(min(limit, 500)))
	}
	err := c.do(ctx, call{op: "read feed", method: http.MethodGet, path: "/v1/notices", query: q}, &out)
	return out.Notices, err
}

func (c *Client) Attach(ctx context.Context, a petition.Actor, at petition.Attachment, r io.Reader) (petition.Attachment, error) {
	var stored petition.Attachment
	header := map[string]string{"Attachment-Kind": at.Kind, "Attachment-Name": at.Name, "Attachment-Album": at.Album}
	err := c.do(ctx, call{op: "store attachment", method: http.MethodPut, path: "/v1/files/" + segment(at.ID), actor: a, header: header, stream: r}, &stored)
	return stored, err
}

func (c *Client) Open(ctx context.Context, a petition.Actor, number, id string) (io.ReadCloser, petition.Attachment, error) {
	return c.open(ctx, call{op: "open attachment", method: http.MethodGet, path: casePath(number, "files", id), actor: a})
}

func (c *Client) open(ctx context.Context, k call) (io.ReadCloser, petition.Attachment, error) {
	var at petition.Attachment
	resp, err := c.send(ctx, k)
	if err != nil {
		return nil, at, err
	}
	text, err := url.PathUnescape(resp.Header.Get("Attachment"))
	if err == nil {
		err = json.Unmarshal([]byte(text), &at)
	}
	if err != nil {
		_ = resp.Body.Close()
		return nil, at, unavailable(k.op, err)
	}
	return resp.Body, at, nil
}

func (c *Client) Document(ctx context.Context, a petition.Actor, number, code string, p petition.DocumentRef) (io.ReadCloser, petition.Attachment, error) {
	return c.open(ctx, call{
		op: "print document", method: http.MethodGet, path: casePath(number, "documents", p.String()), actor: a, header: map[string]string{"Query-Code": code},
	})
}

func (c *Client) Forget(ctx context.Context, owner string) (int, error) {
	var out struct{ Cases int }
	body := struct {
		Owner string `json:"owner"`
	}{owner}
	err := c.do(ctx, call{op: "forget chat", method: http.MethodPost, path: "/v1/forget", body: body}, &out)
	return out.Cases, err
}

// Office reads the office's data.
func (c *Client) Office(ctx context.Context) (*petition.Office, error) {
	var o petition.Office
	if err := c.do(ctx, call{op: "read office", method: http.MethodGet, path: "/v1/office"}, &o); err != nil {
		return nil, err
	}
	return &o, nil
}
