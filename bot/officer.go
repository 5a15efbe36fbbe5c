package bot

import (
	"time"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// OfficerSession is what is stored of the officer's side of a conversation. In a group every
// officer has one, so that many can answer questions at once.
type OfficerSession struct {
	Step  int            `json:"step,omitempty"`  // incremented with every question; buttons carry it, so that old ones are known as stale
	Case  string         `json:"case,omitempty"`  // number of the current case
	Class petition.Class `json:"class,omitempty"` // its class: decides the fields of a move
	Move  *petition.Move `json:"move,omitempty"`  // a move whose fields are being asked
	Field int            `json:"field"`           // index of the open field; beyond the last: confirmation
	Key   string         `json:"key,omitempty"`   // of the open question of a letter, by which it is found when there are others

	Filing    *petition.Filing      `json:"filing,omitempty"`    // a letter, a visit or a call being recorded (Art 19, 22)
	People    map[string]string     `json:"people,omitempty"`    // names offered for the open field, by id
	Near      string                `json:"near,omitempty"`      // unit that the office's data proposes for the case
	Subject   string                `json:"subject,omitempty"`   // of the case, as its place below: by them receivers are offered
	Place     string                `json:"place,omitempty"`     // a code
	At        string                `json:"at,omitempty"`        // unit that has the case
	Bodies    []string              `json:"bodies,omitempty"`    // units that may be asked to review it, see petition.View.Bodies
	Steps     []petition.PlanStep   `json:"steps,omitempty"`     // of its plan, that this officer may note something about
	Handle    string                `json:"handle,omitempty"`    // last day of its handling period, which an extension counts from
	Find      *petition.Query       `json:"find,omitempty"`      // the list shown last
	After     string                `json:"after,omitempty"`     // cursor of its next page
	Words     string                `json:"words,omitempty"`     // text whose destination is asked: the citizen, or a note
	Files     []petition.Attachment `json:"files,omitempty"`     // and its files
	Open      string                `json:"open,omitempty"`      // kind of the open question: move, letter, relay, broadcast, find, name, why
	Dissolve  *Dissolution          `json:"dissolve,omitempty"`  // a unit's open cases being handed over
	Sent      []Sent                `json:"sent,omitempty"`      // what was relayed to citizens lately, newest last
	Seek      string                `json:"seek,omitempty"`      // number of the case looked at last
	Why       *Why                  `json:"why,omitempty"`       // the reason asked for, or given last
	Again     bool                  `json:"again,omitempty"`     // the open field is changed in a paper that is complete: the end comes next
	Dispute   string                `json:"dispute,omitempty"`   // number of the dispute whose move is asked for
	Settling  *mediation.Move       `json:"settling,omitempty"`  // that move
	Reporting *mediation.Report     `json:"reporting,omitempty"` // a dispute being read over
	Ref       string                `json:"ref,omitempty"`       // door's id of the officer's message that Words came from
}

// Dissolution hands the open cases of a unit that is dissolved to the one that goes on, one
// after the other.
type Dissolution struct {
	From string   `json:"from"` // code of the unit
	To   string   `json:"to"`
	Left []string `json:"left,omitempty"` // numbers of the cases still to be handed over
	Done int      `json:"done,omitempty"`
	Lost []string `json:"lost,omitempty"` // numbers of those that were refused
}

// Why is why an officer wants to see something.
type Why struct {
	About string    `json:"about"`          // a case, or "find:" and the words of a search
	Then  string    `json:"then,omitempty"` // what goes on when the reason is given
	Text  string    `json:"text,omitempty"` // "" = it is being asked
	At    time.Time `json:"at,omitzero"`    // when it was given
}

// Sent is one message of the officer that was relayed to the citizen: an edit of it is
// relayed as a correction.
type Sent struct {
	Ref  string `json:"ref"`
	Case string `json:"case"`
}

// RosterQuery asks or changes something of the office's people or its service notices.
// Exactly one field without "with" is set; the comment names the result after →.
type RosterQuery struct {
	Join     string         `json:"join,omitempty"`      // invitation token → Person
	Bind     string         `json:"bind,omitempty"`      // a group's invitation token → Unit
	People   string         `json:"people,omitempty"`    // unit → People
	Leaders  bool           `json:"leaders,omitempty"`   // → People: who may lead a case
	Away     *Away          `json:"away,omitempty"`      // → Person
	Invite   *Invite        `json:"invite,omitempty"`    // → Token
	Desk     bool           `json:"open_desk,omitempty"` // a link that opens the desk in the browser → Token
	Leave    bool           `json:"leave,omitempty"`     // the officer's own access ends → Person
	Name     string         `json:"name,omitempty"`      // with Join: the person's name
	Topics   bool           `json:"topics,omitempty"`    // with Bind: the group has topics
	Rename   string         `json:"rename,omitempty"`    // the officer's new name → Person
	Told     *ToldChange    `json:"told,omitempty"`      // where the officer is told besides → Person
	Bulletin *BulletinQuery `json:"board,omitempty"`     // service notices → Notice, Count
}

// Away records that the officer is absent or back, and the id of the deputy.
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

// BulletinQuery posts or stops a service notice; with neither it asks for the latest one and
// how many citizens would get one now.
type BulletinQuery struct {
	Post string `json:"post,omitempty"` // its text
	Stop string `json:"stop,omitempty"` // its id
}
