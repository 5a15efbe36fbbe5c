package cases

import (
	"encoding/hex"
	"slices"
	"strings"

	"dengwen/petition"
)

// List keys are the first column of the index that lists read, the table list_keys. A case
// has, for each group of viewers that may see it (all, a unit, a unit's sealed officers)
// and for the unit that has it now, one by whether it is open and one by its status; one for who took it;
// one for each unit that writes or signs a draft of it; and its owner's.

const noDue = "9999-99-99" // sorts last, after every date

func listKeysOf(w row) []string {
	if w.units == "" { // an import that was undone is in no list
		return nil
	}
	var viewers []string
	if !w.sealed {
		viewers = append(viewers, allViewers)
	}
	if w.units != "" {
		for _, u := range strings.Split(w.units, "\n") {
			viewers = append(viewers, unitViewers(u, w.sealed))
		}
	}
	slices.Sort(viewers)
	var names []string
	for _, e := range slices.Compact(viewers) {
		names = append(names, e+openKey(w.open), e+statusKey(w.status))
		if w.officer != "" {
			names = append(names, e+openKey(w.open)+officerKey(w.officer))
		}
		for _, u := range draftUnits(w) {
			names = append(names, e+draftsKey(u))
		}
	}
	at := atUnit(w.unit, w.sealed)
	names = append(names, at+openKey(w.open), at+statusKey(w.status))
	if w.owner != nil {
		names = append(names, ownerKey(w.owner))
	}
	return names
}

const allViewers = "all"

func unitViewers(unit string, sealed bool) string {
	if sealed {
		return "sealed " + unit
	}
	return "unit " + unit
}

// atUnit begins the keys of what a unit has now, which its viewers see among others.
func atUnit(unit string, sealed bool) string {
	if sealed {
		return "sealed at " + unit
	}
	return "at " + unit
}

func openKey(open bool) string {
	if open {
		return "|open"
	}
	return "|closed"
}

func draftUnits(w row) []string {
	if w.drafts == "" {
		return nil
	}
	return strings.Split(w.drafts, "\n")
}

func draftsKey(unit string) string   { return "|drafts " + unit }
func officerKey(hash string) string  { return "|by " + hash }
func statusKey(status string) string { return "|is " + status }
func ownerKey(owner []byte) string   { return "own " + hex.EncodeToString(owner) }

// listKeysFor names the list keys a list has to read. No case has two of them
// for the same viewers. exact says that the list has every case under them, once.
func (s *Store) listKeysFor(sc petition.Scope, q petition.Query) (names []string, exact bool) {
	if sc.Owner != "" {
		return []string{ownerKey(s.owner(sc.Owner))}, q.Unit == "" && q.Officer == "" && q.Status == "" && !q.Open
	}
	var viewers []string
	exact = q.DraftsOf == "" && len(sc.SealedUnits) < 2 && (sc.All || len(sc.Units) < 2) && !(q.Status != "" && q.Open) && !(q.Officer != "" && (q.Status != "" || q.Unit != ""))
	of := func(units []string, sealed bool) {
		for _, u := range units {
			switch {
			case q.Unit == u && q.Officer == "" && q.DraftsOf == "":
				viewers = append(viewers, atUnit(u, sealed))
			default:
				viewers, exact = append(viewers, unitViewers(u, sealed)), exact && q.Unit == ""
			}
		}
	}
	switch {
	case sc.All && q.Unit != "" && q.Officer == "" && q.DraftsOf == "":
		viewers = append(viewers, atUnit(q.Unit, false))
	case sc.All:
		viewers = append(viewers, allViewers)
	default:
		of(sc.Units, false)
	}
	of(sc.SealedUnits, true)
	slices.Sort(viewers)
	for _, e := range slices.Compact(viewers) {
		switch {
		case q.DraftsOf != "":
			names = append(names, e+draftsKey(q.DraftsOf))
		case q.Officer != "" && q.Open:
			names = append(names, e+openKey(true)+officerKey(s.officer(q.Officer)))
		case q.Officer != "":
			names = append(names, e+openKey(true)+officerKey(s.officer(q.Officer)), e+openKey(false)+officerKey(s.officer(q.Officer)))
		case q.Status != "":
			names = append(names, e+statusKey(string(q.Status)))
		case q.Open:
			names = append(names, e+openKey(true))
		default:
			names = append(names, e+openKey(true), e+openKey(false))
		}
	}
	return names, exact
}

// dueKey is what lists by date are sorted by. Open urgent cases come before all others, in the
// order of their dates: their year loses its first figures.
func dueKey(w row) string {
	due := w.due
	if due == "" {
		due = noDue
	}
	if w.urgent && w.open {
		return "00" + due[2:]
	}
	return due
}

// listKeyRows are the rows of a case under these list keys.
func listKeyRows(w row, names []string) (rows [][]any) {
	for _, name := range names {
		rows = append(rows, []any{name, dueKey(w), w.number, w.received, w.ref})
	}
	return rows
}

// moveListKeys replaces the list keys of old by those of w.
func (b *batch) moveListKeys(old, w row) {
	from, to := listKeysOf(old), listKeysOf(w)
	if dueKey(old) == dueKey(w) {
		from, to = without(from, to), without(to, from)
	}
	for _, name := range from {
		b.oldListKeys = append(b.oldListKeys, []any{name, dueKey(old), old.number})
	}
	b.listKeys = append(b.listKeys, listKeyRows(w, to)...)
}

func without(all, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(drop, s) })
}
