package bot

import (
	"maps"
	"slices"
)

// Clone is a deep copy of what a Step may change; nil of nil.
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

// Migrate brings a session of an older schema to Schema. The change of each schema stays
// here: a session may be months old.
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
