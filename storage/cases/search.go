package cases

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
	"unique"

	"dengwen/internal/search"
	"dengwen/petition"
)

// columns are what lists are filtered by. Many cases have the same.
type columns struct {
	status, unit, officer, units string
	open                         bool
}

func (w *row) columns() columns {
	return columns{status: w.status, unit: w.unit, officer: w.officer, units: w.units, open: w.open}
}

// listed is what the index of words knows of a case: where it stands in lists, and in which.
type listed struct {
	place
	columns unique.Handle[columns]
}

func listedOf(w row) listed {
	at := placeOf(w)
	at.due = unique.Make(at.due).Value() // one string for all that are due then
	return listed{at, unique.Make(w.columns())}
}

// candidates are the cases in scope that have every pair of characters looked for, those open
// to many apart from the reports.
type candidates struct {
	found search.Found[listed]
	keep  func(*listed) bool // nil = all
}

// keeps answers what chooses the cases of a list that some units may see, nil when all do
// and nothing is filtered.
func (l *listing) keeps(all bool, units []string) func(*listed) bool {
	dated := l.q.From != "" || l.q.To != ""
	if all && l.q.Unit == "" && l.officer == "" && l.q.Status == "" && !l.q.Open && !dated {
		return nil
	}
	known := map[unique.Handle[columns]]bool{}
	return func(v *listed) bool {
		keep, ok := known[v.columns]
		if !ok {
			c := v.columns.Value()
			keep = l.fits(c) && (all || slices.ContainsFunc(strings.Split(c.units, "\n"), func(u string) bool { return slices.Contains(units, u) }))
			known[v.columns] = keep
		}
		return keep && (!dated || l.received(v.received))
	}
}

// find answers the candidates; ok is false when the index can't tell.
func (w *wordIndex) find(sc petition.Scope, l *listing) (all []candidates, ok bool) {
	st := w.state.Load()
	if sc.All || len(sc.Units) > 0 {
		f, knows := st.open.Find(l.words, l.terms...)
		all, ok = append(all, candidates{f, l.keeps(sc.All, sc.Units)}), knows
	}
	if len(sc.SealedUnits) > 0 {
		f, knows := st.sealed.Find(l.words, l.terms...)
		all, ok = append(all, candidates{f, l.keeps(false, sc.SealedUnits)}), knows
	}
	return all, ok
}

// search reads one page of a list with or without words. With words it opens the first of the
// candidates in the order of the list; without, and when the index can't tell, it goes along
// the list keys.
func (s *Store) search(ctx context.Context, sc petition.Scope, l *listing) ([]hit, *place, error) {
	if !l.indexed {
		return s.scan(ctx, l, l.from, maxPassed)
	}
	all, ok := s.words.find(sc, l)
	if !ok {
		return s.scan(ctx, l, l.from, maxPassed)
	}
	return s.pick(ctx, l, all)
}

// maxOpened is how many cases one search opens because they have every pair of characters
// looked for, at most; nearly all of them have the words too.
const maxOpened = 1000

func (s *Store) pick(ctx context.Context, l *listing, all []candidates) (hits []hit, on *place, err error) {
	from, step := l.from, l.limit+1
	for opened := 0; opened < maxOpened; opened += step {
		if opened > 0 {
			step = min(2*step, maxLimit)
		}
		places := l.first(all, from, step)
		more, err := s.choose(ctx, l, places)
		if err != nil {
			return nil, nil, err
		}
		if hits = append(hits, more...); len(hits) > l.limit || len(places) < step {
			return hits, nil, nil
		}
		from = places[len(places)-1]
	}
	return hits, &from, nil
}

// first are the n first places of candidates behind one, in the order of the list.
func (l *listing) first(all []candidates, from place, n int) (places []place) {
	before := func(a, b *listed) int { return compare(l.q.Order, a.place, b.place) }
	for _, c := range all {
		keep := func(v *listed) bool {
			return compare(l.q.Order, v.place, from) > 0 && (c.keep == nil || c.keep(v))
		}
		if from == l.from && l.q.After == "" {
			keep = c.keep
		}
		for _, v := range c.found.First(n, keep, before) {
			places = append(places, v.place)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return compare(l.q.Order, a, b) })
	return places[:min(n, len(places))]
}

// countFound counts what a search finds, where the index alone can tell: every word is one pair.
func (s *Store) countFound(sc petition.Scope, l *listing) (n int) {
	if slices.ContainsFunc(l.words, func(w string) bool { return utf8.RuneCountInString(w) != 2 }) {
		return -1
	}
	all, _ := s.words.find(sc, l)
	for _, c := range all {
		n += c.found.Count(c.keep, petition.MaxTotal+1)
	}
	return min(n, petition.MaxTotal+1)
}

// openFit opens a row that is in the list, fits and has every word, nil otherwise.
func (s *Store) openFit(l *listing, w row) *found {
	if !l.fits(w.columns()) || !l.inList(w) {
		return nil
	}
	r, err := s.open(w, nil)
	if err != nil {
		s.damaged.note(w.number)
		return nil
	}
	if !match(r.Case.Texts(), l.words) || !l.q.Fits(&r.Case) {
		return nil
	}
	return &found{w, r}
}
