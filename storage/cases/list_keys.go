package cases

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"dengwen/petition"
)

// A case stands on these shelves: for each pair of eyes that may see it (all, a
// unit, a unit's sealed officers) one of open or closed cases and one of its
// status; and its owner's.

const noDue = "9999-99-99" // sorts last, after every date

func shelvesOf(w row) []string {
	var eyes []string
	if !w.sealed {
		eyes = append(eyes, allEyes)
	}
	if w.units != "" {
		for _, u := range strings.Split(w.units, "\n") {
			eyes = append(eyes, unitEyes(u, w.sealed))
		}
	}
	slices.Sort(eyes)
	var names []string
	for _, e := range slices.Compact(eyes) {
		names = append(names, e+openShelf(w.open), e+statusShelf(w.status))
		if w.officer != "" {
			names = append(names, e+openShelf(w.open)+officerShelf(w.officer))
		}
	}
	if w.owner != nil {
		names = append(names, ownShelf(w.owner))
	}
	return names
}

const allEyes = "all"

func unitEyes(unit string, sealed bool) string {
	if sealed {
		return "sealed " + unit
	}
	return "unit " + unit
}

func openShelf(open bool) string {
	if open {
		return "|open"
	}
	return "|closed"
}

func officerShelf(hash string) string  { return "|by " + hash }
func statusShelf(status string) string { return "|is " + status }
func ownShelf(owner []byte) string     { return "own " + hex.EncodeToString(owner) }

// shelvesFor names the shelves a list has to read. No case stands on two of them
// for the same eyes.
func (s *Store) shelvesFor(sc petition.Scope, q petition.Query) []string {
	if sc.Owner != "" {
		return []string{ownShelf(s.owner(sc.Owner))}
	}
	var eyes, names []string
	if sc.All {
		eyes = append(eyes, allEyes)
	} else {
		for _, u := range sc.Units {
			eyes = append(eyes, unitEyes(u, false))
		}
	}
	for _, u := range sc.SealedUnits {
		eyes = append(eyes, unitEyes(u, true))
	}
	slices.Sort(eyes)
	for _, e := range slices.Compact(eyes) {
		switch {
		case q.Officer != "" && q.Open:
			names = append(names, e+openShelf(true)+officerShelf(s.officer(q.Officer)))
		case q.Officer != "":
			names = append(names, e+openShelf(true)+officerShelf(s.officer(q.Officer)), e+openShelf(false)+officerShelf(s.officer(q.Officer)))
		case q.Status != "":
			names = append(names, e+statusShelf(string(q.Status)))
		case q.Open:
			names = append(names, e+openShelf(true))
		default:
			names = append(names, e+openShelf(true), e+openShelf(false))
		}
	}
	return names
}

func dueKey(due string) string {
	if due == "" {
		return noDue
	}
	return due
}

// shelfRows are the places of a case on these shelves.
func shelfRows(w row, names []string) (rows [][]any) {
	for _, name := range names {
		rows = append(rows, []any{name, dueKey(w.due), w.number, w.received, w.ref})
	}
	return rows
}

// reshelve moves a case from where old stood to where w stands.
func (b *batch) reshelve(old, w row) {
	from, to := shelvesOf(old), shelvesOf(w)
	if old.due == w.due {
		from, to = without(from, to), without(to, from)
	}
	for _, name := range from {
		b.off = append(b.off, []any{name, dueKey(old.due), old.number})
	}
	b.shelves = append(b.shelves, shelfRows(w, to)...)
}

// offAtOnce is how many places one statement clears.
const offAtOnce = 16

// takeOff clears places on shelves. A list of rows behind IN would have SQLite pass
// over the whole table; places that lack to a round number are cleared twice.
func takeOff(places [][]any) (all []statement) {
	for len(places) > 0 {
		n := 1
		for n < min(len(places), offAtOnce) {
			n *= 2
		}
		var args []any
		var where []string
		for i := range n {
			args = append(args, places[min(i, len(places)-1)]...)
			where = append(where, fmt.Sprintf(`(shelf = $%d AND due = $%d AND number = $%d)`, 3*i+1, 3*i+2, 3*i+3))
		}
		all = append(all, statement{"take cases off their shelves", `DELETE FROM shelves WHERE ` + strings.Join(where, " OR "), args})
		places = places[min(n, len(places)):]
	}
	return all
}

func without(all, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(drop, s) })
}
