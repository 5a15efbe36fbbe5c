package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	tg "github.com/go-telegram/bot"

	"dengwen/bot"
	"dengwen/petition"
)

// MaxFile is the largest file a bot can fetch, in bytes (Bot API getFile, 20 MB).
const MaxFile = 20 << 20

// Fetch opens a file a citizen sent (Bot API getFile); the caller closes it. Its
// bytes stream, at most MaxFile of them: more is an error while reading. Invalid
// when Telegram will never hand it over, Unavailable when a later try may work.
func (d *Door) Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error) {
	id, ours := strings.CutPrefix(m.Ref, Prefix+":")
	if !ours || id == "" {
		return nil, fault(petition.Invalid, errors.New("not a file of this door"))
	}
	if m.Size > MaxFile {
		return nil, fault(petition.Invalid, errLarge)
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := d.call(ctx, "getFile", tg.GetFileParams{FileID: id}, &f); err != nil {
		return nil, fault(codeOf(err), err)
	}
	if f.Size > MaxFile {
		return nil, fault(petition.Invalid, errLarge)
	}
	return d.download(ctx, f.Path)
}

func (d *Door) download(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.cfg.APIURL+"/file/bot"+d.cfg.Token+"/"+path, nil)
	if err != nil {
		return nil, fault(petition.Invalid, d.hide(err))
	}
	resp, err := d.files.Do(req)
	if err != nil {
		return nil, fault(petition.Unavailable, d.hide(err))
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fault(petition.Unavailable, fmt.Errorf("download: status %d", resp.StatusCode))
	}
	return &capped{ReadCloser: resp.Body, left: MaxFile}, nil
}

var errLarge = fmt.Errorf("larger than %d bytes", MaxFile)

func codeOf(err error) petition.Code {
	if errors.Is(err, tg.ErrorBadRequest) {
		return petition.Invalid
	}
	return petition.Unavailable
}

func fault(code petition.Code, err error) error {
	return &petition.Error{Code: code, Op: "fetch telegram file", Err: err}
}

// capped ends with an error, not quietly, after so many bytes: a file cut short
// must not pass for the whole.
type capped struct {
	io.ReadCloser
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fault(petition.Invalid, errLarge)
	}
	return n, err
}
