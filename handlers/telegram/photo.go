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

// picture is a sendPhoto with an upload.
type picture struct {
	chat    int64
	topic   int
	draw    func(to io.Writer) error
	caption string
	markup  models.ReplyMarkup
}

// photo sends it as one form of known length.
func (d *Door) photo(ctx context.Context, p picture) error {
	body := d.forms.take()
	defer d.forms.giveBack(body)
	kind, err := p.form(body)
	if err != nil {
		return fmt.Errorf("sendPhoto: encode: %w", err)
	}
	if err := d.pace.Wait(ctx); err != nil {
		return err
	}
	return d.post(ctx, "sendPhoto", kind, body.Bytes(), nil)
}

// pictureSize is what a receipt's form comes to with room to spare, bytes.
const pictureSize = 40 << 10

// form writes the picture's form and answers its content type.
func (p picture) form(to *bytes.Buffer) (kind string, err error) {
	to.Grow(pictureSize)
	w := multipart.NewWriter(to)
	fields := map[string]string{"chat_id": strconv.FormatInt(p.chat, 10), "caption": p.caption}
	if p.topic != 0 {
		fields["message_thread_id"] = strconv.Itoa(p.topic)
	}
	if p.markup != nil {
		markup, err := json.Marshal(p.markup)
		if err != nil {
			return "", err
		}
		fields["reply_markup"] = string(markup)
	}
	for name, value := range fields {
		if value != "" {
			_ = w.WriteField(name, value) // a bytes.Buffer takes all
		}
	}
	file, err := w.CreateFormFile("photo", "receipt.png")
	if err != nil {
		return "", err
	}
	if err := p.draw(file); err != nil {
		return "", fmt.Errorf("%w: %w", errNotDrawn, err)
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return w.FormDataContentType(), nil
}
