package api

import (
	"context"
	"net/http"

	"dengwen/petition"
)

type accessInput struct {
	ActorInput
	Number string `query:"number" maxLength:"200" doc:"Lines about this case."`
	Staff  string `query:"staff" maxLength:"200" doc:"Lines about this officer."`
	After  string `query:"after" maxLength:"64" doc:"Cursor of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Lines on a page."`
}

type accessOutput struct{ Body petition.AccessPage }

func (s *server) accessOperations() {
	add(s, operation{
		id: "accesses", method: http.MethodGet, path: "/v1/accesses", tag: "cases", scopes: []Scope{Staff},
		summary: "Read the access log",
		about:   "Who read or changed which cases, newest first: for the head of the petition office and the citizens' rights officer. One line stands for all identical reads of ten minutes. Reading it is a line too.",
	}, s.accesses)
}

func (s *server) accesses(ctx context.Context, in *accessInput) (*accessOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	p, err := s.Cases.Accesses(ctx, a, petition.AccessQuery{Number: in.Number, Staff: in.Staff, After: in.After, Limit: in.Limit})
	return &accessOutput{p}, err
}
