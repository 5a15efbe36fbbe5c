package web

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/petition"
)

// How long a browser may take to send a post, and one with files over a slow line.
const (
	formTimeout   = 30 * time.Second
	uploadTimeout = 15 * time.Minute
)

// readPost reads a post, streaming its files into the case service.
func (d *Door) readPost(w http.ResponseWriter, r *http.Request, v visitor, m *incoming) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return &fault{http.StatusUnsupportedMediaType, d.wordsFor(r).Say("missing")}
	}
	rc := http.NewResponseController(w)
	if kind == "multipart/form-data" {
		_ = rc.SetReadDeadline(time.Now().Add(uploadTimeout)) // test recorders have none
		return d.readMultipart(w, r, v, m)
	}
	_ = rc.SetReadDeadline(time.Now().Add(formTimeout))
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return d.bodyError(err, r)
	}
	for name, values := range r.PostForm {
		if p := m.field(name); p != nil {
			*p = values[0]
		}
	}
	if !v.csrfOK(m.CSRF) {
		return &fault{http.StatusForbidden, d.wordsFor(r).Say("expired")}
	}
	return d.check(m)
}

// bodyError is a body that could not be read to its end.
func (d *Door) bodyError(err error, r *http.Request) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &fault{http.StatusRequestEntityTooLarge, d.wordsFor(r).Say("too_long", "Count", maxText)}
	}
	return &fault{http.StatusBadRequest, d.wordsFor(r).Say("trouble")}
}

func (d *Door) readMultipart(w http.ResponseWriter, r *http.Request, v visitor, m *incoming) error {
	most := int64(d.MaxFiles)*d.MaxFile + 1<<20
	if !d.allowUpload(v, r.ContentLength, most) {
		w.Header().Set("Retry-After", "600")
		return &fault{http.StatusTooManyRequests, d.wordsFor(r).Say("busy")}
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return d.bodyError(err, r)
	}
	left := int64(maxForm) // of all fields together
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n > d.MaxFiles+40 {
			return d.bodyError(err, r)
		}
		if m.limited && part.FormName() == "file" {
			return d.tooFast(w, r)
		}
		if err := d.part(r, v, m, part, &left); err != nil {
			return err
		}
	}
	if !v.csrfOK(m.CSRF) {
		return &fault{http.StatusForbidden, d.wordsFor(r).Say("expired")}
	}
	return d.check(m)
}

// allowUpload takes the length of an upload from the token bucket of its address. A body of
// unknown length counts as the largest there may be.
func (d *Door) allowUpload(v visitor, length, most int64) bool {
	if length < 0 {
		length = most
	}
	if length > most {
		return true // refused by size, with the words for that
	}
	return d.limits.bytes.Allow(v.addr, d.Now(), int(length))
}

func (d *Door) part(r *http.Request, v visitor, m *incoming, part *multipart.Part, left *int64) error {
	defer part.Close()
	if part.FormName() == "file" {
		return d.attach(r, v, m, part)
	}
	b, err := io.ReadAll(io.LimitReader(part, *left+1))
	if err != nil {
		return d.bodyError(err, r)
	}
	if *left -= int64(len(b)); *left < 0 {
		return &fault{http.StatusRequestEntityTooLarge, d.wordsFor(r).Say("too_long", "Count", maxText)}
	}
	if p := m.field(part.FormName()); p != nil {
		*p = string(b)
	}
	return nil
}

// attach stores one file. One that cannot be taken is told by name; the others and
// the words go on. An empty file field of a form without a choice is nothing.
func (d *Door) attach(r *http.Request, v visitor, m *incoming, part *multipart.Part) error {
	if part.FileName() == "" {
		return nil
	}
	if !v.csrfOK(m.CSRF) { // the forms send it before any file
		return &fault{http.StatusForbidden, d.wordsFor(r).Say("expired")}
	}
	if err := d.check(m); err != nil {
		return err
	}
	wd := d.wordsIn(m.Lang)
	n := len(m.Files) + len(m.Refused)
	if n >= d.MaxFiles {
		return &fault{http.StatusRequestEntityTooLarge, wd.Say("too_many", "Count", d.MaxFiles)}
	}
	at := petition.Attachment{
		ID:    d.fileID(v, m.ID, n),
		Name:  fileName(part.FileName()),
		Type:  part.Header.Get("Content-Type"),
		Album: m.ID,
	}
	at.Kind = kindOf(at.Type)
	body := &bodyReader{from: part}
	who := d.actor(r.Context(), v.conv)
	who.Address = d.addressName(v)
	done, err := d.Cases.Attach(r.Context(), who, at, body)
	switch {
	case body.err != nil: // whatever became of the file, it is not whole
		return d.bodyError(body.err, r)
	case petition.CodeOf(err) == petition.Invalid, petition.CodeOf(err) == petition.Limited:
		m.Refused = append(m.Refused, d.fileRefusal(wd, at.Name, err))
		return nil
	case err != nil:
		return fmt.Errorf("store attachment: %w", err)
	}
	m.Files = append(m.Files, done)
	return nil
}

// bodyReader records a read error of the request, which tells a broken upload from a store
// that failed.
type bodyReader struct {
	from io.Reader
	err  error
}

func (l *bodyReader) Read(b []byte) (int, error) {
	n, err := l.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

// fileID is the same when the same post is sent again, and tells nothing.
func (d *Door) fileID(v visitor, id string, n int) string {
	return "web-" + hex.EncodeToString(d.Box.Hash("web.file", v.conv+" "+id+" "+strconv.Itoa(n))[:16])
}

func (d *Door) fileRefusal(wd words, name string, err error) string {
	var e *petition.Error
	switch {
	case errors.As(err, &e) && strings.Contains(e.Key, "large"):
		return wd.Say("too_large", "Name", name, "MB", d.MaxFile>>20)
	case e != nil && e.Key == "file.no_room":
		return wd.Say("no_room", "Name", name)
	case e != nil && e.Code == petition.Limited:
		return wd.Say("quota", "Name", name, "Minutes", e.Args["minutes"])
	}
	return wd.Say("bad_kind", "Name", name)
}

func kindOf(mediaType string) string {
	switch {
	case strings.HasPrefix(mediaType, "image/"):
		return "photo"
	case strings.HasPrefix(mediaType, "audio/"):
		return "audio"
	case strings.HasPrefix(mediaType, "video/"):
		return "video"
	}
	return "document"
}

// fileName keeps the last 100 characters of a name at most: the ending matters.
func fileName(s string) string {
	s = petition.FileName(strings.ToValidUTF8(s, "\uFFFD"))
	for utf8.RuneCountInString(s) > 100 {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
	return s
}

// mediaOf is the post's files, as the conversation gets them and as the log shows
// them. One file alone is no album.
func mediaOf(m *incoming) (media []bot.Media, shown []file) {
	for _, a := range m.Files {
		album := m.ID
		if len(m.Files) == 1 {
			album = ""
		}
		media = append(media, bot.Media{ID: a.ID, Kind: a.Kind, Name: a.Name, Type: a.Type, Size: a.Size, Album: album, Stored: true})
		shown = append(shown, file{a.Name, a.Kind, a.Size})
	}
	return media, shown
}
