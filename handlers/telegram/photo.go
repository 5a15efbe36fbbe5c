package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// errNotDrawn says that there is no picture to send.
var errNotDrawn = errors.New("not drawn")

// photoParams is a sendPhoto or sendDocument with an upload.
type photoParams struct {
	kind    string // photo, document
	chat    int64
	topic   int
	draw    func(to io.Writer) error
	caption string
	markup  models.ReplyMarkup
}

// photo sends it as one form of known length.
func (d *Door) photo(ctx context.Context, p photoParams) error {
	f := photoForm{photoParams: p, door: d}
	defer f.close()
	if err := p.draw(&f); err != nil {
		return fmt.Errorf("%w: %w", errNotDrawn, err)
	}
	if f.form == nil {
		return errNotDrawn
	}
	if err := f.form.Close(); err != nil {
		return fmt.Errorf("send receipt: encode: %w", err)
	}
	if err := d.limiter.Wait(ctx); err != nil {
		return err
	}
	return d.post(ctx, methodFor(p.kind), f.form.FormDataContentType(), f.body.Bytes(), nil)
}

// photoFormSize is the capacity reserved for a receipt's form, in bytes: most need no second
// allocation.
const photoFormSize = 28 << 10

// photoForm is the multipart form of a picture. Its buffer is taken with the first bytes of
// the picture: hundreds of calls may wait for the renderer and should hold none meanwhile.
type photoForm struct {
	photoParams
	door *Door
	body *bytes.Buffer
	form *multipart.Writer
	file io.Writer
}

func (f *photoForm) Write(png []byte) (int, error) {
	if f.file == nil {
		if err := f.start(); err != nil {
			return 0, err
		}
	}
	return f.file.Write(png)
}

func (f *photoForm) start() (err error) {
	f.body = f.door.formBuffers.get()
	f.body.Grow(photoFormSize)
	f.form = multipart.NewWriter(f.body)
	fields := map[string]string{"chat_id": strconv.FormatInt(f.chat, 10), "caption": f.caption}
	if f.topic != 0 {
		fields["message_thread_id"] = strconv.Itoa(f.topic)
	}
	if f.markup != nil {
		markup, err := json.Marshal(f.markup)
		if err != nil {
			return err
		}
		fields["reply_markup"] = string(markup)
	}
	for name, value := range fields {
		if value != "" {
			_ = f.form.WriteField(name, value) // a bytes.Buffer takes all
		}
	}
	f.file, err = f.form.CreateFormFile(f.kind, "receipt.png")
	return err
}

func (f *photoForm) close() {
	if f.body != nil {
		f.door.formBuffers.put(f.body)
	}
}
