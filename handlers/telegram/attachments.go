package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// maxUpload is how many bytes of files go into one request (Bot API, sending files: 50 MB for
// all of it).
const maxUpload = 45 << 20

// loaded is a file in memory: another form of a refused message needs its bytes again.
type loaded struct {
	turn.File
	body []byte
}

// sendAttachments sends files with the text as their caption: one by its kind, several as
// an album (Bot API sendPhoto, sendVoice, sendDocument, sendMediaGroup), in as many requests as
// their bytes need. An album that Telegram refuses goes out file by file, a file of a kind that it
// refuses as a document; what it takes in no way is left out. Where nothing of it is taken the text
// goes alone; it names the files.
func (d *Door) sendAttachments(ctx context.Context, to target, say bot.Say, files []turn.File) error {
	switch {
	case units(say.Text) > bot.MaxCaption:
		return d.text(ctx, to, say)
	case len(files) > 1 && len(say.Rows) > 0: // an album has no buttons
		if err := d.sendAttachments(ctx, to, bot.Say{Media: say.Media}, files); err != nil {
			return err
		}
		return d.text(ctx, to, say)
	}
	if ids := d.fileIDs(ctx, files); ids != nil {
		if err := d.sendFiles(ctx, to, say, unloaded(files), ids); !refused(err) {
			return err
		}
		d.cfg.Log.Info("telegram: its own copy refused, uploaded again")
	}
	taken := false
	for len(files) > 0 {
		batch, left, err := load(files)
		if err != nil {
			return err
		}
		files = left
		any, err := d.sendBatch(ctx, to, say, batch)
		if err != nil {
			return err
		}
		if any {
			taken, say.Text, say.Rows = true, "", nil
		}
	}
	if !taken && say.Text != "" {
		return d.text(ctx, to, say)
	}
	return nil
}

// load reads the next files into memory, as many as one request takes, and answers those left.
func load(files []turn.File) (batch []loaded, left []turn.File, err error) {
	size := int64(0)
	for i, f := range files {
		if i > 0 && (size+f.Size > maxUpload || size >= maxUpload/2 && f.Size == 0) {
			return batch, files[i:], nil
		}
		body, err := io.ReadAll(io.LimitReader(f.Body, maxUpload+1))
		if err != nil {
			return nil, nil, fmt.Errorf("read file: %w", err)
		}
		size += int64(len(body))
		batch = append(batch, loaded{f, body})
	}
	return batch, nil, nil
}

func unloaded(files []turn.File) (out []loaded) {
	for _, f := range files {
		out = append(out, loaded{File: f})
	}
	return out
}

// sendBatch sends the files of one request and reports whether Telegram took any.
func (d *Door) sendBatch(ctx context.Context, to target, say bot.Say, files []loaded) (taken bool, err error) {
	err = d.sendFiles(ctx, to, say, files, nil)
	if !refused(err) {
		return err == nil, err
	}
	d.cfg.Log.Error("telegram: files refused, sent in another form", "files", len(files), "err", d.redact(err))
	if len(files) > 1 {
		for _, f := range files {
			any, err := d.sendBatch(ctx, to, say, []loaded{f})
			if err != nil {
				return taken, err
			}
			if any {
				taken, say.Text, say.Rows = true, "", nil
			}
		}
		return taken, nil
	}
	if f := files[0]; methodOf(f.Kind) != "document" {
		f.Kind = "document"
		return d.sendBatch(ctx, to, say, []loaded{f})
	}
	return false, nil
}

// sendFiles sends files by their ids at Telegram, or without ids the files themselves.
func (d *Door) sendFiles(ctx context.Context, to target, say bot.Say, files []loaded, ids []string) error {
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
	if to.sent != nil && to.sent.ID == 0 && len(messages) > 0 {
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
	body        []byte
}

func (d *Door) filesForm(to target, say bot.Say, files []loaded, ids []string) (form, error) {
	f := form{fields: map[string]string{"chat_id": strconv.FormatInt(to.chat, 10)}}
	if to.topic != 0 {
		f.fields["message_thread_id"] = strconv.Itoa(to.topic)
	}
	if r := to.reply(); r != nil {
		if err := f.put("reply_parameters", r); err != nil {
			return f, err
		}
	}
	if len(files) > 1 {
		return f, f.album(say.Text, files[:min(len(files), 10)], ids)
	}
	kind := methodOf(files[0].Kind)
	f.method = methodFor(kind)
	if say.Text != "" {
		f.fields["caption"] = say.Text
	}
	if ids != nil {
		f.fields[kind] = ids[0]
	} else {
		f.files = []upload{{kind, fileName(files[0].File, 0), files[0].body}}
	}
	if m := d.markup(say); m != nil {
		return f, f.put("reply_markup", m)
	}
	return f, nil
}

// methodFor is the method that sends a kind of file, sendPhoto.
func methodFor(kind string) string { return "send" + strings.ToUpper(kind[:1]) + kind[1:] }

func methodOf(kind string) string {
	switch kind {
	case "photo", "voice", "video", "audio":
		return kind
	}
	return "document"
}

// album puts files into one message (Bot API sendMediaGroup); the text stands under
// the first.
func (f *form) album(text string, files []loaded, ids []string) error {
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
		f.files = append(f.files, upload{field, fileName(file.File, i), file.body})
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
		_, _ = part.Write(u.body)
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
