package roster

import (
	"context"
	"slices"

	"dengwen/petition"
)

// giveBack returns an invitation that could not be used, so that the right person or
// chat still can.
func (s *Service) giveBack(ctx context.Context, i Invite, why error) error {
	if err := s.store.PutInvite(ctx, i); err != nil {
		return petition.Wrap(err, "give invitation back")
	}
	return why
}

// Bind uses a group's invitation up and ties the group to its unit. Only somebody of
// that unit or an administrator may. The unit that gets sealed reports may have a
// group, but no report ever goes there.
func (s *Service) Bind(ctx context.Context, by petition.Actor, token, chat string, topics bool) (Binding, error) {
	i, err := s.store.TakeInvite(ctx, inviteHash(token), s.now())
	if err != nil {
		return Binding{}, err
	}
	if !i.Group {
		return Binding{}, s.giveBack(ctx, i, petition.Fail(petition.Invalid, "staff.invite_person"))
	}
	if by.Unit != i.Unit && !slices.Contains(by.Roles, petition.Admin) {
		return Binding{}, s.giveBack(ctx, i, petition.Fail(petition.Forbidden, "staff.bind_own"))
	}
	b := Binding{Chat: GroupOf(chat), Unit: i.Unit, Topics: topics, At: s.now()}
	defer s.invalidate()
	return b, petition.Wrap(s.store.PutBinding(ctx, b), "tie group")
}

// Rebind follows a group to its new address (Bot API migrate_to_chat_id). A group
// that is not tied, or was followed already, is no error.
func (s *Service) Rebind(ctx context.Context, from, to string) error {
	s.invalidate()
	b, ok := s.Group(ctx, from)
	if !ok {
		return nil
	}
	b.Chat = GroupOf(to)
	defer s.invalidate()
	if err := s.store.PutBinding(ctx, b); err != nil {
		return petition.Wrap(err, "tie group at its new address")
	}
	return petition.Wrap(s.store.DropBinding(ctx, GroupOf(from)), "untie old address")
}

// Unbind unties a group that the bot was removed from and answers what it was tied
// to; false when it was tied to nothing.
func (s *Service) Unbind(ctx context.Context, chat string) (Binding, bool, error) {
	s.invalidate()
	b, ok := s.Group(ctx, chat)
	if !ok {
		return b, false, nil
	}
	defer s.invalidate()
	return b, true, petition.Wrap(s.store.DropBinding(ctx, b.Chat), "untie group")
}

// Unreachable notes that a person's chat is closed to us: they are no longer told
// there, and their colleagues are in their place. It answers who it was, false when
// that was known already or the chat is nobody's.
func (s *Service) Unreachable(ctx context.Context, chat string) (Person, bool, error) {
	p, err := s.store.PersonByChat(ctx, chat)
	if err != nil || p.Mute {
		return p, false, petition.IgnoreNotFound(err)
	}
	p.Mute = true
	return p, true, s.put(ctx, p)
}

// Reached notes that somebody who could not be reached has written again.
func (s *Service) Reached(ctx context.Context, p Person) error {
	p.Mute = false
	return s.put(ctx, p)
}

// Rename sets what colleagues call a person.
func (s *Service) Rename(ctx context.Context, id, name string) (Person, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return p, err
	}
	if p.Name = shorten(name, 40); p.Name == "" {
		return p, petition.Fail(petition.Invalid, "staff.name")
	}
	return p, s.put(ctx, p)
}

// Heads are the chats of a unit's heads; without one that can be reached, of the
// petition office's supervisors and the administrators.
func (s *Service) Heads(ctx context.Context, unit string) ([]string, error) {
	chats, err := s.chatsOf(ctx, unit, func(p Person) bool { return p.Has(petition.Head) })
	if err != nil || len(chats) > 0 {
		return chats, err
	}
	return s.chatsOf(ctx, "", func(p Person) bool { return p.Has(petition.Supervisor) || p.Has(petition.Admin) })
}
