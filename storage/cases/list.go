package cases

import (
	"cmp"
	"context"
	"slices"

	"dengwen/petition"
)

// lookThrough bounds how many cases one search opens or passes by. A search that
// reaches it answers a short page whose cursor goes on.
const lookThrough = 5000

// A search that finds little reads up to this many places of its shelves at a time.
const stride = 500

const defaultLimit, maxLimit = 20, 100

// listing is one list being read.
type listing struct {
	officer string // keyed hash of whose list it is, "" = anybody's
	shelves []string
	q       petition.Query
	words   []string
	grams   []int64
	from    place
	limit   int
}

// hit is a record and where it stands.
type hit struct {
	at     place
	record petition.Record
}

// List promises what petition.Store says. Beyond it, a page of a search may be
// short, or even empty, and yet have a cursor: the search goes on behind it.
func (s *Store) List(ctx context.Context, sc petition.Scope, q petition.Query) ([]petition.Record, string, error) {
	from, err := readCursor(q)
	if err != nil {
		return nil, "", err
	}
	l := listing{shelves: s.shelvesFor(sc, q), q: q, officer: s.officer(q.Officer), words: split(q.Words), from: from, limit: q.Limit}
	if l.limit < 1 || l.limit > maxLimit {
		l.limit = defaultLimit
	}
	if len(l.shelves) == 0 {
		return nil, "", nil
	}
	hits, on, err := s.search(ctx, sc, &l)
	if err != nil {
		return nil, "", s.trouble("list cases", err)
	}
	return l.page(hits, on)
}

// page cuts hits to the limit. on is where a search stopped looking, nil at the end.
func (l *listing) page(hits []hit, on *place) ([]petition.Record, string, error) {
	if len(hits) > l.limit {
		hits = hits[:l.limit]
		on = &hits[l.limit-1].at
	}
	records := make([]petition.Record, 0, len(hits))
	for _, h := range hits {
		records = append(records, h.record)
	}
	if on == nil {
		return records, "", nil
	}
	return records, on.cursor(l.q.Order), nil
}

func (s *Store) search(ctx context.Context, sc petition.Scope, l *listing) ([]hit, *place, error) {
	// An owner's cases are few; the index of words is for the others.
	if sc.Owner == "" {
		l.grams = s.words.grams(l.words)
	}
	if len(l.grams) == 0 {
		return s.walk(ctx, l)
	}
	if err := s.Index(ctx); err != nil {
		return nil, nil, err
	}
	// Words that few have are picked, the others met along the shelves: either way a
	// search costs the same however many cases there are.
	rarest, count, err := s.rarest(ctx, l.grams, few)
	if err != nil || count <= few {
		return s.picked(ctx, l, rarest, err)
	}
	l.grams = append([]int64{rarest}, l.grams...)
	hits, on, err := s.meet(ctx, l, glance)
	if err != nil || on == nil || len(hits) > l.limit {
		return hits, on, err
	}
	if rarest, count, err = s.rarest(ctx, l.grams, some); err != nil || count <= some {
		return s.picked(ctx, l, rarest, err)
	}
	return s.meet(ctx, l, lookThrough)
}

// glance is how many cases of a shelf are passed by to see whether words are common.
const glance = 500

func (s *Store) picked(ctx context.Context, l *listing, rarest int64, err error) ([]hit, *place, error) {
	if err != nil {
		return nil, nil, err
	}
	hits, err := s.pick(ctx, l, rarest)
	return hits, nil, err
}

// walk goes along the shelves until the page is full and one more is known.
func (s *Store) walk(ctx context.Context, l *listing) ([]hit, *place, error) {
	var hits []hit
	at, step := l.from, l.limit+1
	for passed := 0; passed < lookThrough; passed += step {
		if passed > 0 {
			step = min(3*step, stride)
		}
		places, err := s.places(ctx, l, at, step)
		if err != nil {
			return nil, nil, err
		}
		more, err := s.sift(ctx, l, places)
		if err != nil {
			return nil, nil, err
		}
		if hits = append(hits, more...); len(hits) > l.limit || len(places) < step {
			return hits, nil, nil
		}
		at = places[len(places)-1]
	}
	return hits, &at, nil
}

// sift keeps, in order, the places whose case fits the query.
func (s *Store) sift(ctx context.Context, l *listing, places []place) ([]hit, error) {
	refs := make([]int64, 0, len(places))
	for _, p := range places {
		refs = append(refs, p.ref)
	}
	refs, err := s.having(ctx, refs, l.grams)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, s.engine.reader(), refs)
	if err != nil {
		return nil, err
	}
	return s.choose(ctx, l, rows)
}

// few is up to how many cases with a pair of characters are read at once without
// asking further, some when a glance does not meet enough.
const few, some = 100, 1000

// pick reads all cases that hold the rarest pair, in whatever order, and sorts.
func (s *Store) pick(ctx context.Context, l *listing, rarest int64) ([]hit, error) {
	refs, err := scan(ctx, s.engine.reader(), func(n *int64) []any { return []any{n} },
		`SELECT ref FROM grams WHERE gram = $1 LIMIT $2`, rarest, some)
	if err != nil {
		return nil, err
	}
	if refs, err = s.having(ctx, refs, l.grams); err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, s.engine.reader(), refs)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(w row) bool {
		return !l.onShelf(w) || compare(l.q.Order, placeOf(w), l.from) <= 0
	})
	return s.choose(ctx, l, rows)
}

func (l *listing) onShelf(w row) bool {
	for _, name := range shelvesOf(w) {
		if slices.Contains(l.shelves, name) {
			return true
		}
	}
	return false
}

// choose opens rows in order, keeps those that fit and stops when the page is full
// and one more is known.
func (s *Store) choose(ctx context.Context, l *listing, rows []row) ([]hit, error) {
	rows = slices.DeleteFunc(rows, func(w row) bool { return !l.fits(w) })
	slices.SortFunc(rows, func(a, b row) int { return compare(l.q.Order, placeOf(a), placeOf(b)) })
	var kept []row
	for _, w := range rows {
		if len(l.words) > 0 {
			r, err := s.open(w, nil)
			if err != nil {
				return nil, err
			}
			if !match(texts(r.Case), l.words) {
				continue
			}
		}
		if kept = append(kept, w); len(kept) > l.limit {
			break
		}
	}
	records, err := s.records(ctx, s.engine.reader(), kept)
	if err != nil {
		return nil, err
	}
	hits := make([]hit, 0, len(kept))
	for i, r := range records {
		hits = append(hits, hit{placeOf(kept[i]), r})
	}
	return hits, nil
}

// fits checks what the shelves do not tell.
func (l *listing) fits(w row) bool {
	return (l.q.Unit == "" || w.unit == l.q.Unit) &&
		(l.officer == "" || w.officer == l.officer) &&
		(l.q.Status == "" || w.status == string(l.q.Status)) &&
		(!l.q.Open || w.open)
}

// having keeps the refs whose words hold every gram.
func (s *Store) having(ctx context.Context, refs, grams []int64) ([]int64, error) {
	for _, g := range grams {
		if len(refs) == 0 {
			return nil, nil
		}
		kept, err := scan(ctx, s.engine.reader(), func(n *int64) []any { return []any{n} },
			`SELECT ref FROM grams WHERE gram = $2 AND ref IN (SELECT CAST(value AS BIGINT) FROM `+s.engine.each()+`)`, list(refs), g)
		if err != nil {
			return nil, err
		}
		refs = kept
	}
	return refs, nil
}

// rarest finds the gram with the fewest cases; it counts no further than most.
func (s *Store) rarest(ctx context.Context, grams []int64, most int) (best int64, count int, err error) {
	count = most + 2
	for _, g := range grams {
		var n int
		err := s.engine.reader().QueryRowContext(ctx,
			`SELECT count(*) FROM (SELECT 1 FROM grams WHERE gram = $1 LIMIT $2) AS t`, g, most+1).Scan(&n)
		if err != nil {
			return 0, 0, err
		}
		if n < count {
			best, count = g, n
		}
	}
	return best, count, nil
}

func compare(order string, a, b place) int {
	if order == orderNew {
		return cmp.Or(cmp.Compare(b.received, a.received), cmp.Compare(b.number, a.number))
	}
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.number, b.number))
}
