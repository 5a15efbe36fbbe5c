package api

import (
	"context"
	"encoding/json"
	"time"

	"dengwen/petition/bulletin"
)

var bulletinCalls = map[string]rosterFunc{
	"agree": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return read(in, func(c bulletin.Consent) error { return answer(out)(d.Agree(ctx, c)) })
	},
	"disagree": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return d.Disagree(ctx, in.Chat)
	},
	"consent": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.Consent(ctx, in.Chat))
	},
	"agreed": func(ctx context.Context, d RosterStore, _ *RosterCall, out *RosterAnswer) (err error) {
		out.Count, err = d.Agreed(ctx)
		return err
	},
	"put-bulletin": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return read(in, func(b bulletin.Bulletin) error { return answer(out)(d.PutBulletin(ctx, b)) })
	},
	"bulletin": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.Bulletin(ctx, in.ID))
	},
	"bulletins-since": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.BulletinsSince(ctx, in.at()))
	},
	"end-bulletin": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.EndBulletin(ctx, in.ID, in.State, in.By, in.at()))
	},
}

var deliveryCalls = map[string]rosterFunc{
	"lead": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) (err error) {
		out.Mine, err = d.Lead(ctx, in.ID, in.Owner, in.at(), time.Duration(in.Seconds)*time.Second)
		return err
	},
	"next": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) error {
		return answer(out)(d.Next(ctx, in.ID, in.Count))
	},
	"handed": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return d.Handed(ctx, in.ID, in.Owner, in.Chat, in.Count)
	},
	"outcome": func(ctx context.Context, d RosterStore, in *RosterCall, out *RosterAnswer) (err error) {
		out.Outcome, err = d.Outcome(ctx, in.ID, in.Chat)
		return err
	},
	"note-outcome": func(ctx context.Context, d RosterStore, in *RosterCall, _ *RosterAnswer) error {
		return d.NoteOutcome(ctx, in.ID, in.Chat, in.Outcome)
	},
}

// convert reads into another shape what was read as plain JSON.
func convert(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}
