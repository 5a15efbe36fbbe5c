package roster

import "context"

// Remember notes which case a message of ours in a chat is about.
func (d *Service) Remember(ctx context.Context, chat, ref, number string) error {
	return d.store.PutRef(ctx, GroupOf(chat), ref, number, d.now())
}

// Whose is the case that a message of ours is about; "" when none is known.
func (d *Service) Whose(ctx context.Context, chat, ref string) (string, error) {
	return d.store.Ref(ctx, GroupOf(chat), ref)
}

// Card is the message that stands for a case in a chat, "" when there is none yet.
func (d *Service) Card(ctx context.Context, chat, number string) (string, error) {
	return d.store.Ref(ctx, GroupOf(chat), "card:"+number)
}

// PutCard notes it.
func (d *Service) PutCard(ctx context.Context, chat, number, ref string) error {
	return d.store.PutRef(ctx, GroupOf(chat), "card:"+number, ref, d.now())
}

// Topic is the forum topic of a case in a group, and how it was last named; "" when
// there is none.
func (d *Service) Topic(ctx context.Context, group, number string) (id, name string, err error) {
	if id, err = d.store.Ref(ctx, group, "topic:"+number); err != nil || id == "" {
		return "", "", err
	}
	name, err = d.store.Ref(ctx, group, "name:"+id)
	return id, name, err
}

// PutTopic notes the topic of a case and its name; id "" = it is gone.
func (d *Service) PutTopic(ctx context.Context, group, number, id, name string) error {
	if err := d.store.PutRef(ctx, group, "topic:"+number, id, d.now()); err != nil || id == "" {
		return err
	}
	if err := d.store.PutRef(ctx, group, "name:"+id, name, d.now()); err != nil {
		return err
	}
	return d.store.PutRef(ctx, group, "in:"+id, number, d.now())
}

// InTopic is the case a topic is about, "" when none is known.
func (d *Service) InTopic(ctx context.Context, group, id string) (string, error) {
	return d.store.Ref(ctx, group, "in:"+id)
}
