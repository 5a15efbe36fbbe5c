package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
)

type postInput struct {
	OnceInput
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000" doc:"What everybody who agreed shall know, 1,000 characters at most."`
		Name string `json:"name,omitempty" maxLength:"80" doc:"Who sends it, for the record."`
	}
}

// BroadcastState is a service notice as callers see it: numbers, and nobody's address.
type BroadcastState struct {
	ID      string     `json:"id"`
	Text    string     `json:"text"`
	By      string     `json:"by" doc:"Who sent it, for the record."`
	At      time.Time  `json:"at"`
	State   string     `json:"state" enum:"running,stopped,done"`
	Ended   *time.Time `json:"ended,omitempty"`
	EndedBy string     `json:"ended_by,omitempty"`
	bulletin.Reach
}

type broadcastOutput struct{ Body BroadcastState }

type broadcastsOutput struct {
	Body struct {
		Agreed     int              `json:"agreed" doc:"How many would get one now."`
		Broadcasts []BroadcastState `json:"broadcasts" doc:"Those of the last 400 days, newest first."`
	}
}

type broadcastInput struct {
	ID string `path:"id" maxLength:"100" doc:"ID of the notice, or latest."`
}

// pastDays is how far back the list of service notices reaches.
const pastDays = 400

func (s *server) broadcastOperations() {
	if s.Bulletins == nil {
		return
	}
	for _, op := range []struct {
		operation
		register func(operation)
	}{
		{operation{
			id: "broadcast", method: http.MethodPost, path: "/v1/broadcasts", status: http.StatusCreated,
			summary: "Send a service notice",
			about:   "To everybody who agreed to get them, and to nobody else. It goes out slowly, after everything else. One at a time, and no more in 30 days than people were promised. The same Idempotency-Key sends one.",
		}, func(o operation) { add(s, o, s.postBroadcast) }},
		{operation{
			id: "broadcasts", method: http.MethodGet, path: "/v1/broadcasts", summary: "List service notices",
			about: "Who sent what when and how far it got, and how many have agreed to get them. Who they are is told to nobody.",
		}, func(o operation) { add(s, o, s.listBroadcasts) }},
		{operation{
			id: "broadcast-status", method: http.MethodGet, path: "/v1/broadcasts/{id}", summary: "See how far a service notice got",
		}, func(o operation) { add(s, o, s.readBroadcast) }},
		{operation{
			id: "broadcast-stop", method: http.MethodPost, path: "/v1/broadcasts/{id}/stop", status: http.StatusOK, summary: "Stop a service notice",
			about: "Nobody it has not reached yet gets it. What has ended stays as it is.",
		}, func(o operation) { add(s, o, s.stopBroadcast) }},
	} {
		op.tag, op.scopes, op.office = "broadcasts", []Scope{Broadcast}, true
		op.register(op.operation)
	}
}

func (s *server) postBroadcast(ctx context.Context, in *postInput) (*broadcastOutput, error) {
	key, err := in.key("")
	if err != nil {
		return nil, err
	}
	n := bulletin.Bulletin{Text: in.Body.Text, Name: in.Body.Name, By: "api:" + callerOf(ctx).key.Name}
	if key != "" {
		n.ID = onceID(callerOf(ctx).key.Name, key)
	}
	sent := n
	n, err = s.Bulletins.Post(ctx, petition.System(), n)
	if err == nil && (n.Text != strings.TrimSpace(sent.Text) || n.Name != sent.Name) {
		return nil, petition.Fail(petition.Conflict, "broadcast.key_reused")
	}
	return &broadcastOutput{stateOf(n)}, err
}

func (s *server) listBroadcasts(ctx context.Context, _ *struct{}) (*broadcastsOutput, error) {
	out := &broadcastsOutput{}
	var err error
	if out.Body.Agreed, err = s.Bulletins.Agreed(ctx); err != nil {
		return nil, err
	}
	past, err := s.Bulletins.Past(ctx, pastDays)
	out.Body.Broadcasts = []BroadcastState{}
	for _, n := range past {
		out.Body.Broadcasts = append(out.Body.Broadcasts, stateOf(n))
	}
	return out, err
}

func (s *server) readBroadcast(ctx context.Context, in *broadcastInput) (*broadcastOutput, error) {
	n, err := s.broadcastOf(ctx, in.ID)
	return &broadcastOutput{stateOf(n)}, err
}

func (s *server) broadcastOf(ctx context.Context, id string) (bulletin.Bulletin, error) {
	if id == "latest" {
		id = ""
	}
	id, err := url.PathUnescape(id)
	if err != nil {
		return bulletin.Bulletin{}, petition.Fail(petition.NotFound, "broadcast.none")
	}
	n, err := s.Bulletins.Bulletin(ctx, id)
	if err != nil || n == nil {
		return bulletin.Bulletin{}, orNone(err)
	}
	return *n, nil
}

func orNone(err error) error {
	if err != nil {
		return err
	}
	return petition.Fail(petition.NotFound, "broadcast.none")
}

func (s *server) stopBroadcast(ctx context.Context, in *broadcastInput) (*broadcastOutput, error) {
	n, err := s.broadcastOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	n, err = s.Bulletins.Stop(ctx, petition.System(), n.ID, "api:"+callerOf(ctx).key.Name)
	return &broadcastOutput{stateOf(n)}, err
}

// stateOf leaves out the chat that progress is told to.
func stateOf(n bulletin.Bulletin) BroadcastState {
	b := BroadcastState{ID: n.ID, Text: n.Text, By: n.By, At: n.At, State: n.State, EndedBy: n.EndedBy, Reach: n.Reach}
	if n.Name != "" {
		b.By = n.Name + " (" + n.By + ")"
	}
	if !n.Ended.IsZero() {
		b.Ended = &n.Ended
	}
	return b
}
