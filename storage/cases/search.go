package cases

import (
	"context"
	"errors"
	"math"
	"slices"

	"dengwen/petition"
)

// search reads one page of a list with or without words. With words it takes one of
// three ways, so that it costs the same however many cases there are:
//
//   - the newest cases with all pairs, from the last one back, when the page wanted is
//     the first of those in the order of receipt;
//   - all cases with all pairs, when they are few;
//   - else along the shelf, passing by the cases without them.
func (s *Store) search(ctx context.Context, sc petition.Scope, l *listing) ([]hit, *place, error) {
	// An owner's cases are few; the catalogue is for the others.
	pairs := s.words.ofQuery(l.words)
	if sc.Owner != "" || len(pairs) == 0 {
		return s.walk(ctx, l, nil, l.from, lookThrough)
	}
	if err := s.readAll(ctx); err != nil {
		return nil, nil, err
	}
	var err error
	if l.finder, err = s.newFinder(ctx, pairs); err != nil {
		return nil, nil, err
	}
	var hits []hit
	var all bool
	if l.q.Order == orderNew && l.q.After == "" {
		hits, all, err = s.newest(ctx, l)
	} else {
		hits, all, err = s.pick(ctx, l, few)
	}
	if err != nil || all {
		return hits, nil, err
	}
	return s.along(ctx, l)
}

// few is up to how many cases are opened without looking where they stand, some the
// same when the first places of a shelf had too little.
const few, some = 100, 1000

// glance is how many places of a shelf are passed by to see whether words are common.
const glance = 500

// along looks along the shelf, but picks the cases when they turn out to be few there.
func (s *Store) along(ctx context.Context, l *listing) ([]hit, *place, error) {
	hits, on, err := s.walk(ctx, l, nil, l.from, glance)
	if err != nil || on == nil || len(hits) > l.limit {
		return hits, on, err
	}
	picked, all, err := s.pick(ctx, l, some)
	if err != nil || all {
		return picked, nil, err
	}
	return s.walk(ctx, l, hits, *on, lookThrough)
}

// pick reads all cases with all pairs, if they are not more than most.
func (s *Store) pick(ctx context.Context, l *listing, most int) (hits []hit, all bool, err error) {
	refs, err := l.finder.some(ctx, math.MaxInt64, most+1)
	if errors.Is(err, errFar) || err == nil && len(refs) > most {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	rows, err := s.rows(ctx, s.engine.reader(), refs)
	if err != nil {
		return nil, false, err
	}
	rows = slices.DeleteFunc(rows, func(w row) bool {
		return !l.onShelf(w) || compare(l.q.Order, placeOf(w), l.from) <= 0
	})
	hits, err = s.choose(ctx, l, rows)
	return hits, true, err
}

// backward is how many cases are read from the youngest back, at most. When the page is
// not full then, they are others'; when it is full and still not known to be right, they
// did not come in the order of their numbers.
const backward = 300

// newest opens the cases with all pairs from the youngest back. It has the whole page
// as soon as none behind can have been received later than the last of it.
func (s *Store) newest(ctx context.Context, l *listing) (hits []hit, all bool, err error) {
	var kept []*found
	below, step := int64(math.MaxInt64), l.limit+2
	for passed, full := 0, 0; passed < backward && full < 3; passed += step {
		if passed > 0 {
			step = min(2*step, few)
		}
		refs, err := l.finder.some(ctx, below, step)
		if errors.Is(err, errFar) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		rows, err := s.rows(ctx, s.engine.reader(), refs)
		if err != nil {
			return nil, false, err
		}
		latest := oldest(rows).latest
		more, err := s.sayers(l, slices.DeleteFunc(rows, func(w row) bool { return !l.onShelf(w) }))
		if err != nil {
			return nil, false, err
		}
		kept = append(kept, more...)
		slices.SortFunc(kept, func(a, b *found) int { return compare(l.q.Order, placeOf(a.row), placeOf(b.row)) })
		if len(refs) < step || len(kept) > l.limit && kept[l.limit].received > latest {
			hits, err = s.hits(ctx, kept[:min(len(kept), l.limit+1)])
			return hits, true, err
		}
		if below = refs[len(refs)-1]; len(kept) > l.limit {
			full++
		}
	}
	return nil, false, nil
}

// oldest is the row with the lowest ref, the zero row for none.
func oldest(rows []row) (w row) {
	for _, r := range rows {
		if w.ref == 0 || r.ref < w.ref {
			w = r
		}
	}
	return w
}

// sayers opens rows and keeps those that fit and have every word.
func (s *Store) sayers(l *listing, rows []row) (kept []*found, err error) {
	for _, w := range rows {
		if !l.fits(w) {
			continue
		}
		r, err := s.open(w, nil)
		if err != nil {
			s.spoilt.note(w.number)
			continue
		}
		if match(texts(r.Case), l.words) {
			kept = append(kept, &found{w, r})
		}
	}
	return kept, nil
}
