package documents

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// lineCost is what a line break counts, in characters: about a line of a page, which a
// short paragraph takes up as well as a full one.
const lineCost = 30

// limit answers values that together have at most so many characters. The longest are
// cut, all to one length, and end with a note; shorter ones stay as they are, so that
// number, unit and date do.
func (r *Renderer) limit(v Values, most int) Values {
	keys := slices.SortedFunc(maps.Keys(v), func(a, b string) int {
		return cmp.Or(cmp.Compare(cost(v[a]), cost(v[b])), cmp.Compare(a, b))
	})
	for i, key := range keys {
		share := most / (len(keys) - i)
		n := cost(v[key])
		if n <= share {
			most -= n
			continue
		}
		v = maps.Clone(v)
		for _, long := range keys[i:] {
			v[long] = r.cut(v[long], share)
		}
		break
	}
	return v
}

// cost of a text in characters.
func cost(s string) int {
	n := 0
	for _, c := range s {
		n += costOf(c)
	}
	return n
}

func costOf(c rune) int {
	if c == '\n' || c == '\u2028' { // lineBreak
		return lineCost
	}
	return 1
}

// cut ends a text at a cost and says how many characters are left out.
func (r *Renderer) cut(s string, most int) string {
	for i, c := range s {
		if most -= costOf(c); most < 0 {
			return strings.TrimSpace(s[:i]) + "\n" + r.note("cut", map[string]any{"Left": len([]rune(s[i:]))})
		}
	}
	return s
}
