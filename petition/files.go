package petition

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
)

// maxMemory is the largest file whose hidden data is taken out; it is held in memory for
// that.
const maxMemory = 64 << 20

// Attach stores the bytes of an attachment; see Cases. Of a picture, film, voice memo,
// PDF, Word or Excel file staff get a copy without what device and program wrote into it
// (place, time, owner, author); the bytes as they came are kept apart and shown to nobody.
// Where that can't be done safely the copy is as the file came, and Traces says so.
func (s *Service) Attach(ctx context.Context, a Actor, at Attachment, r io.Reader) (Attachment, error) {
	a = s.law.normal(a)
	by := holderOf(a)
	if by == "" {
		return at, Fail(Forbidden, "file.who")
	}
	if err := s.checkFiles([]Attachment{at}); err != nil {
		return at, err
	}
	known, err := s.store.Files(ctx, []string{at.ID})
	if err != nil {
		return at, failed(err, "find file")
	}
	if len(known) == 1 {
		return sameFile(known[0], by)
	}
	f, err := s.keep(ctx, at, r)
	if err != nil {
		return at, err
	}
	f.By, f.At = by, s.now()
	f, err = s.store.PutFile(ctx, f)
	if err != nil {
		return at, failed(err, "note file")
	}
	return sameFile(f, by)
}

func holderOf(a Actor) string {
	switch {
	case a.staff() && a.Staff != "":
		return "staff:" + a.Staff
	case a.staff():
		return "staff:" + a.Unit
	}
	return a.Owner
}

func sameFile(f File, by string) (Attachment, error) {
	if f.By != by {
		return Attachment{}, Fail(Conflict, "file.taken")
	}
	return f.Attachment, nil
}

// keep puts the bytes away and looks at what they are.
func (s *Service) keep(ctx context.Context, at Attachment, r io.Reader) (File, error) {
	limit := int64(s.law.Office.Settings.Filled().MaxFileMB) << 20
	raw := at.ID + ".raw"
	size, head, err := s.blobs.Put(ctx, raw, r, limit)
	if err != nil {
		return File{}, failed(err, "store file")
	}
	kind, ok := sniff(head, at.Name)
	if size == 0 || !ok {
		key := "file.kind"
		if size == 0 {
			key = "file.empty"
		}
		if err := s.blobs.Delete(ctx, raw); err != nil {
			return File{}, failed(err, "remove refused file")
		}
		return File{}, Fail(Invalid, key, "type", kind)
	}
	at.Type, at.Size, at.Stored, at.Traces = kind, size, true, false
	if kind == "image/heic" {
		at.Kind = "document" // chats don't show it as a picture
	}
	f := File{Attachment: at, Original: raw}
	if size > maxMemory || !cleanable(kind) {
		f.Traces = cleanable(kind)
		return f, failed(s.copyBlob(ctx, raw, at.ID, limit, nil), "copy file")
	}
	err = s.copyBlob(ctx, raw, at.ID, limit, func(b []byte) (out []byte, err error) {
		out, f.Traces, err = clean(kind, b)
		return out, err
	})
	return f, failed(err, "clean file")
}

// copyBlob writes the copy that staff see. A picture that cannot be read is refused:
// what is hidden in it could not be taken out.
func (s *Service) copyBlob(ctx context.Context, from, to string, limit int64, change func([]byte) ([]byte, error)) error {
	in, err := s.blobs.Open(ctx, from)
	if err != nil {
		return err
	}
	defer in.Close()
	var r io.Reader = in
	if change != nil {
		b, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		if b, err = change(b); err != nil {
			return &Error{Code: Invalid, Key: "file.damaged", Err: err}
		}
		r = bytes.NewReader(b)
	}
	_, _, err = s.blobs.Put(ctx, to, r, limit)
	return err
}

// Open reads an attachment of a case the actor may see; see Cases. It is the copy
// without hidden data, for everybody.
func (s *Service) Open(ctx context.Context, a Actor, number, id string) (io.ReadCloser, Attachment, error) {
	r, a, err := s.prove(ctx, a, number, "")
	if err != nil {
		return nil, Attachment{}, err
	}
	v := s.law.View(r.Case, a, s.now())
	if !slices.ContainsFunc(v.Files, func(f Attachment) bool { return f.ID == id }) {
		return nil, Attachment{}, Fail(NotFound, "file.not_found")
	}
	files, err := s.store.Files(ctx, []string{id})
	if err != nil {
		return nil, Attachment{}, failed(err, "find file")
	}
	// A file belongs to the case only if the petitioner or an officer put it there: an
	// id copied from elsewhere opens nothing.
	if len(files) != 1 || files[0].By != r.Case.Filing.Owner && !strings.HasPrefix(files[0].By, "staff:") {
		return nil, Attachment{}, Fail(NotFound, "file.not_found")
	}
	body, err := s.blobs.Open(ctx, id)
	return body, files[0].Attachment, failed(err, "open file")
}

// taken are the media types that are taken, with the endings that tell files inside
// a common container apart.
var taken = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "application/pdf", "audio/ogg", "audio/mpeg", "audio/wave", "audio/amr",
	"audio/mp4", "video/mp4", "video/webm", "video/quicktime", "text/plain",
}

// sniff looks at the bytes; what a file calls itself decides only between kinds of
// the same container.
func sniff(head []byte, name string) (string, bool) {
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	ext := strings.ToLower(path.Ext(name))
	switch {
	case kind == "application/ogg":
		kind = "audio/ogg"
	case bytes.HasPrefix(head, []byte("#!AMR")):
		kind = "audio/amr"
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		kind = isoMedia(string(head[8:12]))
	case kind == "application/zip" && zipped[ext] != "":
		return zipped[ext], true
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) && (ext == ".doc" || ext == ".xls"):
		return "application/msword", true
	}
	return kind, slices.Contains(taken, kind)
}

var zipped = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".ofd":  "application/ofd",
}

func isoMedia(brand string) string {
	switch {
	case strings.HasPrefix(brand, "M4A"):
		return "audio/mp4"
	case brand == "qt  ":
		return "video/quicktime"
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif"}, brand):
		return "image/heic"
	}
	return "video/mp4"
}
