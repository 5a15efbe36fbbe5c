package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

var _ RosterStore = (*Client)(nil)

// askRoster makes one call to the roster; the key needs the scope desk.
func (c *Client) askRoster(ctx context.Context, name string, in RosterCall, record any) (RosterAnswer, error) {
	var out RosterAnswer
	err := c.do(ctx, call{op: "roster " + name, method: http.MethodPost, path: "/v1/desk/" + name, body: in}, &out)
	if err == nil && record != nil {
		if err := convert(out.Record, record); err != nil {
			return out, unavailable("roster "+name, err)
		}
	}
	return out, err
}

func moment(t time.Time) *time.Time { return &t }

// Digests asks for what units read this morning.
func (c *Client) Digests(ctx context.Context, now time.Time) (all []petition.Digest, err error) {
	_, err = c.askRoster(ctx, "digests", RosterCall{At: moment(now)}, &all)
	return all, err
}

func (c *Client) PutInvite(ctx context.Context, i roster.Invite) error {
	_, err := c.askRoster(ctx, "put-invite", RosterCall{Hash: hex.EncodeToString(i.Hash), Record: i}, nil)
	return err
}

func (c *Client) TakeInvite(ctx context.Context, hash []byte, now time.Time) (i roster.Invite, err error) {
	_, err = c.askRoster(ctx, "take-invite", RosterCall{Hash: hex.EncodeToString(hash), At: moment(now)}, &i)
	i.Hash = hash
	return i, err
}

func (c *Client) PutPerson(ctx context.Context, p roster.Person) error {
	_, err := c.askRoster(ctx, "put-person", RosterCall{Record: p}, nil)
	return err
}

func (c *Client) Person(ctx context.Context, id string) (p roster.Person, err error) {
	_, err = c.askRoster(ctx, "person", RosterCall{ID: id}, &p)
	return p, err
}

func (c *Client) PersonByChat(ctx context.Context, chat string) (p roster.Person, err error) {
	_, err = c.askRoster(ctx, "person-by-chat", RosterCall{Chat: chat}, &p)
	return p, err
}

func (c *Client) People(ctx context.Context, unit string) (all []roster.Person, err error) {
	_, err = c.askRoster(ctx, "people", RosterCall{Unit: unit}, &all)
	return all, err
}

func (c *Client) PutBinding(ctx context.Context, b roster.Binding) error {
	_, err := c.askRoster(ctx, "put-group", RosterCall{Record: b}, nil)
	return err
}

func (c *Client) DropBinding(ctx context.Context, chat string) error {
	_, err := c.askRoster(ctx, "drop-group", RosterCall{Chat: chat}, nil)
	return err
}

func (c *Client) Bindings(ctx context.Context, unit string) (all []roster.Binding, err error) {
	_, err = c.askRoster(ctx, "groups", RosterCall{Unit: unit}, &all)
	return all, err
}

func (c *Client) PutRefs(ctx context.Context, chat string, refs map[string]string, at time.Time) error {
	_, err := c.askRoster(ctx, "put-refs", RosterCall{Chat: chat, Record: refs, At: moment(at)}, nil)
	return err
}

func (c *Client) Refs(ctx context.Context, chat string, refs ...string) (all map[string]string, err error) {
	_, err = c.askRoster(ctx, "refs", RosterCall{Chat: chat, Record: refs}, &all)
	return all, err
}

func (c *Client) Agree(ctx context.Context, consent bulletin.Consent) (out bulletin.Consent, err error) {
	_, err = c.askRoster(ctx, "agree", RosterCall{Record: consent}, &out)
	return out, err
}

func (c *Client) Disagree(ctx context.Context, chat string) error {
	_, err := c.askRoster(ctx, "disagree", RosterCall{Chat: chat}, nil)
	return err
}

func (c *Client) Consent(ctx context.Context, chat string) (out bulletin.Consent, err error) {
	_, err = c.askRoster(ctx, "consent", RosterCall{Chat: chat}, &out)
	return out, err
}

func (c *Client) Agreed(ctx context.Context) (int, error) {
	out, err := c.askRoster(ctx, "agreed", RosterCall{}, nil)
	return out.Count, err
}

func (c *Client) PutBulletin(ctx context.Context, b bulletin.Bulletin) (out bulletin.Bulletin, err error) {
	_, err = c.askRoster(ctx, "put-bulletin", RosterCall{Record: b}, &out)
	return out, err
}

func (c *Client) Bulletin(ctx context.Context, id string) (out bulletin.Bulletin, err error) {
	_, err = c.askRoster(ctx, "bulletin", RosterCall{ID: id}, &out)
	return out, err
}

func (c *Client) BulletinsSince(ctx context.Context, t time.Time) (all []bulletin.Bulletin, err error) {
	_, err = c.askRoster(ctx, "bulletins-since", RosterCall{At: moment(t)}, &all)
	return all, err
}

func (c *Client) EndBulletin(ctx context.Context, id, state, by string, at time.Time) (out bulletin.Bulletin, err error) {
	_, err = c.askRoster(ctx, "end-bulletin", RosterCall{ID: id, State: state, By: by, At: moment(at)}, &out)
	return out, err
}

func (c *Client) Lead(ctx context.Context, id, owner string, now time.Time, lasts time.Duration) (bool, error) {
	out, err := c.askRoster(ctx, "lead", RosterCall{ID: id, Owner: owner, At: moment(now), Seconds: int(lasts / time.Second)}, nil)
	return out.Mine, err
}

func (c *Client) Next(ctx context.Context, id string, limit int) (all []bulletin.Consent, err error) {
	_, err = c.askRoster(ctx, "next", RosterCall{ID: id, Count: limit}, &all)
	return all, err
}

func (c *Client) Handed(ctx context.Context, id, owner, chat string, n int) error {
	_, err := c.askRoster(ctx, "handed", RosterCall{ID: id, Owner: owner, Chat: chat, Count: n}, nil)
	return err
}

func (c *Client) Outcome(ctx context.Context, id, chat string) (string, error) {
	out, err := c.askRoster(ctx, "outcome", RosterCall{ID: id, Chat: chat}, nil)
	return out.Outcome, err
}

func (c *Client) NoteOutcome(ctx context.Context, id, chat, outcome string) error {
	_, err := c.askRoster(ctx, "note-outcome", RosterCall{ID: id, Chat: chat, Outcome: outcome}, nil)
	return err
}
