package office

import (
	"maps"
	"slices"
	"strings"

	"dengwen/petition"
)

// wordings looks whether each text belongs to a move there is and fills fields that the move has.
func (c *checker) wordings() {
	for i, w := range c.o.Wordings {
		who := item{c, "wordings", i, w.Name}
		if strings.TrimSpace(w.Name) == "" {
			who.fault("name")
		}
		rows, err := petition.SpecsOf(w.Move)
		if err != nil {
			who.fault("wording_move", "move", string(w.Move))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(w.Fields)) {
			has := func(s petition.MoveSpec) bool {
				return slices.ContainsFunc(s.Fields, func(f petition.Field) bool { return f.Key == key && f.Kind == petition.KindText })
			}
			if !slices.ContainsFunc(rows, has) {
				who.fault("wording_field", "move", string(w.Move), "field", key)
			}
		}
	}
}

// guide looks whether each step of the office's guide belongs to a move there is, and says something.
func (c *checker) guide() {
	for i, g := range c.o.Guide {
		who := item{c, "guide", i, string(g.Move)}
		if _, err := petition.SpecsOf(g.Move); err != nil {
			who.fault("wording_move", "move", string(g.Move))
		}
		if strings.TrimSpace(g.Text) == "" {
			who.fault("guide_text")
		}
	}
}
