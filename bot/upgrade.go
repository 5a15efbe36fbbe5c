package bot

import (
	"maps"
	"slices"

	"dengwen/petition"
)

// carry copies a session so that a step can change it, in the shape of today. A
// session of an older schema keeps its draft; a question that no longer exists goes
// back to where the draft stands.
func (b *Bot) carry(s Session) Session {
	s.Data = maps.Clone(s.Data)
	s.Draft = s.Draft.copy()
	s.Filed = slices.Clone(s.Filed)
	if s.Note != nil {
		n := *s.Note
		n.Files = slices.Clone(n.Files)
		s.Note = &n
	}
	return b.sound(upgrade(s))
}

func (d *Draft) copy() *Draft {
	if d == nil {
		return nil
	}
	c := *d
	c.Known = map[string]string{}
	maps.Copy(c.Known, d.Known)
	c.Parts = slices.Clone(d.Parts)
	c.Trail = slices.Clone(d.Trail)
	c.Filing.Attachments = slices.Clone(d.Filing.Attachments)
	return &c
}

// upgrade brings a session of an older schema to this one. Each schema's change is
// one line here, kept for ever: people come back after months.
func upgrade(s Session) Session {
	if s.Schema < 1 {
		s.Schema = 1
	}
	if s.Schema < 2 { // 2: the story is kept message by message
		if d := s.Draft; d != nil && len(d.Parts) == 0 && d.Filing.Facts != "" {
			d.Parts = []Part{{Text: d.Filing.Facts}}
		}
	}
	s.Schema = Schema
	return s
}

// sound repairs what cannot be: an unknown question, a form without a draft.
func (b *Bot) sound(s Session) Session {
	if s.State == "" && s.Draft == nil {
		return s
	}
	st, known := b.states[s.State]
	switch {
	case s.State == Filing && (s.Draft == nil || !s.Draft.Sent):
		s.State, s.Step = Home, s.Step+1
	case known && (!st.form || s.Draft != nil):
	case s.Draft != nil && s.Draft.Sent:
		s.State = Filing
	case s.Draft != nil && len(s.Draft.Parts) > 0:
		s.State, s.Step = Card, s.Step+1
	default:
		s.State, s.Step, s.Draft = Home, s.Step+1, nil
	}
	if r, ok := b.states[s.Return]; s.Return != "" && (!ok || !r.form && s.Return != Filing || s.Draft == nil) {
		s.Return = ""
	}
	return s
}

// newDraft opens a petition. Its id, that of the event it began with, is what makes
// it be filed once.
func (t *talk) newDraft() *Draft {
	d := &Draft{ID: t.e.ID, Began: t.now, Known: map[string]string{}}
	d.Filing = petition.Filing{Key: t.e.ID, Lang: t.s.Lang}
	t.s.Draft = d
	t.s.Return = ""
	return d
}
