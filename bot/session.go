// Package bot is the contract of a conversation: Session, Event, Effect and Say, which the
// citizen's and the officer's Step, the runtime and the doors share. It contains no rules
// and no sentences, and does no I/O: a Step has no error to return, what goes wrong arrives
// as an event.
package bot

import (
	"time"

	"dengwen/petition"
	"dengwen/petition/outreach"
)

// Schema is the version of Session's JSON. Migrate brings a session of an older one to it.
const Schema = 2

// State names the question that is open. Each side of the conversation has its own;
// the two below are those in which nothing is asked.
type State string

const (
	Home    State = "home"    // nothing is open
	Looking State = "looking" // Session.Case is being talked about
)

// Idle reports whether the citizen's side has no question open.
func (s Session) Idle() bool { return s.State == "" || s.State == Home || s.State == Looking }

// Session is everything that is stored of a conversation between two events, as JSON, 2
// to 4 KB with a draft.
type Session struct {
	Schema   int                        `json:"schema"`
	Lang     string                     `json:"lang,omitempty"` // "zh-CN" or "en"; "" = not said, follow the client
	State    State                      `json:"state,omitempty"`
	Step     int                        `json:"step,omitempty"` // incremented with every question; buttons carry it, so that old ones are known as stale
	Last     time.Time                  `json:"last"`           // last event of the person
	Draft    *Draft                     `json:"draft,omitempty"`
	Case     string                     `json:"case,omitempty"`   // number of the current petition
	Misses   int                        `json:"misses,omitempty"` // answers in a row that the open question could not use
	Officers map[string]*OfficerSession `json:"desks,omitempty"`  // by officer id
	Data     map[string]string          `json:"data,omitempty"`   // variables of an action (page shown, code tried …)
	Return   State                      `json:"return,omitempty"` // the question an action interrupted; asked again afterwards
	Note     *Note                      `json:"note,omitempty"`   // supplement to a filed petition, not yet sent
	Reply    *Reply                     `json:"reply,omitempty"`  // answer to the office that can still be taken back
	Kept     *Event                     `json:"kept,omitempty"`   // what the person said before we asked "go on or start anew"; replayed after the answer
	At       *At                        `json:"at,omitempty"`     // where the code hangs that opened this conversation, until a petition is lodged
	Filed    []Draft                    `json:"filed,omitempty"`  // confirmed drafts without a number, and those whose filing was refused
}

// At is where a code hangs that a conversation was opened at.
type At struct {
	outreach.Spot
	Since   time.Time `json:"since"`
	Counted bool      `json:"counted,omitempty"` // among the conversations that its codes began
}

// Note is a supplement to a petition before it is sent: words and files.
type Note struct {
	Text  string                `json:"text,omitempty"`
	Files []petition.Attachment `json:"files,omitempty"`
}

// Reply is a citizen's answer to words from the office. It is held until the outcome of a
// Wait with its ID comes, and supplements the case then; before that the officers know nothing of it.
type Reply struct {
	ID     string `json:"id"`
	Number string `json:"number"` // the case
	Note
}

// Draft is a petition that is not filed yet. It survives restarts and new schemas.
type Draft struct {
	ID      string            `json:"id"` // idempotency key of the filing
	Began   time.Time         `json:"began"`
	Filing  petition.Filing   `json:"filing"`
	Reading *Reading          `json:"reading,omitempty"`
	Known   map[string]string `json:"known,omitempty"`  // field → told, read, confirmed, skipped
	Sent    bool              `json:"sent,omitempty"`   // confirmed by the person; the number is still to come
	Parts   []Part            `json:"parts,omitempty"`  // the messages the story was told in, verbatim
	Trail   []State           `json:"trail,omitempty"`  // questions answered, for going back
	Undo    *Draft            `json:"undo,omitempty"`   // before the last change by words; taken back with one press
	Guided  bool              `json:"guided,omitempty"` // step by step: the questions of the guided form are asked too
}

// Part is one message of the story. Ref is the door's id of it, so that an edited
// message changes the words it had.
type Part struct {
	Ref  string `json:"ref,omitempty"`
	Text string `json:"text"`
}
