package cases

import (
	"context"
	"math"
	"slices"

	"dengwen/internal/search"
	"dengwen/petition"
)

// search reads one page of a list with or without words. With words it takes one of
// three ways, so that it costs the same however many cases there are:
//
//   - the candidates of the index from the newest back, in the order of receipt;
//   - all candidates, when they are few;
//   - else along the list keys, passing by the cases that are no candidates.
func (s *Store) search(ctx context.Context, sc petition.Scope, l *listing) ([]hit, *place, error) {
	if !l.indexed {
		return s.walk(ctx, l, nil, l.from, maxPassed)
	}
	candidates, ok := s.words.find(sc, l.words)
	if !ok {
		return s.walk(ctx, l, nil, l.from, maxPassed)
	}
	l.candidates = &candidates
	if candidates.count() <= few {
		hits, err := s.pick(ctx, l)
		return hits, nil, err
	}
	if l.q.Order == orderNew {
		if hits, all, err := s.newest(ctx, l); err != nil || all {
			return hits, nil, err
		}
	}
	return s.along(ctx, l)
}

// few is up to how many cases are opened without looking where they stand, some the
// same when the first places of a list had too little.
const few, some = 100, 1000

// sampled is how many places of a list are passed by to see whether words are common.
const sampled = 500

// along looks along the list keys, but opens all candidates when they turn out to be few there.
func (s *Store) along(ctx context.Context, l *listing) ([]hit, *place, error) {
	hits, on, err := s.walk(ctx, l, nil, l.from, sampled)
	if err != nil || on == nil || len(hits) > l.limit {
		return hits, on, err
	}
	if l.candidates.count() <= some {
		hits, err = s.pick(ctx, l)
		return hits, nil, err
	}
	return s.walk(ctx, l, hits, *on, maxPassed)
}

// everything is behind every key.
var everything = search.Key{At: math.MaxInt64, Ref: math.MaxInt64}

// pick reads all candidates.
func (s *Store) pick(ctx context.Context, l *listing) ([]hit, error) {
	rows, err := s.rows(ctx, s.engine.reader(), refsOf(l.candidates.newest(everything, some)))
	if err != nil {
		return nil, err
	}
	return s.choose(ctx, l, slices.DeleteFunc(rows, func(w row) bool { return !l.behind(w) }))
}

// behind reports whether a case is in the list, and after the place where the page begins.
func (l *listing) behind(w row) bool {
	return l.inList(w) && compare(l.q.Order, placeOf(w), l.from) > 0
}

func refsOf(keys []search.Key) []int64 {
	refs := make([]int64, 0, len(keys))
	for _, k := range keys {
		refs = append(refs, k.Ref)
	}
	return refs
}

// backward is how many candidates are opened from the newest back, at most. When the
// page is not full then, they are others'.
const backward = 300

// newest opens the candidates from the newest back. It has the whole page as soon as
// none behind can have been received at the same time as the last of it.
func (s *Store) newest(ctx context.Context, l *listing) (hits []hit, all bool, err error) {
	var kept []*found
	before, step := search.Key{At: l.from.received, Ref: math.MaxInt64}, l.limit+2
	for passed := 0; passed < backward; passed += step {
		if passed > 0 {
			step = min(2*step, few)
		}
		keys := l.candidates.newest(before, step)
		rows, err := s.rows(ctx, s.engine.reader(), refsOf(keys))
		if err != nil {
			return nil, false, err
		}
		kept = append(kept, s.opened(l, slices.DeleteFunc(rows, func(w row) bool { return !l.behind(w) }))...)
		slices.SortFunc(kept, func(a, b *found) int { return compare(l.q.Order, placeOf(a.row), placeOf(b.row)) })
		if len(keys) < step || len(kept) > l.limit && kept[l.limit].received > keys[len(keys)-1].At {
			hits, err = s.hits(ctx, l, kept[:min(len(kept), l.limit+1)])
			return hits, true, err
		}
		before = keys[len(keys)-1]
	}
	return nil, false, nil
}

// opened opens rows and keeps those that fit and have every word.
func (s *Store) opened(l *listing, rows []row) (kept []*found) {
	for _, w := range rows {
		if f := s.openFit(l, w); f != nil {
			kept = append(kept, f)
		}
	}
	return kept
}

// openFit opens a row that fits and has every word, nil otherwise.
func (s *Store) openFit(l *listing, w row) *found {
	if !l.fits(w) {
		return nil
	}
	r, err := s.open(w, nil)
	if err != nil {
		s.damaged.note(w.number)
		return nil
	}
	if !match(texts(r.Case), l.words) {
		return nil
	}
	return &found{w, r}
}
