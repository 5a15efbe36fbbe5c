package api

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"dengwen/petition"
)

// ActorInput says on whose behalf a call is made.
type ActorInput struct {
	Owner  string `header:"Actor-Owner" maxLength:"600" doc:"Chat address of the citizen, as tg:123. Needs the scope citizens and a key that is bound to no unit. It proves what that chat filed, so only a program that knows its citizens may send it."`
	Asker  string `header:"Actor-Asker" maxLength:"600" doc:"Whom wrong look-ups count against: a chat or network address. Default: the owner, else the caller's address."`
	Addr   string `header:"Actor-Address" maxLength:"600" doc:"The citizen's network address or an opaque name of it, where the program has one: filings and wrong look-ups are counted against it besides."`
	Staff  string `header:"Actor-Staff" maxLength:"600" doc:"The officer's id in the roster. Needs the scope staff. Who is not there, has left, is of another unit or lacks a role that is named is 403 *api.staff*. With the scope own-officers it is an id of the program's own, and is kept as the key's name, a slash and that id."`
	Unit   string `header:"Actor-Unit" maxLength:"600" doc:"The officer's unit, as the roster has it (default). A key bound to a unit acts for that one and no other."`
	Reason string `header:"Actor-Reason" maxLength:"800" doc:"Why the officer wants it, in a few words; kept in the access log."`
	Asks   bool   `header:"Actor-Asks" doc:"The program asks officers why before it opens a report or a contact: without Actor-Reason a case comes without its contact (covered), and a report is refused (access.why)."`
	Roles  string `header:"Actor-Roles" maxLength:"200" doc:"The officer's roles, or those of them that are needed, joined by commas: intake, officer, head, acting_head (stands in for a head and signs papers), supervisor, rights, grid; sealed and admin need the scope of that name. A key without the scope citizens, and one bound to a unit, must send one; one bound to a unit never acts as admin."`
}

// scopeOf is the scope a key must have to claim a role.
var scopeOf = map[petition.Role]Scope{
	petition.Intake:     Staff,
	petition.Officer:    Staff,
	petition.Head:       Staff,
	petition.ActingHead: Staff,
	petition.Supervisor: Staff,
	petition.Leader:     Staff,
	petition.Rights:     Staff,
	petition.Grid:       Staff,
	petition.Sealed:     Sealed,
	petition.Admin:      Admin,
}

// actor reads the headers, refuses what the key may not claim and officers who are none.
func (s *server) actor(ctx context.Context, in ActorInput) (petition.Actor, error) {
	a, err := in.claim(callerOf(ctx))
	if err != nil {
		return a, err
	}
	return s.officer(ctx, a)
}

// claim is who acts as the headers say, where the key may say so.
func (in ActorInput) claim(c caller) (petition.Actor, error) {
	var a petition.Actor
	for _, h := range []struct {
		value string
		to    *string
	}{{in.Owner, &a.Owner}, {in.Asker, &a.Asker}, {in.Addr, &a.Address}, {in.Staff, &a.Staff}, {in.Unit, &a.Unit}, {in.Reason, &a.Reason}} {
		plain, err := url.PathUnescape(h.value)
		if err != nil {
			return a, petition.Fail(petition.Invalid, "api.header")
		}
		*h.to = plain
	}
	a.Asks = in.Asks
	for _, r := range strings.FieldsFunc(in.Roles, func(r rune) bool { return r == ',' || r == ' ' }) {
		a.Roles = append(a.Roles, petition.Role(r))
	}
	if a.Asker == "" && a.Owner == "" {
		a.Asker = "addr:" + c.address
	}
	return c.key.limit(a)
}

// limit refuses what the key may not claim, and notes which key it is.
func (k Key) limit(a petition.Actor) (petition.Actor, error) {
	a.Caller = k.Name
	if !petition.IsChat(a.Owner) {
		return a, petition.Fail(petition.Invalid, "api.owner")
	}
	if a.Owner != "" && !k.may(Citizens) {
		return a, petition.Fail(petition.Forbidden, "api.scope", "scope", string(Citizens))
	}
	for _, r := range a.Roles {
		scope, known := scopeOf[r]
		if !known {
			return a, petition.Fail(petition.Invalid, "api.role")
		}
		if !k.may(scope, Desk) { // who says who works here may say who acts
			return a, petition.Fail(petition.Forbidden, "api.scope", "scope", string(scope))
		}
	}
	if (a.Staff != "" || a.Unit != "") && !k.may(Staff, Sealed) {
		return a, petition.Fail(petition.Forbidden, "api.scope", "scope", string(Staff))
	}
	if k.Unit != "" {
		return k.bind(a)
	}
	if len(a.Roles) == 0 && !k.may(Citizens) { // without a role it would act as a citizen
		return a, missing("Actor-Roles")
	}
	return a, nil
}

// bind keeps a key that belongs to a unit to that unit: it acts for officers there. A
// citizen is of no unit, and an administrator sees the cases of every one.
func (k Key) bind(a petition.Actor) (petition.Actor, error) {
	switch {
	case a.Owner != "" || a.Unit != "" && a.Unit != k.Unit || slices.Contains(a.Roles, petition.Admin):
		return a, petition.Fail(petition.Forbidden, "api.unit")
	case len(a.Roles) == 0:
		return a, missing("Actor-Roles")
	}
	a.Unit = k.Unit
	return a, nil
}

// code is a query code as it was sent. It makes its bearer the citizen, whoever has the
// case, so a key bound to a unit may not use one.
func (k Key) code(sent string) (string, error) {
	code, err := url.PathUnescape(sent)
	switch {
	case err != nil:
		return "", petition.Fail(petition.Invalid, "api.header")
	case code != "" && k.Unit != "":
		return "", petition.Fail(petition.Forbidden, "api.unit")
	}
	return code, nil
}

// lister is the actor of a list. Whoever is neither a citizen nor an officer has none:
// an empty answer would look as if there were no cases.
func (s *server) lister(ctx context.Context, in ActorInput) (petition.Actor, error) {
	a, err := s.actor(ctx, in)
	if err == nil && a.Owner == "" && len(a.Roles) == 0 {
		err = missing("Actor-Owner")
	}
	return a, err
}
