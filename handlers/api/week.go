package api

import (
	"context"
	"net/http"

	"dengwen/petition"
)

type weekInput struct {
	ActorInput
	Of    string `query:"of" enum:"came,open,soon,late,done,answered" doc:"The cases of this figure too, page by page."`
	After string `query:"after" maxLength:"20" doc:"Cursor of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Cases on a page."`
}

type weekOutput struct{ Body petition.Week }

func (s *server) weekOperations() {
	add(s, operation{
		id: "week", method: http.MethodGet, path: "/v1/week", tag: "cases", scopes: []Scope{Staff},
		summary: "The week of a unit",
		about:   "What came, is open, falls due, is late, was answered and came to an end in the week of today: of all cases for who heads the petition office, else of those of the officer's unit. Reports on misconduct are in none of it. Counted in the background and at most ten minutes old: while *at* is missing it is being counted.",
	}, s.week)
}

func (s *server) week(ctx context.Context, in *weekInput) (*weekOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	w, err := s.Cases.Week(ctx, a, petition.WeekQuery{Of: in.Of, After: in.After, Limit: in.Limit})
	return &weekOutput{w}, err
}
