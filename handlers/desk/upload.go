package desk

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dengwen/petition"
)

// upload is a file that is stored and belongs to no move yet.
type upload struct{ ID, Name string }

// uploads are those of one form. A form that comes back names them, so that they are not sent again.
type uploads []upload

// Value is an upload as a form carries it.
func (u upload) Value() string { return u.ID + " " + u.Name }

func (all uploads) attachments() (files []petition.Attachment) {
	for _, u := range all {
		files = append(files, petition.Attachment{ID: u.ID, Kind: "document", Name: u.Name})
	}
	return files
}

// readBody reads a form. Files go to the store as they come, sealed, and never to a temporary file;
// words are kept up to maxForm bytes. Afterwards the request has its values.
func (d *Door) readBody(v *visit) (uploads, error) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm+int64(d.MaxFiles)*d.MaxFile)
	parts, err := v.r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
		if v.r.ParseForm() != nil {
			return nil, petition.Fail(petition.Invalid, "desk.page.form.large")
		}
		return attached(v.r.PostForm), nil
	}
	if err != nil {
		return nil, petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	form, left := v.r.URL.Query(), int64(maxForm)
	var files uploads
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, petition.Fail(petition.Invalid, "desk.page.form.large")
		}
		if part.FileName() == "" {
			if err := readValue(form, part, &left); err != nil {
				return nil, err
			}
			continue
		}
		if len(files) == d.MaxFiles {
			return nil, petition.Fail(petition.Invalid, "desk.page.files.many", "Count", strconv.Itoa(d.MaxFiles))
		}
		u := upload{d.NewID(), petition.FileName(part.FileName())}
		if _, err := d.Cases.Attach(v.ctx(), v.actor, petition.Attachment{ID: u.ID, Kind: "document", Name: u.Name}, part); err != nil {
			return nil, petition.Wrap(err, "store upload")
		}
		files = append(files, u)
	}
	v.r.Form, v.r.PostForm = form, form
	return append(attached(form), files...), nil
}

func readValue(form url.Values, part *multipart.Part, left *int64) error {
	b, err := io.ReadAll(io.LimitReader(part, *left+1))
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	if *left -= int64(len(b)); *left < 0 {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	if name := part.FormName(); name != "file" || len(b) > 0 { // no file was chosen
		form.Add(name, string(b))
	}
	return nil
}

// attached are the files that a form names from before.
func attached(form url.Values) (all uploads) {
	for _, value := range form["attached"] {
		if id, name, ok := strings.Cut(value, " "); ok && petition.BlobID(id) {
			all = append(all, upload{id, petition.FileName(name)})
		}
	}
	return all
}
