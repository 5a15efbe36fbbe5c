package turn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// File is a file that goes along with a message. Whoever gets it closes it.
type File struct {
	petition.Attachment
	Body io.ReadCloser
}

// Referrer is a Sender that sends files along and says which message came of it, so
// that a reply to it finds the case, and a card can be changed. With say.Edit and a
// message that is gone it sends anew; ref is of the message that is there then.
type Referrer interface {
	SendRef(ctx context.Context, conv, key string, say bot.Say, files []File) (ref string, err error)
}

// Forum is a Sender whose groups may have topics. op is create, rename, close or
// reopen; id is "" with create, which answers the new topic's. A topic that is gone
// is a *SendError with NoTopic.
type Forum interface {
	Topic(ctx context.Context, group, op, id, name string) (string, error)
}

// deliverTo sends a message to where its case has its place in the conversation, and
// notes which case it is about.
func (r *Runner) deliverTo(ctx context.Context, door Door, p *pending) error {
	say := *p.Effect.Say
	by, ok := door.Send.(Referrer)
	if say.ForOffice && r.p.Roster != nil && !r.ofOffice(ctx, p.Conv) {
		return &SendError{Drop: true, Err: errors.New("the chat is nobody's of the office any more")}
	}
	if ok && r.p.Roster == nil && len(say.Documents) > 0 {
		files, err := r.openPapers(ctx, petition.Actor{Owner: p.Conv, Asker: p.Conv}, p)
		if err != nil {
			return err
		}
		_, err = by.SendRef(ctx, p.Conv, p.Key, say, files)
		return err
	}
	if !ok || say.About == "" || r.p.Roster == nil {
		return door.Send.Send(ctx, p.Conv, p.Key, say)
	}
	err := r.deliverOnce(ctx, door, by, p, say)
	var s *SendError
	if !errors.As(err, &s) || !s.NoTopic {
		return err
	}
	// Somebody deleted the topic, and its messages with it: a new one is made at once.
	if err := r.lostTopic(ctx, p.Conv, say.About); err != nil {
		return err
	}
	if err = r.deliverOnce(ctx, door, by, p, say); errors.As(err, &s) && s.NoTopic {
		s.Drop = roster.GroupOf(p.Conv) != p.Conv // said in a topic that is gone, about no case of ours
	}
	return err
}

// ofOffice reports whether a chat still belongs to somebody of the office, or to a
// unit's group.
func (r *Runner) ofOffice(ctx context.Context, conv string) bool {
	if _, ok := r.p.Roster.Who(ctx, conv); ok {
		return true
	}
	_, ok := r.p.Roster.Group(ctx, conv)
	return ok
}

func (r *Runner) deliverOnce(ctx context.Context, door Door, by Referrer, p *pending, say bot.Say) error {
	conv, err := r.place(ctx, door, p.Conv, &say)
	if err != nil {
		return err
	}
	files, err := r.openFiles(ctx, p)
	if err != nil {
		return err
	}
	ref, err := by.SendRef(ctx, conv, p.Key, say, files)
	if err == nil && ref != "" && say.ForOffice {
		r.remember(ctx, conv, ref, p)
	}
	return err
}

// remember notes what a message is about. The message is out; without the note a
// reply to it only asks which case it means.
func (r *Runner) remember(ctx context.Context, conv, ref string, p *pending) {
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	say := p.Effect.Say
	var err error
	if !bot.OfBulletin(say.About) {
		err = r.p.Roster.Remember(note, conv, ref, say.About)
	}
	if say.Place == bot.InCard {
		err = errors.Join(err, r.p.Roster.PutCard(note, conv, say.About, ref))
	}
	if err != nil {
		r.p.Log.Warn("note what a message is about", "row", p.Key, "err", err)
	}
}

// place finds the topic of the case, where the group has topics, and its card.
func (r *Runner) place(ctx context.Context, door Door, conv string, say *bot.Say) (string, error) {
	g, ok := r.p.Roster.Group(ctx, conv)
	if !ok && (say.Place != bot.InCard || say.Edit != "") {
		return conv, nil
	}
	if forum, can := door.Send.(Forum); can && g.Topics && say.Topic != nil {
		id, err := r.topic(ctx, forum, g.Chat, say)
		if err != nil || id == "" {
			return conv, err
		}
		if conv == g.Chat {
			conv = g.Chat + "/" + id
		}
	}
	if say.Place == "" || say.Edit != "" {
		return conv, nil
	}
	card, err := r.p.Roster.Card(ctx, conv, say.About)
	if err != nil {
		return conv, fmt.Errorf("find the card: %w", err)
	}
	if say.Place == bot.InCard {
		say.Edit = card
	} else {
		say.Edit = ""
		say.Under = card
	}
	return conv, nil
}

// topic makes the case's topic look as it should, making it where there is none.
func (r *Runner) topic(ctx context.Context, forum Forum, group string, say *bot.Say) (string, error) {
	want := say.Topic.Name
	if say.Topic.Closed {
		want = "closed " + want
	}
	id, have, err := r.p.Roster.Topic(ctx, group, say.About)
	if err != nil {
		return "", fmt.Errorf("find the topic: %w", err)
	}
	if id == "" {
		if id, err = forum.Topic(ctx, group, "create", "", say.Topic.Name); err != nil {
			return "", err
		}
		have = say.Topic.Name
		if err := r.p.Roster.PutTopic(ctx, group, say.About, id, have); err != nil {
			return "", fmt.Errorf("note the topic: %w", err)
		}
	}
	if have == want {
		return id, nil
	}
	if err := reshape(ctx, forum, group, id, have, say.Topic); err != nil {
		return "", err
	}
	return id, r.p.Roster.PutTopic(ctx, group, say.About, id, want)
}

func reshape(ctx context.Context, forum Forum, group, id, have string, t *bot.Topic) error {
	const shut = "closed "
	closed := len(have) > len(shut) && have[:len(shut)] == shut
	var ops []string
	if closed && !t.Closed {
		ops = append(ops, "reopen")
	}
	if have != t.Name && have != shut+t.Name {
		ops = append(ops, "rename")
	}
	if t.Closed && !closed {
		ops = append(ops, "close")
	}
	for _, op := range ops {
		if _, err := forum.Topic(ctx, group, op, id, t.Name); err != nil {
			return err
		}
	}
	return nil
}

// lostTopic forgets a topic and the card in it.
func (r *Runner) lostTopic(ctx context.Context, conv, number string) error {
	if err := r.p.Roster.PutTopic(ctx, roster.GroupOf(conv), number, "", ""); err != nil {
		return fmt.Errorf("forget the topic: %w", err)
	}
	if err := r.p.Roster.PutCard(ctx, conv, number, ""); err != nil {
		return fmt.Errorf("forget the card: %w", err)
	}
	return nil
}

// whose is the case that a reply, or words in a topic, are about. In a topic every
// message that answers nothing else answers the topic's first.
func (r *Runner) whose(ctx context.Context, conv, ref string) (string, error) {
	number, err := r.p.Roster.Whose(ctx, conv, ref)
	group := roster.GroupOf(conv)
	if err != nil || number != "" || group == conv {
		return number, err
	}
	return r.p.Roster.InTopic(ctx, group, conv[len(group)+1:])
}
