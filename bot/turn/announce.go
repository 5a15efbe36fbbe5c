package turn

import (
	"context"
	"errors"
	"strconv"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// announce hands a notice to the chats of a unit or an officer.
func (r *Runner) announce(ctx context.Context, n petition.Notice) error {
	chats, err := r.p.Roster.Chats(ctx, n)
	if err != nil {
		return err
	}
	return r.announceTo(ctx, chats, "notice:"+n.ID, n)
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

// Moved has the cards of an officer's groups follow a move that was made elsewhere, as
// through the case API: those who made it are told nothing by the feed.
func (r *Runner) Moved(ctx context.Context, me petition.Actor, name petition.MoveName, v petition.View) {
	r.refresh(ctx, "", me, name, v)
}

// refresh has the cards of the officer's own groups follow a move that was made
// elsewhere: in a private chat, or in another group. Reports on misconduct are on no
// group's card.
func (r *Runner) refresh(ctx context.Context, conv string, me petition.Actor, name petition.MoveName, v petition.View) {
	if v.Class == petition.Report || r.p.Roster == nil {
		return
	}
	v.Facts, v.Request, v.Timeline, v.Clocks, v.Contact, v.State, v.Files = "", "", nil, nil, nil, nil, nil
	for _, g := range r.p.Roster.Groups(ctx, me.Unit) {
		if g.Chat == roster.GroupOf(conv) {
			continue // it sees the answer itself
		}
		n := petition.Notice{To: "unit:" + me.Unit, Number: v.Number, View: v, Entry: petition.Entry{Move: name, By: me.Unit, Staff: me.Staff}}
		id := "moved:" + v.Number + ":" + strconv.FormatInt(v.Version, 10)
		if err := r.announceTo(ctx, []string{g.Chat}, id, n); err != nil {
			r.p.Log.Warn("have a card follow its case", "err", err) // the next move brings it up to date
		}
	}
}

// News of the office's own, which no case tells: kinds of Entry.Move in a notice
// without a number.
const (
	newsMuted   petition.MoveName = "news_muted"   // somebody can't be reached any more
	newsUnbound petition.MoveName = "news_unbound" // the bot was removed from the unit's group
)

// news tells the heads of a unit. once tells one piece of news from another.
func (r *Runner) news(ctx context.Context, unit, once string, e petition.Entry) error {
	chats, err := r.p.Roster.Heads(ctx, unit)
	if err != nil {
		return err
	}
	e.By, e.Unit = "system", unit
	return r.announceTo(ctx, chats, "news:"+once, petition.Notice{To: "unit:" + unit, Entry: e})
}

// group follows a group that got a new address and lets go of one that the bot was
// removed from.
func (r *Runner) group(ctx context.Context, conv string, e bot.Event) error {
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
	return r.news(ctx, b.Unit, r.key(conv)[:16]+b.At.UTC().Format("060102150405"), petition.Entry{Move: newsUnbound})
}

// moved notes that a chat has a new address.
func (r *Runner) moved(ctx context.Context, from, to string) {
	if r.p.Roster == nil {
		return
	}
	if err := r.p.Roster.Rebind(ctx, from, to); err != nil {
		r.p.Log.Warn("follow a group", "err", err)
	}
}
