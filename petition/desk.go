package petition

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// Desk keeps the office's people: invitations, joining, leaving, absence. Leaving
// ends access at once; open cases go to the deputy, or back to the unit, and the head
// is told.
type Desk struct {
	roster Roster
	cases  Cases
	office *Office
	now    func() time.Time
	newID  func() string

	mu   sync.Mutex
	here present
}

// NewDesk builds a Desk on the same office and clock as the Service.
func NewDesk(r Roster, c Cases, o *Office, now func() time.Time, newID func() string) *Desk {
	return &Desk{roster: r, cases: c, office: o, now: now, newID: newID}
}

// System is who acts for the program itself: the command line and the clocks.
func System() Actor { return Actor{Staff: "system", Roles: []Role{Admin}} }

// InviteFor is the longest an invitation may live.
const InviteFor = 7 * 24 * time.Hour

// Invite makes a one-time token for what want says: roles in a unit, or with Group
// the binding of a group chat. Only an administrator may; the sealed role goes only to the unit that
// gets reports. The token is answered once and kept as a hash.
func (d *Desk) Invite(ctx context.Context, by Actor, want Invite, lives time.Duration) (string, Invite, error) {
	if !slices.Contains(by.Roles, Admin) {
		return "", Invite{}, Fail(Forbidden, "staff.admin_only")
	}
	if err := d.checkInvite(want.Unit, want.Roles, want.Group, lives); err != nil {
		return "", Invite{}, err
	}
	token := newToken()
	i := want
	i.Hash, i.By, i.Expires = inviteHash(token), by.Staff, d.now().Add(lives)
	i.Name = Shorten(i.Name, 40)
	if err := d.roster.PutInvite(ctx, i); err != nil {
		return "", Invite{}, Wrap(err, "keep invitation")
	}
	return token, i, nil
}

func (d *Desk) checkInvite(unit string, roles []Role, group bool, lives time.Duration) error {
	if _, ok := d.office.Find(unit); !ok {
		return Fail(Invalid, "staff.unit", "unit", unit)
	}
	if lives <= 0 || lives > InviteFor {
		return Fail(Invalid, "staff.expiry", "days", "7")
	}
	if group {
		return nil
	}
	if len(roles) == 0 {
		return Fail(Invalid, "staff.role", "role", "")
	}
	for _, r := range roles {
		if !slices.Contains([]Role{Intake, Officer, Head, Supervisor, Sealed, Admin}, r) {
			return Fail(Invalid, "staff.role", "role", string(r))
		}
		if r == Sealed && unit != d.office.SealedUnit {
			return Fail(Invalid, "staff.sealed_unit", "unit", d.office.UnitName(d.office.SealedUnit), "code", d.office.SealedUnit)
		}
		if (r == Intake || r == Supervisor) && unit != d.office.Unit {
			return Fail(Invalid, "staff.office_only", "role", string(r), "unit", d.office.UnitName(d.office.Unit), "code", d.office.Unit)
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
func (d *Desk) Join(ctx context.Context, token, chat, name string) (Person, error) {
	i, err := d.roster.TakeInvite(ctx, inviteHash(token), d.now())
	if err != nil {
		return Person{}, err
	}
	if i.Group {
		return Person{}, d.giveBack(ctx, i, Fail(Invalid, "staff.invite_group"))
	}
	p, err := d.roster.PersonByChat(ctx, chat)
	switch {
	case errors.Is(err, Fail(NotFound, "")):
		p = Person{ID: d.newID(), Chat: chat, Joined: d.now()}
	case err != nil:
		return Person{}, Wrap(err, "look who has this chat")
	}
	if i.Name != "" {
		name = i.Name // as the office calls them, not as they call themselves
	}
	p.Name, p.Unit, p.Roles, p.Mute = Shorten(name, 40), i.Unit, i.Roles, false
	return p, d.put(ctx, p)
}

func (d *Desk) put(ctx context.Context, p Person) error {
	err := d.roster.PutPerson(ctx, p)
	d.stale()
	return Wrap(err, "write person")
}

// Leave ends a person's access at once and hands their open cases over. An
// administrator may do it, and everybody for themselves.
func (d *Desk) Leave(ctx context.Context, by Actor, id string) (Person, error) {
	if !slices.Contains(by.Roles, Admin) && by.Staff != id {
		return Person{}, Fail(Forbidden, "staff.admin_only")
	}
	p, err := d.roster.Person(ctx, id)
	if err != nil || !p.Active() {
		return p, err
	}
	p.Left = d.now()
	if err := d.put(ctx, p); err != nil {
		return p, err
	}
	return p, d.handOver(ctx, p)
}

// Absent notes that a person is away, or back. While away, their deputy is told in
// their place.
func (d *Desk) Absent(ctx context.Context, id string, away bool, deputy string) (Person, error) {
	p, err := d.roster.Person(ctx, id)
	if err != nil {
		return p, err
	}
	if deputy != "" {
		other, err := d.roster.Person(ctx, deputy)
		if err != nil || !other.Active() || other.Unit != p.Unit || other.ID == p.ID {
			return p, Fail(Invalid, "staff.deputy")
		}
		p.Deputy = deputy
	}
	p.Away = away
	return p, d.put(ctx, p)
}

// Actor is the person of an id as they are now. Forbidden "move.who" once they left.
func (d *Desk) Actor(ctx context.Context, id string) (Actor, error) {
	p, err := d.roster.Person(ctx, id)
	if err != nil {
		return Actor{}, Wrap(err, "look who acts")
	}
	if !p.Active() {
		return Actor{}, Fail(Forbidden, "move.who")
	}
	return p.Actor(), nil
}

// People lists the people of a unit, "" = of all.
func (d *Desk) People(ctx context.Context, unit string) ([]Person, error) {
	return d.roster.People(ctx, unit)
}

// handOver moves every open case of somebody who left to the deputy, without one to
// the head or whoever else is there. Where nobody is, the case stays under the old
// name, and whatever happens on it is told to the petition office.
func (d *Desk) handOver(ctx context.Context, p Person) error {
	to, err := d.successor(ctx, p)
	if err != nil || to == "" {
		return err
	}
	me := Actor{Staff: System().Staff, Unit: p.Unit, Roles: []Role{Officer, Head, Sealed}}
	after := ""
	for {
		page, err := d.cases.List(ctx, me, Query{Officer: p.ID, Open: true, After: after, Limit: 100})
		if err != nil {
			return Wrap(err, "list cases to hand over")
		}
		for _, v := range page.Views {
			m := Move{Key: "leave:" + p.ID + ":" + v.Number, Name: MoveHandOver, Officer: to}
			if _, err := d.cases.Do(ctx, me, v.Number, m); err != nil && CodeOf(err) != Conflict && CodeOf(err) != Forbidden {
				return Wrap(err, "hand over "+v.Number)
			}
		}
		if after = page.After; after == "" {
			return nil
		}
	}
}

// successor is who gets the cases of somebody who left, "" when nobody is there.
func (d *Desk) successor(ctx context.Context, p Person) (string, error) {
	people, err := d.roster.People(ctx, p.Unit)
	if err != nil {
		return "", Wrap(err, "look who is there")
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
		case other.Has(Head) || other.Has(Supervisor):
			r = 3
		case other.Has(Officer) || other.Has(Intake):
			r = 2
		case p.Has(Sealed) && other.Has(Sealed):
			r = 1
		}
		if r > rank {
			best, rank = other.ID, r
		}
	}
	return best, nil
}

// Shorten cuts a text to n characters.
func Shorten(s string, n int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > n {
		return string(r[:n])
	}
	return strings.TrimSpace(s)
}
