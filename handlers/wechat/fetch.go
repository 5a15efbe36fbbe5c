package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// maxFile is the largest file that is fetched, in bytes; the platform takes 10 MB from people.
const maxFile = 20 << 20

// Fetch opens a picture, a voice message or a video that a person sent (获取临时素材); the caller
// closes it. The platform keeps them for three days. Invalid when it will never hand it over,
// Unavailable when a later try may work.
func (d *Door) Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error) {
	id, ours := strings.CutPrefix(m.Ref, prefix+":")
	if !ours || id == "" {
		return nil, fetchError(petition.Invalid, errors.New("not a file of this door"))
	}
	refused := ""
	for {
		token, err := d.tokenFor(ctx, refused)
		if err != nil {
			return nil, fetchError(petition.Unavailable, err)
		}
		body, err := d.download(ctx, d.cfg.APIURL+"/cgi-bin/media/get"+query(url.Values{"access_token": {token}, "media_id": {id}}), true)
		switch {
		case err == nil:
			return body, nil
		case refused == "" && is(err, codeSecret, codeToken, codeExpired):
			refused = token
		case is(err, codeMedia):
			return nil, fetchError(petition.Invalid, err)
		default:
			return nil, fetchError(petition.Unavailable, err)
		}
	}
}

// download opens an address. A video's is answered in JSON, and opened then; so is a refusal.
func (d *Door) download(ctx context.Context, address string, first bool) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, d.withoutSecrets(err)
	}
	res, err := d.client.Do(req)
	if err != nil {
		return nil, d.withoutSecrets(err)
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("download: status %d", res.StatusCode)
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if kind != "application/json" && kind != "text/plain" {
		return &limitedReader{ReadCloser: res.Body, left: maxFile}, nil
	}
	defer res.Body.Close()
	var answer struct {
		refusal
		Video string `json:"video_url"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxReply)).Decode(&answer); err != nil {
		return nil, errors.New("download: the answer is neither a file nor JSON")
	}
	if answer.Video == "" || !first {
		return nil, &answer.refusal
	}
	if u, err := url.Parse(answer.Video); err != nil || u.Scheme != "https" && !strings.HasPrefix(answer.Video, d.cfg.APIURL+"/") {
		return nil, errors.New("download: the video's address is not the platform's")
	}
	return d.download(ctx, answer.Video, false)
}

func fetchError(code petition.Code, err error) error {
	return &petition.Error{Code: code, Op: "fetch WeChat file", Err: err}
}

// limitedReader returns an error after left bytes, not io.EOF: a truncated file must not be
// stored as the whole.
type limitedReader struct {
	io.ReadCloser
	left int64
}

func (r *limitedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, fetchError(petition.Invalid, fmt.Errorf("larger than %d bytes", maxFile))
	}
	return n, err
}
