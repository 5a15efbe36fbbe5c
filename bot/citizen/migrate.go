package citizen

import (
	"maps"
	"slices"

	"dengwen/bot"
	"dengwen/petition"
)

// migrate copies a session, so that a step can change it, in the current schema. A
// session of an older one keeps its draft; a question that no longer exists goes
// back to where the draft stands.
func (b *Conversation) migrate(s bot.Session) bot.Session {
	s.Data = maps.Clone(s.Data)
	s.Draft = s.Draft.Clone()
	s.Filed = slices.Clone(s.Filed)
	if s.At != nil {
		at := *s.At
		s.At = &at
	}
	if s.Note != nil {
		n := *s.Note
		n.Files = slices.Clone(n.Files)
		s.Note = &n
	}
	if s.Reply != nil {
		r := *s.Reply
		r.Files = slices.Clone(r.Files)
		s.Reply = &r
	}
	return b.repair(bot.Migrate(s))
}

// repair replaces a state that no step leaves behind: an unknown question, a form without a
// draft.
func (b *Conversation) repair(s bot.Session) bot.Session {
	if s.State == "" && s.Draft == nil {
		return s
	}
	st, known := b.states[s.State]
	switch {
	case s.State == stateFiling && (s.Draft == nil || !s.Draft.Sent):
		s.State, s.Step = bot.Home, s.Step+1
	case known && (!st.form || s.Draft != nil):
	case s.Draft != nil && s.Draft.Sent:
		s.State = stateFiling
	case s.Draft != nil && len(s.Draft.Parts) > 0:
		s.State, s.Step = b.openQuestion(&s), s.Step+1
	default:
		s.State, s.Step, s.Draft = bot.Home, s.Step+1, nil
	}
	if r, ok := b.states[s.Return]; s.Return != "" && (!ok || !r.form && s.Return != stateFiling || s.Draft == nil) {
		s.Return = ""
	}
	return s
}

// openQuestion is where a draft with words stands: at the first thing that must be asked, or
// at its card. What was read and not yet taken over is.
func (b *Conversation) openQuestion(s *bot.Session) bot.State {
	t := &step{conv: b, s: s}
	if r := s.Draft.Reading; r != nil {
		t.apply(r)
	}
	t.factsWithoutReader()
	if open := t.missing(); len(open) > 0 {
		return open[0]
	}
	return Card
}

// newDraft opens a petition. Its id, that of the event it began with, is what makes
// it be filed once.
func (t *step) newDraft() *bot.Draft {
	d := &bot.Draft{ID: t.e.ID, Began: t.now, Known: map[string]string{}}
	d.Filing = petition.Filing{Key: t.e.ID, Lang: t.s.Lang}
	t.s.Draft = d
	t.s.Return = ""
	t.set("more", "")
	t.countAt()
	return d
}
