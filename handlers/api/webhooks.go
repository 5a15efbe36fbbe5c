package api

import (
	"context"
	"net/http"
	"time"

	"dengwen/petition/telling"
)

// WebhookState is an endpoint as callers see it.
type WebhookState struct {
	ID      string     `json:"id"`
	Address string     `json:"address" doc:"Scheme and host; the path may be secret."`
	Unit    string     `json:"unit,omitempty" doc:"Unit of whose cases it is told; absent: of all."`
	At      time.Time  `json:"at"`
	Off     *time.Time `json:"off,omitempty" doc:"Since when it is told nothing: it answered 410."`
	Secrets []string   `json:"secrets,omitempty" doc:"Its keys, the newest first; only where they were just made."`
}

// DeadEvent is an event that an endpoint did not take and that is not tried again by itself.
type DeadEvent struct {
	ID      string     `json:"id"`
	Webhook string     `json:"webhook"`
	Number  string     `json:"number"`
	Type    string     `json:"type" example:"case.reply"`
	At      time.Time  `json:"at"`
	Tries   int        `json:"tries"`
	Last    *time.Time `json:"last,omitempty"`
	Why     string     `json:"why,omitempty" doc:"What the last try met."`
}

type webhookOutput struct{ Body WebhookState }

type webhooksOutput struct {
	Body struct {
		Waiting  int            `json:"waiting" doc:"Events on their way."`
		Dead     int            `json:"dead" doc:"Events that are not tried again by themselves."`
		Webhooks []WebhookState `json:"webhooks"`
	}
}

type deadOutput struct {
	Body struct {
		Events []DeadEvent `json:"events" doc:"The newest 200."`
	}
}

type webhookInput struct {
	ID string `path:"id" maxLength:"100"`
}

type addWebhookInput struct {
	Body struct {
		URL  string `json:"url" maxLength:"1000" example:"https://crm.example.cn/hooks/petitions"`
		Unit string `json:"unit,omitempty" maxLength:"100" doc:"Of whose cases it is told; absent: of all."`
	}
}

type resendInput struct {
	Body struct {
		IDs []string `json:"ids,omitempty" maxItems:"200" doc:"Of dead events; absent: all."`
	}
}

type resendOutput struct {
	Body struct {
		Count int `json:"count"`
	}
}

func (s *server) webhookOperations() {
	if s.Systems == nil {
		return
	}
	for _, op := range []struct {
		operation
		register func(operation)
	}{
		{operation{
			id: "webhooks", method: http.MethodGet, path: "/v1/webhooks", summary: "List webhooks",
			about: "Other systems that are told that a case moved, by the convention of Standard Webhooks: type, number, version and time, and no word more.",
		}, func(o operation) { add(s, o, s.listWebhooks) }},
		{operation{
			id: "webhook-add", method: http.MethodPost, path: "/v1/webhooks", status: http.StatusCreated, summary: "Add a webhook",
			about: "It is told of what happens from now on, of the cases of one unit or of all; never of reports on misconduct. Its key is answered here and nowhere else.",
		}, func(o operation) { add(s, o, s.addWebhook) }},
		{operation{
			id: "webhook-remove", method: http.MethodDelete, path: "/v1/webhooks/{id}", status: http.StatusNoContent, summary: "Remove a webhook",
			about: "What is on its way to it is not sent any more.",
		}, func(o operation) { add(s, o, s.removeWebhook) }},
		{operation{
			id: "webhook-key", method: http.MethodPost, path: "/v1/webhooks/{id}/key", status: http.StatusOK, summary: "Change the key of a webhook",
			about: "Both the new key and the one before sign until the next change.",
		}, func(o operation) { add(s, o, s.changeKey) }},
		{operation{
			id: "webhook-on", method: http.MethodPost, path: "/v1/webhooks/{id}/on", status: http.StatusOK, summary: "Switch a webhook on again",
		}, func(o operation) { add(s, o, s.switchOn) }},
		{operation{
			id: "webhooks-dead", method: http.MethodGet, path: "/v1/webhooks/dead", summary: "List what no webhook took",
			about: "Events that were tried for three days, and those of a webhook that was switched off.",
		}, func(o operation) { add(s, o, s.deadEvents) }},
		{operation{
			id: "webhooks-resend", method: http.MethodPost, path: "/v1/webhooks/resend", status: http.StatusOK, summary: "Send again what no webhook took",
		}, func(o operation) { add(s, o, s.resendEvents) }},
	} {
		op.tag, op.scopes, op.office = "webhooks", []Scope{Admin}, true
		op.register(op.operation)
	}
}

func webhookState(e telling.Endpoint, keys bool) WebhookState {
	w := WebhookState{ID: e.ID, Address: e.Host(), Unit: e.Unit, At: e.At}
	if !e.Off.IsZero() {
		w.Off = &e.Off
	}
	if keys {
		w.Secrets = e.Secrets
	}
	return w
}

func (s *server) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOutput, error) {
	out := &webhooksOutput{}
	out.Body.Webhooks = []WebhookState{}
	all, err := s.Systems.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		out.Body.Webhooks = append(out.Body.Webhooks, webhookState(e, false))
	}
	out.Body.Waiting, out.Body.Dead, err = s.Systems.Count(ctx)
	return out, err
}

func (s *server) addWebhook(ctx context.Context, in *addWebhookInput) (*webhookOutput, error) {
	e, err := s.Systems.Add(ctx, in.Body.URL, in.Body.Unit)
	return &webhookOutput{webhookState(e, true)}, err
}

func (s *server) removeWebhook(ctx context.Context, in *webhookInput) (*struct{}, error) {
	return nil, s.Systems.Remove(ctx, in.ID)
}

func (s *server) changeKey(ctx context.Context, in *webhookInput) (*webhookOutput, error) {
	e, err := s.Systems.Rotate(ctx, in.ID)
	return &webhookOutput{webhookState(e, true)}, err
}

func (s *server) switchOn(ctx context.Context, in *webhookInput) (*webhookOutput, error) {
	e, err := s.Systems.SwitchOn(ctx, in.ID)
	return &webhookOutput{webhookState(e, false)}, err
}

func (s *server) deadEvents(ctx context.Context, _ *struct{}) (*deadOutput, error) {
	out := &deadOutput{}
	out.Body.Events = []DeadEvent{}
	all, err := s.Systems.Dead(ctx)
	for _, d := range all {
		e := DeadEvent{ID: d.ID, Webhook: d.Endpoint, Number: d.Event.Number, Type: "case." + string(d.Event.Move), At: d.Event.At, Tries: d.Tries, Why: d.Why}
		if !d.Last.IsZero() {
			e.Last = &d.Last
		}
		out.Body.Events = append(out.Body.Events, e)
	}
	return out, err
}

func (s *server) resendEvents(ctx context.Context, in *resendInput) (*resendOutput, error) {
	out := &resendOutput{}
	var err error
	out.Body.Count, err = s.Systems.Resend(ctx, in.Body.IDs...)
	return out, err
}
