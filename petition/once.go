package petition

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// requester is whose an idempotency key is: the program that asks together with the chat
// or the officer it asks for. Two programs number their requests alike, and so do two
// people's.
func requester(a Actor) string {
	if a.staff() {
		return a.Caller + "\x00" + holderOf(a)
	}
	return a.Caller + "\x00owner:" + a.Owner
}

// short is a keyed hash as records keep it.
func (s *Service) short(purpose, value string) string {
	return hex.EncodeToString(s.hash(purpose, value)[:16])
}

// filedBy is what a case remembers of the program that filed it; nothing of this process.
func (s *Service) filedBy(a Actor) string {
	if a.Caller == "" {
		return ""
	}
	return s.short("filed by", requester(a))
}

// filedAs is what a case remembers of the request that filed it. Filings are data, which
// always marshals.
func (s *Service) filedAs(f Filing) string {
	f.Key = ""
	b, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return s.short("filed as", string(b))
}

// builder makes the record of a new case when the store has a serial for it.
type builder func(serial int) (Record, []Notice, error)

// create files once under the filing's key. A key that somebody else used before is no
// reason to answer with their case nor to refuse: the filing then goes under a key made
// of both, and is found there again.
func (s *Service) create(ctx context.Context, a Actor, f Filing, now time.Time, build builder) (Record, error) {
	year := now.In(shanghai).Year()
	for _, key := range []string{f.Key, "once:" + s.short("filing key", requester(a)+"\x00"+f.Key)} {
		r, fresh, err := s.store.Create(ctx, key, year, build)
		if err != nil {
			return Record{}, failed(err, "file petition")
		}
		if fresh {
			return r, nil
		}
		if theirs, err := s.replayed(a, f, &r.Case); theirs {
			return r, err
		}
	}
	return Record{}, Fail(Conflict, "file.key_taken")
}

// replayed reports whether a case found under a filing's key is that filing's, and
// refuses what may not be answered with it: other content under the same key, and a case
// that was cut from its chat.
func (s *Service) replayed(a Actor, f Filing, c *Case) (theirs bool, err error) {
	same := c.FiledAs == s.filedAs(f)
	if c.FiledAs == "" { // filed before that was remembered
		same = c.Filing.Facts == f.Facts && c.Filing.Request == f.Request
	}
	if c.FiledBy != "" && c.FiledBy != s.filedBy(a) {
		return false, nil
	}
	switch {
	case c.forgotten() || c.erased():
		return same, Fail(Conflict, "file.key_taken")
	case c.Filing.Owner != f.Owner || f.Owner == "" && !filedLike(a, c):
		return false, nil
	case !same:
		return true, Fail(Conflict, "file.key_reused")
	}
	return true, nil
}

// filedLike reports whether a case without a chat was filed by the same officer, or as
// this one by nobody known.
func filedLike(a Actor, c *Case) bool {
	first := c.Timeline[0]
	if !a.staff() {
		return first.By == "citizen"
	}
	return first.Staff == a.Staff && first.By == a.Unit
}

func (c *Case) forgotten() bool {
	return slices.ContainsFunc(c.Timeline, func(e Entry) bool { return e.Move == MoveForget })
}

// moveKey is what a record keeps of a move that was made: whose key it was and, behind a
// colon, what the move said.
func (s *Service) moveKey(a Actor, m Move) (whose, whole string) {
	whose = s.short("move of", requester(a)+"\x00"+m.Key) + ":"
	m.Key, m.Code = "", ""
	b, err := json.Marshal(m)
	if err != nil {
		b = nil // moves are data, which always marshals
	}
	return whose, whose + s.short("move as", string(b))
}

// made reports whether a move was made before. The same key with another move is refused.
// Records of before callers were told apart keep a hash of the key alone.
func (s *Service) made(r *Record, a Actor, m Move) (bool, error) {
	if m.Key == "" {
		return false, nil
	}
	whose, whole := s.moveKey(a, m)
	for _, k := range r.Keys {
		if k == whole || k == s.short("move", m.Key) {
			return true, nil
		}
		if strings.HasPrefix(k, whose) {
			return false, Fail(Conflict, "move.key_reused")
		}
	}
	return false, nil
}
