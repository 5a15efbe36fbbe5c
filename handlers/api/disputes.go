package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// DisputeState is a dispute as who may see it sees it.
type DisputeState struct {
	Number    string               `json:"number" example:"TJ-48213907"`
	Unit      string               `json:"unit"`
	Place     petition.Place       `json:"place"`
	Village   string               `json:"village,omitempty"`
	Kind      string               `json:"kind,omitempty"`
	Words     string               `json:"words" doc:"As it was reported."`
	Parties   map[string]string    `json:"parties,omitempty" doc:"As both want to be named: a and b. This, and what follows but for the entries, is for who works on it."`
	Received  time.Time            `json:"received"`
	Status    mediation.Status     `json:"status"`
	Mediator  string               `json:"mediator,omitempty"`
	Consents  []DisputeConsent     `json:"consents,omitempty"`
	Sessions  []DisputeSession     `json:"sessions,omitempty"`
	Agreement *DisputeAgreement    `json:"agreement,omitempty"`
	Handed    *DisputeHandedOver   `json:"handed_over,omitempty"`
	Entries   int                  `json:"entries" doc:"How many things happened: a move sends it back as *seen*."`
	Can       []mediation.MoveName `json:"can,omitempty" doc:"Moves that the officer may make now."`
}

// The parts of a dispute, by names of their own in the description.
type (
	DisputeConsent    mediation.Consent
	DisputeSession    mediation.Session
	DisputePromise    mediation.Promise
	DisputeHandedOver mediation.Handed
)

// DisputeAgreement is what the parties agreed.
type DisputeAgreement struct {
	At           time.Time        `json:"at"`
	Facts        string           `json:"facts"`
	Terms        string           `json:"terms"`
	Manner       string           `json:"manner"`
	Promises     []DisputePromise `json:"promises,omitempty"`
	ConfirmUntil string           `json:"confirm_until" doc:"Last day on which both may ask the court to confirm it."`
	Confirmation string           `json:"confirmation,omitempty"`
}

// DisputeInput names a dispute. Exported, as the framework reads no fields of an embedded type that is not.
type DisputeInput struct {
	ActorInput
	Number string `path:"number" maxLength:"100" doc:"Number of the dispute." example:"TJ-48213907"`
}

type disputesInput struct {
	ActorInput
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Disputes at most."`
}

type disputesOutput struct {
	Body struct {
		Disputes []DisputeState `json:"disputes" doc:"The newest first."`
	}
}

type disputeOutput struct{ Body DisputeState }

type disputeReportInput struct {
	ActorInput
	OnceInput
	Body struct {
		Words   string            `json:"words" minLength:"1" maxLength:"3000" doc:"What it is about."`
		Place   petition.Place    `json:"place,omitzero"`
		Village string            `json:"village,omitempty" maxLength:"60"`
		Kind    string            `json:"kind,omitempty" maxLength:"60" doc:"A code of the office's kinds of disputes."`
		Parties map[string]string `json:"parties,omitempty" doc:"As both want to be named: a and b."`
		Lang    string            `json:"lang,omitempty" maxLength:"20"`
		Urgency petition.Urgency  `json:"urgency,omitempty" doc:"An officer's: danger to people now. It is lodged as an urgent petition at once."`
	}
}

type disputeMoveInput struct {
	DisputeInput
	Body struct {
		Name mediation.MoveName `json:"name" minLength:"1" maxLength:"40"`
		Args map[string]string  `json:"args,omitempty" doc:"What the move's fields say."`
		Seen int                `json:"seen,omitempty" minimum:"0" doc:"How many entries the caller saw: with more there it is 409 dispute.changed."`
	}
}

func (s *server) disputeOperations() {
	if s.Disputes == nil {
		return
	}
	acting := []Scope{Citizens, Staff}
	add(s, operation{
		id: "disputes", method: http.MethodGet, path: "/v1/disputes", tag: "disputes", scopes: acting, summary: "List disputes",
		about: "Those that a chat reported, that a grid worker reported, or that an officer's unit has. Nobody else sees any, and every list and look of an officer is a line of the access log.",
	}, s.listDisputes)
	add(s, operation{
		id: "dispute-report", method: http.MethodPost, path: "/v1/disputes", tag: "disputes", status: http.StatusCreated, scopes: acting, summary: "Report a dispute",
		about: "A villager's with Actor-Owner, else an officer's. It is no petition; the words become one only where somebody says so. The same Idempotency-Key reports it once.",
	}, s.reportDispute)
	add(s, operation{
		id: "dispute", method: http.MethodGet, path: "/v1/disputes/{number}", tag: "disputes", scopes: acting, summary: "Look at a dispute", about: "404 (dispute.none) for who may not know of it.",
	}, s.lookDispute)
	add(s, operation{
		id: "dispute-move", method: http.MethodPost, path: "/v1/disputes/{number}/moves", tag: "disputes", status: http.StatusOK, scopes: []Scope{Staff}, summary: "Make a move of a dispute",
		about: "For officers and heads of the unit that has it, and not by who reported it in their own chat (Art 28). One no of a party ends the mediation, and nothing follows from it. What gives up a right to petition, sue, appeal or report is refused (dispute.waives).",
	}, s.moveDispute)
}

// disputeState is a dispute as a caller sees it: who reported it in which chat, and the log with officers' names, stay
// here, and what the parties said and agreed is for who works on it.
func (s *server) disputeState(a petition.Actor, d mediation.Dispute) DisputeState {
	out := DisputeState{
		Number: d.Number, Unit: d.Unit, Place: d.Place, Village: d.Village, Kind: d.Kind, Words: d.Words, Received: d.Received, Status: d.Status, Entries: len(d.Log),
	}
	if !s.Disputes.Works(a, &d) {
		return out
	}
	out.Parties, out.Mediator, out.Handed = d.Parties, d.Mediator, (*DisputeHandedOver)(d.Handed)
	for _, c := range d.Consents {
		out.Consents = append(out.Consents, DisputeConsent(c))
	}
	for _, x := range d.Sessions {
		out.Sessions = append(out.Sessions, DisputeSession(x))
	}
	if g := d.Agreement; g != nil {
		out.Agreement = &DisputeAgreement{At: g.At, Facts: g.Facts, Terms: g.Terms, Manner: g.Manner, ConfirmUntil: g.ConfirmUntil, Confirmation: g.Confirmation}
		for _, p := range g.Promises {
			out.Agreement.Promises = append(out.Agreement.Promises, DisputePromise(p))
		}
	}
	for _, m := range s.Disputes.Can(a, &d) {
		out.Can = append(out.Can, m.Name)
	}
	return out
}

func (s *server) listDisputes(ctx context.Context, in *disputesInput) (*disputesOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	all, err := s.Disputes.List(ctx, a, mediation.Query{Limit: in.Limit})
	out := &disputesOutput{}
	out.Body.Disputes = []DisputeState{}
	for _, d := range all[:min(len(all), in.Limit)] {
		out.Body.Disputes = append(out.Body.Disputes, s.disputeState(a, d))
	}
	return out, err
}

func (s *server) reportDispute(ctx context.Context, in *disputeReportInput) (*disputeOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	key, err := in.key("")
	switch {
	case err != nil:
		return nil, err
	case key == "":
		return nil, missing("Idempotency-Key")
	}
	b := in.Body
	d, err := s.Disputes.Report(ctx, a, mediation.Report{
		Key: a.Caller + "/" + cmp.Or(a.Owner, a.Staff) + "/" + key, Words: b.Words, Place: b.Place, Village: b.Village, Kind: b.Kind, Parties: b.Parties, Lang: b.Lang, Urgency: b.Urgency,
	})
	return &disputeOutput{s.disputeState(a, d)}, err
}

func (s *server) lookDispute(ctx context.Context, in *DisputeInput) (*disputeOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	d, err := s.Disputes.Look(ctx, a, in.Number)
	return &disputeOutput{s.disputeState(a, d)}, err
}

func (s *server) moveDispute(ctx context.Context, in *disputeMoveInput) (*disputeOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	d, err := s.Disputes.Do(ctx, a, in.Number, mediation.Move{Name: in.Body.Name, Args: in.Body.Args}, in.Body.Seen)
	return &disputeOutput{s.disputeState(a, d)}, err
}
