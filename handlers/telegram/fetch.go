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

// maxFile is the largest file a bot can fetch, in bytes (Bot API getFile, 20 MB).
const maxFile = 20 << 20

// Fetch opens a file a citizen sent (Bot API getFile); the caller closes it. Its
// bytes stream, at most 20 MB (Bot API getFile): more is an error while reading. Invalid
// when Telegram will never hand it over, Unavailable when a later try may work.
func (d *Door) Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error) {
	id, ours := strings.CutPrefix(m.Ref, prefix+":")
	if !ours || id == "" {
		return nil, fetchError(petition.Invalid, errors.New("not a file of this door"))
	}
	if m.Size > maxFile {
		return nil, fetchError(petition.Invalid, errLarge)
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := d.call(ctx, "getFile", tg.GetFileParams{FileID: id}, &f); err != nil {
		return nil, fetchError(codeOfError(err), err)
	}
	if f.Size > maxFile {
		return nil, fetchError(petition.Invalid, errLarge)
	}
	return d.download(ctx, f.Path)
}

func (d *Door) download(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.cfg.APIURL+"/file/bot"+d.cfg.Token+"/"+path, nil)
	if err != nil {
		return nil, fetchError(petition.Invalid, d.hideToken(err))
	}
	resp, err := d.fileClient.Do(req)
	if err != nil {
		return nil, fetchError(petition.Unavailable, d.hideToken(err))
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fetchError(petition.Unavailable, fmt.Errorf("download: status %d", resp.StatusCode))
	}
	return &limitedReader{ReadCloser: resp.Body, left: maxFile}, nil
}

var errLarge = fmt.Errorf("larger than %d bytes", maxFile)

func codeOfError(err error) petition.Code {
	if errors.Is(err, tg.ErrorBadRequest) {
		return petition.Invalid
	}
	return petition.Unavailable
}

func fetchError(code petition.Code, err error) error {
	return &petition.Error{Code: code, Op: "fetch telegram file", Err: err}
}

// limitedReader returns an error after left bytes, not io.EOF: a truncated file must not be
// stored as the whole.
type limitedReader struct {
	io.ReadCloser
	left int64
}

func (c *limitedReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fetchError(petition.Invalid, errLarge)
	}
	return n, err
}
