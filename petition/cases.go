package petition

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
)

// Actor is who asks. The zero Actor is a stranger who knows only what they type.
type Actor struct {
	Owner string `json:"owner,omitempty"` // a citizen's chat address; proves what that chat filed
	Asker string `json:"asker,omitempty"` // whom to count guesses against: chat address or network address
	// Address is the network address a citizen asks from, or an opaque name of it, where the door
	// has one: guesses and filings are counted against it besides. "" = not counted.
	Address string `json:"address,omitempty"`

	Staff string `json:"staff,omitempty"` // an officer's id
	Unit  string `json:"unit,omitempty"`
	Roles []Role `json:"roles,omitempty"`

	// Reason is why the officer wants it, where they were asked; it goes into the access log.
	Reason string `json:"reason,omitempty"`

	// Asks says that the door asks the officer for a reason before a report or a petitioner's contact is
	// opened: without one Look leaves the contact out (View.Covered) and refuses a report (access.why).
	Asks bool `json:"asks,omitempty"`

	// Caller is the program that asks for somebody, where it proved which one it is: the
	// name of its API key. "" = this process.
	Caller string `json:"-"`

	name   string   // what the office calls Staff; set by the service alone
	told   []string // colleagues whom the note of this move names; set by the service alone
	proved string   // id of the case whose number and query code were right; set by the service alone
}

// IsChat reports whether an address may be a citizen's: units and officers have
// addresses of their own in the feed, see Notice.To.
func IsChat(address string) bool {
	kind, _, _ := strings.Cut(address, ":")
	return kind != "unit" && kind != "sealed" && kind != "staff"
}

// Move is a request to move a case on. Which fields a move needs the table says.
type Move struct {
	Key     string            `json:"key"` // idempotency key
	Name    MoveName          `json:"name"`
	Text    string            `json:"text,omitempty"`
	Unit    string            `json:"unit,omitempty"`
	Officer string            `json:"officer,omitempty"`
	Date    string            `json:"date,omitempty"` // 2006-01-02
	Args    map[string]string `json:"args,omitempty"` // reason, basis, route, outcome, rating …
	Files   []Attachment      `json:"files,omitempty"`
	Code    string            `json:"code,omitempty"`    // query code, for a citizen in another chat
	Version int64             `json:"version,omitempty"` // only if the case still has this version; 0 = any

	// Of the moves about drafts (MoveName.Drafts). For is the paper that MoveDraft and MoveSubmit
	// write: the fields above are its form. Draft is the one that is written anew, sent back,
	// signed …; 0 = a new one. DraftVersion is the version that was read: 0 = any, except for MoveSign.
	For          MoveName `json:"for,omitempty"`
	Draft        int      `json:"draft,omitempty"`
	DraftVersion int      `json:"draft_version,omitempty"`
}

// Ticket is what a citizen gets for a filing (Art 22). Code is shown once.
type Ticket struct {
	Number string    `json:"number"`
	Code   string    `json:"code"` // 7Q4M-29XD; kept only as a keyed hash. "" for what an officer wrote down: it stands on the printed receipt
	Unit   string    `json:"unit"` // unit it went to, by the office's data
	Filed  time.Time `json:"filed"`
	Next   Clock     `json:"next"`           // the clock that runs now
	Mark   string    `json:"mark,omitempty"` // of its entry in the record, see Mark
	View   View      `json:"view"`
}

// Query selects cases for a list. Zero fields do not restrict. A citizen gets only
// what their chat filed, whatever they ask for.
type Query struct {
	Unit    string `json:"unit,omitempty"`
	Officer string `json:"officer,omitempty"` // who took it
	Status  Status `json:"status,omitempty"`
	Words   string `json:"words,omitempty"`
	Open    bool   `json:"open,omitempty"`
	Class   Class  `json:"class,omitempty"`
	Subject string `json:"subject,omitempty"` // code of the office's list
	Place   string `json:"place,omitempty"`   // code of a town
	Channel string `json:"channel,omitempty"` // by which it came
	From    string `json:"from,omitempty"`    // received on or after this day, as 2026-08-03
	To      string `json:"to,omitempty"`      // received on or before this day
	Order   string `json:"order,omitempty"`   // "due" (default for staff) or "new" (default for citizens)
	After   string `json:"after,omitempty"`   // cursor of the page before
	Limit   int    `json:"limit,omitempty"`   // 1–100, default 20

	// Led selects the cases that this actor leads (领导包案).
	Led bool `json:"led,omitempty"`

	// Hard selects the cases that a leader leads or led until they were struck off, of those the
	// actor sees.
	Hard bool `json:"hard,omitempty"`

	// Drafts selects cases by papers that are not issued: "sign" = some wait for this actor's
	// signature, "write" = some are in this actor's hands to write, "unit" = of their unit. Words do
	// not go with it.
	Drafts string `json:"drafts,omitempty"`

	DraftsOf string `json:"-"` // those with Case.DraftUnits of this unit, for Store.List alone and without Words

	// Person selects what somebody petitioned: a name or a telephone number as Case.Named has it. For
	// Store alone: a search by Words is told to be one, see Service.List.
	Person string `json:"-"`

	Public bool `json:"-"` // those whose petitioner agreed to publication, for Store.List alone

	Whole bool `json:"-"` // records with their timelines, for Store.List alone
}

// Matters reports whether a query selects by what a case is about or when and how it came.
func (q Query) Matters() bool {
	return q.Class != "" || q.Subject != "" || q.Place != "" || q.Channel != "" || q.From != "" || q.To != "" || q.Person != "" || q.Public
}

// Fits reports whether a case is what a query that Matters selects.
func (q Query) Fits(c *Case) bool {
	f, day := &c.Filing, Day(c.Received)
	return (!q.Public || f.Public) && (q.Class == "" || q.Class == f.Class) && (q.Subject == "" || q.Subject == f.Subject) && (q.Place == "" || q.Place == f.Place.Code) &&
		(q.Channel == "" || q.Channel == f.Channel) && (q.Person == "" || slices.Contains(c.Named(), q.Person)) && (q.From == "" || day >= q.From) && (q.To == "" || day <= q.To)
}

// Item is a case in a list: what a line about it needs. Its fields are those of View;
// Look shows the rest.
type Item struct {
	Number       string    `json:"number"`
	Old          string    `json:"old,omitempty"` // see Filing.Old
	Status       Status    `json:"status"`
	Class        Class     `json:"class"`
	Urgency      Urgency   `json:"urgency,omitempty"`
	Taken        time.Time `json:"taken,omitzero"`
	Channel      string    `json:"channel,omitempty"`       // as in View
	OriginNumber string    `json:"origin_number,omitempty"` // the sender's own number, see Origin
	Subject      string    `json:"subject,omitempty"`
	Place        string    `json:"place,omitempty"` // its code, "" where only words were given
	Title        string    `json:"title,omitempty"` // or the beginning of the facts, 30 characters
	Unit         string    `json:"unit"`
	UnitName     string    `json:"unit_name"`
	Officer      string    `json:"officer,omitempty"`
	Received     time.Time `json:"received"`
	Due          string    `json:"due,omitempty"`
	Rule         string    `json:"rule,omitempty"`
	Article      string    `json:"article,omitempty"`
	Colour       string    `json:"colour,omitempty"`
	Paused       string    `json:"paused,omitempty"`
	Left         int       `json:"left"`
	Provisional  bool      `json:"provisional,omitempty"` // Due rests on a year whose holidays are not published
	Late         bool      `json:"late,omitempty"`
	Version      int64     `json:"version"`
	Drafts       []Draft   `json:"drafts,omitempty"` // that the actor sees, without what they say

	Lead string     `json:"lead,omitempty"` // who leads it, while it is a hard case; staff only
	Plan []PlanStep `json:"plan,omitempty"` // open steps of its plan, the first due first; staff only
}

// Page is one page of a list; After is "" on the last.
type Page struct {
	Items   []Item `json:"views"`
	After   string `json:"after,omitempty"`
	Partial bool   `json:"partial,omitempty"` // older cases can't be found by words yet: ask again in a minute
	Total   int    `json:"total,omitempty"`   // on a first page how many cases the whole list has; 0 where only reading them would tell
	Over    bool   `json:"over,omitempty"`    // there are more than Total, which is MaxTotal then
}

// MaxTotal is how far the cases of a list are counted.
const MaxTotal = 1000

// Notice tells one addressee about one timeline entry. Notices are written in the
// transaction of the change and numbered in the order they became visible.
type Notice struct {
	ID     string `json:"id"`     // feed position, increasing
	To     string `json:"to"`     // chat address of a citizen, or "unit:<code>", "staff:<id>"
	Number string `json:"number"` // the case
	Entry  Entry  `json:"entry"`  // what happened, as the addressee may see it
	View   View   `json:"view"`   // the case after it
	Lang   string `json:"lang,omitempty"`
}

// Cases is the case service. It is equal in process and over the case API; one
// conformance suite holds for both. Every error is an *Error.
type Cases interface {
	// File lodges a petition and answers with the ticket. The same Filing.Key of the
	// same filer and program answers with the same ticket, code included, and files
	// nothing new; with another filing it is Conflict "file.key_reused". Somebody else's
	// key is nobody's business: it files a case of its own.
	File(ctx context.Context, a Actor, f Filing) (Ticket, error)

	// Look shows a case. A citizen's own chat (a.Owner) needs no code, anybody else
	// needs number and code. A wrong number and a wrong code are the same NotFound
	// in the same time; too many wrong ones are Limited, per asker and per address.
	Look(ctx context.Context, a Actor, number, code string) (View, error)

	// List shows the cases the actor may see. Officers who look for a person (Office.LooksForPerson)
	// say why, else it is Forbidden "access.why_person": then Words find what that person petitioned,
	// of the cases that their unit has or, in the petition office, of all; where nobody of that name did,
	// texts that hold the words. The search is in the access log with the reason, whatever it found.
	List(ctx context.Context, a Actor, q Query) (Page, error)

	// Do makes a move. An unlawful one is Conflict, Forbidden or Invalid and the
	// error's Key says why; View.Can says what is possible. The same Move.Key of the
	// same person and program is done once on a case; with another move it is Conflict
	// "move.key_reused".
	Do(ctx context.Context, a Actor, number string, m Move) (View, error)

	// Notices reads the feed after a position ("" = from the start), oldest first.
	Notices(ctx context.Context, after string, limit int) ([]Notice, error)

	// Attach stores the bytes of an attachment under at.ID, once; it sniffs the
	// type, limits the size and answers with what it found. Invalid when too large
	// or of a kind that is not taken.
	Attach(ctx context.Context, a Actor, at Attachment, r io.Reader) (Attachment, error)

	// Open reads an attachment of a case the actor may see.
	Open(ctx context.Context, a Actor, number, id string) (io.ReadCloser, Attachment, error)

	// Document prints the official document of a timeline entry as it was when the
	// entry was made. Code as in Look. A citizen may read the documents addressed to them, an
	// officer who sees the case all of them; anything else is NotFound "paper.none".
	Document(ctx context.Context, a Actor, number, code string, p DocumentRef) (io.ReadCloser, Attachment, error)

	// Accesses reads the access log, newest first. Forbidden for all but the roles that
	// may, see MayReadLog; a line says of a case no more than its number. Reading it is
	// a line too.
	Accesses(ctx context.Context, a Actor, q AccessQuery) (AccessPage, error)

	// Week answers how things stand in the week of today: of all cases for who heads the petition
	// office, else of those of the officer's unit. Forbidden "week.who" for who sees none, NotFound
	// "figures.none" for a figure there is not. The cases of a figure are those that were counted, as
	// they are now, at most MaxNamed, and go into the access log.
	Week(ctx context.Context, a Actor, q WeekQuery) (Week, error)

	// Forget cuts a citizen's chat from their cases: contact details and chat
	// address are erased, the case itself stays as the record the law requires.
	// It answers how many cases were cut.
	Forget(ctx context.Context, owner string) (int, error)
}

// Finding is something an officer should look at before an answer goes out. It stops
// nothing; a part that the document must have (Art 32) is refused by the move itself.
type Finding struct {
	Key      string            `json:"key"` // of the sentence that says it: gate.demand, …
	Args     map[string]string `json:"args,omitempty"`
	Severity string            `json:"severity"` // must, should, note
}

// Severities of a finding.
const (
	MustFix   = "must"   // the move would be refused
	ShouldFix = "should" // the law or a right is at stake
	MayFix    = "note"   // worth a look
)

// ReplyCheck reads a move over as it would be made on a case, without making it.
type ReplyCheck func(v View, m Move) []Finding
