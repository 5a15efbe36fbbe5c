package petition

import (
	"context"
	"io"
	"slices"
	"strings"
)

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
	checked := []Attachment{at}
	if err := s.checkFiles(checked); err != nil {
		return at, err
	}
	at = checked[0]
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
	kind, ok := s.scrub.Sniff(head, at.Name)
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
	put := func(r io.Reader) error {
		_, _, err := s.blobs.Put(ctx, at.ID, r, 2*limit) // a photo packed again may be a little longer
		return err
	}
	in, err := s.blobs.Open(ctx, raw)
	if err != nil {
		return File{}, failed(err, "open file to copy")
	}
	defer in.Close()
	f.Traces, err = s.scrub.Clean(ctx, kind, in, size, put)
	return f, failed(err, "clean file")
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
