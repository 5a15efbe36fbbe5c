package memory

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/petition"
)

// Roster is a petition.Roster in memory. It is safe for concurrent use.
type Roster struct {
	mu       sync.Mutex
	invites  map[string]petition.Invite
	people   map[string]petition.Person
	bindings map[string]petition.Binding
	refs     map[string]string
}

var _ petition.Roster = (*Roster)(nil)

// NewRoster is an office without people.
func NewRoster() *Roster {
	return &Roster{
		invites: map[string]petition.Invite{}, people: map[string]petition.Person{}, bindings: map[string]petition.Binding{}, refs: map[string]string{},
	}
}

// PutInvite is petition.Roster.PutInvite.
func (r *Roster) PutInvite(_ context.Context, i petition.Invite) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.invites[string(i.Hash)] = i
	return nil
}

// TakeInvite is petition.Roster.TakeInvite.
func (r *Roster) TakeInvite(_ context.Context, hash []byte, now time.Time) (petition.Invite, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := r.invites[string(hash)]
	delete(r.invites, string(hash))
	if !ok || i.Expires.Before(now) {
		return petition.Invite{}, petition.Fail(petition.NotFound, "staff.invite")
	}
	return i, nil
}

// PutPerson is petition.Roster.PutPerson.
func (r *Roster) PutPerson(_ context.Context, p petition.Person) error {
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
func (r *Roster) Person(_ context.Context, id string) (petition.Person, error) {
	return r.find(func(p petition.Person) bool { return p.ID == id })
}

// PersonByChat is petition.Roster.PersonByChat.
func (r *Roster) PersonByChat(_ context.Context, chat string) (petition.Person, error) {
	return r.find(func(p petition.Person) bool { return p.Active() && p.Chat == chat && chat != "" })
}

func (r *Roster) find(fit func(petition.Person) bool) (petition.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.people {
		if fit(p) {
			return copied(p), nil
		}
	}
	return petition.Person{}, petition.Fail(petition.NotFound, "staff.unknown")
}

// People is petition.Roster.People.
func (r *Roster) People(_ context.Context, unit string) ([]petition.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []petition.Person
	for _, p := range r.people {
		if unit == "" || p.Unit == unit {
			out = append(out, copied(p))
		}
	}
	slices.SortFunc(out, func(a, b petition.Person) int {
		if a.Active() != b.Active() {
			return map[bool]int{true: -1, false: 1}[a.Active()]
		}
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
	return out, nil
}

// PutBinding is petition.Roster.PutBinding.
func (r *Roster) PutBinding(_ context.Context, b petition.Binding) error {
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
func (r *Roster) Bindings(_ context.Context, unit string) ([]petition.Binding, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []petition.Binding{}
	for _, b := range r.bindings {
		if unit == "" || b.Unit == unit {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b petition.Binding) int { return strings.Compare(a.Chat, b.Chat) })
	return out, nil
}

// PutRef is petition.Roster.PutRef.
func (r *Roster) PutRef(_ context.Context, chat, ref, number string, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refs[chat+"/"+ref] = number
	return nil
}

// Ref is petition.Roster.Ref.
func (r *Roster) Ref(_ context.Context, chat, ref string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refs[chat+"/"+ref], nil
}
