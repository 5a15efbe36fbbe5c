package roster

import "context"

// What is noted of a case in a chat, beside the messages about it: the names of these notes.
const (
	cardOf  = "card:"  // and a case's number: the message that shows it
	topicOf = "topic:" // and a case's number: its forum topic
	stateOf = "state:" // and a case's number: how that topic was left
	inTopic = "in:"    // and a topic: the case's number
)

// Place is where a chat shows a case, "" = nowhere yet.
type Place struct {
	Card  string // the message that shows it
	Topic string // its forum topic, in a group that has them
	State string // how that was left, as PutTopic noted it
}

// Place is where a chat shows a case.
func (s *Service) Place(ctx context.Context, chat, number string) (Place, error) {
	all, err := s.store.Refs(ctx, GroupOf(chat), cardOf+number, topicOf+number, stateOf+number)
	return Place{all[cardOf+number], all[topicOf+number], all[stateOf+number]}, err
}

// PutMessage notes which case a message of ours in a chat is about, and what it is the card
// of; "" = nothing.
func (s *Service) PutMessage(ctx context.Context, chat, ref, number, card string) error {
	refs := map[string]string{}
	if number != "" {
		refs[ref] = number
	}
	if card != "" {
		refs[cardOf+card] = ref
	}
	if len(refs) == 0 {
		return nil
	}
	return s.store.PutRefs(ctx, GroupOf(chat), refs, s.now())
}

// About is the case that a message of ours is about, else the one whose topic it was said in;
// "" when none is known. Telegram sends a message in a topic as a reply to the topic's first.
func (s *Service) About(ctx context.Context, chat, ref string) (string, error) {
	group := GroupOf(chat)
	refs := []string{ref}
	if group != chat {
		refs = append(refs, inTopic+chat[len(group)+1:])
	}
	all, err := s.store.Refs(ctx, group, refs...)
	if number := all[ref]; number != "" || group == chat {
		return number, err
	}
	return all[refs[1]], err
}

// PutTopic notes the topic of a case and how it was left.
func (s *Service) PutTopic(ctx context.Context, group, number, id, state string) error {
	return s.store.PutRefs(ctx, group, map[string]string{topicOf + number: id, stateOf + number: state, inTopic + id: number}, s.now())
}

// DropTopic notes that a case's topic is gone, and its card with it.
func (s *Service) DropTopic(ctx context.Context, group, number string) error {
	return s.store.PutRefs(ctx, group, map[string]string{topicOf + number: "", cardOf + number: ""}, s.now())
}
