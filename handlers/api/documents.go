package api

import (
	"context"
	"net/http"

	"dengwen/petition"

	"github.com/danielgtaylor/huma/v2"
)

type documentInput struct {
	ActorInput
	NumberInput
	Document string `path:"document" maxLength:"60" doc:"Number of the timeline entry, for another of its documents a kind, and the form: pdf or docx." example:"7.pdf"`
	Code     string `header:"Query-Code" maxLength:"2000" doc:"Query code; the citizen's own chat and officers need none." example:"7Q4M-29XD"`
}

type checkInput struct {
	ActorInput
	NumberInput
	Body petition.Move
}

type checkOutput struct {
	Body struct {
		Findings []petition.Finding `json:"findings" doc:"What to look at; none is no promise that all is well."`
	}
}

func (s *server) documentOperations() {
	add(s, operation{
		id: "document", method: http.MethodGet, path: "/v1/cases/{number}/documents/{document}", tag: "files", scopes: actingScopes, file: true,
		summary:   "Print an official document",
		about:     "The document that belongs to an entry of the timeline, as it was when the entry was made: as PDF to read, as DOCX to stamp. Entries with a document name its kind in args.document; a transfer has two, the letter to the unit (7-transfer.docx) and the notice to the citizen (7-forwarded.pdf). Citizens get the papers that are theirs.",
		responses: map[string]*huma.Response{"200": {Description: "The bytes of the document.", Content: bytesOf()}},
	}, s.document)
	add(s, operation{
		id: "check", method: http.MethodPost, path: "/v1/cases/{number}/check", tag: "cases", status: http.StatusOK, scopes: []Scope{Staff, Sealed},
		summary: "Check a reply before it goes out",
		about:   "Looks at the move as it would be made and answers with findings: a demand without an answer, facts without time or place, no legal basis, somebody else's personal data, words that take rights away. It changes nothing and forbids nothing: a person decides.",
	}, s.check)
}

func (s *server) document(ctx context.Context, in *documentInput) (*huma.StreamResponse, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	code, err := callerOf(ctx).key.code(in.Code)
	if err != nil {
		return nil, err
	}
	p, ok := petition.ParseDocumentRef(in.Document)
	if !ok {
		return nil, petition.Fail(petition.NotFound, "paper.none")
	}
	body, at, err := s.Cases.Document(ctx, a, in.Number, code, p)
	if err != nil {
		return nil, err
	}
	return s.stream(ctx, "document", body, at), nil
}

func (s *server) check(ctx context.Context, in *checkInput) (*checkOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	v, err := s.Cases.Look(ctx, a, in.Number, "")
	if err != nil {
		return nil, err
	}
	out := &checkOutput{}
	out.Body.Findings = []petition.Finding{}
	if s.ReplyCheck != nil {
		out.Body.Findings = append(out.Body.Findings, s.ReplyCheck(v, in.Body)...)
	}
	return out, nil
}
