package turn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// File is an attachment of a message. Whoever is handed it closes Body.
type File struct {
	petition.Attachment
	Body io.ReadCloser
}

// Referrer is a Sender that also sends attachments and answers the door's id of the message,
// with which a reply to it finds the case and a card can be edited. With say.Edit and a
// message that is gone it sends a new one; ref is that of the message that then exists, ""
// where the door has no ids. It closes files.
type Referrer interface {
	SendRef(ctx context.Context, conv, key string, say bot.Say, files []File) (ref string, err error)
}

// Forum is a Sender whose groups may have topics (Bot API createForumTopic, editForumTopic,
// closeForumTopic, reopenForumTopic). op is create, rename, close or reopen; id is "" with
// create, which answers the new topic's. A topic that is gone is a *SendError with NoTopic.
type Forum interface {
	Topic(ctx context.Context, group, op, id, name string) (string, error)
}

// deliverTo sends a message to the card or topic of its case, and records which case it is about.
func (r *Runner) deliverTo(ctx context.Context, door Door, p *outboxEntry) error {
	say := *p.Effect.Say
	sender, ok := door.Send.(Referrer)
	if say.ForOffice && r.p.Roster != nil && !r.ofOffice(ctx, p.Conv) {
		return &SendError{Drop: true, Err: errors.New("the chat is nobody's of the office any more")}
	}
	if ok && r.p.Roster == nil && len(say.Documents) > 0 {
		files, err := r.openDocuments(ctx, petition.Actor{Owner: p.Conv, Asker: p.Conv}, p)
		if err != nil {
			return err
		}
		_, err = sender.SendRef(ctx, p.Conv, p.Key, say, files)
		return err
	}
	if !ok || say.About == "" || r.p.Roster == nil {
		return door.Send.Send(ctx, p.Conv, p.Key, say)
	}
	err := r.deliverOnce(ctx, door, sender, p, say)
	var s *SendError
	if !errors.As(err, &s) || !s.NoTopic {
		return err
	}
	// Somebody deleted the topic and its messages: without a new one every message about
	// this case would fail.
	if err := r.forgetTopic(ctx, p.Conv, say.About); err != nil {
		return err
	}
	if err = r.deliverOnce(ctx, door, sender, p, say); errors.As(err, &s) && s.NoTopic {
		s.Drop = roster.GroupOf(p.Conv) != p.Conv // an answer in a deleted topic that was no case's
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

func (r *Runner) deliverOnce(ctx context.Context, door Door, sender Referrer, p *outboxEntry, say bot.Say) error {
	conv, err := r.resolveTarget(ctx, door, p.Conv, &say)
	if err != nil {
		return err
	}
	files, err := r.openFiles(ctx, p)
	if err != nil {
		return err
	}
	ref, err := sender.SendRef(ctx, conv, p.Key, say, files)
	if err == nil && ref != "" && say.ForOffice {
		r.recordDelivery(ctx, conv, ref, p)
	}
	return err
}

// recordDelivery records which case a message is about. The message is out, so an error is
// only logged: without the record a reply to the message asks which case it means.
func (r *Runner) recordDelivery(ctx context.Context, conv, ref string, p *outboxEntry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	say := p.Effect.Say
	var err error
	if !bot.OfBulletin(say.About) {
		err = r.p.Roster.Remember(ctx, conv, ref, say.About)
	}
	if say.Place == bot.InCard {
		err = errors.Join(err, r.p.Roster.PutCard(ctx, conv, say.About, ref))
	}
	if err != nil {
		r.p.Log.Warn("note what a message is about", "row", p.Key, "err", err)
	}
}

// resolveTarget is the conversation to send to, with the case's topic where the group has
// topics. It sets say.Edit or say.Under to the case's card.
func (r *Runner) resolveTarget(ctx context.Context, door Door, conv string, say *bot.Say) (string, error) {
	g, ok := r.p.Roster.Group(ctx, conv)
	if !ok && (say.Place != bot.InCard || say.Edit != "") {
		return conv, nil
	}
	if forum, can := door.Send.(Forum); can && g.Topics && say.Topic != nil {
		id, err := r.ensureTopic(ctx, forum, g.Chat, say)
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

// ensureTopic is the id of the case's topic, created, renamed, closed or reopened as say.Topic
// asks. The state it was left in is recorded, which saves the calls when nothing changes.
func (r *Runner) ensureTopic(ctx context.Context, forum Forum, group string, say *bot.Say) (string, error) {
	want := say.Topic.Name
	if say.Topic.Closed {
		want = closedTopic + want
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
	if err := updateTopic(ctx, forum, group, id, have, say.Topic); err != nil {
		return "", err
	}
	return id, r.p.Roster.PutTopic(ctx, group, say.About, id, want)
}

// closedTopic stands before the name in the recorded state of a topic that is closed.
const closedTopic = "closed "

func updateTopic(ctx context.Context, forum Forum, group, id, have string, t *bot.Topic) error {
	name, closed := strings.CutPrefix(have, closedTopic)
	var ops []string
	if closed && !t.Closed {
		ops = append(ops, "reopen")
	}
	if name != t.Name {
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

// forgetTopic deletes the records of a topic and of the card in it.
func (r *Runner) forgetTopic(ctx context.Context, conv, number string) error {
	if err := r.p.Roster.PutTopic(ctx, roster.GroupOf(conv), number, "", ""); err != nil {
		return fmt.Errorf("forget the topic: %w", err)
	}
	if err := r.p.Roster.PutCard(ctx, conv, number, ""); err != nil {
		return fmt.Errorf("forget the card: %w", err)
	}
	return nil
}

// caseOf is the number of the case that a reply is about, else of the topic it was said in:
// Telegram sends a message in a topic as a reply to the topic's first message.
func (r *Runner) caseOf(ctx context.Context, conv, ref string) (string, error) {
	number, err := r.p.Roster.Whose(ctx, conv, ref)
	group := roster.GroupOf(conv)
	if err != nil || number != "" || group == conv {
		return number, err
	}
	return r.p.Roster.InTopic(ctx, group, conv[len(group)+1:])
}
