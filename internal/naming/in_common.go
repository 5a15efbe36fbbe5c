package naming

import "strings"

// Common is what two petitions share, in the citizens' words.
type Common struct {
	Place      string
	Matter     string
	SameText   bool
	SameWriter bool
}

// InCommon says what two petitions share.
func (n Names) InCommon(s Common) string {
	var parts []string
	if s.Place != "" {
		parts = append(parts, n.Text("desk.related.place", "Place", s.Place))
	}
	if s.SameText {
		parts = append(parts, n.Text("desk.related.text"))
	} else if s.Matter != "" {
		parts = append(parts, n.Text("desk.related.matter", "Words", s.Matter))
	}
	if s.SameWriter {
		parts = append(parts, n.Text("desk.related.writer"))
	}
	if parts == nil {
		return n.Text("desk.related.words")
	}
	return strings.Join(parts, n.Text("desk.related.and"))
}
