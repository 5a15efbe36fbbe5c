package turn

import (
	"context"
	"strings"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// undelivered follows a message that was refused for good, or met a group in which the bot may not
// write: whoever should have read of a step of a case is not left waiting for it in silence.
func (r *Runner) undelivered(ctx context.Context, p *outboxEntry) {
	say := p.Effect.Say
	if r.p.Roster == nil || say.About == "" || !strings.HasPrefix(p.Key, "notice:") || r.door(p.Conv).shows().OneWay {
		return
	}
	if err := r.tellInstead(ctx, p); err != nil {
		r.p.Log.Warn("tell somebody else of an undelivered notice", "row", p.Key, "err", err)
	}
}

func (r *Runner) tellInstead(ctx context.Context, p *outboxEntry) error {
	say := p.Effect.Say
	if g, ok := r.p.Roster.Group(ctx, p.Conv); ok {
		id, _, _ := strings.Cut(p.Key, "/")
		heads, err := r.p.Roster.Heads(ctx, g.Unit)
		if err != nil {
			return err
		}
		v, err := r.p.Cases.Look(ctx, r.addressee(ctx, p.Conv), say.About, "")
		if err != nil {
			return err
		}
		n := petition.Notice{To: "unit:" + g.Unit, Number: say.About, View: v, Entry: petition.Entry{Move: newsInsteadOfGroup, By: "system", Unit: g.Unit}}
		n.View.Facts, n.View.Request, n.View.Contact, n.View.Timeline, n.View.Files = "", "", nil, nil, nil
		return r.announceTo(ctx, heads, "instead:"+id, n)
	}
	if who, ok := r.p.Roster.Who(ctx, p.Conv); ok && say.ForOffice {
		return r.tellColleagues(ctx, who, p.Key, say.About)
	}
	if say.ForOffice {
		return nil // nobody's of the office any more
	}
	return r.p.Roster.Undelivered(ctx, say.About, r.o.Undelivered)
}

// unreachable follows a message that met a closed chat (SendError.Gone). For an officer's
// chat it tells the unit's heads once and sends the notice to the colleagues instead: a case
// told only to a closed chat would be seen by nobody.
func (r *Runner) unreachable(ctx context.Context, p *outboxEntry) {
	if r.p.Roster == nil || r.door(p.Conv).shows().OneWay {
		return
	}
	if err := r.closedChat(ctx, p); err != nil {
		r.p.Log.Warn("note a closed chat", "err", err)
	}
}

func (r *Runner) closedChat(ctx context.Context, p *outboxEntry) error {
	if _, ok := r.p.Roster.Group(ctx, p.Conv); ok {
		return r.unbind(ctx, p.Conv)
	}
	who, known := r.p.Roster.Who(ctx, p.Conv)
	if !known {
		return r.citizenGone(ctx, p)
	}
	_, first, err := r.p.Roster.Unreachable(ctx, p.Conv)
	if err == nil {
		err = r.endConsent(ctx, p.Conv)
	}
	if err != nil {
		return err
	}
	if first {
		once := who.ID + r.p.Now().UTC().Format("060102150405")
		if err := r.notifyHeads(ctx, who.Unit, once, petition.Entry{Move: newsMuted, Args: map[string]string{"name": who.Name}}); err != nil {
			return err
		}
	}
	say := p.Effect.Say
	if say == nil || say.About == "" || !strings.HasPrefix(p.Key, "notice:") {
		return nil
	}
	return r.tellColleagues(ctx, who, p.Key, say.About)
}

// citizenGone records in the case that a step did not reach its citizen, and ends the chat's
// consent to service notices.
func (r *Runner) citizenGone(ctx context.Context, p *outboxEntry) error {
	if err := r.endConsent(ctx, p.Conv); err != nil {
		return err
	}
	if say := p.Effect.Say; say != nil && !say.ForOffice && say.About != "" && strings.HasPrefix(p.Key, "notice:") {
		return r.p.Roster.Undelivered(ctx, say.About, r.o.Undelivered)
	}
	return nil
}

// endConsent ends the consent to service notices of a closed chat.
func (r *Runner) endConsent(ctx context.Context, conv string) error {
	if r.p.Bulletins == nil {
		return nil
	}
	return r.p.Bulletins.Disagree(ctx, conv)
}

// tellColleagues sends a notice of a case to the colleagues of an officer who can't be reached.
func (r *Runner) tellColleagues(ctx context.Context, who roster.Person, row, number string) error {
	me := who.Actor()
	v, err := r.p.Cases.Look(ctx, me, number, "")
	if err != nil {
		return err
	}
	n := petition.Notice{To: "unit:" + who.Unit, Number: number, View: v, Entry: petition.Entry{Unit: who.Unit}}
	if last := len(v.Timeline) - 1; last >= 0 {
		n.Entry = v.Timeline[last] // with its text: what the officer should have read
	}
	n.Entry.Move, n.Entry.By, n.Entry.Args = newsInstead, "system", map[string]string{"name": who.Name}
	if v.Class == petition.Report {
		n.Entry.Text, n.Entry.Files = "", nil
		n.To, n.View = "sealed:"+who.Unit, petition.View{Number: number, Class: petition.Report, Status: v.Status, Unit: v.Unit, UnitName: v.UnitName}
	}
	n.View.Facts, n.View.Request, n.View.Contact, n.View.Timeline, n.View.Files = "", "", nil, nil, nil
	chats, err := r.p.Roster.Chats(ctx, n)
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(row, "/")
	return r.announceTo(ctx, chats, "instead:"+id, n)
}

// newsInstead is a notice that stands in for one to a colleague who can't be reached.
const newsInstead petition.MoveName = "news_instead"

// newsInsteadOfGroup is a notice that stands in for one to a group that can't be written in.
const newsInsteadOfGroup petition.MoveName = "news_instead_group"
