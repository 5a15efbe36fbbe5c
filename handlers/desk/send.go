package desk

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"dengwen/petition"
)

// shown are the media types that a browser may show in place; what is none of them, SVG and HTML
// above all, is only saved.
var shown = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "video/mp4", "audio/mpeg", "audio/ogg", "audio/mp4", "video/webm", "audio/wav"}

// filePolicy lets nothing in an attachment run or load anything, and only the desk's own pages show it.
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"

// send writes bytes with their type and name.
func (d *Door) send(v *visit, body io.Reader, at petition.Attachment, inPlace bool) error {
	kind, h := "application/octet-stream", v.w.Header()
	for _, t := range shown {
		if strings.HasPrefix(at.Type, t) {
			kind = t
		}
	}
	how := "attachment"
	if inPlace && kind != "application/octet-stream" {
		how = "inline"
	} else {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": petition.FileName(at.Name)}))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	if strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/") {
		return d.sendParts(v, body)
	}
	v.w.WriteHeader(http.StatusOK)
	if _, err := io.Copy(v.w, body); err != nil && v.ctx().Err() == nil {
		d.Log.Warn("desk: file not sent whole", "err", err)
	}
	return nil
}

// sendParts writes the part of a film or recording that was asked for (RFC 9110, 14): players leap. A
// sealed file is read from its beginning, so it is put into a buffer, of which there are few at once.
func (d *Door) sendParts(v *visit, body io.Reader) error {
	if err := d.buffers.Acquire(v.ctx(), 1); err != nil {
		return petition.Wrap(err, "wait to send a film")
	}
	defer d.buffers.Release(1)
	whole, err := io.ReadAll(io.LimitReader(body, 2*d.MaxFile)) // a copy may be longer than what came
	if err != nil {
		return petition.Wrap(err, "read film")
	}
	http.ServeContent(v.w, v.r, "", time.Time{}, bytes.NewReader(whole))
	return nil
}

// buffersAtOnce is how many films are held in memory at the same time.
const buffersAtOnce = 4
