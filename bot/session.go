// Package bot is the conversation: Session, Event, Effect and the pure Step between
// them. No ctx, no error, no I/O, no clock: a conversation cannot fail, it can only
// go on, and what goes wrong arrives as an event.
package bot

import (
	"time"

	"dengwen/petition"
)

// Schema is the number of the session's shape. A session of an older schema is
// carried over by upgrade, never thrown away.
const Schema = 2

// State names the question that is open. Each side of the conversation has its own;
// the two below are those in which nothing is asked.
type State string

const (
	Home    State = "home"    // nothing is open
	Looking State = "looking" // a case is on the table
)

// Idle reports whether the citizen's side asks for nothing.
func (s Session) Idle() bool { return s.State == "" || s.State == Home || s.State == Looking }

// Session is everything a conversation remembers, a small JSON value.
type Session struct {
	Schema   int                        `json:"schema"`
	Lang     string                     `json:"lang,omitempty"` // "zh-CN" or "en"; "" = not said, follow the client
	State    State                      `json:"state,omitempty"`
	Step     int                        `json:"step,omitempty"` // goes up with every question asked; buttons carry it
	Last     time.Time                  `json:"last"`           // last event of the person
	Draft    *Draft                     `json:"draft,omitempty"`
	Case     string                     `json:"case,omitempty"` // number of the petition that is talked about
	Misses   int                        `json:"misses,omitempty"`
	Officers map[string]*OfficerSession `json:"desks,omitempty"`  // by officer
	Data     map[string]string          `json:"data,omitempty"`   // small facts of an errand (page shown, code tried …)
	Return   State                      `json:"return,omitempty"` // the question an errand broke into; asked again afterwards
	Note     *Note                      `json:"note,omitempty"`   // what is being gathered for a petition already filed
	Kept     *Event                     `json:"kept,omitempty"`   // what the person said before we asked "go on or start anew"
	Filed    []Draft                    `json:"filed,omitempty"`  // confirmed, the number is still to come
}

// Note is what a person gathers before it is sent to a petition: words and files.
type Note struct {
	Text  string                `json:"text,omitempty"`
	Files []petition.Attachment `json:"files,omitempty"`
}

// Draft is a petition being told. It survives restarts and upgrades.
type Draft struct {
	ID      string            `json:"id"` // idempotency key of the filing
	Began   time.Time         `json:"began"`
	Filing  petition.Filing   `json:"filing"`
	Reading *Reading          `json:"reading,omitempty"`
	Known   map[string]string `json:"known,omitempty"`  // field → told, read, confirmed, skipped
	Sent    bool              `json:"sent,omitempty"`   // confirmed; waiting for the number
	Parts   []Part            `json:"parts,omitempty"`  // the messages the story was told in, verbatim
	Trail   []State           `json:"trail,omitempty"`  // questions answered, for going back
	Guided  bool              `json:"guided,omitempty"` // step by step: every question is asked
}

// Part is one message of the story. Ref is the door's id of it, so that an edited
// message changes the words it had.
type Part struct {
	Ref  string `json:"ref,omitempty"`
	Text string `json:"text"`
}
