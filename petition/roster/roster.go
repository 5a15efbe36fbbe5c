// Package roster keeps the office's people: invitations, roles, groups, deputies,
// absence, and whose chats a notice goes to. Sending it there is bot/turn.
package roster

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/petition"
)

// Service keeps the office's people: invitations, joining, leaving, absence. Leaving
// ends access at once; open cases go to the deputy, or back to the unit, and the head
// is told.
type Service struct {
	store  Store
	cases  petition.Cases
	office *petition.Office
	now    func() time.Time
	newID  func() string

	mu    sync.Mutex
	cache rosterCache
}

// New builds the service on the office and clock of the case service.
func New(r Store, c petition.Cases, o *petition.Office, now func() time.Time, newID func() string) *Service {
	return &Service{store: r, cases: c, office: o, now: now, newID: newID}
}

// InviteFor is the longest an invitation may live.
const InviteFor = 7 * 24 * time.Hour

// Invite makes a one-time token for what want says: roles in a unit, with Group
// the binding of a group chat, or with Person a way back for somebody who works here. Only an administrator may; Office.CheckRole says which role
// goes to which unit. The token is answered once and kept as a hash.
func (s *Service) Invite(ctx context.Context, by petition.Actor, want Invite, lives time.Duration) (string, Invite, error) {
	if !slices.Contains(by.Roles, petition.Admin) {
		return "", Invite{}, petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	if want.Person != "" {
		p, err := s.store.Person(ctx, want.Person)
		if err != nil {
			return "", Invite{}, err
		}
		if !p.Active() {
			return "", Invite{}, petition.Fail(petition.NotFound, "staff.unknown")
		}
		want = Invite{Person: p.ID, Unit: p.Unit, Roles: p.Roles}
	}
	if err := s.checkInvite(want.Unit, want.Roles, want.Group, lives); err != nil {
		return "", Invite{}, err
	}
	token := newToken()
	i := want
	i.Hash, i.By, i.Expires = inviteHash(token), by.Staff, s.now().Add(lives)
	i.Name = shorten(i.Name, 40)
	if err := s.store.PutInvite(ctx, i); err != nil {
		return "", Invite{}, petition.Wrap(err, "keep invitation")
	}
	return token, i, nil
}

// Add takes somebody on who has no chat: they work at the desk in the browser, or through a program of
// the case API. Only an administrator may; Office.CheckRole says which role goes to which unit.
func (s *Service) Add(ctx context.Context, by petition.Actor, name, unit string, roles []petition.Role) (Person, error) {
	if !slices.Contains(by.Roles, petition.Admin) {
		return Person{}, petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	if err := s.checkInvite(unit, roles, false, InviteFor); err != nil {
		return Person{}, err
	}
	p := Person{ID: s.newID(), Name: shorten(strings.TrimSpace(name), 40), Unit: unit, Roles: roles, Joined: s.now()}
	if p.Name == "" {
		return Person{}, petition.Fail(petition.Invalid, "staff.nameless")
	}
	return p, petition.Wrap(s.store.PutPerson(ctx, p), "add person")
}

func (s *Service) checkInvite(unit string, roles []petition.Role, group bool, lives time.Duration) error {
	if _, ok := s.office.Find(unit); !ok {
		return petition.Fail(petition.Invalid, "staff.unit", "unit", unit)
	}
	if lives <= 0 || lives > InviteFor {
		return petition.Fail(petition.Invalid, "staff.expiry", "days", "7")
	}
	if group {
		return nil
	}
	if len(roles) == 0 {
		return petition.Fail(petition.Invalid, "staff.role", "role", "")
	}
	for _, r := range roles {
		if err := s.office.CheckRole(r, unit); err != nil {
			return err
		}
	}
	return nil
}

// newToken is 26 characters of 128 random bits, fit for a deep link.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// Join uses a person's invitation up. A person who already works here under the same
// chat gets the new unit and the roles of the invitation instead of a second record.
func (s *Service) Join(ctx context.Context, token, chat, name string) (Person, error) {
	i, err := s.store.TakeInvite(ctx, inviteHash(token), s.now())
	if err != nil {
		return Person{}, err
	}
	if i.Group {
		return Person{}, s.giveBack(ctx, i, petition.Fail(petition.Invalid, "staff.invite_group"))
	}
	if i.Person != "" {
		return s.comeBack(ctx, i, chat)
	}
	p, err := s.store.PersonByChat(ctx, chat)
	switch {
	case errors.Is(err, petition.Fail(petition.NotFound, "")):
		p = Person{ID: s.newID(), Chat: chat, Joined: s.now()}
	case err != nil:
		return Person{}, petition.Wrap(err, "look who has this chat")
	}
	if i.Name != "" {
		name = i.Name // as the office calls them, not as they call themselves
	}
	p.Name, p.Unit, p.Roles, p.Mute = shorten(name, 40), i.Unit, i.Roles, false
	return p, s.put(ctx, p)
}

// comeBack moves somebody who works here to the chat that used their invitation; the chat they
// had is theirs no more.
func (s *Service) comeBack(ctx context.Context, i Invite, chat string) (Person, error) {
	p, err := s.store.Person(ctx, i.Person)
	if err != nil {
		return p, err
	}
	if !p.Active() {
		return Person{}, petition.Fail(petition.NotFound, "staff.invite")
	}
	p.Chat, p.Mute = chat, false
	if err := s.put(ctx, p); err != nil {
		return p, s.giveBack(ctx, i, err)
	}
	return p, nil
}

func (s *Service) put(ctx context.Context, p Person) error {
	err := s.store.PutPerson(ctx, p)
	s.invalidate()
	return petition.Wrap(err, "write person")
}

// Leave ends a person's access at once and hands their open cases over. An
// administrator may do it, and everybody for themselves.
func (s *Service) Leave(ctx context.Context, by petition.Actor, id string) (Person, error) {
	if !slices.Contains(by.Roles, petition.Admin) && by.Staff != id {
		return Person{}, petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	p, err := s.store.Person(ctx, id)
	if err != nil || !p.Active() {
		return p, err
	}
	p.Left = s.now()
	if err := s.put(ctx, p); err != nil {
		return p, err
	}
	if err := s.endLeading(ctx, p); err != nil {
		return p, err
	}
	return p, s.handOver(ctx, p)
}

// Absent notes that a person is away, or back. While away, their deputy is told in
// their place.
func (s *Service) Absent(ctx context.Context, id string, away bool, deputy string) (Person, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return p, err
	}
	if deputy != "" {
		other, err := s.store.Person(ctx, deputy)
		if err != nil || !other.Active() || other.Unit != p.Unit || other.ID == p.ID {
			return p, petition.Fail(petition.Invalid, "staff.deputy")
		}
		p.Deputy = deputy
	}
	p.Away = away
	return p, s.put(ctx, p)
}

// Actor is the person of an id as they are now, with petition.ActingHead while they stand in for a head. Forbidden "move.who" once they left.
func (s *Service) Actor(ctx context.Context, id string) (petition.Actor, error) {
	return Current(ctx, s.store, id)
}

// Current is Service.Actor of a store. NotFound "staff.unknown" for an id that is nobody's.
func Current(ctx context.Context, s Store, id string) (petition.Actor, error) {
	p, err := s.Person(ctx, id)
	if err != nil {
		return petition.Actor{}, petition.Wrap(err, "look who acts")
	}
	if !p.Active() {
		return petition.Actor{}, petition.Fail(petition.Forbidden, "move.who")
	}
	people, err := s.People(ctx, p.Unit)
	if err != nil {
		return petition.Actor{}, petition.Wrap(err, "look who stands in")
	}
	if standsIn(p, people) {
		p.Roles = append(slices.Clip(p.Roles), petition.ActingHead)
	}
	return p.Actor(), nil
}

// Person is somebody of an id, active or not. NotFound "staff.unknown".
func (s *Service) Person(ctx context.Context, id string) (Person, error) {
	p, err := s.store.Person(ctx, id)
	return p, petition.Wrap(err, "read person")
}

// People lists the people of a unit, "" = of all.
func (s *Service) People(ctx context.Context, unit string) ([]Person, error) {
	return s.store.People(ctx, unit)
}

// Leaders are those who may be given cases to lead, of whatever unit.
func (s *Service) Leaders(ctx context.Context) ([]Person, error) {
	people, err := s.store.People(ctx, "")
	return slices.DeleteFunc(people, func(p Person) bool { return !p.Active() || !p.leader() }), petition.Wrap(err, "read the office's people")
}

// handOver moves every open case of somebody who left to the deputy, without one to
// the head or whoever else is there. Where nobody is, the case stays under the old
// name, and whatever happens on it is told to the petition office.
func (s *Service) handOver(ctx context.Context, p Person) error {
	to, err := s.successor(ctx, p)
	if err != nil || to == "" {
		return err
	}
	me := petition.Actor{Staff: petition.System().Staff, Unit: p.Unit, Roles: []petition.Role{petition.Officer, petition.Head, petition.Sealed}}
	after := ""
	for {
		page, err := s.cases.List(ctx, me, petition.Query{Officer: p.ID, Open: true, After: after, Limit: 100})
		if err != nil {
			return petition.Wrap(err, "list cases to hand over")
		}
		for _, v := range page.Items {
			m := petition.Move{Key: s.newID(), Name: petition.MoveHandOver, Officer: to}
			if _, err := s.cases.Do(ctx, me, v.Number, m); err != nil && petition.CodeOf(err) != petition.Conflict && petition.CodeOf(err) != petition.Forbidden {
				return petition.Wrap(err, "hand over "+v.Number)
			}
		}
		if after = page.After; after == "" {
			return nil
		}
	}
}

// endLeading takes the cases that somebody led from them, who is given as they were while they led; who decides is told
// to name another.
func (s *Service) endLeading(ctx context.Context, p Person) error {
	if !p.leader() {
		return nil
	}
	was := petition.Actor{Staff: p.ID, Unit: p.Unit, Roles: p.Roles}
	for after := ""; ; {
		page, err := s.cases.List(ctx, was, petition.Query{Led: true, Open: true, After: after, Limit: 100})
		if err != nil {
			return petition.Wrap(err, "list cases led")
		}
		for _, v := range page.Items {
			m := petition.LeaderLeft()
			m.Key = s.newID()
			me := petition.Actor{Staff: petition.System().Staff, Unit: v.Unit, Roles: []petition.Role{petition.Head}}
			if _, err := s.cases.Do(ctx, me, v.Number, m); err != nil && petition.CodeOf(err) != petition.Conflict && petition.CodeOf(err) != petition.Forbidden {
				return petition.Wrap(err, "end the leading of "+v.Number)
			}
		}
		if after = page.After; after == "" {
			return nil
		}
	}
}

// successor is who gets the cases of somebody who left, "" when nobody is there.
func (s *Service) successor(ctx context.Context, p Person) (string, error) {
	people, err := s.store.People(ctx, p.Unit)
	if err != nil {
		return "", petition.Wrap(err, "look who is there")
	}
	best, rank := "", 0
	for _, other := range people {
		if other.ID == p.ID || !other.Active() {
			continue
		}
		r := 0
		switch {
		case other.ID == p.Deputy:
			r = 4
		case other.leads():
			r = 3
		case other.handles():
			r = 2
		case p.named() && other.named():
			r = 1
		}
		if r > rank {
			best, rank = other.ID, r
		}
	}
	return best, nil
}

// shorten cuts a text to n characters.
func shorten(s string, n int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > n {
		return string(r[:n])
	}
	return strings.TrimSpace(s)
}

// inviteHash is what is kept of an invitation's token. The token is 128 random bits, so
// a plain hash gives nothing away, and every process of the office makes the same one,
// whatever its key.
func inviteHash(token string) []byte {
	sum := sha256.Sum256([]byte("invite\x00" + token))
	return sum[:]
}

// Change gives somebody who works here another name, unit or roles. Only an administrator may; Office.CheckRole says which
// role goes to which unit. Who goes to another unit hands their open cases over as who leaves, and has no deputy there yet;
// who leads no longer (petition.Leader) is released from every case led.
func (s *Service) Change(ctx context.Context, by petition.Actor, id, name, unit string, roles []petition.Role) (Person, error) {
	if !slices.Contains(by.Roles, petition.Admin) {
		return Person{}, petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	if err := s.checkInvite(unit, roles, false, InviteFor); err != nil {
		return Person{}, err
	}
	was, err := s.store.Person(ctx, id)
	if err != nil {
		return was, err
	}
	if !was.Active() {
		return was, petition.Fail(petition.NotFound, "staff.unknown")
	}
	p := was
	if p.Name = shorten(strings.TrimSpace(name), 40); p.Name == "" {
		return was, petition.Fail(petition.Invalid, "staff.nameless")
	}
	if p.Unit, p.Roles = unit, roles; p.Unit != was.Unit {
		p.Deputy = ""
	}
	if err := s.put(ctx, p); err != nil {
		return p, err
	}
	if !p.leader() {
		if err := s.endLeading(ctx, was); err != nil {
			return p, err
		}
	}
	if p.Unit == was.Unit {
		return p, nil
	}
	return p, s.handOver(ctx, was)
}
