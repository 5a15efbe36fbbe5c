package bot

import (
	"strings"

	"dengwen/petition"
)

// OfficerSession is what an officer's side of a conversation remembers. In a group every
// officer has their own, so that many can work at once.
type OfficerSession struct {
	Step  int            `json:"step,omitempty"`  // goes up with every question; buttons carry it
	Case  string         `json:"case,omitempty"`  // number of the case on the table
	Class petition.Class `json:"class,omitempty"` // its class: decides what a move asks for
	Move  *petition.Move `json:"move,omitempty"`  // a move being told, question by question
	Field int            `json:"field"`           // which question is open; beyond the last: read it over

	Filing *petition.Filing      `json:"filing,omitempty"` // a letter, a visit or a call being written down
	People map[string]string     `json:"people,omitempty"` // offered for the open question, by id
	Near   string                `json:"near,omitempty"`   // unit the office's data would send the case to
	Find   *petition.Query       `json:"find,omitempty"`   // the list on the table
	After  string                `json:"after,omitempty"`  // cursor of its next page
	Words  string                `json:"words,omitempty"`  // said beside a case: to the citizen, or a note?
	Files  []petition.Attachment `json:"files,omitempty"`
	Open   string                `json:"open,omitempty"` // a small question: find, relay, name
	Sent   []Sent                `json:"sent,omitempty"` // what was passed to citizens lately, newest last
	Ref    string                `json:"ref,omitempty"`  // the officer's message that Words stood in
}

// Sent is one message of the officer that was passed to the citizen, so that an edit
// of it follows.
type Sent struct {
	Ref  string `json:"ref"`
	Case string `json:"case"`
}

// RosterQuery is something an officer asks of the office's roster. Exactly one field is
// set; its outcome is an Outcome with Person, People or Token.
type RosterQuery struct {
	Join     string         `json:"join,omitempty"`   // invitation token → Person
	Bind     string         `json:"bind,omitempty"`   // invitation token of a group → Unit
	People   string         `json:"people,omitempty"` // unit → People
	Away     *Away          `json:"away,omitempty"`   // → Person
	Invite   *Invite        `json:"invite,omitempty"` // → Token
	Leave    bool           `json:"leave,omitempty"`  // the officer's own access ends → Person
	Name     string         `json:"name,omitempty"`   // with Join: how the person is called
	Topics   bool           `json:"topics,omitempty"` // with Bind: the group has topics
	Rename   string         `json:"rename,omitempty"` // what colleagues call the officer → Person
	Bulletin *BulletinQuery `json:"board,omitempty"`  // service notices → Notice, Count
}

// Away notes that the officer is away or back, and who stands in.
type Away struct {
	On     bool   `json:"on"`
	Deputy string `json:"deputy,omitempty"`
}

// Invite asks for an invitation.
type Invite struct {
	Unit  string          `json:"unit"`
	Roles []petition.Role `json:"roles,omitempty"`
	Group bool            `json:"group,omitempty"`
}

// BulletinQuery asks for something about service notices: the latest one and how many would
// get one now, or with Post to send one off, or with Stop to end one.
type BulletinQuery struct {
	Post string `json:"post,omitempty"` // its words
	Stop string `json:"stop,omitempty"` // its id
}

// AboutBulletin is Say.About of the one message that shows how far a service notice
// got.
func AboutBulletin(id string) string { return bulletinPrefix + id }

const bulletinPrefix = "bulletin:"

// OfBulletin reports whether a message is about a service notice and no case.
func OfBulletin(about string) bool { return strings.HasPrefix(about, bulletinPrefix) }
