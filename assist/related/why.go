package related

import (
	"strings"
	"unicode/utf8"

	"dengwen/assist/names"
)

// Shared is what two petitions share.
type Shared struct {
	Place      string `json:"place,omitempty"`       // a place or organisation
	Matter     string `json:"matter,omitempty"`      // words about the matter, in the petition's own words
	SameText   bool   `json:"same_text,omitempty"`   // nearly the same words
	SameWriter bool   `json:"same_writer,omitempty"` // false where nobody says who wrote
}

func why(q, f features, shared []run) Shared {
	s := Shared{Place: sharedPlace(q.names, f.names), SameText: near(q.print, f.print), SameWriter: q.user != "" && q.user == f.user}
	if !s.SameText {
		s.Matter = matters(shared, s.Place)
	}
	return s
}

// sharedPlace is the narrowest shared name: an estate, road or organisation before a village or town.
func sharedPlace(a, b []named) string {
	best := named{kind: names.County}
	for _, n := range a {
		for _, m := range b {
			if n.kind != names.Office && same(n, m) && n.kind > best.kind && utf8.RuneCountInString(n.core) >= 2 {
				best = n
				if len(m.name) < len(n.name) {
					best = m
				}
			}
		}
	}
	return best.name
}

const (
	shownRuns    = 3
	longestShown = 12 // characters of one run
)

func matters(shared []run, place string) string {
	var words []string
	for _, r := range shared {
		text := strings.TrimSpace(strings.ReplaceAll(r.text, place, " "))
		if place == "" {
			text = r.text
		}
		n := utf8.RuneCountInString(text)
		if n < 2 || strings.Contains(place, text) {
			continue
		}
		if n > longestShown {
			text = string([]rune(text)[:longestShown]) + "…"
		}
		if words = append(words, text); len(words) == shownRuns {
			break
		}
	}
	return strings.Join(words, " ")
}
