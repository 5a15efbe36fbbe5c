package fakeapi

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fasthttp"
)

// params are the parameters of a call, however they came: as JSON, as a form or in
// the address. Values are as a form would hold them.
type params struct {
	values map[string]string
	files  map[string][]byte
}

func (p params) str(k string) string { return p.values[k] }

func (p params) num(k string) int64 {
	n, _ := strconv.ParseInt(p.values[k], 10, 64)
	return n
}

func readParams(ctx *fasthttp.RequestCtx) (params, bool) {
	p := params{values: map[string]string{}}
	for k, v := range ctx.QueryArgs().All() {
		p.values[string(k)] = string(v)
	}
	kind := ctx.Request.Header.ContentType()
	switch {
	case len(ctx.PostBody()) == 0: // whatever the type says
		return p, true
	case bytes.HasPrefix(kind, []byte("multipart/form-data")):
		form, err := ctx.MultipartForm()
		return p, err == nil && p.form(form)
	case bytes.HasPrefix(kind, []byte("application/x-www-form-urlencoded")):
		for k, v := range ctx.PostArgs().All() {
			p.values[string(k)] = string(v)
		}
		return p, true
	}
	return p, p.json(ctx.PostBody())
}

func (p *params) form(form *multipart.Form) bool {
	for k, v := range form.Value {
		p.values[k] = v[0]
	}
	p.files = map[string][]byte{}
	for _, all := range form.File {
		for _, h := range all {
			f, err := h.Open()
			if err != nil {
				return false
			}
			content, err := io.ReadAll(f)
			_ = f.Close()
			if err != nil {
				return false
			}
			p.files[h.Filename] = content
		}
	}
	for k, all := range form.File {
		p.values[k] = "attach://" + all[0].Filename
	}
	return true
}

func (p *params) json(body []byte) bool {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return false
	}
	for k, raw := range m {
		p.values[k] = plain(raw)
	}
	return true
}

// plain is a JSON value as a form would hold it: strings without quotes.
func plain(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '"' {
		if string(raw) == "null" {
			return ""
		}
		return string(raw)
	}
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// units is a text's length as Telegram counts it, in UTF-16 units.
func units(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r >= 0x10000 {
			n++
		}
	}
	return n
}
