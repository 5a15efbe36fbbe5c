// Package websession keeps the sessions of browsers. A session is made by the server alone,
// is known by a token of which only the hash is stored, and ends for every process at once.
package websession

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dengwen/internal/seal"
)

// ErrNone says that a token opens no session: it never did, or the session has ended.
var ErrNone = errors.New("no such session")

// Kind is what somebody may do with a session, and so how long it lasts.
type Kind string

// Kinds of sessions.
const (
	Visitor    Kind = "visitor" // has said nothing yet
	Citizen    Kind = "citizen"
	Officer    Kind = "officer"
	Desk       Kind = "desk"    // an officer's, of the desk in the browser: it has no conversation
	DeskLink   Kind = "ticket"  // a link that opens the desk once
	HandedLink Kind = "letter"  // the same, made by the command line to be passed on
	PageLink   Kind = "page"    // a link that opens a conversation in the browser once
	Asking     Kind = "asking"  // somebody signs in with a passkey, see Session.Ceremony
	Reading    Kind = "reading" // an officer has a case open; its token is known to nobody
)

// Period is how long a session lasts: Idle after it was last used, Life after it began. Life 0
// is no limit.
type Period struct{ Idle, Life time.Duration }

// Periods are those of each kind. An officer's is short: the page shows other people's words
// and telephone numbers on machines that colleagues use too (OWASP ASVS 4.0, 3.3.2).
func Periods() map[Kind]Period {
	return map[Kind]Period{
		Visitor:    {Idle: 24 * time.Hour},
		Citizen:    {Idle: 180 * 24 * time.Hour}, // the longest a matter may take, so that "my petitions" works until it is answered
		Officer:    {Idle: 30 * time.Minute, Life: 12 * time.Hour},
		Desk:       {Idle: 30 * time.Minute, Life: 12 * time.Hour},
		Asking:     {Idle: 5 * time.Minute, Life: 5 * time.Minute},
		Reading:    {Idle: time.Minute, Life: 12 * time.Hour},
		DeskLink:   {Idle: 15 * time.Minute, Life: 15 * time.Minute},
		HandedLink: {Idle: 24 * time.Hour, Life: 24 * time.Hour},
		PageLink:   {Idle: 15 * time.Minute, Life: 15 * time.Minute},
	}
}

// Session is one browser.
type Session struct {
	Kind     Kind      `json:"kind"`
	Conv     string    `json:"conv,omitempty"`     // the conversation that it reads and writes
	Staff    string    `json:"staff,omitempty"`    // id of the officer whose it is, "" = a citizen's
	Ceremony []byte    `json:"ceremony,omitempty"` // what a passkey that is being added or used must answer
	Case     string    `json:"case,omitempty"`     // number of the case that is open, of a Reading one
	Joins    bool      `json:"joins,omitempty"`    // the request that renewed it uses an invitation
	Renew    bool      `json:"renew,omitempty"`    // gets another token with its next page
	Before   string    `json:"before,omitempty"`   // row of the session in whose place it was started, see Succeed
	Device   string    `json:"device,omitempty"`   // what the browser calls itself, for the list of one's own
	Began    time.Time `json:"began"`
	Used     time.Time `json:"used"`
	Proved   time.Time `json:"proved,omitzero"` // when the officer last showed who they are, besides having the session

	// Reasons are why the officer opened what is only shown for a reason, the newest last.
	Reasons []Reason `json:"reasons,omitempty"`

	// Searches are what the officer looked for, the newest last.
	Searches []Search `json:"searches,omitempty"`

	hash string
}

// Reason is what somebody said of why they want something.
type Reason struct {
	About string    `json:"about"`
	Text  string    `json:"text"`
	At    time.Time `json:"at"`
}

// maxReasons is how many reasons a session remembers.
const maxReasons = 20

// ReasonFor is the text of the newest reason about something given after a moment, "" = none.
func (s Session) ReasonFor(about string, after time.Time) string {
	for _, r := range slices.Backward(s.Reasons) {
		if r.About == about && r.At.After(after) {
			return r.Text
		}
	}
	return ""
}

// Give is the session with one reason more; the oldest beyond a bound are dropped.
func (s Session) Give(about, text string, now time.Time) Session {
	s.Reasons = append(slices.Clone(s.Reasons), Reason{about, text, now})
	s.Reasons = s.Reasons[max(0, len(s.Reasons)-maxReasons):]
	return s
}

// Search is what somebody looked for. Its id stands in addresses, the words do not.
type Search struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

// maxSearches is how many searches a session remembers.
const maxSearches = 20

// Seek is the session with the words as its newest search, and the search's id, the same for the same
// words while they are remembered; the oldest beyond a bound are dropped.
func (s Session) Seek(words string, newID func() string) (Session, string) {
	one := Search{Words: words}
	if i := slices.IndexFunc(s.Searches, func(o Search) bool { return o.Words == words }); i >= 0 {
		one = s.Searches[i]
	} else {
		one.ID = newID()
	}
	s.Searches = append(slices.DeleteFunc(slices.Clone(s.Searches), func(o Search) bool { return o == one }), one)
	s.Searches = s.Searches[max(0, len(s.Searches)-maxSearches):]
	return s, one.ID
}

// Sought are the words of a search; false when it is not remembered.
func (s Session) Sought(id string) (string, bool) {
	for _, one := range s.Searches {
		if one.ID == id {
			return one.Words, true
		}
	}
	return "", false
}

// Owner is whose list of sessions it is in: the officer's, else its conversation's.
func (s Session) Owner() string {
	if s.Kind == Reading {
		return OwnerOfCase(s.Case)
	}
	if s.Staff != "" {
		return OwnerOfStaff(s.Staff)
	}
	return s.Conv
}

// OwnerOfStaff is the Owner of an officer's sessions.
func OwnerOfStaff(id string) string { return "staff:" + id }

// OwnerOfCase is the Owner of what tells who has a case open.
func OwnerOfCase(number string) string { return "case:" + number }

// Row is a session as it is stored.
type Row struct {
	Hash  string // of the token, in hexadecimal
	Owner string // an id, or a hash
	Until time.Time
	Body  []byte // sealed
}

// Store keeps rows until Row.Until. Two stores pass one conformance suite,
// storage/storagetest: Redis and SQLite.
type Store interface {
	// PutWebSession adds a row.
	PutWebSession(ctx context.Context, r Row) error

	// UpdateWebSession writes a row that is there; false when it has ended meanwhile.
	UpdateWebSession(ctx context.Context, r Row) (bool, error)

	// WebSession reads a row; false when there is none.
	WebSession(ctx context.Context, hash string) (Row, bool, error)

	// DropWebSession ends a session; false when it had ended.
	DropWebSession(ctx context.Context, hash string) (bool, error)

	// WebSessions lists the rows of an owner, in no order.
	WebSessions(ctx context.Context, owner string) ([]Row, error)
}

// Manager makes, finds and ends sessions. It is safe for concurrent use, and so are several
// processes on one store.
type Manager struct {
	store   Store
	box     *seal.Box
	now     func() time.Time
	periods map[Kind]Period
}

// New makes a manager with the given periods.
func New(s Store, b *seal.Box, now func() time.Time, periods map[Kind]Period) *Manager {
	return &Manager{store: s, box: b, now: now, periods: periods}
}

// Start makes a session and answers its token, 43 characters that are stored nowhere.
func (m *Manager) Start(ctx context.Context, s Session) (string, Session, error) {
	s.Began = m.now()
	s.Used = s.Began
	return m.add(ctx, s)
}

func (m *Manager) add(ctx context.Context, s Session) (string, Session, error) {
	var b [32]byte
	rand.Read(b[:]) // never fails
	token := base64.RawURLEncoding.EncodeToString(b[:])
	s.hash = hashOf(token)
	row, err := m.row(s)
	if err != nil {
		return "", s, err
	}
	if err := m.store.PutWebSession(ctx, row); err != nil {
		return "", s, fmt.Errorf("begin web session: %w", err)
	}
	return token, s, nil
}

// Once notes a text for as long as a session of the kind lasts, and reports whether it was not noted
// yet: what somebody signed is used once. Two who ask at the very same moment may both be told so.
func (m *Manager) Once(ctx context.Context, s Session, text string) (bool, error) {
	s.hash = hashOf("once\x00" + text)
	if _, there, err := m.store.WebSession(ctx, s.hash); there || err != nil {
		return false, err
	}
	s.Began = m.now()
	s.Used = s.Began
	row, err := m.row(s)
	if err != nil {
		return false, err
	}
	return true, m.store.PutWebSession(ctx, row)
}

// hashOf needs no key: a token is 256 random bits.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte("websession\x00" + token))
	return hex.EncodeToString(sum[:])
}

// Longest is how long a cookie may keep the token of a session of this kind.
func (m *Manager) Longest(k Kind) time.Duration { return max(m.periods[k].Idle, m.periods[k].Life) }

func (m *Manager) until(s Session) time.Time {
	p := m.periods[s.Kind]
	till := s.Used.Add(p.Idle)
	if end := s.Began.Add(p.Life); p.Life > 0 && end.Before(till) {
		return end
	}
	return till
}

// stored is how an owner stands in the store: a conversation elsewhere than at the page, whose address
// may be a person's account, as a keyed hash.
func (m *Manager) stored(owner string) string {
	for _, own := range []string{"web:", OwnerOfStaff(""), OwnerOfCase("")} {
		if owner == "" || strings.HasPrefix(owner, own) {
			return owner
		}
	}
	return hex.EncodeToString(m.box.Hash("web session", owner)[:16])
}

// Place is what the body of a session is bound to.
func Place(hash string) string { return "websession:" + hash }

func (m *Manager) row(s Session) (Row, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return Row{}, fmt.Errorf("write web session: %w", err)
	}
	body, err := m.box.Seal(plain, Place(s.hash))
	return Row{Hash: s.hash, Owner: m.stored(s.Owner()), Until: m.until(s), Body: body}, err
}

// Find is the session of a token. ErrNone when it opens none.
func (m *Manager) Find(ctx context.Context, token string) (Session, error) {
	row, ok, err := m.store.WebSession(ctx, hashOf(token))
	if err != nil {
		return Session{}, fmt.Errorf("find web session: %w", err)
	}
	if !ok {
		return Session{}, ErrNone
	}
	s, err := m.open(row)
	if err != nil || s.Before == "" {
		return s, err
	}
	if _, err := m.store.DropWebSession(ctx, s.Before); err != nil {
		return Session{}, fmt.Errorf("end the web session before: %w", err)
	}
	s.Before = ""
	return s, m.Change(ctx, s)
}

func (m *Manager) open(row Row) (Session, error) {
	s := Session{hash: row.Hash}
	plain, err := m.box.Open(row.Body, Place(row.Hash))
	if err != nil || json.Unmarshal(plain, &s) != nil { // sealed under a key that is gone
		return Session{}, ErrNone
	}
	if !m.now().Before(m.until(s)) {
		return Session{}, ErrNone
	}
	return s, nil
}

// Use notes that a person used the session just now, so that it does not end as idle. It is
// written once in a thirtieth of the time that would end it. ErrNone when it has ended.
func (m *Manager) Use(ctx context.Context, s Session) error {
	now := m.now()
	if now.Sub(s.Used) < m.periods[s.Kind].Idle/30 {
		return nil
	}
	s.Used = now
	return m.Change(ctx, s)
}

// Change writes a session that keeps its token. ErrNone when it has ended.
func (m *Manager) Change(ctx context.Context, s Session) error {
	row, err := m.row(s)
	if err != nil {
		return err
	}
	there, err := m.store.UpdateWebSession(ctx, row)
	if err != nil {
		return fmt.Errorf("change web session: %w", err)
	}
	if !there {
		return ErrNone
	}
	return nil
}

// Renew gives a session another token, and the old one opens nothing any more. Of two who ask
// at once one gets ErrNone.
func (m *Manager) Renew(ctx context.Context, s Session) (string, Session, error) {
	if err := m.Take(ctx, s); err != nil {
		return "", s, err
	}
	s.Renew, s.Used = false, m.now()
	return m.add(ctx, s)
}

// Succeed starts a session like s that takes its place: s ends when the new token is first used. Where the
// answer that holds the token is lost, the old one goes on to open.
func (m *Manager) Succeed(ctx context.Context, s Session) (string, Session, error) {
	s.Before, s.Used = s.hash, m.now()
	return m.add(ctx, s)
}

// Take ends a session that is used once. ErrNone when it has ended: of several who ask at the same
// moment one gets it.
func (m *Manager) Take(ctx context.Context, s Session) error {
	was, err := m.store.DropWebSession(ctx, s.hash)
	if err != nil {
		return fmt.Errorf("use up web session: %w", err)
	}
	if !was {
		return ErrNone
	}
	return nil
}

// End ends a session. One that has ended is no error.
func (m *Manager) End(ctx context.Context, s Session) error {
	if _, err := m.store.DropWebSession(ctx, s.hash); err != nil {
		return fmt.Errorf("end web session: %w", err)
	}
	return nil
}

// List is the sessions of an owner.
func (m *Manager) List(ctx context.Context, owner string) ([]Session, error) {
	rows, err := m.store.WebSessions(ctx, m.stored(owner))
	if err != nil {
		return nil, fmt.Errorf("list web sessions: %w", err)
	}
	var out []Session
	for _, row := range rows {
		if s, err := m.open(row); err == nil && s.Owner() == owner {
			out = append(out, s)
		}
	}
	return out, nil
}

// EndAll ends every session of an owner and answers how many.
func (m *Manager) EndAll(ctx context.Context, owner string) (int, error) {
	all, err := m.List(ctx, owner)
	for i, s := range all {
		if err := m.End(ctx, s); err != nil {
			return i, err
		}
	}
	return len(all), err
}

// RenewAll has every session of an owner get another token with its next page.
func (m *Manager) RenewAll(ctx context.Context, owner string) error {
	all, err := m.List(ctx, owner)
	for _, s := range all {
		s.Renew = true
		if err := m.Change(ctx, s); err != nil && !errors.Is(err, ErrNone) {
			return err
		}
	}
	return err
}
