package api

import (
	"context"
	"net/url"
	"strings"

	"dengwen/petition"
)

// ActorInput says on whose behalf a call is made.
type ActorInput struct {
	Owner string `header:"Actor-Owner" maxLength:"600" doc:"Chat address of the citizen, as tg:123. Needs the scope citizens. It proves what that chat filed, so only a door that knows its citizens may send it."`
	Asker string `header:"Actor-Asker" maxLength:"600" doc:"Whom wrong look-ups count against: a chat or network address. Default: the owner, else the caller's address."`
	Staff string `header:"Actor-Staff" maxLength:"600" doc:"The officer's id. Needs the scope staff."`
	Unit  string `header:"Actor-Unit" maxLength:"600" doc:"The officer's unit. A key bound to a unit acts for that one."`
	Roles string `header:"Actor-Roles" maxLength:"200" doc:"The officer's roles, joined by commas: intake, officer, head, supervisor; sealed and admin need the scope of that name."`
}

// needs is the scope a key must have to claim a role.
var needs = map[petition.Role]Scope{
	petition.Intake:     Staff,
	petition.Officer:    Staff,
	petition.Head:       Staff,
	petition.Supervisor: Staff,
	petition.Sealed:     Sealed,
	petition.Admin:      Admin,
}

// actor reads the headers and refuses what the key may not claim.
func (in ActorInput) actor(ctx context.Context) (petition.Actor, error) {
	c := callerOf(ctx)
	var a petition.Actor
	for _, h := range []struct {
		value string
		to    *string
	}{{in.Owner, &a.Owner}, {in.Asker, &a.Asker}, {in.Staff, &a.Staff}, {in.Unit, &a.Unit}} {
		plain, err := url.PathUnescape(h.value)
		if err != nil {
			return a, petition.Fail(petition.Invalid, "api.header")
		}
		*h.to = plain
	}
	for _, r := range strings.FieldsFunc(in.Roles, func(r rune) bool { return r == ',' || r == ' ' }) {
		a.Roles = append(a.Roles, petition.Role(r))
	}
	if a.Asker == "" && a.Owner == "" {
		a.Asker = "addr:" + c.address
	}
	return c.key.limit(a)
}

func (k Key) limit(a petition.Actor) (petition.Actor, error) {
	if a.Owner != "" && !k.may(Citizens) {
		return a, petition.Fail(petition.Forbidden, "api.scope", "scope", string(Citizens))
	}
	for _, r := range a.Roles {
		scope, known := needs[r]
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
	return k.bind(a)
}

// bind keeps a key that belongs to a unit to that unit.
func (k Key) bind(a petition.Actor) (petition.Actor, error) {
	if k.Unit == "" || a.Staff == "" && a.Unit == "" && len(a.Roles) == 0 {
		return a, nil
	}
	if a.Unit != "" && a.Unit != k.Unit {
		return a, petition.Fail(petition.Forbidden, "api.unit")
	}
	a.Unit = k.Unit
	return a, nil
}
