package api

import (
	"context"
	"net/http"

	"dengwen/petition"
)

// Record answers checkpoints of everything that happened, and proofs that a case is in them.
type Record interface {
	Checkpoints(ctx context.Context, after int64, limit int) (petition.Checkpoints, error)
	Prove(ctx context.Context, number string, first bool) (petition.Proof, error)
}

type checkpointsInput struct {
	After int64 `query:"after" minimum:"0" doc:"Size of the last checkpoint read."`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Checkpoints at most."`
}

type checkpointsOutput struct{ Body petition.Checkpoints }

type proofInput struct {
	ActorInput
	NumberInput
	Code  string `header:"Query-Code" maxLength:"2000" doc:"As for the case itself."`
	First bool   `query:"first" doc:"The first entry of the case, which the receipt's mark is of, instead of the newest."`
}

type proofOutput struct{ Body petition.Proof }

func (s *server) recordOperations() {
	add(s, operation{
		id: "checkpoints", method: http.MethodGet, path: "/v1/checkpoints", tag: "office",
		summary: "Signed checkpoints",
		about:   "How many changes there were and the root of the Merkle tree over them, signed once an hour. Keep copies: whoever has an older one finds out when the past was changed. No key needed; they say nothing of any case.",
	}, s.checkpoints)
	add(s, operation{
		id: "proof", method: http.MethodGet, path: "/v1/cases/{number}/proof", tag: "cases", scopes: actingScopes,
		summary: "Prove that a case is in the record",
		about:   "Shows that the newest version of the case that a checkpoint covers is in it (RFC 6962). 404 (proof.not_yet) until the next checkpoint. Take the key from where you keep it, not from the answer.",
	}, s.proof)
}

func (s *server) checkpoints(ctx context.Context, in *checkpointsInput) (*checkpointsOutput, error) {
	if s.Record == nil {
		return nil, petition.Fail(petition.NotFound, "api.no_such_call")
	}
	p, err := s.Record.Checkpoints(ctx, in.After, in.Limit)
	return &checkpointsOutput{p}, err
}

func (s *server) proof(ctx context.Context, in *proofInput) (*proofOutput, error) {
	v, err := s.look(ctx, &lookInput{in.ActorInput, in.NumberInput, in.Code})
	if err != nil {
		return nil, err
	}
	if s.Record == nil {
		return nil, petition.Fail(petition.NotFound, "api.no_such_call")
	}
	p, err := s.Record.Prove(ctx, v.Body.Number, in.First)
	return &proofOutput{p}, err
}
