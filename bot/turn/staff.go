package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// officer is the officer that a conversation, or in a group the sender, belongs to as of now;
// nil for everybody else, and for an officer who has left.
func (r *Runner) officer(ctx context.Context, conv, from string) *roster.Person {
	if r.p.Roster == nil {
		return nil
	}
	if from != "" {
		conv = from
	}
	p, ok := r.p.Roster.Who(ctx, conv)
	if !ok {
		return nil
	}
	return &p
}

// group is the unit's group that a conversation is, or is a topic of.
func (r *Runner) group(ctx context.Context, conv string) (roster.Binding, bool) {
	if r.p.Roster == nil {
		return roster.Binding{}, false
	}
	return r.p.Roster.Group(ctx, conv)
}

// errNobodyKnown says that an event can't be stepped now: the conversation is an officer's,
// and the roster can't be read.
var errNobodyKnown = errors.New("the roster can't be read, and officers have spoken here")

// addContext adds to an event what holds at this moment: what the door declares, whether
// an officer made it, whose group it happened in, and what the officers that it names
// are called. A citizen's event does not wait for the roster; one of a conversation in which
// officers have spoken does, or they would be answered as strangers.
func (r *Runner) addContext(ctx context.Context, conv string, s bot.Session, e *bot.Event) error {
	e.Door = r.door(conv).shows()
	if r.p.Roster == nil {
		return nil
	}
	e.Officer = r.officer(ctx, conv, e.From)
	if g, ok := r.p.Roster.Group(ctx, conv); ok {
		e.Group = &g
	}
	if e.Officer == nil && e.Group == nil {
		if err := r.p.Roster.Readable(ctx); err != nil && len(s.Officers) > 0 {
			return fmt.Errorf("%w: %w", errNobodyKnown, err)
		}
		return nil // a citizen never learns what an officer is called
	}
	e.Names = r.names(ctx, e)
	if e.Officer != nil && e.Officer.Mute && byPerson(e) && e.From == "" {
		if err := r.p.Roster.Reached(ctx, *e.Officer); err != nil {
			r.p.Log.Warn("note that an officer is back", "err", err)
		}
	}
	return nil
}

func (r *Runner) names(ctx context.Context, e *bot.Event) map[string]string {
	names := map[string]string{}
	add := func(id string) {
		if name := r.p.Roster.Name(ctx, id); name != "" {
			names[id] = name
		}
	}
	addDrafts := func(drafts []petition.Draft) {
		for _, d := range drafts {
			add(d.Author)
			add(d.By)
		}
	}
	if e.Outcome != nil && e.Outcome.Page != nil {
		for _, i := range e.Outcome.Page.Items {
			addDrafts(i.Drafts)
		}
	}
	var v *petition.View
	if n := e.Notice; n != nil {
		add(n.Entry.Staff)
		v = &n.View
	} else if e.Outcome != nil {
		v = e.Outcome.View
	}
	if e.Outcome != nil && e.Outcome.Access != nil {
		for _, x := range e.Outcome.Access.Lines {
			add(x.Staff)
		}
	}
	if e.Outcome != nil {
		for _, u := range e.Outcome.Untold {
			add(u.Taken)
			add(strings.TrimPrefix(u.To, "staff:"))
		}
	}
	if v != nil {
		add(v.Officer)
		add(v.State["lead"])
		for _, entry := range v.Timeline {
			add(entry.Staff)
			add(entry.Args["author"])
		}
		addDrafts(v.Drafts)
	}
	return names
}

// actor is with whose permissions an effect is asked: the citizen's, or those that the
// officer who caused it has now.
func (r *Runner) actor(ctx context.Context, conv string, q bot.Effect) (petition.Actor, error) {
	if !q.Staff || q.Roster != nil && q.Roster.Join != "" { // who joins is no officer yet
		return petition.Actor{Owner: conv, Asker: conv, Address: q.Address}, nil
	}
	if r.p.Roster == nil || q.By == "" {
		return petition.Actor{}, petition.Fail(petition.Forbidden, "move.who")
	}
	a, err := r.p.Roster.Actor(ctx, q.By)
	a.Asks, a.Reason = true, q.Reason
	return a, err
}

// rosterQuery answers a query about the office's people.
func (r *Runner) rosterQuery(ctx context.Context, conv string, me petition.Actor, q *bot.RosterQuery, out *bot.Outcome) (err error) {
	people := r.p.Roster
	if people == nil {
		return petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	var p roster.Person
	switch {
	case q.Join != "":
		p, err = people.Join(ctx, q.Join, conv, q.Name)
		out.Person = &p
	case q.Bind != "":
		var b roster.Binding
		b, err = people.Bind(ctx, me, q.Bind, conv, q.Topics)
		out.Unit = b.Unit
		if err == nil {
			out.Lacks = r.lacksInGroup(ctx, b)
		}
	case q.Rename != "":
		p, err = people.Rename(ctx, me.Staff, q.Rename)
		out.Person = &p
	case q.Told != nil:
		p, err = people.ChangeTold(ctx, me.Staff, func(w *telling.Wishes) { changeTold(w, *q.Told, r.p.Now()) })
		out.Person = &p
	case q.People != "":
		out.People, err = people.People(ctx, q.People)
	case q.Leaders:
		out.People, err = people.Leaders(ctx)
	case q.Invite != nil:
		out.Token, _, err = people.Invite(ctx, me, roster.Invite{Unit: q.Invite.Unit, Roles: q.Invite.Roles, Group: q.Invite.Group}, roster.InviteFor)
	case q.Desk && r.p.DeskLink != nil:
		out.Token, err = r.p.DeskLink(ctx, me.Staff)
	case q.Leave:
		p, err = people.Leave(ctx, me, me.Staff)
		out.Person = &p
	case q.Away != nil:
		p, err = people.Absent(ctx, me.Staff, q.Away.On, q.Away.Deputy)
		out.Person = &p
	default:
		err = errUnknownKind
	}
	return err
}

// forOffice tells notices to the office from those to a conversation.
func forOffice(to string) bool {
	prefix, _, _ := strings.Cut(to, ":")
	return slices.Contains([]string{"unit", "staff", "sealed"}, prefix)
}

// byPerson reports an event that a person caused, not one that tells them something.
func byPerson(e *bot.Event) bool {
	return e.Outcome == nil && e.Notice == nil && e.Digest == nil && e.Bulletin == nil && e.Progress == nil && e.Reception == nil && e.Dispute == nil
}
