package api

import (
	"context"
	"net/http"
	"net/url"

	"dengwen/petition"

	"github.com/danielgtaylor/huma/v2"
)

// OnceInput is the key that makes a call happen once.
type OnceInput struct {
	Once string `header:"Idempotency-Key" maxLength:"800" doc:"The same key with the same content is done once and answers the same; with other content it is 409. It belongs to the API key and the actor. A filing must have one, a move should."`
}

// key reads the header; a key in the body must be the same one.
func (in OnceInput) key(inBody string) (string, error) {
	k, err := url.PathUnescape(in.Once)
	if err != nil {
		return "", petition.Fail(petition.Invalid, "api.header")
	}
	if inBody != "" && inBody != k {
		return "", petition.Fail(petition.Invalid, "api.two_keys")
	}
	return k, nil
}

type NumberInput struct {
	Number string `path:"number" maxLength:"2000" doc:"Number of the case, as people type it." example:"ZS26-0417-3K"`
}

type fileInput struct {
	ActorInput
	OnceInput
	Body petition.Filing
}

// Resolve says which field is missing beside those that are wrong. A petition says what
// it is about in words or with a file, which a schema cannot tell.
func (in *fileInput) Resolve(huma.Context) []error {
	if in.Body.Facts != "" || len(in.Body.Attachments) > 0 {
		return nil
	}
	return []error{missingField{"body.facts", "file.facts"}}
}

type ticketOutput struct{ Body petition.Ticket }

type lookInput struct {
	ActorInput
	NumberInput
	Code string `header:"Query-Code" maxLength:"2000" doc:"Query code; the citizen's own chat and officers need none." example:"7Q4M-29XD"`
}

type viewOutput struct{ Body petition.View }

type listInput struct {
	ActorInput
	Unit    string          `query:"unit" maxLength:"100" doc:"Cases this unit has now."`
	Officer string          `query:"officer" maxLength:"200" doc:"Cases this officer took."`
	Status  petition.Status `query:"status" maxLength:"40" doc:"Cases in this state."`
	Class   petition.Class  `query:"class" maxLength:"40" doc:"Cases of this class."`
	Subject string          `query:"subject" maxLength:"100" doc:"Cases of this subject, a code."`
	Place   string          `query:"place" maxLength:"100" doc:"Cases of this town, a code."`
	Channel string          `query:"channel" maxLength:"40" doc:"Cases that came this way."`
	From    string          `query:"from" maxLength:"10" doc:"Received on or after this day." example:"2026-08-03"`
	To      string          `query:"to" maxLength:"10" doc:"Received on or before this day." example:"2026-08-31"`
	Open    bool            `query:"open" doc:"Only cases that are not at an end."`
	Order   string          `query:"order" enum:"due,new" doc:"First due first (default for officers) or last received first (default for citizens)."`
	Led     bool            `query:"led" doc:"Cases that this officer leads (领导包案)."`
	Hard    bool            `query:"hard" doc:"Hard cases: a leader leads them, or led them until they were struck off (销号)."`
	Drafts  string          `query:"drafts" enum:"sign,write,unit" doc:"Cases with papers that are not issued yet: that wait for this officer's signature, that this officer writes, or all of the officer's unit. They stand in the lines as drafts."`
	After   string          `query:"after" maxLength:"500" doc:"Cursor of the page before."`
	Limit   int             `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Cases on a page."`
}

type searchInput struct {
	ActorInput
	Body petition.Query
}

type pageOutput struct{ Body petition.Page }

type moveInput struct {
	ActorInput
	NumberInput
	OnceInput
	Body petition.Move
}

// signOff is said where papers are written and signed.
const signOff = "A paper that somebody else must sign (View.papers) is not made at once: *submit* with *for* and the fields of that move lays it before the head (*draft* only saves it; *draft* with a number writes an older one anew), *take_back* and *drop_draft* undo that. The head makes *sign*, which carries the paper's move out in the same transaction, or *send_back* with *text*; both name *draft* and *draft_version* as View.drafts has them, so that what is signed is what was read. Nobody signs what they wrote, unless the office's data say so of the unit. Made at once such a move is 403 *move.unsigned*."

var actingScopes = []Scope{Citizens, Staff, Sealed}

func (s *server) caseOperations() {
	add(s, operation{
		id: "file", method: http.MethodPost, path: "/v1/cases", tag: "cases", status: http.StatusCreated, scopes: actingScopes,
		summary: "Lodge a petition",
		about:   "Answers with the ticket: number, query code, unit, the clock that runs now. The same Idempotency-Key answers with the same ticket, code included, and files nothing new. A citizen files with Actor-Owner; an officer records letters, visits and calls, and gets no query code: it is printed on the receipt.",
	}, s.file)
	add(s, operation{
		id: "look", method: http.MethodGet, path: "/v1/cases/{number}", tag: "cases", scopes: actingScopes,
		summary: "Look a case up",
		about:   "A citizen's own chat and officers need no code, anybody else needs number and code. A wrong number and a wrong code get the same answer in the same time; too many wrong ones are limited.",
	}, s.look)
	add(s, operation{
		id: "list", method: http.MethodGet, path: "/v1/cases", tag: "cases", scopes: actingScopes,
		summary: "List cases",
		about:   "The cases the actor may see, page by page: a line about each, with the total on the first page. GET /v1/cases/{number} shows a case whole.",
	}, s.list)
	add(s, operation{
		id: "search", method: http.MethodPost, path: "/v1/searches", tag: "cases", status: http.StatusOK, scopes: actingScopes,
		summary: "Search cases by words",
		about:   "Like the list, with words. They are in the body because addresses end up in logs. A word of a single character is looked for in the first 5,000 cases of the list only. A page may be short and yet have a cursor. Officers who look for a person, by what is written like a name or a telephone number, say why in Actor-Reason (else 403 *access.why_person*); then the cases that the person petitioned are found, those of the officer's unit or, in the petition office, all.",
	}, s.search)
	add(s, operation{
		id: "move", method: http.MethodPost, path: "/v1/cases/{number}/moves", tag: "cases", status: http.StatusOK, scopes: actingScopes,
		summary: "Move a case on",
		about:   "Makes a move of the citizen or of an officer (with number and query code alone: supplement, nudge, review, rereview) and answers with the case after it. View.can says which moves are possible; an unlawful one is refused with the reason. Where View.bodies has several, review and rereview name one of them as the unit: the petitioner chooses. " + signOff,
	}, s.move)
}

func (s *server) file(ctx context.Context, in *fileInput) (*ticketOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	if in.Body.Key, err = in.key(in.Body.Key); err != nil {
		return nil, err
	}
	if in.Body.Owner != "" && !callerOf(ctx).key.may(Citizens) {
		return nil, petition.Fail(petition.Forbidden, "api.scope", "scope", string(Citizens))
	}
	if in.Body.Channel == petition.Open311 { // asks for more agreement than callers here have
		return nil, petition.Fail(petition.Invalid, "file.channel_unknown", "channel", in.Body.Channel)
	}
	t, err := s.Cases.File(ctx, a, in.Body)
	return &ticketOutput{t}, err
}

func (s *server) look(ctx context.Context, in *lookInput) (*viewOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	code, err := callerOf(ctx).key.code(in.Code)
	if err != nil {
		return nil, err
	}
	v, err := s.Cases.Look(ctx, a, in.Number, code)
	return &viewOutput{v}, err
}

func (s *server) list(ctx context.Context, in *listInput) (*pageOutput, error) {
	a, err := s.lister(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	p, err := s.Cases.List(ctx, a, petition.Query{Unit: in.Unit, Officer: in.Officer, Status: in.Status, Class: in.Class, Subject: in.Subject, Place: in.Place, Channel: in.Channel, From: in.From, To: in.To, Open: in.Open, Order: in.Order, Drafts: in.Drafts, Led: in.Led, Hard: in.Hard, After: in.After, Limit: in.Limit})
	return &pageOutput{p}, err
}

func (s *server) search(ctx context.Context, in *searchInput) (*pageOutput, error) {
	a, err := s.lister(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	p, err := s.Cases.List(ctx, a, in.Body)
	return &pageOutput{p}, err
}

func (s *server) move(ctx context.Context, in *moveInput) (*viewOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	if in.Body.Key, err = in.key(in.Body.Key); err != nil {
		return nil, err
	}
	if in.Body.Code != "" && callerOf(ctx).key.Unit != "" {
		return nil, petition.Fail(petition.Forbidden, "api.unit")
	}
	v, err := s.Cases.Do(ctx, a, in.Number, in.Body)
	return &viewOutput{v}, err
}
