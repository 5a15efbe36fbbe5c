package related

import (
	"strings"
	"unicode/utf8"

	"dengwen/assist/names"
)

// why says in plain words what two petitions share: the place or organisation, the matter, the writer.
func why(q, f features, shared []run) string {
	var parts []string
	place := sharedPlace(q.names, f.names)
	if place != "" {
		parts = append(parts, "同一地点："+place)
	}
	if near(q.print, f.print) {
		parts = append(parts, "文字几乎相同")
	} else if matter := matters(shared, place); matter != "" {
		parts = append(parts, "同一件事："+matter)
	}
	if q.user != "" && q.user == f.user {
		parts = append(parts, "同一人反映")
	}
	if len(parts) == 0 {
		return "用词相近"
	}
	return strings.Join(parts, "；")
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
