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
// closeForumTopic, reopenForumTopic). op is check, create, rename, close or reopen; id is "" with
// check, which makes nothing, and with create, which answers the new topic's. A topic that is gone,
// or a group that may have none, is a *SendError with NoTopic; a group that the bot may not write in
// is one with Muted.
type Forum interface {
	Topic(ctx context.Context, group, op, id, name string) (string, error)
}

// deliverTo sends a message to the card or topic of its case, and records which case it is about.
func (r *Runner) deliverTo(ctx context.Context, door Door, p *outboxEntry) error {
	say := *p.Effect.Say
	sender, ok := door.Send.(Referrer)
	if say.ForOffice && r.p.Roster != nil && !r.ofOffice(ctx, p.Conv) {
		if err := r.p.Roster.Readable(ctx); err != nil {
			return fmt.Errorf("look whose chat it is: %w", err)
		}
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
		err := door.Send.Send(ctx, p.Conv, p.Key, say)
		if group := roster.GroupOf(p.Conv); lacksTopic(err) && group != p.Conv {
			return door.Send.Send(ctx, group, p.Key, say)
		}
		return err
	}
	err := r.deliverOnce(ctx, door, sender, p, say)
	if !lacksTopic(err) {
		return err
	}
	// Somebody deleted the topic and its messages: without a new one every message about
	// this case would fail.
	if err := r.p.Roster.DropTopic(ctx, roster.GroupOf(p.Conv), say.About); err != nil {
		return fmt.Errorf("forget the topic: %w", err)
	}
	if err = r.deliverOnce(ctx, door, sender, p, say); !lacksTopic(err) {
		return err
	}
	// An answer in a deleted topic that was no case's, or a topic that stays closed: the group
	// has it all the same.
	say.Topic, say.Under = nil, ""
	inGroup := *p
	inGroup.Conv = roster.GroupOf(p.Conv)
	return r.deliverOnce(ctx, door, sender, &inGroup, say)
}

func lacksTopic(err error) bool {
	var s *SendError
	return errors.As(err, &s) && s.NoTopic
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
	number, card := say.About, ""
	if bot.OfBulletin(number) {
		number = ""
	}
	if say.Place == bot.InCard {
		card = say.About
	}
	if err := r.p.Roster.PutMessage(ctx, conv, ref, number, card); err != nil {
		r.p.Log.Warn("note what a message is about", "row", p.Key, "err", err)
	}
}

// resolveTarget is the conversation to send to, with the case's topic where the group has
// topics. It sets say.Edit or say.Under to the case's card.
func (r *Runner) resolveTarget(ctx context.Context, door Door, conv string, say *bot.Say) (string, error) {
	g, group := r.p.Roster.Group(ctx, conv)
	forum, topics := door.Send.(Forum)
	topics = topics && g.Topics && say.Topic != nil
	card := say.Edit == "" && (say.Place == bot.InCard || group && say.Place != "")
	if !topics && !card {
		return conv, nil
	}
	at, err := r.p.Roster.Place(ctx, conv, say.About)
	if err != nil {
		return conv, fmt.Errorf("find where the case is shown: %w", err)
	}
	if topics {
		id, err := r.ensureTopic(ctx, forum, g.Chat, at, say)
		switch {
		case lacksTopic(err) && at.Topic == "":
			// None may be made: the case is shown in the group itself, and the next message
			// about it tries again.
			r.tellOnceADay(ctx, g, newsNoTopics)
		case err != nil:
			return conv, err
		default:
			if at.Topic == "" {
				at.Card = "" // what was shown in the group before is shown anew in the topic
			}
			if conv == g.Chat {
				conv = g.Chat + "/" + id
			}
		}
	}
	switch {
	case !card:
	case say.Place == bot.InCard:
		say.Edit = at.Card
	default:
		say.Under = at.Card
	}
	return conv, nil
}

// ensureTopic is the id of the case's topic, created, renamed, closed or reopened as say.Topic
// asks. The state it was left in is recorded, which saves the calls when nothing changes.
func (r *Runner) ensureTopic(ctx context.Context, forum Forum, group string, at roster.Place, say *bot.Say) (id string, err error) {
	want := say.Topic.Name
	if say.Topic.Closed {
		want = closedTopic + want
	}
	if at.Topic == "" {
		if at.Topic, err = forum.Topic(ctx, group, "create", "", say.Topic.Name); err != nil {
			return "", err
		}
		at.State = say.Topic.Name
		if err := r.p.Roster.PutTopic(ctx, group, say.About, at.Topic, at.State); err != nil {
			return "", fmt.Errorf("note the topic: %w", err)
		}
	}
	if at.State == want {
		return at.Topic, nil
	}
	if err := updateTopic(ctx, forum, group, at, say.Topic); err != nil {
		return "", err
	}
	return at.Topic, r.p.Roster.PutTopic(ctx, group, say.About, at.Topic, want)
}

// closedTopic stands before the name in the recorded state of a topic that is closed.
const closedTopic = "closed "

func updateTopic(ctx context.Context, forum Forum, group string, at roster.Place, t *bot.Topic) error {
	name, closed := strings.CutPrefix(at.State, closedTopic)
	unknown := at.State == "" // noted before states were: each call that changes nothing is no error
	var ops []string
	if !t.Closed && (closed || unknown) {
		ops = append(ops, "reopen")
	}
	if name != t.Name {
		ops = append(ops, "rename")
	}
	if t.Closed && !closed {
		ops = append(ops, "close")
	}
	for _, op := range ops {
		if _, err := forum.Topic(ctx, group, op, at.Topic, t.Name); err != nil {
			return err
		}
	}
	return nil
}
