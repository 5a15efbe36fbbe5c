package roster

import (
	"context"
	"slices"
	"time"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// Person is somebody of the office. Chat is their conversation address ("tg:5551"),
// "" for one who only comes through the case API.
type Person struct {
	ID     string          `json:"id"`
	Name   string          `json:"name"`
	Unit   string          `json:"unit"`
	Roles  []petition.Role `json:"roles"`
	Chat   string          `json:"chat,omitempty"`
	Deputy string          `json:"deputy,omitempty"` // takes over while Away or after Left
	Away   bool            `json:"away,omitempty"`
	Mute   bool            `json:"mute,omitempty"` // the chat can't be reached: they blocked the bot
	Joined time.Time       `json:"joined"`
	Left   time.Time       `json:"left,omitzero"`

	Told telling.Wishes `json:"told,omitzero"` // where else they want to be told
}

// Active reports whether this person still has access.
func (p Person) Active() bool { return p.Left.IsZero() }

// Has reports whether the person holds a role.
func (p Person) Has(r petition.Role) bool { return slices.Contains(p.Roles, r) }

// leads reports whether the person heads their unit, the petition office included.
func (p Person) leads() bool { return slices.ContainsFunc(p.Roles, petition.Role.Leads) }

// leader reports whether the person may be given cases to lead (领导包案).
func (p Person) leader() bool { return p.Has(petition.Leader) }

// handles reports whether the person handles cases of their unit.
func (p Person) handles() bool { return slices.ContainsFunc(p.Roles, petition.Role.Handles) }

// named reports whether the person is a named officer for reports on misconduct.
func (p Person) named() bool { return p.Has(petition.Sealed) }

// Actor is the person as the case service knows them; the zero Actor once they left.
func (p Person) Actor() petition.Actor {
	if !p.Active() {
		return petition.Actor{}
	}
	return petition.Actor{Owner: p.Chat, Staff: p.ID, Unit: p.Unit, Roles: p.Roles} // Owner: nobody handles their own matter (Art 28)
}

// GroupStaff is the id under which a unit's group chat reads cases; nobody of the roster has it.
const GroupStaff = "group"

// Invite lets one person join a unit, or binds one group chat to it. The token itself
// is kept only as a keyed hash.
type Invite struct {
	Hash    []byte          `json:"-"`
	Unit    string          `json:"unit"`
	Roles   []petition.Role `json:"roles"`
	Name    string          `json:"name,omitempty"`   // of the person, as the office calls them
	Person  string          `json:"person,omitempty"` // id of somebody who works here: they go on in the chat that uses it
	Group   bool            `json:"group,omitempty"`  // binds a group instead of a person
	By      string          `json:"by"`               // who invited, "" = the command line
	Expires time.Time       `json:"expires"`
}

// Binding ties a group chat to a unit.
type Binding struct {
	Chat   string    `json:"chat"` // "tg:-100…"
	Unit   string    `json:"unit"`
	Topics bool      `json:"topics,omitempty"` // the group has forum topics: one for each case
	At     time.Time `json:"at"`
}

// Store remembers who works where. SQLite and PostgreSQL pass one conformance
// suite. Names and chat addresses are sealed by the store; a chat is found by a
// keyed hash. Errors as Store's.
type Store interface {
	// PutInvite keeps an invitation.
	PutInvite(ctx context.Context, i Invite) error

	// TakeInvite uses an invitation up, once. NotFound "staff.invite" for one that
	// is unknown, used or expired, all alike.
	TakeInvite(ctx context.Context, hash []byte, now time.Time) (Invite, error)

	// PutPerson writes a person, new or changed. Conflict "staff.chat" when another
	// active person has the same chat.
	PutPerson(ctx context.Context, p Person) error

	// Person reads one by id, active or not. NotFound "staff.unknown".
	Person(ctx context.Context, id string) (Person, error)

	// PersonByChat reads the active person of a chat. NotFound "staff.unknown".
	PersonByChat(ctx context.Context, chat string) (Person, error)

	// People lists everybody of a unit ("" = of all), active ones first, by name.
	People(ctx context.Context, unit string) ([]Person, error)

	// PutBinding ties a group to a unit in the place of what it was tied to.
	PutBinding(ctx context.Context, b Binding) error

	// DropBinding unties a group. One that is not tied is no error.
	DropBinding(ctx context.Context, chat string) error

	// PutRefs notes what messages in a chat are about, each a case's number; notes older
	// than 400 days may be dropped.
	PutRefs(ctx context.Context, chat string, refs map[string]string, at time.Time) error

	// Refs is what these messages are about; one of which nothing is noted is left out.
	Refs(ctx context.Context, chat string, refs ...string) (map[string]string, error)

	// Bindings lists the groups of a unit ("" = all).
	Bindings(ctx context.Context, unit string) ([]Binding, error)
}

// WorksHere reports of a chat whether somebody who works for the office now has it.
func WorksHere(r Store) func(ctx context.Context, chat string) (bool, error) {
	return func(ctx context.Context, chat string) (bool, error) {
		p, err := r.PersonByChat(ctx, chat)
		if petition.CodeOf(err) == petition.NotFound {
			return false, nil
		}
		return err == nil && p.Active(), err
	}
}
