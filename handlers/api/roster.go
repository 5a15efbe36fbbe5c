package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

// RosterStore keeps what an office's chats need beside its cases: people, groups, consents
// and service notices.
type RosterStore interface {
	roster.Store
	bulletin.Store
}

// Digests makes what units read in the morning.
type Digests func(ctx context.Context, now time.Time) ([]petition.Digest, error)

// RosterCall is the body of one call of a bot process to the roster; which fields count
// depends on the call.
type RosterCall struct {
	Chat    string     `json:"chat,omitempty" maxLength:"600"`
	ID      string     `json:"id,omitempty" maxLength:"200"`
	Unit    string     `json:"unit,omitempty" maxLength:"200"`
	Owner   string     `json:"owner,omitempty" maxLength:"200" doc:"Process that leads a service notice."`
	State   string     `json:"state,omitempty" maxLength:"40"`
	By      string     `json:"by,omitempty" maxLength:"200"`
	Outcome string     `json:"outcome,omitempty" maxLength:"40"`
	Count   int        `json:"count,omitempty" minimum:"0" maximum:"10000"`
	At      *time.Time `json:"at,omitempty"`
	Seconds int        `json:"seconds,omitempty" minimum:"0" maximum:"3600"`
	Hash    string     `json:"hash,omitempty" maxLength:"200" doc:"Of an invitation, hexadecimal."`
	Record  any        `json:"record,omitempty" doc:"A person, invitation, group, consent, service notice, or what messages are about."`
}

// RosterAnswer answers a RosterCall.
type RosterAnswer struct {
	Outcome string `json:"outcome,omitempty"`
	Count   int    `json:"count,omitempty"`
	Mine    bool   `json:"mine,omitempty"`
	Hash    string `json:"hash,omitempty"`
	Record  any    `json:"record,omitempty"`
}

type rosterInput struct {
	Call string `path:"call" maxLength:"40" doc:"Name of the call." example:"people"`
	Body RosterCall
}

type rosterOutput struct{ Body RosterAnswer }

type rosterFunc func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error

func (s *server) rosterOperations() {
	if s.Roster == nil {
		return
	}
	calls := rosterCalls()
	calls["digests"] = func(ctx context.Context, _ RosterStore, in *RosterCall, out *RosterAnswer) error {
		if s.Digest == nil {
			return petition.Fail(petition.NotFound, "api.no_such_call")
		}
		return answer(out)(s.Digest(ctx, in.at()))
	}
	add(s, operation{
		id: "desk", method: http.MethodPost, path: "/v1/desk/{call}", tag: "desk", status: http.StatusOK, scopes: []Scope{Desk},
		summary: "Call the roster",
		about:   "For a bot process of the same office that reaches its cases over this API: who works here, invitations, groups, what a message is about, who agreed to service notices. Not meant for other programs; its fields may change with the version.",
	}, func(ctx context.Context, in *rosterInput) (*rosterOutput, error) {
		do, ok := calls[in.Call]
		if !ok || callerOf(ctx).key.Unit != "" { // a unit's key does not run the whole office
			return nil, petition.Fail(petition.NotFound, "api.no_such_call")
		}
		out := &rosterOutput{}
		return out, do(ctx, s.Roster, &in.Body, &out.Body)
	})
}

func (in *RosterCall) at() time.Time {
	if in.At == nil {
		return time.Time{}
	}
	return *in.At
}

// answer puts a result into the answer.
func answer(out *RosterAnswer) func(v any, err error) error {
	return func(v any, err error) error {
		out.Record = v
		return err
	}
}

// read reads the record of a call.
func read[T any](in *RosterCall, do func(v T) error) error {
	var v T
	if err := convert(in.Record, &v); err != nil {
		return petition.Fail(petition.Invalid, "api.request")
	}
	return do(v)
}

func hash(in *RosterCall) ([]byte, error) {
	b, err := hex.DecodeString(in.Hash)
	if err != nil || len(b) == 0 {
		return nil, petition.Fail(petition.Invalid, "api.request")
	}
	return b, nil
}

func rosterCalls() map[string]rosterFunc {
	calls := map[string]rosterFunc{}
	for _, part := range []map[string]rosterFunc{peopleCalls, chatCalls, bulletinCalls, deliveryCalls} {
		for name, do := range part {
			calls[name] = do
		}
	}
	return calls
}

var peopleCalls = map[string]rosterFunc{
	"put-invite": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return read(in, func(i roster.Invite) (err error) {
			if i.Hash, err = hash(in); err != nil {
				return err
			}
			return d.PutInvite(ctx, i)
		})
	},
	"take-invite": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		h, err := hash(in)
		if err != nil {
			return err
		}
		return answer(out)(d.TakeInvite(ctx, h, in.at()))
	},
	"put-person": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return read(in, func(p roster.Person) error {
			if strings.Contains(p.ID, "/") { // as officers of other programs have it
				return petition.Fail(petition.Invalid, "api.staff_id")
			}
			return d.PutPerson(ctx, p)
		})
	},
	"person": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.Person(ctx, in.ID))
	},
	"person-by-chat": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.PersonByChat(ctx, in.Chat))
	},
	"people": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.People(ctx, in.Unit))
	},
}

var chatCalls = map[string]rosterFunc{
	"put-group": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return read(in, func(b roster.Binding) error { return d.PutBinding(ctx, b) })
	},
	"drop-group": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return d.DropBinding(ctx, in.Chat)
	},
	"groups": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.Bindings(ctx, in.Unit))
	},
	"put-refs": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return read(in, func(refs map[string]string) error { return d.PutRefs(ctx, in.Chat, refs, in.at()) })
	},
	"refs": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return read(in, func(refs []string) error { return answer(out)(d.Refs(ctx, in.Chat, refs...)) })
	},
}
