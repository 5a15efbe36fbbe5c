package api

import (
	"context"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// officer compares whom a call acts for with the roster as it is now: they are there, in that
// unit, and hold those roles. A unit left out is theirs. Whoever names no officer, no unit and no
// role acts for a citizen.
func (s *server) officer(ctx context.Context, a petition.Actor) (petition.Actor, error) {
	k := callerOf(ctx).key
	switch {
	case a.Staff == "" && a.Unit == "" && len(a.Roles) == 0:
		return a, nil
	case a.Staff == "":
		return a, missing("Actor-Staff")
	case slices.Contains(k.Scopes, OwnOfficers):
		a.Staff = k.mark(a.Staff)
		return a, nil
	case s.Roster == nil:
		return a, notHere()
	case a.Staff == petition.System().Staff && k.runsChats():
		return a, nil
	case a.Staff == roster.GroupStaff && k.runsChats():
		return s.group(ctx, a)
	}
	is, err := roster.Current(ctx, s.Roster, a.Staff)
	switch code := petition.CodeOf(err); {
	case code == petition.NotFound || code == petition.Forbidden:
		return a, notHere()
	case err != nil:
		return a, err
	case a.Unit == "":
		a.Unit = is.Unit
	}
	if a.Unit != is.Unit || slices.ContainsFunc(a.Roles, func(r petition.Role) bool { return !slices.Contains(is.Roles, r) }) {
		return a, notHere()
	}
	return a, nil
}

// notHere is one answer for who is unknown, has left, is of another unit or lacks a role, so that
// nobody learns from it who works here.
func notHere() error { return petition.Fail(petition.Forbidden, "api.staff") }

// group lets a bot process read for a group chat what an officer of the group's unit may.
func (s *server) group(ctx context.Context, a petition.Actor) (petition.Actor, error) {
	groups, err := s.Roster.Bindings(ctx, a.Unit)
	if err == nil && (a.Unit == "" || len(groups) == 0 || !slices.Equal(a.Roles, []petition.Role{petition.Officer})) {
		err = notHere()
	}
	return a, err
}

// runsChats reports whether the key is a bot process's of the office, which acts for the program
// itself and for group chats besides.
func (k Key) runsChats() bool { return k.Unit == "" && k.may(Desk) }

// mark is the id of an officer whom the roster does not know: the key's name, a slash, and what
// its program calls them. No id of the roster has a slash. One that is marked stays as it is.
func (k Key) mark(staff string) string {
	return k.Name + "/" + strings.TrimPrefix(staff, k.Name+"/")
}
