package petition

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Act is what somebody did with cases, as the access log calls it.
type Act string

const (
	ActRead     Act = "read"     // opened a case
	ActContact  Act = "contact"  // opened a case with the petitioner's name, telephone or address
	ActList     Act = "list"     // was shown cases in a list
	ActSearch   Act = "search"   // was shown cases that have words
	ActFile     Act = "file"     // opened an attachment
	ActDocument Act = "document" // had an official document written
	ActChange   Act = "change"   // lodged or moved a case
	ActExport   Act = "export"   // took cases out of the program, whole
	ActLog      Act = "log"      // read the access log
	ActDispute  Act = "dispute"  // was shown or changed a dispute that is settled early; What is its number, and the move
	ActRestore  Act = "restore"  // restored the store from a backup: what came after the backup is not in it
)

// Access is one line of the access log: who read or changed which cases, when, by which door
// and why. Lines are only added.
type Access struct {
	ID      string    `json:"id,omitempty"` // position in the log, increasing; given by the store
	At      time.Time `json:"at"`
	Act     Act       `json:"act"`
	Numbers []string  `json:"numbers,omitempty"` // the cases, none for ActLog
	What    string    `json:"what,omitempty"`    // words searched for, file, document, move, number whose log was read
	Staff   string    `json:"staff,omitempty"`   // the officer's id, "" = the citizen, or nobody the key named
	Unit    string    `json:"unit,omitempty"`
	Key     string    `json:"key,omitempty"`     // name of the API key it came with
	Door    string    `json:"door"`              // api, or the first part of the chat's address: web, tg, term, desk; program = the command line
	Reason  string    `json:"reason,omitempty"`  // as the officer gave it
	Repeats int       `json:"repeats,omitempty"` // how often the same was done in the ten minutes after the line before, which is not written down again
}

// Who is whom a line is about: the officer, else the key; "" for a citizen in a chat.
func (x Access) Who() string {
	if x.Staff == "" && x.Unit != "" {
		return "key:" + x.Key
	}
	return x.Staff
}

// AccessQuery selects lines of the access log, newest first. Zero fields do not restrict.
type AccessQuery struct {
	Number string `json:"number,omitempty"`
	Staff  string `json:"staff,omitempty"`
	After  string `json:"after,omitempty"` // cursor of the page before
	Limit  int    `json:"limit,omitempty"` // 1–100, default 20
}

// AccessPage is one page of the access log; After is "" on the last.
type AccessPage struct {
	Lines []Access `json:"lines"`
	After string   `json:"after,omitempty"`
}

// Viewers says how many officers of a unit have read or changed a case, and on which days
// first and last. It names nobody.
type Viewers struct {
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name"`
	Officers int    `json:"officers"`
	First    string `json:"first"`
	Last     string `json:"last"`
}

// sameAccess is how long one line stands for all identical reads by the same person.
const sameAccess = 10 * time.Minute

// maxRecent bounds how many reads are remembered as written down; beyond them each is
// written again.
const maxRecent = 20_000

// recentAccesses are the reads written down in the last sameAccess.
type recentAccesses struct {
	mu   sync.Mutex
	seen map[string]*recentAccess
}

type recentAccess struct {
	at      time.Time
	repeats int
}

// repeated reports whether the same was written down lately. If not, it answers how often
// it was done after the line before.
func (r *recentAccesses) repeated(key string, now time.Time) (again bool, repeats int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.seen[key]
	if last == nil {
		return false, 0
	}
	if now.Sub(last.at).Abs() < sameAccess {
		last.repeats++
		return true, 0
	}
	return false, last.repeats
}

// written remembers a line that is in the log.
func (r *recentAccesses) written(key string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) >= maxRecent {
		for k, v := range r.seen {
			if now.Sub(v.at) >= sameAccess {
				delete(r.seen, k)
			}
		}
	}
	if r.seen == nil {
		r.seen = map[string]*recentAccess{}
	}
	if len(r.seen) < maxRecent || r.seen[key] != nil {
		r.seen[key] = &recentAccess{at: now}
	}
}

// logged reports whether what an actor does is written down: all but what a citizen does
// in the chat that filed it, and what the program does by itself.
func (s *Service) logged(a Actor) bool {
	switch {
	case s.withoutNotices:
		return false
	case a.Caller != "":
		return true
	case a.staff():
		return a.Staff != System().Staff
	}
	return a.proved != ""
}

// toward is an actor as the access log names them in a case: an officer's own petition is
// theirs as a citizen only (Art 28).
func toward(c *Case, a Actor) Actor {
	if isCitizen(c, a) {
		a.Staff, a.Unit, a.Roles = "", "", nil
	}
	return a
}

// access is a line about an actor.
func (s *Service) access(a Actor, act Act, what string, numbers ...string) Access {
	return NewAccess(a, act, what, s.now(), numbers...)
}

// NewAccess is a line of the access log about an actor.
func NewAccess(a Actor, act Act, what string, now time.Time, numbers ...string) Access {
	x := Access{At: now, Act: act, Numbers: numbers, What: clip(what, 200), Key: a.Caller, Door: door(a), Reason: clip(strings.TrimSpace(a.Reason), 200)}
	if a.staff() {
		x.Staff, x.Unit = a.Staff, a.Unit
	}
	return x
}

func door(a Actor) string {
	if a.Caller != "" {
		return "api"
	}
	kind, _, ok := strings.Cut(or(a.Asker, a.Owner), ":")
	if !ok {
		return "program"
	}
	return kind
}

// changed is the line about a change, written with it; nil where none is.
func (s *Service) changed(a Actor, move MoveName, number string) *Access {
	if !s.logged(a) {
		return nil
	}
	x := s.access(a, ActChange, string(move), number)
	return &x
}

// noteRead writes down that an actor is about to be shown cases; what can't be written down
// is not shown.
func (s *Service) noteRead(ctx context.Context, a Actor, act Act, what string, numbers ...string) error {
	if !s.logged(a) || len(numbers) == 0 && act != ActLog && act != ActSearch {
		return nil
	}
	x := s.access(a, act, what, numbers...)
	key := strings.Join(append([]string{x.Key, x.Door, x.Staff, x.Unit, a.Owner, string(act), x.What, x.Reason}, numbers...), "\x00")
	again, repeats := s.recent.repeated(key, x.At)
	if again {
		return nil
	}
	x.Repeats = repeats
	if err := s.store.NoteAccess(ctx, x); err != nil {
		return failed(err, "write access log")
	}
	s.recent.written(key, x.At)
	return nil
}

// Accesses reads the access log; see Cases.
func (s *Service) Accesses(ctx context.Context, a Actor, q AccessQuery) (AccessPage, error) {
	a = s.law.normal(a)
	if !s.law.Office.MayReadLog(a) {
		return AccessPage{}, Fail(Forbidden, "access.who")
	}
	if len(q.After) > 40 || len(q.Staff) > 200 {
		return AccessPage{}, Fail(Invalid, "list.too_long")
	}
	if q.Number != "" {
		number, ok := ParseNumber(q.Number)
		if !ok {
			return AccessPage{}, Fail(NotFound, "lookup.no_match")
		}
		q.Number = number
	}
	if q.Limit <= 0 {
		q.Limit = 20
	}
	q.Limit = min(q.Limit, 100)
	if err := s.noteRead(ctx, a, ActLog, or(q.Number, q.Staff)); err != nil {
		return AccessPage{}, err
	}
	lines, after, err := s.store.Accesses(ctx, q)
	return AccessPage{Lines: append([]Access{}, lines...), After: after}, failed(err, "read access log")
}

// viewers adds to a citizen's view which units' officers have seen the case.
func (s *Service) viewers(ctx context.Context, v *View) error {
	all, err := s.store.Viewers(ctx, v.Number)
	if err != nil {
		return failed(err, "count who has seen the case")
	}
	for i := range all {
		all[i].UnitName = s.law.Office.UnitName(all[i].Unit)
	}
	slices.SortFunc(all, func(x, y Viewers) int { return strings.Compare(x.First+x.Unit, y.First+y.Unit) })
	v.Seen = all
	return nil
}
