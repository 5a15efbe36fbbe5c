package petition

import (
	"context"
	"slices"
	"time"
)

// Store keeps cases. SQLite and PostgreSQL pass one conformance suite. Every method
// is one transaction; a method that fails has changed nothing. Citizens' words, chat
// addresses and contacts arrive in the clear and are sealed by the store before they
// are written; whatever the store must find them by, it keeps as a keyed hash.
//
// Errors are *Error: NotFound "case.not_found", Conflict "case.changed", Unavailable
// when the database does not answer, Internal for everything else.
type Store interface {
	// Create files a case once for ever per filing key. For a new key it takes
	// a serial of the year that no other case has or had (four to eight digits, in an order that tells
	// nobody how many there are), calls build with it and writes the record and its notices.
	// For a known key it answers the record as it is now and false, and neither
	// calls build nor writes. Two calls at the same time with one key file once.
	// build is pure and may be called again when the transaction is tried again; its
	// error ends Create and takes no serial. The new record has Version 1, whatever
	// build said. Notice.ID is given by the store, here and in Save.
	Create(ctx context.Context, key string, year int, build func(serial int) (Record, []Notice, error)) (Record, bool, error)

	// Load reads a case by its number, written exactly as FormatNumber does.
	// Timeline is complete and in order of Seq. NotFound otherwise.
	Load(ctx context.Context, number string) (Record, error)

	// Save writes a changed case and its notices. r.Case.Version is the version that
	// was read; the stored one becomes Version+1 and is answered. Conflict
	// "case.changed" when the stored version is another. Timeline entries already
	// stored are never rewritten; the store adds those with a Seq beyond them. r.Numbers get
	// the next serials of their registers, written into r.Case (DocumentNumber.Give): First, First + 1 …
	// for an organ and a year, without gaps, none twice; a transaction that fails gives them back.
	Save(ctx context.Context, r Record, notices []Notice) (int64, error)

	// List reads the records in scope that match q, one page. A record without Units is in no list. q.Order "due": those
	// Open and Urgent first, then first Due first, records without Due last, then by Number; "new": last Received
	// first, then by Number downwards. q.Words: every word, split at spaces, occurs,
	// without regard to case, in number, title, facts, request or the words of the
	// place, or of who passed it on; for a word of a single character a store may look through the 5,000
	// first records in scope only. What q.Matters selects must fit (q.Fits). q.Limit is 1–100. The cursor is opaque, "" on
	// the last page, and stays good while other records come and go. Records lack their
	// Timeline without q.Whole.
	List(ctx context.Context, s Scope, q Query) ([]Record, string, error)

	// Count is how many records List finds, page after page: MaxTotal+1 for more than
	// MaxTotal, -1 where only reading them would tell.
	Count(ctx context.Context, s Scope, q Query) (int, error)

	// Indexing reports, after waiting for a moment, that the store is still reading the
	// words of the cases it held when the program started, the newest first: a List with
	// q.Words, or that Matters, finds those read.
	Indexing(ctx context.Context) bool

	// Checks reads the records that have a check of q's kind, by q's rules and due until then,
	// the earliest first; with q.Stale those that have one by other rules, whenever due.
	// At most q.Limit of them, with a cursor as List has.
	Checks(ctx context.Context, q CheckQuery) ([]Record, string, error)

	// PutChecks keeps Checks of these records and nothing else of them, without making new
	// versions. A record whose stored version is another is passed over.
	PutChecks(ctx context.Context, records []Record) error

	// SetBack notes the moment of a sweep and answers how often such a moment lay more
	// than an hour before the latest of them: the clock had been wrong then.
	SetBack(ctx context.Context, now time.Time) (int, error)

	// Notices reads the feed after a position ("" = from the start), oldest first,
	// at most limit. ID is the position, of equal length so that it sorts as text. A
	// notice never appears before one that was already read, even when transactions
	// overlap. A cursor that never was is Invalid "feed.cursor".
	Notices(ctx context.Context, after string, limit int) ([]Notice, error)

	// Try counts one look-up against all limits, atomically and before it is
	// answered. When any limit is full (Max tries younger than Within at the moment
	// at), it counts nothing and answers how long until it is not; 0 = counted. id names
	// the try for Untry; tries older than the longest window seen may be dropped.
	Try(ctx context.Context, id string, at time.Time, limits []Limit) (time.Duration, error)

	// Untry takes a try back from every limit: the look-up was right. An unknown id
	// is no error.
	Untry(ctx context.Context, id string) error

	// NoteAccess adds a line to the access log; it is there for good when this returns. The
	// line that belongs to a change is Record.Access.
	NoteAccess(ctx context.Context, x Access) error

	// Accesses reads lines that match q, newest first, one page. The cursor is "" on the
	// last. Invalid "list.cursor" for one that never was.
	Accesses(ctx context.Context, q AccessQuery) ([]Access, string, error)

	// Viewers counts, for each unit, the people that lines about a case name (Access.Who),
	// without UnitName, in any order.
	Viewers(ctx context.Context, number string) ([]Viewers, error)

	// PutFile notes a file whose bytes lie in the blob store, once per ID: a second
	// call answers what the first one noted and changes nothing.
	PutFile(ctx context.Context, f File) (File, error)

	// Files reads what is noted of these IDs, in any order, without those unknown.
	Files(ctx context.Context, ids []string) ([]File, error)

	// LooseFiles lists at most limit files noted before a moment that no record
	// names in Record.Files: left-overs of drafts that were never sent.
	LooseFiles(ctx context.Context, before time.Time, limit int) ([]File, error)

	// DropFile forgets a file's note. An unknown ID is no error.
	DropFile(ctx context.Context, id string) error

	// Forget runs erase on every record of this owner and writes it back with
	// Version+1, new timeline entries included; afterwards Scope.Owner no longer
	// finds them, notices to this owner are gone from the feed, File.By of the
	// owner's files is "" and its consent to service notices is gone. All or nothing. It
	// answers how many records it changed.
	Forget(ctx context.Context, owner string, erase func(*Record)) (int, error)

	// Blank writes these entries over the stored ones of the same Seq. It is the one
	// exception to timelines that only grow: the end of the years that files are kept.
	// What the access log says of the case goes with it. NotFound when there is no such case.
	Blank(ctx context.Context, number string, entries []Entry) error

	// DropNotices removes from the feed what happened before a moment. Positions stay
	// good.
	DropNotices(ctx context.Context, before time.Time) error
}

// Record is a case as the store keeps it, with what it is found and sorted by.
type Record struct {
	Case    Case
	Code    []byte           // keyed hash of the query code, made by the service
	Due     string           // date of the running clock that comes first, "" = none
	Open    bool             // not at an end: Query.Open finds it
	Urgent  bool             // Query.Order "due" has it first while it is open
	Sealed  bool             // a report on misconduct: only Scope.SealedUnits finds it
	Units   []string         // units that may see it: who has it, who handled it, who reviews it
	Files   []string         // IDs of every attachment named in the filing or the timeline
	Keys    []string         // keyed hashes of the keys of moves already made, see Service.moveKey
	Numbers []DocumentNumber `json:"-"` // of documents that go out with it: Save gives them; a store never answers any
	Mark    string           `json:"-"` // set by Store.Create: what the receipt has of its first entry in the record, see Mark; "" without one
	Access  *Access          `json:"-"` // line of the access log to be written with it; a store never answers one
	Checks  []Check          // when time is to make its next steps, at most one of each kind
}

// Check is when a case is to be looked at for steps of one kind that time makes.
type Check struct {
	Kind  string
	Rules string    // names the rules by which At was computed
	At    time.Time // kept to the millisecond
}

// CheckQuery selects checks, see Store.Checks. Limit is 1–100.
type CheckQuery struct {
	Kind, Rules string
	Until       time.Time
	Stale       bool
	After       string
	Limit       int
}

// Scope says whose eyes a list is for. With Owner set, only what that chat filed is
// in scope and the rest is ignored. Without, a record that is not sealed is in scope
// when All is set or one of Units is among its units; a sealed one only when one of
// SealedUnits is. The zero Scope sees nothing.
type Scope struct {
	Owner       string
	All         bool
	Units       []string
	SealedUnits []string
}

// Limit is one limit on counted look-ups: at most Max within the time Within. Who is kept as a
// keyed hash ("asker:tg:1", "number:ZS26-0417-3K").
type Limit struct {
	Who    string
	Max    int
	Within time.Duration
}

// Full is how long the limit stays full after tries at these moments, 0 when it is not.
func (l Limit) Full(tries []time.Time, at time.Time) time.Duration {
	if l.Max <= 0 {
		return l.Within
	}
	young := slices.DeleteFunc(slices.Clone(tries), func(t time.Time) bool { return at.Sub(t) >= l.Within })
	if len(young) < l.Max {
		return 0
	}
	slices.SortFunc(young, time.Time.Compare)
	return young[len(young)-l.Max].Add(l.Within).Sub(at)
}

// File is what is known of an attachment's bytes. Blobs are written once, under names of
// their own: two uploads under one id never meet.
type File struct {
	Attachment           // stored beside the fields below, not in an object of its own
	By         string    `json:"By"`              // chat address of the citizen, "staff:<id>" of an officer without one; "" after Forget
	Staff      string    `json:"Staff,omitempty"` // id of an officer who has a chat
	Unit       string    `json:"Unit,omitempty"`  // the officer's unit then; "" of files stored before it was noted
	Copy       string    `json:"Copy,omitempty"`  // blob of what staff see, "" = the same as ID
	Original   string    `json:"Original"`        // blob of the bytes as they came, "" = the same as Copy
	At         time.Time `json:"At"`              // when the bytes were complete
}
