package petition

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
)

// original is how the name of the blob of a file as it came ends. No attachment's id may:
// nobody is shown an original, and nobody writes over one.
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
