package bot

import (
	"maps"
	"slices"
)

func (d *Draft) Clone() *Draft {
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

// Migrate brings a session of an older schema to this one. Each schema's change is
// one line here, kept for ever: people come back after months.
func Migrate(s Session) Session {
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
