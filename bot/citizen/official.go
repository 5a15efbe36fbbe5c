package citizen

import (
	"strings"

	"dengwen/internal/officials"
	"dengwen/petition"
)

// maybeReport reports whether the card offers the sealed path: words alone can't tell a
// complaint in which an official appears from a report on them, and a report that goes
// in as a claim may be read by those it is about (Art 30).
func (t *step) maybeReport() bool {
	d := t.s.Draft
	if d.Filing.Class != petition.Claim || d.Known[string(stateClass)] == "told" {
		return false
	}
	i, _ := officials.Find(strings.ToLower(d.Filing.Facts))
	return i >= 0
}
