package api_test

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"dengwen/handlers/api"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// hired serves an API for tests of what officers may, not of who is one: whomever a call names
// works here, in that unit and with those roles.
func hired(c api.Config) http.Handler {
	c.Roster = anybody{newRosterStore()}
	next := api.New(c)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := url.PathUnescape(r.Header.Get("Actor-Staff"))
		unit, _ := url.PathUnescape(r.Header.Get("Actor-Unit"))
		p := roster.Person{ID: id, Unit: unit}
		for _, role := range strings.FieldsFunc(r.Header.Get("Actor-Roles"), func(r rune) bool { return r == ',' || r == ' ' }) {
			p.Roles = append(p.Roles, petition.Role(role))
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), hiredKey{}, p)))
	})
}

type hiredKey struct{}

type anybody struct{ rosterStore }

func (a anybody) Person(ctx context.Context, id string) (roster.Person, error) {
	p, ok := ctx.Value(hiredKey{}).(roster.Person)
	if !ok || p.ID != id {
		return a.rosterStore.Person(ctx, id)
	}
	p.Unit = cmp.Or(p.Unit, api.UnitOf(ctx))
	return p, nil
}
