package roster

import "context"

// Remember notes which case a message of ours in a chat is about.
func (s *Service) Remember(ctx context.Context, chat, ref, number string) error {
	return s.store.PutRef(ctx, GroupOf(chat), ref, number, s.now())
}

// Whose is the case that a message of ours is about; "" when none is known.
func (s *Service) Whose(ctx context.Context, chat, ref string) (string, error) {
	return s.store.Ref(ctx, GroupOf(chat), ref)
}

// Card is the message that stands for a case in a chat, "" when there is none yet.
func (s *Service) Card(ctx context.Context, chat, number string) (string, error) {
	return s.store.Ref(ctx, GroupOf(chat), "card:"+number)
}

// PutCard notes it.
func (s *Service) PutCard(ctx context.Context, chat, number, ref string) error {
	return s.store.PutRef(ctx, GroupOf(chat), "card:"+number, ref, s.now())
}

// Topic is the forum topic of a case in a group, and how it was last named; "" when
// there is none.
func (s *Service) Topic(ctx context.Context, group, number string) (id, name string, err error) {
	if id, err = s.store.Ref(ctx, group, "topic:"+number); err != nil || id == "" {
		return "", "", err
	}
	name, err = s.store.Ref(ctx, group, "name:"+id)
	return id, name, err
}

// PutTopic notes the topic of a case and its name; id "" = it is gone.
func (s *Service) PutTopic(ctx context.Context, group, number, id, name string) error {
	if err := s.store.PutRef(ctx, group, "topic:"+number, id, s.now()); err != nil || id == "" {
		return err
	}
	if err := s.store.PutRef(ctx, group, "name:"+id, name, s.now()); err != nil {
		return err
	}
	return s.store.PutRef(ctx, group, "in:"+id, number, s.now())
}

// InTopic is the case a topic is about, "" when none is known.
func (s *Service) InTopic(ctx context.Context, group, id string) (string, error) {
	return s.store.Ref(ctx, group, "in:"+id)
}
