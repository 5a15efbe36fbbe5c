package petition

import (
	"context"
	"crypto/rand"
	"io"
	"slices"
	"strings"
	"time"
)

// Attach stores the bytes of an attachment; see Cases. Of a picture, film, voice memo,
// PDF, Word or Excel file staff get a copy without what device and program wrote into it
// (place, time, owner, author); the bytes as they came are kept apart, see OpenOriginal.
// Where that can't be done safely the copy is as the file came, and Traces says so.
func (s *Service) Attach(ctx context.Context, a Actor, at Attachment, r io.Reader) (Attachment, error) {
	a = s.law.normal(a)
	by := uploadBy(a)
	if by.By == "" {
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
		return sameFile(known[0], a)
	}
	if err := s.admitUpload(ctx, a); err != nil {
		return at, err
	}
	f, err := s.storeBytes(ctx, at, r)
	if err != nil {
		return at, err
	}
	f.By, f.Staff, f.Unit, f.At = by.By, by.Staff, by.Unit, s.now()
	noted, err := s.store.PutFile(ctx, f)
	if err != nil {
		return at, failed(err, "note file")
	}
	if noted.Original != f.Original { // somebody was first under this id
		if err := s.discard(ctx, f.Copy, f.Original); err != nil {
			return at, err
		}
	}
	return sameFile(noted, a)
}

// Files that citizens may store in 24 hours. The largest are max_file_mb each; those that no
// petition names are removed after keep_draft_days.
const (
	uploadsOfChat    = 100
	uploadsOfAddress = 300
)

// admitUpload counts a citizen's file before a byte of it is read, and refuses it while the
// store has no room: Limited "file.quota" with the time to wait, or "file.no_room".
func (s *Service) admitUpload(ctx context.Context, a Actor) error {
	if s.room != nil && !s.room() {
		return Fail(Limited, "file.no_room")
	}
	if a.staff() {
		return nil
	}
	limits := []Limit{{Who: "uploads:" + holderOf(a), Max: uploadsOfChat, Within: 24 * time.Hour}}
	if a.Address != "" {
		limits = append(limits, Limit{Who: "uploads at:" + a.Address, Max: uploadsOfAddress, Within: 24 * time.Hour})
	}
	full, err := s.store.Try(ctx, s.newID(), s.now(), limits)
	if err != nil {
		return failed(err, "count file")
	}
	if full > 0 {
		return Fail(Limited, "file.quota", "minutes", minutes(full))
	}
	return nil
}

// WithRoom is the same service with a question asked before each file: is there room for it?
func (s *Service) WithRoom(room func() bool) *Service {
	c := *s
	c.room = room
	return &c
}

func holderOf(a Actor) string {
	switch {
	case a.staff() && a.Staff != "":
		return staffHolder + a.Staff
	case a.staff():
		return staffHolder + a.Unit
	}
	return a.Owner
}

func sameFile(f File, a Actor) (Attachment, error) {
	if !f.storedBy(a) {
		return Attachment{}, Fail(Conflict, "file.taken")
	}
	return f.Attachment, nil
}

// storeBytes stores the bytes under their ids and finds out what they are. Of a file that
// is refused nothing stays.
func (s *Service) storeBytes(ctx context.Context, at Attachment, r io.Reader) (File, error) {
	limit := int64(s.law.Office.Settings.Filled().MaxFileMB) << 20
	copied, raw := ownBlobs(at.ID)
	size, head, err := s.blobs.Put(ctx, raw, r, limit)
	if err != nil {
		return File{}, failed(err, "store file")
	}
	f, err := s.inspect(ctx, File{Attachment: at, Copy: copied, Original: raw}, size, head)
	if err != nil {
		if err := s.discard(ctx, copied, raw); err != nil {
			return File{}, err
		}
	}
	return f, err
}

// discard removes the blobs of an upload that came to nothing.
func (s *Service) discard(ctx context.Context, blobs ...string) error {
	ctx = context.WithoutCancel(ctx) // whoever sent it may have gone
	for _, blob := range blobs {
		if err := s.blobs.Delete(ctx, blob); err != nil {
			return failed(err, "remove refused file")
		}
	}
	return nil
}

// inspect finds out what a file is and makes the copy that staff see.
func (s *Service) inspect(ctx context.Context, f File, size int64, head []byte) (File, error) {
	limit := int64(s.law.Office.Settings.Filled().MaxFileMB) << 20
	kind, ok := s.scrub.Sniff(head, f.Name)
	switch {
	case size == 0:
		return File{}, Fail(Invalid, "file.empty", "type", kind)
	case !ok:
		return File{}, Fail(Invalid, "file.kind", "type", kind)
	}
	f.Type, f.Size, f.Stored, f.Traces = kind, size, true, false
	if kind == "image/heic" {
		f.Kind = "document" // chats don't show it as a picture
	}
	put := func(r io.Reader) error {
		_, _, err := s.blobs.Put(ctx, f.Copy, r, 2*limit) // a photo packed again may be a little longer
		return err
	}
	in, err := s.blobs.Open(ctx, f.Original)
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
	f, c, a, err := s.fileOf(ctx, a, number, id)
	if err != nil {
		return nil, Attachment{}, err
	}
	if err := s.noteRead(ctx, toward(c, a), ActFile, id, c.Number); err != nil {
		return nil, Attachment{}, err
	}
	body, err := s.blobs.Open(ctx, or(f.Copy, id))
	return body, f.Attachment, failed(err, "open file")
}

// OpenOriginal reads an attachment as it came, with what device and program wrote into it, for an
// officer of the unit that has the case who says why (Actor.Reason); it stands in the access log.
// Invalid "file.why" without a reason, Forbidden "file.original" for everybody else.
func (s *Service) OpenOriginal(ctx context.Context, a Actor, number, id string) (io.ReadCloser, Attachment, error) {
	f, c, a, err := s.fileOf(ctx, a, number, id)
	switch {
	case err != nil:
		return nil, Attachment{}, err
	case isCitizen(c, a) || !a.staff() || a.Unit != c.Unit:
		return nil, Attachment{}, Fail(Forbidden, "file.original")
	case strings.TrimSpace(a.Reason) == "":
		return nil, Attachment{}, Fail(Invalid, "file.why")
	}
	if err := s.noteRead(ctx, toward(c, a), ActFile, id+" as it came", c.Number); err != nil {
		return nil, Attachment{}, err
	}
	body, err := s.blobs.Open(ctx, or(f.Original, or(f.Copy, id)))
	return body, f.Attachment, failed(err, "open file as it came")
}

// fileOf is an attachment of a case the actor may see, the case, and the actor as the look-up found them.
func (s *Service) fileOf(ctx context.Context, a Actor, number, id string) (File, *Case, Actor, error) {
	r, a, err := s.prove(ctx, a, number, "")
	if err != nil {
		return File{}, nil, a, err
	}
	v := s.law.View(r.Case, a, s.now())
	if !slices.ContainsFunc(v.Files, func(f Attachment) bool { return f.ID == id }) {
		return File{}, nil, a, Fail(NotFound, "file.not_found")
	}
	files, err := s.store.Files(ctx, []string{id})
	if err != nil {
		return File{}, nil, a, failed(err, "find file")
	}
	// A file belongs to the case only if who stored it put it there: an id copied from
	// elsewhere opens nothing.
	if len(files) != 1 || addressesOriginal(id) || !opens(&r.Case, a, &files[0]) {
		return File{}, nil, a, Fail(NotFound, "file.not_found")
	}
	return files[0], &r.Case, a, nil
}

// original is how the name of the blob of a file as it came ends. No attachment's id may:
// nobody opens an original by it, and nobody writes over one.
const original = ".raw"

func addressesOriginal(id string) bool {
	return len(id) >= len(original) && strings.EqualFold(id[len(id)-len(original):], original)
}

// ownBlobs are names for the bytes of one upload. What came before it under the same id,
// and what comes at the same time, lies elsewhere.
func ownBlobs(id string) (copied, raw string) {
	copied = id + "." + rand.Text()
	return copied, copied + original
}

// uploadBy is the note of who stores a file. An officer's chat is noted with them, so that
// what they store there counts for their own petition too.
func uploadBy(a Actor) File {
	f := File{By: holderOf(a)}
	if a.staff() {
		f.Unit = a.Unit
		if a.Owner != "" {
			f.By, f.Staff = a.Owner, or(a.Staff, a.Unit)
		}
	}
	return f
}

// of reports whether an officer, or a unit whose officers are not told apart, stored it.
// Keys bound to different units may each call an officer by the same id.
func (f *File) of(staff, unit string) bool {
	return (f.Staff == staff || f.By == staffHolder+staff) && (f.Unit == "" || f.Unit == unit)
}

const staffHolder = "staff:"

// storedBy reports whether the actor stored a file.
func (f *File) storedBy(a Actor) bool {
	return a.staff() && f.of(or(a.Staff, a.Unit), a.Unit) || a.Owner != "" && f.By == a.Owner
}

// admitUploads refuses to name somebody else's file. One that is not stored yet counts
// when it comes, if it comes from the same; one that the actor sees in the case may be
// named in it again.
func (s *Service) admitUploads(ctx context.Context, a Actor, named []Attachment, c *Case) error {
	if len(named) == 0 {
		return nil
	}
	var ids []string
	for _, f := range named {
		ids = append(ids, f.ID)
	}
	stored, err := s.store.Files(ctx, ids)
	if err != nil {
		return failed(err, "find files")
	}
	for i := range stored {
		if f := &stored[i]; !f.storedBy(a) && (c == nil || !opens(c, a, f)) {
			return Fail(Invalid, "file.not_found")
		}
	}
	return nil
}

// opens reports whether an actor who sees a case may open a file in it: an entry they see
// names it, and whoever stored it put it into this case. A citizen's entry counts only for
// the citizen's own files, an officer's for those that its officer could see.
func opens(c *Case, a Actor, f *File) bool {
	inside := !isCitizen(c, a)
	shown, placed := false, false
	for i := range c.Timeline {
		e := &c.Timeline[i]
		if !slices.ContainsFunc(e.Files, func(at Attachment) bool { return at.ID == f.ID }) {
			continue
		}
		own := e.placed(f, c.Filing.Owner, inside)
		placed = placed || own
		shown = shown || (inside || e.Public) && (own || e.By != "citizen")
	}
	return shown && placed
}

// placed reports whether the author of an entry stored the file. Officers' files of before
// their units were noted may be an officer's own petition's: its officers still open them.
func (e *Entry) placed(f *File, owner string, inside bool) bool {
	if e.By != "citizen" {
		return f.of(or(e.Staff, e.By), e.By)
	}
	return f.By == owner || inside && f.Unit == "" && strings.HasPrefix(f.By, staffHolder)
}

// Blobs keeps the bytes of attachments: a data folder or S3-compatible storage.
// Bytes are sealed at rest. IDs are those of BlobID.
type Blobs interface {
	// Put writes at most limit bytes under id and answers how many there were and
	// the first 512 of them. A reader with more is Invalid "file.too_large" and
	// leaves nothing behind, as does a reader that fails. Put under an id that is
	// there replaces it in one step: a reader never sees half of each.
	Put(ctx context.Context, id string, r io.Reader, limit int64) (size int64, head []byte, err error)

	// Open reads what Put wrote. NotFound "file.not_found" otherwise.
	Open(ctx context.Context, id string) (io.ReadCloser, error)

	// Delete removes it. Nothing there is no error.
	Delete(ctx context.Context, id string) error
}

// BlobID reports whether an id can name something in every blob store: 1 to 200
// letters, digits, '-', '_' and '.', the first no '.'.
func BlobID(id string) bool {
	return len(id) >= 1 && len(id) <= 200 && id[0] != '.' && strings.Trim(id, blobLetters) == ""
}

const blobLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

// Scrub knows the formats of files. The zero Scrub knows none, and no file is taken.
type Scrub struct {
	// Sniff is the media type of a file by its first 512 bytes; its name decides only
	// between kinds of the same container. False for kinds that are not taken.
	Sniff func(head []byte, name string) (kind string, ok bool)

	// Clean reads a file of size bytes, takes out of it what device and program wrote into
	// it (place, time, owner, author) and hands the copy to put, once or not at all. A
	// picture or film that can't be read is Invalid "file.damaged". A document is never
	// spoilt: what could not be taken out safely stays, and traces says so; so does a
	// file that would cost more memory or time than one may. It waits while too many are
	// cleaned. Errors of reading and of put come back as they are.
	Clean func(ctx context.Context, kind string, in io.Reader, size int64, put func(io.Reader) error) (traces bool, err error)
}

// WithScrub is the same service with the formats it takes.
func (s *Service) WithScrub(f Scrub) *Service {
	c := *s
	c.scrub = f
	return &c
}
