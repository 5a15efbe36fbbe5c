package memory

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// Roster is a petition.Roster in memory. It is safe for concurrent use.
type Roster struct {
	mu       sync.Mutex
	invites  map[string]roster.Invite
	people   map[string]roster.Person
	bindings map[string]roster.Binding
	refs     map[string]string
}

var _ roster.Store = (*Roster)(nil)

// NewRoster is an office without people.
func NewRoster() *Roster {
	return &Roster{
		invites: map[string]roster.Invite{}, people: map[string]roster.Person{}, bindings: map[string]roster.Binding{}, refs: map[string]string{},
	}
}

// PutInvite is petition.Roster.PutInvite.
func (r *Roster) PutInvite(_ context.Context, i roster.Invite) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.invites[string(i.Hash)] = i
	return nil
}

// TakeInvite is petition.Roster.TakeInvite.
func (r *Roster) TakeInvite(_ context.Context, hash []byte, now time.Time) (roster.Invite, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := r.invites[string(hash)]
	delete(r.invites, string(hash))
	if !ok || i.Expires.Before(now) {
		return roster.Invite{}, petition.Fail(petition.NotFound, "staff.invite")
	}
	return i, nil
}

// PutPerson is petition.Roster.PutPerson.
func (r *Roster) PutPerson(_ context.Context, p roster.Person) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.people {
		if p.Active() && other.Active() && p.Chat != "" && other.Chat == p.Chat && other.ID != p.ID {
			return petition.Fail(petition.Conflict, "staff.chat")
		}
	}
	r.people[p.ID] = copied(p)
	return nil
}

// Person is petition.Roster.Person.
func (r *Roster) Person(_ context.Context, id string) (roster.Person, error) {
	return r.find(func(p roster.Person) bool { return p.ID == id })
}

// PersonByChat is petition.Roster.PersonByChat.
func (r *Roster) PersonByChat(_ context.Context, chat string) (roster.Person, error) {
	return r.find(func(p roster.Person) bool { return p.Active() && p.Chat == chat && chat != "" })
}

func (r *Roster) find(fit func(roster.Person) bool) (roster.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.people {
		if fit(p) {
			return copied(p), nil
		}
	}
	return roster.Person{}, petition.Fail(petition.NotFound, "staff.unknown")
}

// People is petition.Roster.People.
func (r *Roster) People(_ context.Context, unit string) ([]roster.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []roster.Person
	for _, p := range r.people {
		if unit == "" || p.Unit == unit {
			out = append(out, copied(p))
		}
	}
	slices.SortFunc(out, func(a, b roster.Person) int {
		if a.Active() != b.Active() {
			return map[bool]int{true: -1, false: 1}[a.Active()]
		}
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
	return out, nil
}

// PutBinding is petition.Roster.PutBinding.
func (r *Roster) PutBinding(_ context.Context, b roster.Binding) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bindings[b.Chat] = b
	return nil
}

// DropBinding is petition.Roster.DropBinding.
func (r *Roster) DropBinding(_ context.Context, chat string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.bindings, chat)
	return nil
}

// Bindings is petition.Roster.Bindings.
func (r *Roster) Bindings(_ context.Context, unit string) ([]roster.Binding, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []roster.Binding{}
	for _, b := range r.bindings {
		if unit == "" || b.Unit == unit {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b roster.Binding) int { return strings.Compare(a.Chat, b.Chat) })
	return out, nil
}

// PutRefs is roster.Store.PutRefs.
func (r *Roster) PutRefs(_ context.Context, chat string, refs map[string]string, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ref, number := range refs {
		r.refs[chat+"/"+ref] = number
	}
	return nil
}

// Refs is roster.Store.Refs.
func (r *Roster) Refs(_ context.Context, chat string, refs ...string) (map[string]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]string{}
	for _, ref := range refs {
		if number, ok := r.refs[chat+"/"+ref]; ok {
			all[ref] = number
		}
	}
	return all, nil
}
