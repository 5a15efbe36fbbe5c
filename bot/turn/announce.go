package turn

import (
	"context"
	"errors"
	"strconv"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// announce accepts a notice as an event in each chat of the unit or officer that it is addressed to,
// and at their other places. For one that has none it answers the miss to note.
func (r *Runner) announce(ctx context.Context, n petition.Notice) ([]telling.Miss, error) {
	places, err := r.placesOf(ctx, n)
	if err != nil {
		return nil, err
	}
	if len(places) == 0 {
		return r.miss(n, "", nil), nil
	}
	return nil, r.announceTo(ctx, places, "notice:"+n.ID, n)
}

// placesOf are the conversations in which a notice is told.
func (r *Runner) placesOf(ctx context.Context, n petition.Notice) (places []string, err error) {
	switch {
	case !forOffice(n.To):
		places = []string{n.To}
	case r.p.Roster != nil:
		if places, err = r.p.Roster.Chats(ctx, n); err != nil {
			return nil, err
		}
	}
	if r.p.Also == nil {
		return places, nil
	}
	more, err := r.p.Also(ctx, n)
	return append(places, more...), err
}

func (r *Runner) announceTo(ctx context.Context, chats []string, id string, n petition.Notice) error {
	for _, chat := range chats {
		if r.elsewhere(chat) {
			continue
		}
		e := bot.Event{ID: id, At: r.p.Now(), Notice: &n}
		if err := r.Accept(ctx, chat, e); err != nil && !errors.Is(err, ErrEvent) {
			return err
		}
		r.m.Notices.Add(1)
	}
	return nil
}

// Moved updates the cards in the groups of an officer's unit after a move made outside the
// conversation, as through the case API: the feed of notices does not tell a move to the
// unit that made it. An error is logged; the next move updates the card.
func (r *Runner) Moved(ctx context.Context, me petition.Actor, name petition.MoveName, v petition.View) {
	r.refreshCards(ctx, "", me, name, v)
}

// refreshCards updates the card of a case in the groups of the officer's unit after a move
// made in a private chat, in another group or outside. A report on misconduct has no card in
// a group: only the officers it is sealed to may see it.
func (r *Runner) refreshCards(ctx context.Context, conv string, me petition.Actor, name petition.MoveName, v petition.View) {
	if v.Class == petition.Report || r.p.Roster == nil {
		return
	}
	v.Facts, v.Request, v.Timeline, v.Clocks, v.Contact, v.State, v.Files = "", "", nil, nil, nil, nil, nil
	for _, g := range r.p.Roster.Groups(ctx, me.Unit) {
		if g.Chat == roster.GroupOf(conv) {
			continue // the answer updates the card there
		}
		n := petition.Notice{To: "unit:" + me.Unit, Number: v.Number, View: v, Entry: petition.Entry{Move: name, By: me.Unit, Staff: me.Staff}}
		id := "moved:" + v.Number + ":" + strconv.FormatInt(v.Version, 10)
		if err := r.announceTo(ctx, []string{g.Chat}, id, n); err != nil {
			r.p.Log.Warn("have a card follow its case", "err", err)
		}
	}
}

// Kinds of Entry.Move in a notice without a case number: something about the office itself.
const (
	newsMuted   petition.MoveName = "news_muted"   // an officer has closed the chat with the bot
	newsUnbound petition.MoveName = "news_unbound" // the bot was removed from the unit's group

	newsNoTopics petition.MoveName = "news_no_topics" // it may not make topics there
	newsNoVoice  petition.MoveName = "news_no_voice"  // it may not write there

	newsSignIn petition.MoveName = "news_sign_in" // how the officer signs in at the desk was changed
)

// tellOnceADay tells a unit's heads what is wrong with its group. The message that met it is on its
// way all the same, so an error is only logged.
func (r *Runner) tellOnceADay(ctx context.Context, g roster.Binding, what petition.MoveName) {
	once := r.key(g.Chat)[:16] + string(what) + r.p.Now().UTC().Format("060102")
	if err := r.notifyHeads(ctx, g.Unit, once, petition.Entry{Move: what}); err != nil {
		r.p.Log.Warn("tell what is wrong with a group", "err", err)
	}
}

// lacksInGroup is the right that the bot lacks in a group that was just bound, "" = none.
func (r *Runner) lacksInGroup(ctx context.Context, b roster.Binding) string {
	forum, ok := r.door(b.Chat).Send.(Forum)
	if !ok {
		return ""
	}
	_, err := forum.Topic(ctx, b.Chat, "check", "", "")
	var s *SendError
	switch {
	case !errors.As(err, &s):
	case s.Muted:
		return "text"
	case s.NoTopic && b.Topics:
		return "topics"
	}
	return ""
}

// TellSignIn tells an officer of an id in their chat that how they sign in at the desk was changed (OWASP ASVS 4.0,
// 2.5.5). once is its idempotency key.
func (r *Runner) TellSignIn(ctx context.Context, staff, chat, once string) error {
	return r.announceTo(ctx, []string{chat}, "news:"+once, petition.Notice{To: "staff:" + staff, Entry: petition.Entry{Move: newsSignIn, By: "system"}})
}

// notifyHeads accepts such a notice in the chats of a unit's heads. once is its idempotency key.
func (r *Runner) notifyHeads(ctx context.Context, unit, once string, e petition.Entry) error {
	chats, err := r.p.Roster.Heads(ctx, unit)
	if err != nil {
		return err
	}
	e.By, e.Unit = "system", unit
	return r.announceTo(ctx, chats, "news:"+once, petition.Notice{To: "unit:" + unit, Entry: e})
}

// applyGroupEvent moves the binding of a group that got a new address (Bot API
// migrate_to_chat_id) and ends that of a group the bot was removed from (my_chat_member).
func (r *Runner) applyGroupEvent(ctx context.Context, conv string, e bot.Event) error {
	if r.p.Roster == nil {
		return nil
	}
	if e.Moved != "" {
		return r.p.Roster.Rebind(ctx, conv, e.Moved)
	}
	if e.Removed {
		return r.unbind(ctx, conv)
	}
	return nil
}

func (r *Runner) unbind(ctx context.Context, conv string) error {
	b, ok, err := r.p.Roster.Unbind(ctx, conv)
	if err != nil || !ok {
		return err
	}
	return r.notifyHeads(ctx, b.Unit, r.key(conv)[:16]+b.At.UTC().Format("060102150405"), petition.Entry{Move: newsUnbound})
}

// rebind moves the binding of a group to its new address.
func (r *Runner) rebind(ctx context.Context, from, to string) {
	if r.p.Roster == nil {
		return
	}
	if err := r.p.Roster.Rebind(ctx, from, to); err != nil {
		r.p.Log.Warn("follow a group", "err", err)
	}
}
