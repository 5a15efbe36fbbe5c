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
	"strings"

	tg "github.com/go-telegram/bot"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// sendAttachments sends files with the text as their caption: one by its kind, several as
// an album (Bot API sendPhoto, sendVoice, sendDocument, sendMediaGroup). If
// Telegram refuses the files, the text is sent alone; it names them.
func (d *Door) sendAttachments(ctx context.Context, to target, say bot.Say, files []turn.File) error {
	if units(say.Text) > bot.MaxCaption {
		return d.text(ctx, to, say)
	}
	if ids := d.fileIDs(ctx, files); ids != nil {
		if err := d.sendFiles(ctx, to, say, files, ids); !d.refusedFile(err) {
			return err
		}
		d.cfg.Log.Info("telegram: its own copy refused, uploaded again")
	}
	err := d.sendFiles(ctx, to, say, files, nil)
	if d.refusedFile(err) {
		d.cfg.Log.Error("telegram: file refused, sent as text", "err", d.redact(err))
		return d.text(ctx, to, say)
	}
	return err
}

// refusedFile reports a refusal that is about the files and not about the chat.
func (d *Door) refusedFile(err error) bool {
	return errors.Is(err, tg.ErrorBadRequest) && !gone(err) && !d.sendError(err).NoTopic
}

// sendFiles sends files by their ids at Telegram, or without ids the files themselves,
// which can be read once.
func (d *Door) sendFiles(ctx context.Context, to target, say bot.Say, files []turn.File, ids []string) error {
	f, err := d.filesForm(to, say, files, ids)
	if err != nil {
		return err
	}
	if err := d.limiter.Wait(ctx); err != nil {
		return err
	}
	messages, err := d.sendForm(ctx, f)
	if err != nil {
		return err
	}
	if to.sent != nil && len(messages) > 0 {
		*to.sent = messages[0]
	}
	if ids == nil {
		d.storeFileIDs(ctx, files[:min(len(files), len(messages))], messages)
	}
	return nil
}

// form is a call with uploads.
type form struct {
	method string
	fields map[string]string
	files  []upload
}

type upload struct {
	field, name string
	body        io.Reader
}

func (d *Door) filesForm(to target, say bot.Say, files []turn.File, ids []string) (form, error) {
	f := form{fields: map[string]string{"chat_id": strconv.FormatInt(to.chat, 10)}}
	if to.topic != 0 {
		f.fields["message_thread_id"] = strconv.Itoa(to.topic)
	}
	if r := to.reply(); r != nil {
		if err := f.put("reply_parameters", r); err != nil {
			return f, err
		}
	}
	if len(files) > 1 && len(say.Rows) == 0 {
		return f, f.album(say.Text, files[:min(len(files), 10)], ids)
	}
	kind := methodOf(files[0].Kind)
	f.method, f.fields["caption"] = "send"+strings.ToUpper(kind[:1])+kind[1:], say.Text
	if ids != nil {
		f.fields[kind] = ids[0]
	} else {
		f.files = []upload{{kind, fileName(files[0], 0), files[0].Body}}
	}
	if m := d.markup(say); m != nil {
		return f, f.put("reply_markup", m)
	}
	return f, nil
}

func methodOf(kind string) string {
	switch kind {
	case "photo", "voice", "video", "audio":
		return kind
	}
	return "document"
}

// album puts files into one message (Bot API sendMediaGroup); the text stands under
// the first.
func (f *form) album(text string, files []turn.File, ids []string) error {
	type part struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption,omitempty"`
	}
	var parts []part
	for i, file := range files {
		if ids != nil {
			parts = append(parts, part{Type: methodOf(file.Kind), Media: ids[i]})
			continue
		}
		field := "file" + strconv.Itoa(i)
		parts = append(parts, part{Type: methodOf(file.Kind), Media: "attach://" + field})
		f.files = append(f.files, upload{field, fileName(file, i), file.Body})
	}
	parts[0].Caption = text
	f.method = "sendMediaGroup"
	return f.put("media", parts)
}

func (f *form) put(field string, v any) error {
	b, err := json.Marshal(v)
	f.fields[field] = string(b)
	return err
}

// sendForm posts a form of known length and answers which messages came of it.
func (d *Door) sendForm(ctx context.Context, f form) ([]sent, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range f.fields {
		_ = w.WriteField(name, value) // a bytes.Buffer takes all
	}
	for _, u := range f.files {
		part, _ := w.CreateFormFile(u.field, u.name)
		if _, err := io.Copy(part, u.body); err != nil {
			return nil, fmt.Errorf("%s: read file: %w", f.method, err)
		}
	}
	_ = w.Close()
	if f.method != "sendMediaGroup" {
		all := make([]sent, 1)
		return all, d.post(ctx, f.method, w.FormDataContentType(), buf.Bytes(), &all[0])
	}
	var all []sent
	err := d.post(ctx, f.method, w.FormDataContentType(), buf.Bytes(), &all)
	return all, err
}

// destOf is nil where nobody asks, which spares the decoding.
func destOf(got *sent) any {
	if got == nil {
		return nil
	}
	return got
}

// fileName is a name that clients open rightly; a document keeps its own.
func fileName(f turn.File, i int) string {
	endings := map[string]string{
		"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "application/pdf": ".pdf",
		"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "video/mp4": ".mp4", "text/plain": ".txt",
	}
	if f.Name != "" && methodOf(f.Kind) == "document" {
		return f.Name
	}
	return f.Kind + strconv.Itoa(i+1) + endings[f.Type]
}
