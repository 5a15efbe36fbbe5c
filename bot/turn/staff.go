package turn

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// Referrer is a Sender that can say which message came of a send, so that a reply to
// it finds the case it was about.
type Referrer interface {
	SendRef(ctx context.Context, conv, key string, say bot.Say) (ref string, err error)
}

// officer is who of the office a conversation, or in a group the sender, is as of
// now; nil for everybody else. A person who left is nobody.
func (r *Runner) officer(ctx context.Context, conv, from string) *petition.Person {
	if r.p.Desk == nil {
		return nil
	}
	if from != "" {
		conv = from
	}
	p, ok := r.p.Desk.Who(ctx, conv)
	if !ok {
		return nil
	}
	return &p
}

// actor is who asks: the citizen of the conversation, or the officer who set the
// effect in motion, as they are now.
func (r *Runner) actor(ctx context.Context, conv string, q bot.Effect) (petition.Actor, error) {
	if !q.Staff || q.Errand != nil && q.Errand.Join != "" { // who joins is nobody yet
		return petition.Actor{Owner: conv, Asker: conv}, nil
	}
	if r.p.Desk == nil || q.By == "" {
		return petition.Actor{}, petition.Fail(petition.Forbidden, "move.who")
	}
	return r.p.Desk.Actor(ctx, q.By)
}

// roster answers an errand to the office's people.
func (r *Runner) roster(ctx context.Context, conv string, me petition.Actor, e *bot.Errand, out *bot.Outcome) (err error) {
	d := r.p.Desk
	if d == nil {
		return petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	var p petition.Person
	switch {
	case e.Join != "":
		p, err = d.Join(ctx, e.Join, conv, e.Name)
		out.Person = &p
	case e.Bind != "":
		var b petition.Binding
		b, err = d.Bind(ctx, e.Bind, conv, e.Topics)
		out.Unit = b.Unit
	case e.People != "":
		out.People, err = d.People(ctx, e.People)
	case e.Invite != nil:
		out.Token, _, err = d.Invite(ctx, me, petition.Invite{Unit: e.Invite.Unit, Roles: e.Invite.Roles, Group: e.Invite.Group}, petition.InviteFor)
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

// announce hands a notice to the chats of a unit or an officer.
func (r *Runner) announce(ctx context.Context, n petition.Notice) error {
	chats, err := r.p.Desk.Chats(ctx, n)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		e := bot.Event{ID: "notice:" + n.ID, At: r.p.Now(), Notice: &n}
		if err := r.Accept(ctx, chat, e); err != nil && !errors.Is(err, ErrEvent) {
			return err
		}
		r.m.Notices.Add(1)
	}
	return nil
}

// forOffice tells notices to the office from those to a conversation.
func forOffice(to string) bool {
	prefix, _, _ := strings.Cut(to, ":")
	return slices.Contains([]string{"unit", "staff", "sealed"}, prefix)
}

// deliverTo sends a message and notes which case it is about.
func (r *Runner) deliverTo(ctx context.Context, door Door, p *pending) error {
	say := *p.Effect.Say
	by, ok := door.Send.(Referrer)
	if !ok || say.About == "" || r.p.Desk == nil {
		return door.Send.Send(ctx, p.Conv, p.Key, say)
	}
	ref, err := by.SendRef(ctx, p.Conv, p.Key, say)
	if err != nil || ref == "" {
		return err
	}
	// The message is out; without the note a reply to it only asks which case it means.
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.p.Desk.Remember(note, p.Conv, ref, say.About); err != nil {
		r.p.Log.Warn("note what a message is about", "row", p.Key, "err", err)
	}
	return nil
}

// unreachable notes that an officer's chat can't be reached, so that colleagues are
// told in their place from now on.
func (r *Runner) unreachable(ctx context.Context, conv string) {
	if r.p.Desk == nil {
		return
	}
	if err := r.p.Desk.Unreachable(ctx, conv); err != nil && petition.CodeOf(err) != petition.NotFound {
		r.p.Log.Warn("note a closed chat", "err", err)
	}
}
