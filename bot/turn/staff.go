package turn

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// officer is who of the office a conversation, or in a group the sender, is as of
// now; nil for everybody else. A person who left is nobody.
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

// addContext adds to an event what holds at this moment: what the door declares, whether
// an officer made it, whose group it happened in, and what the officers that it names
// are called.
func (r *Runner) addContext(ctx context.Context, conv string, e *bot.Event) {
	e.Door = r.door(conv).Shows
	if r.p.Roster == nil {
		return
	}
	e.Officer = r.officer(ctx, conv, e.From)
	if g, ok := r.p.Roster.Group(ctx, conv); ok {
		e.Group = &g
	}
	if e.Officer == nil && e.Group == nil {
		return // a citizen never learns what an officer is called
	}
	e.Names = r.names(ctx, e)
	if e.Officer != nil && e.Officer.Mute && byPerson(e) && e.From == "" {
		if err := r.p.Roster.Reached(ctx, *e.Officer); err != nil {
			r.p.Log.Warn("note that an officer is back", "err", err)
		}
	}
}

func (r *Runner) names(ctx context.Context, e *bot.Event) map[string]string {
	names := map[string]string{}
	note := func(id string) {
		if name := r.p.Roster.Name(ctx, id); name != "" {
			names[id] = name
		}
	}
	var v *petition.View
	if n := e.Notice; n != nil {
		note(n.Entry.Staff)
		v = &n.View
	} else if e.Outcome != nil {
		v = e.Outcome.View
	}
	if v != nil {
		note(v.Officer)
		for _, entry := range v.Timeline {
			note(entry.Staff)
		}
	}
	return names
}

// actor is who asks: the citizen of the conversation, or the officer who set the
// effect in motion, as they are now.
func (r *Runner) actor(ctx context.Context, conv string, q bot.Effect) (petition.Actor, error) {
	if !q.Staff || q.Roster != nil && q.Roster.Join != "" { // who joins is nobody yet
		return petition.Actor{Owner: conv, Asker: conv}, nil
	}
	if r.p.Roster == nil || q.By == "" {
		return petition.Actor{}, petition.Fail(petition.Forbidden, "move.who")
	}
	return r.p.Roster.Actor(ctx, q.By)
}

// rosterQuery answers an errand to the office's people.
func (r *Runner) rosterQuery(ctx context.Context, conv string, me petition.Actor, e *bot.RosterQuery, out *bot.Outcome) (err error) {
	d := r.p.Roster
	if d == nil {
		return petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	var p roster.Person
	switch {
	case e.Join != "":
		p, err = d.Join(ctx, e.Join, conv, e.Name)
		out.Person = &p
	case e.Bind != "":
		var b roster.Binding
		b, err = d.Bind(ctx, me, e.Bind, conv, e.Topics)
		out.Unit = b.Unit
	case e.Rename != "":
		p, err = d.Rename(ctx, me.Staff, e.Rename)
		out.Person = &p
	case e.People != "":
		out.People, err = d.People(ctx, e.People)
	case e.Invite != nil:
		out.Token, _, err = d.Invite(ctx, me, roster.Invite{Unit: e.Invite.Unit, Roles: e.Invite.Roles, Group: e.Invite.Group}, roster.InviteFor)
	case e.Leave:
		p, err = d.Leave(ctx, me, me.Staff)
		out.Person = &p
	case e.Away != nil:
		p, err = d.Absent(ctx, me.Staff, e.Away.On, e.Away.Deputy)
		out.Person = &p
	default:
		err = errors.New("errand of no known kind")
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
	return e.Outcome == nil && e.Notice == nil && e.Digest == nil && e.Bulletin == nil && e.Progress == nil
}
