package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	tg "github.com/go-telegram/bot"

	"dengwen/bot"
	"dengwen/petition"
)

// Largest files a bot can fetch, in bytes (Bot API getFile; using a local Bot API server).
const (
	maxFile      = 20 << 20
	maxLocalFile = 2000 << 20
)

// Fetch opens a file a citizen sent (Bot API getFile); the caller closes it. Its bytes stream, at
// most 20 MB, from a local Bot API server 2,000: more is an error while reading. Invalid,
// "file.too_large", when Telegram will never hand it over; Unavailable when a later try may work,
// also when the line breaks while it is read. Telegram says "wrong file_id or the file is temporarily
// unavailable" of both, so all but the size is worth another try.
func (d *Door) Fetch(ctx context.Context, m bot.Media) (io.ReadCloser, error) {
	id, ours := strings.CutPrefix(m.Ref, prefix+":")
	if !ours || id == "" {
		return nil, &petition.Error{Code: petition.Invalid, Key: "file.unreachable", Op: "fetch telegram file", Err: errors.New("not a file of this door")}
	}
	if m.Size > d.maxFile() {
		return nil, errLarge
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	err := d.call(ctx, "getFile", tg.GetFileParams{FileID: id}, &f)
	switch {
	case err != nil && saysOneOf(strings.ToLower(err.Error()), "file is too big"), f.Size > d.maxFile():
		return nil, errLarge
	case err != nil:
		return nil, unavailable(err)
	}
	open := d.download
	if filepath.IsAbs(f.Path) {
		open = d.openLocal
	}
	body, err := open(ctx, f.Path)
	if err != nil {
		return nil, unavailable(err)
	}
	return &wholeReader{ReadCloser: body, size: f.Size, most: d.maxFile()}, nil
}

func (d *Door) maxFile() int64 {
	if d.cfg.LocalDir != "" {
		return maxLocalFile
	}
	return maxFile
}

func (d *Door) download(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.cfg.APIURL+"/file/bot"+d.cfg.Token+d.environment()+path, nil)
	if err != nil {
		return nil, d.hideToken(err)
	}
	resp, err := d.fileClient.Do(req)
	if err != nil {
		return nil, d.hideToken(err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("download: status %d", resp.StatusCode)
	}
	return resp.Body, nil
}

// openLocal opens a file that a Bot API server on this machine has put on the disk
// (telegram-bot-api --local); nothing outside Config.LocalDir, whatever the server says.
func (d *Door) openLocal(_ context.Context, path string) (io.ReadCloser, error) {
	if d.cfg.LocalDir == "" {
		d.cfg.Log.Error("telegram: the Bot API server keeps files on its disk: name their folder in TELEGRAM_LOCAL_DIR")
		return nil, errors.New("the file is on the disk of the Bot API server, and TELEGRAM_LOCAL_DIR is not set")
	}
	inside, err := filepath.Rel(d.cfg.LocalDir, path)
	if err != nil {
		return nil, errors.New("the file is not in TELEGRAM_LOCAL_DIR")
	}
	root, err := os.OpenRoot(d.cfg.LocalDir)
	if err != nil {
		return nil, fmt.Errorf("open TELEGRAM_LOCAL_DIR: %w", err)
	}
	defer root.Close()
	f, err := root.Open(inside)
	if err != nil {
		return nil, d.hideToken(err) // it is part of the path
	}
	return f, nil
}

var errLarge = &petition.Error{Code: petition.Invalid, Key: "file.too_large", Op: "fetch telegram file", Err: errors.New("larger than Telegram hands over")}

func unavailable(err error) error {
	return &petition.Error{Code: petition.Unavailable, Key: "file.unreachable", Op: "fetch telegram file", Err: err}
}

// wholeReader returns an error, not io.EOF, where a file ends before its size or goes on after
// most bytes: a part must not be stored as the whole.
type wholeReader struct {
	io.ReadCloser
	size, most, read int64 // bytes; size 0 = not known
}

func (c *wholeReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.read += int64(n)
	switch {
	case c.read > c.most:
		return 0, errLarge
	case err != nil && err != io.EOF:
		return n, unavailable(err)
	case err == io.EOF && c.read < c.size:
		return n, unavailable(io.ErrUnexpectedEOF)
	}
	return n, err
}
